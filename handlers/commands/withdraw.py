"""Knows 撤回: the reporter takes a case back before there is a result."""

from __future__ import annotations

from dataclasses import replace

from handlers import cards, choosing, notices, whistling
from handlers.cases import Case, State
from handlers.command import Call, Command
from handlers.commands import erase
from handlers.steps import Step
from handlers.thread import Choice
from handlers.town import DUTY_DESK
from handlers.turn import Turn

_EARLY = (State.COLLECTED, State.ASSIGNED, State.HANDLING)


def run(turn: Turn, call: Call) -> None:
    """Take back the case meant; those who handle it hear it."""
    case = choosing.one(turn, call, "withdraw", lambda c: c.state in _EARLY, turn.mine())
    turn.may(Step.WITHDRAW, case)
    shown = case.state is not State.COLLECTED
    case = whistling.close(turn, replace(case, closed_at=turn.now), "whistle.withdrawn")
    case = turn.record(case, Step.WITHDRAW)
    notices.forget(turn, case)
    if shown:
        cards.refresh(turn, case, turn.word("group.withdrawn", number=case.number))
        cards.tell_hands(turn, case, turn.word("group.withdrawn", number=case.number))
    if case.colour == "red":
        turn.push(DUTY_DESK, turn.word("group.withdrawn", number=case.number), case=case.number, red=True)
    turn.say("resident.withdrawn", number=case.number)
    erase.when_closed(turn, case)


def ask(turn: Turn, case: Case) -> None:
    """It sounds as if nobody needs to come any more: shall it be taken back?"""
    choices = tuple(Choice(turn.word(f"button.pick.{v}"), v) for v in ("withdraw_yes", "withdraw_no"))
    turn.say("ask.withdraw", number=case.number)
    turn.await_answer("withdraw", case=case.number, choices=choices)
    turn.reply_case = case.number


COMMAND = Command(key="withdraw", run=run)
