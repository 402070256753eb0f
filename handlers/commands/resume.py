"""Knows 恢复: a case that rests goes on before its time."""

from __future__ import annotations

from handlers import cards, choosing, pausing
from handlers.command import Call, Command
from handlers.rules import RefusalError
from handlers.steps import Step
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """Let the case meant go on."""
    case = choosing.one(turn, call, "resume", lambda c: c.paused_at is not None, choosing.in_hand(turn))
    turn.may(Step.RESUME, case)
    if case.paused_at is None:
        raise RefusalError("not_paused", case=case.number)
    case = pausing.resume(turn, case, "asked")
    turn.say("handler.resumed", number=case.number, due=cards.when(turn, case.due_at))
    turn.reply_case = case.number


COMMAND = Command(key="resume", run=run, audience="staff")
