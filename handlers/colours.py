"""Knows how a colour rises by itself: a deadline that passed raises one step, three voices raise green to yellow."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from handlers import cards
from handlers.cases import Case
from handlers.catalogue import COLOURS
from handlers.deadlines import BEFORE_RESULT, Told
from handlers.steps import Step
from handlers.town import DUTY_DESK
from handlers.turn import Turn

VOICES = 3
VOICES_WITHIN = timedelta(days=14)
"""So many people about one matter within this span raise it (domain.md 3.2)."""

_SPEAK = frozenset({"reporter", "co_reporter", "on_behalf"})


def raise_for_deadline(turn: Turn, case: Case) -> Case:
    """One step up; a case that becomes red so must be acknowledged by name, whoever has it."""
    if case.colour == COLOURS[-1]:
        return case
    case = _raise(turn, case, "deadline_passed")
    if case.colour == "red":
        case = turn.keep(replace(case, acknowledged_by=""))
        line = turn.word("overdue.red", number=case.number, item=turn.item(case).name)
        button = turn.button(f"acknowledge:{case.number}")
        for person in dict.fromkeys(filter(None, (DUTY_DESK, case.lead_person))):
            turn.push(person, line, case=case.number, red=True, buttons=(button,))
    return case


def raise_for_voices(turn: Turn, case: Case) -> None:
    """Three people within 14 days: green becomes yellow, once; numbers alone never make red."""
    if case.colour != "green" or case.state not in BEFORE_RESULT or Told.MANY & case.reminded:
        return
    spoken = [r for r in turn.reporters(case.number) if r.part in _SPEAK and turn.now - r.since <= VOICES_WITHIN]
    if len(spoken) >= VOICES:
        _raise(turn, case, "many")


def _raise(turn: Turn, case: Case, why: str) -> Case:
    higher = COLOURS[COLOURS.index(case.colour) + 1]
    facts = {"from": case.colour, "to": higher, "why": why}
    case = turn.record(replace(case, colour=higher), Step.RECOLOUR, role="bot", **facts)
    colour = turn.word(f"colour.{higher}")
    cards.refresh(turn, case, turn.word("group.recoloured", number=case.number, colour=colour))
    return case
