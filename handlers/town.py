"""Knows the town: units, departments, people with roles, groups, and how they hang together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """Roles of domain.md 1.6 (minimum set)."""

    RESIDENT = "resident"
    VOLUNTEER = "volunteer"
    LIAISON = "liaison"
    GRID_WORKER = "grid_worker"
    GRID_HEAD = "grid_head"
    MEDIATOR = "mediator"
    DISPATCHER = "dispatcher"
    DEPARTMENT = "department"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


DUTY_DESK = "duty-desk"
"""The recipient of alarms (值班台): every person of the duty desk, in private."""

ERASE_WHEN_CLOSED = "erase_when_closed"
"""Tag of a person who asked to be erased while a case was open."""

ONLY_IN_GROUPS = "only_in_groups"
"""Tag of a person to whom nothing can be sent in private: they have not written there yet, and must begin."""

STAFF = frozenset(Role) - {Role.RESIDENT, Role.VOLUNTEER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A step of the ladder 街道—社区—网格—微网格; `kind` is general 综合网格 or dedicated 专属网格.

    `center` is (latitude, longitude), WGS-84; `area` the corners of a polygon, in order along its boundary.
    """

    id: str
    name: str
    level: str
    parent: str = ""
    kind: str = "general"
    households: str = ""
    phone: str = ""
    places: tuple[str, ...] = ()
    center: tuple[float, float] | None = None
    area: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """An office that can lead a case or be whistled; `parent` is the unit it belongs to."""

    id: str
    name: str
    parent: str
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Anybody who has an account here. A resident without an entry in the configuration has an empty name."""

    id: str
    name: str = ""
    names: tuple[str, ...] = ()
    roles: frozenset[Role] = frozenset({Role.RESIDENT})
    unit: str = ""
    department: str = ""
    tags: tuple[str, ...] = ()
    away_until: datetime | None = None
    active: bool = True
    left_at: datetime | None = None

    @property
    def serving(self) -> bool:
        """Whether the person has not left: not taken out of the configuration, not dismissed at run time (离岗)."""
        return self.active and self.left_at is None

    @property
    def staff(self) -> bool:
        """Whether the person works for the town."""
        return self.serving and bool(self.roles & STAFF)

    def present(self, now: datetime) -> bool:
        """Whether the person is not away."""
        return self.away_until is None or self.away_until <= now

    def has(self, *roles: Role) -> bool:
        """Whether the person holds one of these roles now."""
        return self.serving and bool(self.roles.intersection(roles))


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A chat of many. `purpose` is work, residents, department or duty."""

    id: str
    name: str
    unit: str
    purpose: str
    department: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What everybody is told once while it holds (停机公告): `key` names it, `until` ends it."""

    key: str
    text: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """What of a town can change while it runs, in the order in which it is listed."""

    units: tuple[Unit, ...] = ()
    people: tuple[Person, ...] = ()
    groups: tuple[Group, ...] = ()
    notice: Notice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """The whole town as one frozen value; a change of the directory makes a new one (docs/architecture.md)."""

    name: str
    bot_name: str
    levels: tuple[str, ...]
    units: Mapping[str, Unit]
    departments: Mapping[str, Department]
    people: Mapping[str, Person]
    groups: Mapping[str, Group]
    duty_people: tuple[str, ...] = ()
    duty_group: str = ""
    hotlines: Mapping[str, str] = field(default_factory=dict)
    notice: Notice | None = None
    privacy_contact: str = ""
    retention_days: Mapping[str, int] = field(default_factory=dict)

    def with_directory(self, directory: Directory) -> Town:
        """The same town with another directory."""
        order = {person: n for n, person in enumerate(self.people)}
        people = sorted(directory.people, key=lambda person: order.get(person.id, len(order)))
        return replace(
            self,
            units={unit.id: unit for unit in directory.units},
            people={person.id: person for person in people},
            groups={group.id: group for group in directory.groups},
            notice=directory.notice,
        )

    def ladder(self, unit: str) -> Iterator[Unit]:
        """The unit and those above it, nearest first."""
        seen: set[str] = set()
        while unit in self.units and unit not in seen:
            seen.add(unit)
            yield self.units[unit]
            unit = self.units[unit].parent

    def at_level(self, unit: str, level: str) -> str:
        """The unit of this level on the ladder of `unit`, or “”."""
        return next((step.id for step in self.ladder(unit) if step.level == level), "")

    def within(self, unit: str, root: str) -> bool:
        """Whether `unit` is `root` or lies below it."""
        return any(step.id == root for step in self.ladder(unit))

    def below(self, root: str) -> tuple[str, ...]:
        """`root` and every unit below it, in the order of the directory."""
        return tuple(unit for unit in self.units if self.within(unit, root))

    def street(self) -> str:
        """The unit in which what belongs nowhere else is kept: the one street of this town."""
        streets = [unit.id for unit in self.units.values() if unit.level == "street"]
        return streets[0] if streets else next(iter(self.units), "")

    def name_of(self, holder: str) -> str:
        """The name of a unit, department, person or group."""
        for shelf in (self.units, self.departments, self.people, self.groups):
            found = shelf.get(holder)
            if found is not None:
                return found.name
        return holder

    def unit_of(self, holder: str) -> str:
        """The unit a holder of tasks belongs to: itself, or the department's parent."""
        if holder in self.departments:
            return self.departments[holder].parent
        return holder if holder in self.units else ""

    def hands(self, holder: str) -> tuple[Person, ...]:
        """The people who act for a unit or department, in the order of the configuration."""
        if holder in self.departments:
            return tuple(p for p in self.people.values() if p.department == holder and p.staff)
        return tuple(
            p
            for p in self.people.values()
            if p.unit == holder and p.has(Role.GRID_WORKER, Role.GRID_HEAD, Role.DISPATCHER)
        )

    def with_role(self, role: Role, unit: str = "") -> tuple[Person, ...]:
        """People of a role whose unit is `unit` or above it on the ladder; everywhere when `unit` is empty."""
        return tuple(
            p for p in self.people.values() if p.has(role) and (not unit or not p.unit or self.within(unit, p.unit))
        )

    def heads(self, holder: str, now: datetime) -> tuple[Person, ...]:
        """The grid heads over a unit, the nearest who are there; none over a department."""
        for unit in self.ladder(holder):
            found = [p for p in self.people.values() if p.has(Role.GRID_HEAD) and p.unit == unit.id and p.present(now)]
            if found:
                return tuple(found)
        return ()

    def group_for(self, holder: str, purpose: str = "work") -> Group | None:
        """The group in which a unit or department works."""
        for group in self.groups.values():
            if holder in self.departments and group.department == holder:
                return group
            if group.unit == holder and group.purpose == purpose and not group.department:
                return group
        return None
