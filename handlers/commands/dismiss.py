"""Knows 离岗: somebody serves no more; their rights end at once, their open cases change hands by the clock."""

from __future__ import annotations

from dataclasses import replace

from handlers import absence, appointing, by_hand, naming
from handlers.command import Call, Command
from handlers.rights import Power
from handlers.rules import RefusalError
from handlers.town import Role
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """Whoever is named, within the sender's part of the town; nobody sends themselves or an equal away."""
    appointing.in_private(turn)
    by_hand.need(turn, Power.DISMISS)
    if not call.rest:
        raise RefusalError("dismiss_who")
    town = turn.rules.town
    person = town.people[naming.find(call.rest, town, near=turn.sender.unit, kinds=("person",)).id]
    by_hand.need(turn, Power.DISMISS, person.unit)
    equal = person.has(Role.GRID_HEAD, Role.ADMIN, Role.DISPATCHER) and not turn.sender.has(Role.ADMIN)
    if equal or not person.unit or person.id == turn.sender.id:
        raise RefusalError("no_power")
    person = turn.ws.people.get(person.id, person)
    turn.out.persons[person.id] = replace(person, left_at=turn.now)
    turn.say("people.dismissed", name=person.name)
    taken = absence.in_hand(turn, person)
    if taken:
        turn.say("people.dismissed_cases", numbers=turn.word("list.comma").join(taken))


COMMAND = Command(key="dismiss", run=run, audience="staff", whole=False, lists=absence.lists)
