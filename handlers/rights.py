"""Knows who may do and see what: capacities on a case, powers over a part of the town; deny by default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from handlers.cases import Case, Reporter, Task, TaskKind, TaskState
from handlers.steps import Actor
from handlers.town import Person, Role, Town

_UNIT_HANDS = (Role.GRID_WORKER, Role.GRID_HEAD, Role.DISPATCHER)


class Power(StrEnum):
    """What somebody may do that is not a step of one case; each holds in the subtree of the person's unit."""

    REPORT_FOR = "report_for"
    OWN_LIST = "own_list"
    UNIT_LIST = "unit_list"
    LEAVE = "leave"
    LEAVE_OTHERS = "leave_others"
    DISMISS = "dismiss"
    INVITE = "invite"
    BIND_GROUP = "bind_group"
    NOMINATE = "nominate"
    APPOINT = "appoint"
    BROADCAST = "broadcast"
    APPROVE_BROADCAST = "approve_broadcast"
    NOTICE = "notice"
    RATES = "rates"
    LIAISON_MENU = "liaison_menu"


_R = Role
_HEADS = frozenset({_R.GRID_HEAD, _R.DISPATCHER, _R.ADMIN})
_WORKERS = frozenset({_R.GRID_WORKER, _R.GRID_HEAD, _R.DISPATCHER, _R.DEPARTMENT})

POWERS: Mapping[Power, frozenset[Role]] = {
    Power.REPORT_FOR: _WORKERS | {_R.LIAISON},
    Power.OWN_LIST: _WORKERS | {_R.MEDIATOR},
    Power.UNIT_LIST: _WORKERS | {_R.SUPERVISOR, _R.ADMIN},
    Power.LEAVE: _WORKERS | {_R.LIAISON, _R.MEDIATOR},
    Power.LEAVE_OTHERS: _HEADS,
    Power.DISMISS: frozenset({_R.GRID_HEAD, _R.ADMIN}),
    Power.INVITE: _HEADS,
    Power.BIND_GROUP: _HEADS,
    Power.NOMINATE: frozenset({_R.GRID_WORKER, _R.GRID_HEAD}),
    Power.APPOINT: _HEADS,
    Power.BROADCAST: frozenset({_R.GRID_HEAD, _R.DISPATCHER}),
    Power.APPROVE_BROADCAST: frozenset({_R.GRID_HEAD, _R.DISPATCHER, _R.SUPERVISOR, _R.ADMIN}),
    Power.NOTICE: frozenset({_R.DISPATCHER, _R.ADMIN}),
    Power.RATES: frozenset({_R.GRID_HEAD, _R.DISPATCHER, _R.SUPERVISOR, _R.ADMIN}),
    Power.LIAISON_MENU: frozenset({_R.LIAISON}),
}
"""Power → the roles that hold it. What does not stand here nobody may do."""


def holds(person: Person, power: Power, unit: str, town: Town) -> bool:
    """Whether the person holds the power over a unit: by role, and only within the subtree of their own unit."""
    if not person.has(*POWERS.get(power, frozenset())):
        return False
    return bool(person.unit) and (not unit or town.within(unit, person.unit))


def desks(person: Person) -> tuple[str, ...]:
    """The units and departments whose cases a person has before them; a mediator sits at the justice office."""
    court = "justice_office" if person.has(Role.MEDIATOR) else ""
    return tuple(dict.fromkeys(filter(None, (person.unit, person.department, court)))) if person.staff else ()


def acts_for(person: Person, holder: str, case: Case, town: Town, now: datetime | None = None) -> bool:
    """Whether the person is one of the hands of a unit or department that holds a case, or covers for them."""
    if not person.staff:
        return False
    if holder in town.departments:
        if person.department == holder and not person.has(Role.MEDIATOR):
            return True
        return holder == "justice_office" and person.has(Role.MEDIATOR) and covers(person, case, town)
    if not person.unit or not person.has(*_UNIT_HANDS):
        return False
    return person.unit == holder or stands_in(person, holder, case, town, now)


def stands_in(person: Person, holder: str, case: Case, town: Town, now: datetime | None) -> bool:
    """Whether a grid head takes the place of the hands of a grid below: in what is confidential only when all are away.

    (leave and cover: the grid head; who need not know does not see.)
    """
    if not person.has(Role.GRID_HEAD) or holder == person.unit or not town.within(holder, person.unit):
        return False
    return not case.confidential or (now is not None and not any(p.present(now) for p in town.hands(holder)))


def covers(person: Person, case: Case, town: Town) -> bool:
    """Whether the case lies in the part of the town that the person serves."""
    return not case.where.unit or not person.unit or town.within(case.where.unit, person.unit)


def actors(
    person: Person, case: Case, reporters: Iterable[Reporter], town: Town, tasks: Iterable[Task] = (),
    now: datetime | None = None,
) -> frozenset[Actor]:  # fmt: skip
    """Every capacity in which this person may act on this case; empty for a stranger to it."""
    found = _by_role(person, case, town)
    if any(r.person == person.id and r.part != "other_side" for r in reporters):
        found.add(Actor.REPORTER)
    if case.lead_person == person.id and person.staff or case.lead and acts_for(person, case.lead, case, town, now):
        found.add(Actor.LEAD)
    if any(helps(person, task) for task in tasks):
        found.add(Actor.HELPER)
    return frozenset(found)


def _by_role(person: Person, case: Case, town: Town) -> set[Actor]:
    found: set[Actor] = set()
    here = covers(person, case, town)
    if person.has(Role.GRID_WORKER, Role.GRID_HEAD) and case.where.unit and here and not case.confidential:
        found.add(Actor.GRID_WORKER)
    if person.has(Role.DEPARTMENT) and case.lead and case.lead == person.department:
        found.add(Actor.DEPARTMENT)
    if person.has(Role.DISPATCHER) and here:
        found.add(Actor.DISPATCHER)
    if person.has(Role.SUPERVISOR) and here and not case.confidential:
        found.add(Actor.SUPERVISOR)
    return found


def foremost(capacity: frozenset[Actor]) -> Actor:
    """In what capacity somebody is said to have acted who has several."""
    ranks = (Actor.LEAD, Actor.DISPATCHER, Actor.DEPARTMENT, Actor.HELPER, Actor.GRID_WORKER, Actor.SUPERVISOR)
    return next((actor for actor in ranks if actor in capacity), Actor.REPORTER)


def helps(person: Person, task: Task) -> bool:
    """Whether a whistle (吹哨) that is not done yet calls this person's department or unit."""
    waits = task.kind is TaskKind.JOIN and task.state in (TaskState.CALLED, TaskState.REPORTED_IN)
    return waits and person.staff and task.holder in (person.department, person.unit)


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
