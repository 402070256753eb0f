"""Knows 催办: once per 12 hours and case, a word to those who handle it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from handlers import cards, choosing
from handlers.command import Call, Command
from handlers.rules import RefusalError
from handlers.steps import Step
from handlers.turn import Turn

EVERY = timedelta(hours=12)


def run(turn: Turn, call: Call) -> None:
    """Urge the case meant."""
    case = choosing.one(turn, call, "urge", lambda c: c.fed_back_at is None, turn.mine())
    turn.may(Step.URGE, case)
    if case.urged_at is not None and turn.now - case.urged_at < EVERY:
        raise RefusalError("urged", case=case.number, again=cards.when(turn, case.urged_at + EVERY))
    case = turn.record(replace(case, urged_at=turn.now), Step.URGE)
    line = turn.word("group.urged", number=case.number, item=turn.item(case).name)
    if case.lead_person:
        turn.push(case.lead_person, line, case=case.number, buttons=cards.buttons(turn, case))
    else:
        for person in cards.leads(turn, case):
            turn.push(person, line, case=case.number, buttons=cards.buttons(turn, case))
    turn.say("resident.urged", number=case.number, state=cards.state_line(turn, case))


COMMAND = Command(key="urge", run=run)
