"""Knows 请给我打电话: a resident's number goes to the one who has the case only, after separate consent."""

from __future__ import annotations

from handlers import choosing
from handlers.cases import Case, State
from handlers.command import Call, Command
from handlers.commands import human
from handlers.steps import Step
from handlers.thread import Choice
from handlers.turn import Turn

_EARLY = (State.COLLECTED, State.ASSIGNED, State.HANDLING, State.FED_BACK)


def run(turn: Turn, call: Call) -> None:
    """Ask for consent by name; while nobody has the case there is nobody to tell, and the public number is said."""
    case = choosing.one(turn, call, "call_me", lambda c: c.state in _EARLY, turn.mine())
    turn.may(Step.SHARE, case)
    if not case.lead_person or case.lead_person == turn.sender.id:
        turn.say("call_me.nobody", number=case.number)
        human.phone(turn)
        return
    ask(turn, case)


def ask(turn: Turn, case: Case) -> None:
    """The question: the number sent next is the consent, “不用” is none."""
    name = turn.rules.town.name_of(case.lead_person)
    turn.say("ask.share", number=case.number, name=name)
    choices = (Choice(turn.word("button.pick.share_no"), "share_no"),)
    turn.await_answer("share", case=case.number, choices=choices, facts={"to": case.lead_person})
    turn.reply_case = case.number


COMMAND = Command(key="call_me", run=run)
