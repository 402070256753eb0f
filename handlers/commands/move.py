"""Knows 改地点: who handles a case says where it really is; the words go through the ear like a resident's."""

from __future__ import annotations

from dataclasses import replace

from handlers import by_hand, cards, dispatch, notices, places
from handlers.cases import Case
from handlers.command import Call, Command
from handlers.flows import emergency
from handlers.rules import RefusalError
from handlers.steps import Step
from handlers.turn import Turn

BY_HUMANS = ("dispatcher", "by_hand", "raised")
"""The rules of dispatch by which a human chose: a department chosen so keeps the case, wherever it is."""


def run(turn: Turn, call: Call) -> None:
    """The right place; a case whose hands belong to the wrong one moves."""
    case = by_hand.meant(turn, call, "move", Step.MOVE)
    if not call.rest:
        raise RefusalError("move_where", case=case.number)
    heard = turn.hear_again(call.rest)
    found = places.where(heard, turn.sender, turn.rules.town, case.where.unit)
    if not found.known:
        raise RefusalError("place_unknown", case=case.number)
    old, case = case, replace(case, where=places.merge(places.wrong(case.where), found))
    case = _moved(turn, old, case, call.rest)
    by_hand.tell(
        turn, case, "resident.place_moved", place=cards.place_or_unknown(turn, case),
        lead=turn.rules.town.name_of(case.lead), due=cards.when(turn, case.due_at),
    )  # fmt: skip
    by_hand.done(turn, case, "desk.moved", place=cards.place_or_unknown(turn, case),
                 lead=turn.rules.town.name_of(case.lead))  # fmt: skip


def _moved(turn: Turn, old: Case, case: Case, note: str) -> Case:
    case = turn.record(case, Step.MOVE, note=note, unit=case.where.unit, before=old.where.unit)
    notices.forget(turn, case, "place", "fix_place")
    if old.lead in turn.rules.town.departments and old.rule in BY_HUMANS:
        by_hand.refresh(turn, old, turn.keep(case), turn.word("group.place", number=case.number))
    else:
        case = dispatch.place_changed(turn, case)
    if case.emergency:
        emergency.place_known(turn, case, old)
    if case.lead != old.lead:
        by_hand.relieve(turn, old, case)
    return case


COMMAND = Command(key="move", run=run, audience="staff", whole=False)
