"""Knows who is away and who covers: whose leave may be said by whom, and what they leave in hand."""

from __future__ import annotations

from handlers import by_hand, naming, rights
from handlers.cases import State
from handlers.command import Call
from handlers.rights import Power
from handlers.town import DUTY_DESK, Person, Role, Town
from handlers.turn import Turn


def whose(turn: Turn, text: str) -> tuple[Person, str]:
    """Whose leave it is (the sender's own where nobody is named), and the words after the name."""
    town = turn.rules.town
    named = naming.find_or_none(text, town, near=turn.sender.unit, kinds=("person",)) if text else None
    if named is None or named.id == turn.sender.id:
        by_hand.need(turn, Power.LEAVE)
        return turn.sender, named.rest if named is not None else text
    person = town.people[named.id]
    by_hand.need(turn, Power.LEAVE_OTHERS, person.unit)
    return turn.ws.people.get(person.id, person), named.rest


def lists(person: Person, call: Call, town: Town) -> tuple[str, ...]:
    """The desks of somebody named, whose cases in hand are told to who covers."""
    plain = call.rest.strip()
    found = [p for p in town.people.values() for name in (p.name, *p.names) if name and plain.startswith(name)]
    return tuple(desk for one in found[:1] for desk in rights.desks(one))


def in_hand(turn: Turn, person: Person) -> list[str]:
    """The numbers of the open cases that a person has taken and not finished."""
    held = (n for desk in rights.desks(person) for n in turn.ws.in_hand.get(desk, ()))
    cases = (turn.case(number) for number in dict.fromkeys(held))
    taken = [case for case in cases if case is not None and case.lead_person == person.id]
    return [case.number for case in taken if case.state in (State.ASSIGNED, State.HANDLING)]


def heads(turn: Turn, person: Person) -> list[str]:
    """Who is told that somebody is away: the grid heads above them, else the duty desk; never they themselves."""
    town = turn.rules.town
    over = [p for p in town.with_role(Role.GRID_HEAD, person.unit) if p.id != person.id and p.present(turn.now)]
    return [p.id for p in over if not person.department] or [DUTY_DESK]


def cover(turn: Turn, person: Person) -> str:
    """The names of who covers: the others at the same desk, else the head, else the duty desk."""
    town, now = turn.rules.town, turn.now
    others = [p for desk in rights.desks(person) for p in town.hands(desk) if p.id != person.id and p.present(now)]
    names = [p.name for p in others if not p.has(Role.DISPATCHER) or person.has(Role.DISPATCHER)]
    if not names:
        names = [
            town.name_of(one) if one != DUTY_DESK else turn.word("people.duty_desk") for one in heads(turn, person)
        ]
    return turn.word("list.comma").join(dict.fromkeys(names))
