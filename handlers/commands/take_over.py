"""Knows 接管: a dispatcher takes a case into their own hands."""

from __future__ import annotations

from dataclasses import replace

from handlers import by_hand, cards, dispatch
from handlers.command import Call, Command
from handlers.commands.accept import details, role
from handlers.rules import RefusalError
from handlers.steps import Step
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """From any state before a result; who had the case hears it, the details go to who takes it."""
    case = by_hand.meant(turn, call, "take_over", Step.TAKE_OVER)
    if case.lead_person == turn.sender.id:
        raise RefusalError("state.handling", case=case.number, who=turn.sender.name)
    holder = turn.sender.department or turn.sender.unit
    town = turn.rules.town
    level = town.units[holder].level if holder in town.units else "street"
    old, case = case, replace(case, lead=holder, level=level, rule="dispatcher", came_from="")
    case = replace(case, assignees=(turn.sender.id,))
    dispatch.call(turn, case)
    case = dispatch.take(turn, case)
    case = turn.record(case, Step.TAKE_OVER, note=call.rest, lead=holder, level=level, before=old.lead)
    by_hand.move_cards(turn, case, old, turn.word("group.taken_over", number=case.number, name=turn.sender.name))
    by_hand.relieve(turn, old, case)
    by_hand.tell(
        turn, case, "resident.accepted", name=turn.sender.name, role=role(turn), due=cards.when(turn, case.due_at)
    )
    details(turn, case)


COMMAND = Command(key="take_over", run=run, audience="staff", whole=False)
