"""Knows the ready sets of three phones, and what people of each role may say first: found by role in the town."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from handlers.town import Group, Person, Role, Town
from handlers.wording import Wording

SCENES: Final[Mapping[str, tuple[str, str, str]]] = {
    "report": ("resident", "work", "worker"),
    "duty": ("dispatcher", "duty", "worker"),
    "whistle": ("worker", "department", "dispatcher"),
    "home": ("resident", "home", "worker"),
    "heads": ("head", "supervisor", "worker"),
    "liaison": ("liaison", "worker", "head"),
}
"""Whose phones a scene shows. One whose people the town lacks is left out."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays which part: id of a person or group, “” where the town has none; `office` is a department's name."""

    parts: Mapping[str, str]
    office: str = ""


def scenes(town: Town, wording: Wording) -> list[dict[str, Any]]:
    """The sets of three phones that this town can show."""
    parts = cast(town).parts
    return [
        {"key": key, "name": wording.say(f"playground.scene.{key}"), "phones": [parts[part] for part in wanted]}
        for key, wanted in SCENES.items()
        if all(parts[part] for part in wanted)
    ]


def phrases(town: Town, wording: Wording) -> dict[str, list[str]]:
    """What people of each role, and neighbours in their group, may say, as far as the bot has the command.

    A0001 stands for the newest case of the phone.
    """
    played = cast(town)
    names = {part: town.name_of(who) for part, who in played.parts.items()}
    worker = town.people.get(played.parts["worker"])
    facts = {**names, "office": played.office, "grid": town.name_of(worker.unit) if worker else ""}
    found = {who: list(_known(who, wording, facts)) for who in (*(role.value for role in Role), "residents")}
    return {who: said for who, said in found.items() if said}


def _known(who: str, wording: Wording, facts: Mapping[str, str]) -> Iterable[str]:
    """A line of the wording is “command: words”, or “list: words” for what is no command."""
    key = f"playground.phrases.{who}"
    for line in wording.say(key, **facts).splitlines() if key in wording.sentences else ():
        command, _, words = line.partition(": ")
        if (command if "." in command else f"command.{command}") in wording.lists:
            yield words


def cast(town: Town) -> Cast:
    """Who plays: the people of the grid that has most of the parts, and those above it."""
    grids = [unit.id for unit in town.units.values() if unit.level == "grid"] or [town.street()]
    best = max((_grid(town, grid) for grid in grids), key=lambda parts: sum(map(bool, parts.values())))
    group = next((g for g in town.groups.values() if g.department and town.hands(g.department)), None)
    staff = _first(town, Role.DEPARTMENT)
    office = group.department if group is not None else staff.department if staff is not None else ""
    above = {
        "dispatcher": _id(_first(town, Role.DISPATCHER)),
        "duty": _id(_group(town.groups.values(), "duty")),
        "department": _id(group or staff),
        "supervisor": _id(_first(town, Role.SUPERVISOR)),
    }
    return Cast({**best, **above}, town.name_of(office) if office else "")


def _grid(town: Town, grid: str) -> dict[str, str]:
    inside = [person for person in town.people.values() if person.serving and town.within(person.unit, grid)]
    residents = sorted(
        (one for one in inside if one.has(Role.RESIDENT)), key=lambda one: one.roles != {Role.RESIDENT}
    )  # fmt: skip
    groups = [group for group in town.groups.values() if group.unit == grid and not group.department]
    heads = [one for one in town.people.values() if one.has(Role.GRID_HEAD) and town.within(grid, one.unit)]
    return {
        "resident": _id(next(iter(residents), None)),
        "worker": _id(_with(inside, Role.GRID_WORKER)),
        "liaison": _id(_with(inside, Role.LIAISON)),
        "head": _id(next(iter(heads), None)),
        "work": _id(_group(groups, "work")),
        "home": _id(_group(groups, "residents")),
    }


def _with(people: Iterable[Person], role: Role) -> Person | None:
    return next((person for person in people if person.has(role)), None)


def _first(town: Town, role: Role) -> Person | None:
    return _with(town.people.values(), role)


def _group(groups: Iterable[Group], purpose: str) -> Group | None:
    return next((group for group in groups if group.purpose == purpose), None)


def _id(one: Person | Group | None) -> str:
    return one.id if one is not None else ""
