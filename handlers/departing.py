"""Knows what a platform's own address book says: a member has left the corp, or is called otherwise now."""

from __future__ import annotations

from dataclasses import replace

from handlers import absence
from handlers.directory import Binding
from handlers.town import DUTY_DESK
from handlers.turn import Turn


def run(turn: Turn) -> bool:
    """Whether the event was one of the address book. Nobody is answered; the duty desk hears who serves no more."""
    incoming = turn.incoming
    assert incoming is not None
    if incoming.event == "departed":
        _departed(turn)
    elif incoming.event == "migrated" and incoming.scene:
        moved = f"{incoming.chat.rpartition(':')[0]}:{incoming.scene}"
        turn.out.bindings[moved] = Binding(address=moved, person=turn.sender.id)
    else:
        return False
    return True


def _departed(turn: Turn) -> None:
    """All rights end at once; open cases change hands by the clock, each with a line in its history."""
    person = turn.sender
    if not person.staff:
        return
    turn.out.persons[person.id] = replace(person, left_at=turn.now)
    lines = [turn.word("people.departed", name=person.name)]
    taken = absence.in_hand(turn, person)
    if taken:
        lines.append(turn.word("people.dismissed_cases", numbers=turn.word("list.comma").join(taken)))
    turn.push(DUTY_DESK, "\n".join(lines), red=True)
