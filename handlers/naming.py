"""Knows who or what is meant by a name said in a command: a unit, a department, a person who serves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from handlers.rules import RefusalError
from handlers.town import Town
from handlers.wording import strip

SHORTEST = 2
"""Characters that a shortened name must have at least."""


@dataclass(frozen=True, slots=True)
class Named:
    """What was meant, by id, and the words that follow the name."""

    id: str
    rest: str


def find(text: str, town: Town, *, near: str = "", kinds: Iterable[str] = ("unit", "department", "person")) -> Named:
    """The holder whose name the text begins with, the longest first; nearest to the unit `near` where several fit.

    A name may be shortened to its end (“第二网格”) or its beginning (“综合执法”). Raises RefusalError `unknown_name` or
    `which_name` (with `names`).
    """
    plain = text.strip()
    found: dict[str, str] = {}
    for name, id in sorted(_names(town, set(kinds)), key=lambda pair: -len(pair[0])):
        if found and len(name) < len(next(iter(found.values()))):
            break
        if plain.startswith(name):
            found.setdefault(id, name)
    if not found:
        name = strip(plain.split()[0])[:12] if plain else ""
        raise RefusalError("unknown_name", name=name) if name else RefusalError("name_missing")
    ids = _nearest(list(found), town, near)
    if len(ids) > 1:
        raise RefusalError("which_name", names="、".join(town.name_of(id) for id in ids[:4]))
    return Named(ids[0], plain[len(found[ids[0]]) :].lstrip(" \t:：,，、。"))


def find_or_none(text: str, town: Town, *, near: str = "", kinds: Iterable[str] = ("unit", "department", "person")) -> (
    Named | None
):  # fmt: skip
    """As `find`, None where no name is said. Raises RefusalError `which_name` all the same."""
    try:
        return find(text, town, near=near, kinds=kinds)
    except RefusalError as refusal:
        if refusal.reason in ("unknown_name", "name_missing"):
            return None
        raise


def _names(town: Town, kinds: set[str]) -> Iterator[tuple[str, str]]:
    if "unit" in kinds:
        for unit in town.units.values():
            yield unit.id, unit.id
            yield from ((end, unit.id) for end in _ends(unit.name))
    if "department" in kinds:
        for department in town.departments.values():
            yield department.id, department.id
            yield from ((start, department.id) for start in _starts(department.name))
    if "person" in kinds:
        for person in town.people.values():
            if person.staff:
                yield person.id, person.id
                yield from ((name, person.id) for name in (person.name, *person.names) if name)


def _ends(name: str) -> Iterator[str]:
    return (name[n:] for n in range(max(1, len(name) - SHORTEST)))


def _starts(name: str) -> Iterator[str]:
    return (name[:n] for n in range(len(name), SHORTEST - 1, -1))


def _nearest(ids: list[str], town: Town, near: str) -> list[str]:
    """Those on the ladder or in the community of `near`, where only some are; all of them otherwise."""
    community = town.at_level(near, "community")
    own = [id for id in ids if near and town.unit_of(id) == near]
    around = [id for id in ids if community and town.within(town.unit_of(id), community)]
    return own or around or ids
