"""Knows 为什么: by which rule, place and certainty a case came to who leads it, in full."""

from __future__ import annotations

from handlers import cards, choosing, reasons, rights
from handlers.cases import Case, State
from handlers.command import Call, Command
from handlers.rules import RefusalError
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """Everything the dispatch went by; no word of the resident."""
    case = choosing.one(turn, call, "why", lambda c: bool(c.rule), choosing.in_hand(turn))
    if not rights.sees_status(turn.actors(case), turn.sender, case, turn.rules.town):
        raise RefusalError("not_yours", case=case.number)
    turn.reply_case = case.number
    if case.state is State.COLLECTED or not case.rule:
        turn.say("why.none", number=case.number)
        return
    _tell(turn, case)


def _tell(turn: Turn, case: Case) -> None:
    turn.say("why.head", number=case.number, lead=turn.rules.town.name_of(case.lead), why=reasons.rule(turn, case))
    turn.say("why.matter", title=cards.title(turn, case), sure=round(case.confidence * 100))
    turn.say(f"source.{reasons.source(case)}")
    if case.assignees:
        turn.say("why.asked", names=reasons.names(turn, case.assignees))
    helpers = turn.item(case).helpers
    if helpers:
        turn.say("why.helpers", names=reasons.names(turn, helpers))


COMMAND = Command(key="why", run=run, audience="staff")
