"""Knows who may do and see what: one function for the capacity in which a person acts on a case, deny by default."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.cases import Case, Reporter
from handlers.steps import Actor
from handlers.town import Person, Role, Town

_UNIT_HANDS = (Role.GRID_WORKER, Role.GRID_HEAD, Role.DISPATCHER)


def desks(person: Person) -> tuple[str, ...]:
    """The units and departments whose cases a person has before them; a mediator sits at the justice office."""
    court = "justice_office" if person.has(Role.MEDIATOR) else ""
    return tuple(dict.fromkeys(filter(None, (person.unit, person.department, court)))) if person.staff else ()


def acts_for(person: Person, holder: str, case: Case, town: Town) -> bool:
    """Whether the person is one of the hands of a unit or department that holds a case."""
    if not person.staff:
        return False
    if holder in town.departments:
        if person.department == holder and not person.has(Role.MEDIATOR):
            return True
        return holder == "justice_office" and person.has(Role.MEDIATOR) and covers(person, case, town)
    return person.has(*_UNIT_HANDS) and bool(person.unit) and person.unit == holder


def covers(person: Person, case: Case, town: Town) -> bool:
    """Whether the case lies in the part of the town that the person serves."""
    return not case.where.unit or not person.unit or town.within(case.where.unit, person.unit)


def actors(person: Person, case: Case, reporters: Iterable[Reporter], town: Town) -> frozenset[Actor]:
    """Every capacity in which this person may act on this case; empty for a stranger to it."""
    found: set[Actor] = set()
    if any(r.person == person.id and r.part != "other_side" for r in reporters):
        found.add(Actor.REPORTER)
    if case.lead_person == person.id and person.staff or case.lead and acts_for(person, case.lead, case, town):
        found.add(Actor.LEAD)
    here = bool(case.where.unit) and covers(person, case, town)
    if person.has(Role.GRID_WORKER, Role.GRID_HEAD) and here and not case.confidential:
        found.add(Actor.GRID_WORKER)
    if person.has(Role.DEPARTMENT) and case.lead and case.lead == person.department:
        found.add(Actor.DEPARTMENT)
    if person.has(Role.DISPATCHER) and covers(person, case, town):
        found.add(Actor.DISPATCHER)
    return frozenset(found)


def leads(capacity: frozenset[Actor]) -> bool:
    """Whether the buttons of a case's card are of any use to somebody in this capacity."""
    return bool(capacity & {Actor.LEAD, Actor.DISPATCHER, Actor.GRID_WORKER})


def sees_words(capacity: frozenset[Actor], person: Person, case: Case) -> bool:
    """Whether the redacted words and photos may be shown: to the one who took the case, and to the dispatchers."""
    return Actor.DISPATCHER in capacity or (case.lead_person == person.id and Actor.LEAD in capacity)


def sees_status(capacity: frozenset[Actor], person: Person, case: Case, town: Town) -> bool:
    """Whether the person may hear how the case stands: its reporters, its hands, supervisors of that part of town."""
    if capacity:
        return True
    return person.has(Role.SUPERVISOR, Role.ADMIN) and covers(person, case, town) and not case.confidential
