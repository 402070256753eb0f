"""Knows who sits in which group of the town, as far as roles and units tell."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.town import Group, Person, Role, Town

_IN_WORK_GROUPS = (Role.GRID_WORKER, Role.GRID_HEAD)
"""Mediators are bound to confidentiality, supervisors look from outside, dispatchers have their own group."""


def sits_in(person: Person, group: Group, town: Town) -> bool:
    """Those of its unit and department; residents where they live; the desk's own for who is on duty."""
    if group.purpose == "duty":
        return person.id in town.duty_people or person.has(Role.DISPATCHER)
    if group.department:
        return person.department == group.department and person.staff
    if group.purpose == "residents":
        return bool(person.unit) and town.within(person.unit, group.unit)
    return person.has(*_IN_WORK_GROUPS) and bool(person.unit) and town.within(group.unit, person.unit)


def groups_of(person: Person, town: Town) -> Iterator[Group]:
    """The groups that a person sits in."""
    return (group for group in town.groups.values() if sits_in(person, group, town))
