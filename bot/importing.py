"""Knows how a spreadsheet of units, people and groups becomes a change of the town, or what is wrong with it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from bot import config_town, workbook
from bot.config import Config
from bot.config_file import DutyDesk, File, Gazetteer, GroupEntry, PersonEntry, address
from bot.reading import Problem, Reader
from bot.sheet_words import KINDS, Sheets
from handlers.town import Directory, Group, Person, Role, Unit
from handlers.wording import Wording
from storage.importing import Change

_SHAPES: Mapping[str, type[Any]] = {"units": Unit, "people": PersonEntry, "groups": GroupEntry}
_BLANK: Mapping[str, dict[str, Any]] = {"units": {"level": "grid"}, "people": {}, "groups": {"purpose": "work"}}
_NAMES = {"units": "unit", "people": "person", "groups": "group"}
_MARK = re.compile(r"(units|people|groups)\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Standing:
    """The town as it is: its directory, who is reached where, how many open cases a unit has, and its mark."""

    directory: Directory
    accounts: Mapping[str, Sequence[str]]
    chats: Mapping[str, Sequence[str]]
    open_cases: Mapping[str, int]
    version: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. `lines` say it one by one; `token` stands for this file on this very town."""

    change: Change
    lines: tuple[str, ...]
    problems: tuple[Problem, ...]
    token: str


def plan(path: Path, config: Config, wording: Wording, standing: Standing) -> Plan:
    """Read the file and hold it against the town. Raises workbook.WorkbookError when it is no spreadsheet."""
    found = workbook.sheets(path)
    reader = Reader()
    rows = Sheets(wording, reader).read(found, _named(standing.directory, config))
    merged = _Merged(standing)
    for kind in KINDS:
        for row in rows[kind]:
            document = {**_BLANK[kind], **merged.document(kind, row.document["id"]), **row.document}
            merged.take(kind, reader.fill(_SHAPES[kind], document, row.path), row.path, out=row.out)
    _check(merged, config, reader)
    _check_removed(merged, standing, reader)
    change, lines = merged.change(config)
    return Plan(change, tuple(lines), tuple(reader.problems), _token(path, standing.version))


def _token(path: Path, version: str) -> str:
    return hashlib.sha256(path.read_bytes() + version.encode()).hexdigest()[:8]


def _named(directory: Directory, config: Config) -> dict[str, dict[str, list[str]]]:
    """Kind → name → ids: what a row without an id, or a reference, may mean."""
    named: dict[str, dict[str, list[str]]] = {kind: {} for kind in (*KINDS, "departments")}
    shelves: Mapping[str, Iterable[Any]] = {
        "units": directory.units, "people": directory.people, "groups": directory.groups,
        "departments": config.town.departments.values(),
    }  # fmt: skip
    for kind, shelf in shelves.items():
        for one in shelf:
            named[kind].setdefault(one.name, []).append(one.id)
    return named


class _Merged:
    """The town with the rows of the file laid over it; remembers where each row came from."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        directory = standing.directory
        people = {p.id: _person_entry(p, standing.accounts.get(p.id, ())) for p in directory.people}
        groups = {g.id: _group_entry(g, standing.chats.get(g.id, ())) for g in directory.groups}
        self.entries: dict[str, dict[str, Any]] = {
            "units": {unit.id: unit for unit in directory.units}, "people": people, "groups": groups
        }  # fmt: skip
        self.before = {kind: dict(found) for kind, found in self.entries.items()}
        self.origins: dict[tuple[str, str], str] = {}
        self.out: dict[str, list[str]] = {kind: [] for kind in KINDS}

    def take(self, kind: str, entry: Any, path: str, *, out: bool) -> None:
        """One row: it adds to what stands there, or takes it out."""
        self.origins[kind, entry.id] = path
        if out:
            if self.entries[kind].pop(entry.id, None) is not None:
                self.out[kind].append(entry.id)
            return
        self.entries[kind][entry.id] = entry

    def document(self, kind: str, id: str) -> dict[str, Any]:
        """What stands there, as an entry of the configuration: a row adds to it what its cells say."""
        entry = self.entries[kind].get(id)
        if entry is None:
            return {}
        held = {part.name: getattr(entry, part.name) for part in fields(entry)}
        return {name: _plain(value) for name, value in held.items() if value not in (None, (), "")}

    def change(self, config: Config) -> tuple[Change, list[str]]:
        """What is set and taken out, and a line for each."""
        lines: list[str] = []
        fresh: dict[str, list[Any]] = {kind: [] for kind in KINDS}
        for kind in KINDS:
            for id, entry in self.entries[kind].items():
                if (kind, id) in self.origins and entry != self.before[kind].get(id):
                    fresh[kind].append(entry)
                    lines.append(_line(kind, self.before[kind].get(id), entry))
            lines += [f"- {_NAMES[kind]} {_called(self.before[kind][id])}" for id in self.out[kind]]
        known = {person.id: person for person in self.standing.directory.people}
        people = tuple(_person(entry, known.get(entry.id), config) for entry in fresh["people"])
        change = Change(
            units=tuple(fresh["units"]), people=people,
            groups=tuple(_group(entry, config) for entry in fresh["groups"]),
            accounts={entry.id: tuple(map(address, entry.accounts)) for entry in fresh["people"] if entry.accounts},
            chats={entry.id: tuple(map(address, entry.chats)) for entry in fresh["groups"] if entry.chats},
            units_out=tuple(self.out["units"]), people_out=tuple(self.out["people"]),
            groups_out=tuple(self.out["groups"]),
        )  # fmt: skip
        return change, lines


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return getattr(value, "value", value)


def _line(kind: str, before: Any, entry: Any) -> str:
    name = _NAMES[kind]
    if before is None:
        return f"+ {name} {_called(entry)}"
    changed = [
        f"{part.name}: {_shown(getattr(before, part.name))} → {_shown(getattr(entry, part.name))}"
        for part in fields(entry)
        if getattr(before, part.name) != getattr(entry, part.name)
    ]
    return f"~ {name} {_called(entry)}: {'; '.join(changed)}"


def _called(entry: Any) -> str:
    return f"{entry.name} ({entry.id})"


def _shown(value: Any) -> str:
    if isinstance(value, tuple | frozenset):
        return ", ".join(str(getattr(one, "value", one)) for one in value) or "nothing"
    return str(value) or "nothing"


def _person_entry(person: Person, spoken: Sequence[str]) -> PersonEntry:
    return PersonEntry(
        id=person.id, name=person.name, names=person.names, roles=tuple(sorted(person.roles)), unit=person.unit,
        department=person.department, tags=person.tags, accounts=tuple(spoken),
    )  # fmt: skip


def _group_entry(group: Group, chats: Sequence[str]) -> GroupEntry:
    purpose: Any = group.purpose
    return GroupEntry(
        id=group.id, name=group.name, unit=group.unit, purpose=purpose, department=group.department, chats=tuple(chats)
    )


def _person(entry: PersonEntry, known: Person | None, config: Config) -> Person:
    """Who is in the file serves again, whatever was before; a leave stays as it was said."""
    home = config.town.departments.get(entry.department)
    return Person(
        id=entry.id, name=entry.name, names=entry.names, roles=frozenset(entry.roles) or frozenset({Role.RESIDENT}),
        unit=entry.unit or (home.parent if home else ""), department=entry.department, tags=entry.tags,
        away_until=known.away_until if known is not None else None,
    )  # fmt: skip


def _group(entry: GroupEntry, config: Config) -> Group:
    home = config.town.departments.get(entry.department)
    unit = entry.unit or (home.parent if home else "")
    return Group(id=entry.id, name=entry.name, unit=unit, purpose=entry.purpose, department=entry.department)


def _check(merged: _Merged, config: Config, reader: Reader) -> None:
    """Everything that the configuration is held against, with the rows of the file in the place of paths."""
    shelves = {kind: list(found.values()) for kind, found in merged.entries.items()}
    file = File(
        town=config.facts,
        duty_desk=DutyDesk(people=config.town.duty_people, group=config.town.duty_group),
        platforms=config.platforms,
        gazetteer=Gazetteer(aliases=config.aliases),
        units=tuple(shelves["units"]),
        departments=tuple(config.town.departments.values()),
        people=tuple(shelves["people"]),
        groups=tuple(shelves["groups"]),
    )
    found = Reader()
    config_town.check(file, found)

    def where(match: re.Match[str]) -> str:
        kind, n = match.group(1), int(match.group(2))
        entry = shelves[kind][n]
        return merged.origins.get((kind, entry.id), f"{kind} {entry.id}")

    for problem in found.problems:
        reader.note(_MARK.sub(where, problem.path), problem.expected, problem.found)


def _check_removed(merged: _Merged, standing: Standing, reader: Reader) -> None:
    """A unit that holds open cases cannot go: they would be nobody's."""
    for id in merged.out["units"]:
        held = standing.open_cases.get(id, 0)
        if held:
            reader.note(merged.origins["units", id], "a unit without open cases", f"{held} open; hand them over first")
