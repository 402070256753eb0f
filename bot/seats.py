"""Knows who sits in which group of the town, as far as roles and units tell."""

from __future__ import annotations

from handlers.town import Group, Person, Role, Town


def sits_in(person: Person, group: Group, town: Town) -> bool:
    """Those of its unit and department; residents where they live; the desk's own for who is on duty."""
    if group.purpose == "duty":
        return person.id in town.duty_people or person.has(Role.DISPATCHER)
    if group.department:
        return person.department == group.department and person.staff
    if group.purpose == "residents":
        return bool(person.unit) and town.within(person.unit, group.unit)
    return person.staff and bool(person.unit) and not person.department and town.within(group.unit, person.unit)
