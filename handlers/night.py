"""Knows who covers the night: groups rest, and a yellow case is put before the grid head at once (夜间值守)."""

from __future__ import annotations

from handlers import cards
from handlers.cases import Case
from handlers.town import Person, Role
from handlers.turn import Turn


def cover(turn: Turn, case: Case) -> None:
    """A yellow card that rests until the morning is read in private by the head, or by the hands where there is none.

    Nobody is passed over meanwhile: the accept clock begins in the morning (handlers/history.py).
    """
    rests = turn.rules.quiet_groups.holds(turn.now) and turn.rules.town.group_for(case.lead) is not None
    if case.colour != "yellow" or not rests or turn.item(case).group_push == "none":
        return
    found = [person.id for person in heads(turn, case)] or cards.leads(turn, case)
    text = turn.word("night.cover") + "\n" + cards.private_text(turn, case, words=False)
    for person in found:
        turn.push(person, text, case=case.number, buttons=cards.buttons(turn, case))


def heads(turn: Turn, case: Case) -> list[Person]:
    """The grid heads over the unit that leads, the nearest who are there; none where a department leads."""
    town = turn.rules.town
    for unit in town.ladder(case.lead):
        found = [p for p in town.with_role(Role.GRID_HEAD) if p.unit == unit.id and p.present(turn.now)]
        if found:
            return found
    return []
