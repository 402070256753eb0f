"""Knows 销假: somebody is back before their leave ends."""

from __future__ import annotations

from dataclasses import replace

from handlers import absence, appointing
from handlers.command import Call, Command
from handlers.rules import RefusalError
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """One's own return, or that of somebody below."""
    appointing.in_private(turn)
    person, _ = absence.whose(turn, call.rest)
    if person.present(turn.now):
        raise RefusalError("not_away", name=person.name)
    turn.out.persons[person.id] = replace(person, away_until=None)
    turn.say("people.back", name=person.name)
    for head in absence.heads(turn, person):
        if head != turn.sender.id:
            turn.push(head, turn.word("people.back", name=person.name))


COMMAND = Command(key="back", run=run, audience="staff", whole=False)
