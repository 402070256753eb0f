"""Knows how a changed directory is taken over as one import, which can be undone as long as nothing else changed it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from handlers.town import Group, Person, Unit
from storage import town_rows
from storage.bulk import Insert
from storage.case_tables import cases
from storage.codec import PERSON_ROW, person_row
from storage.columns import among, clean, document, moment_out, parameter
from storage.loading import chosen
from storage.tables import accounts, chats, persons
from storage.town_tables import groups, imports, units

GONE = "gone"
"""Source of a unit or group that an import took out: the configuration does not bring it back at the next start."""

_PERSONS = Insert(persons, PERSON_ROW, key=("id",))
_LISTED: Mapping[str, Table] = {"units": units, "groups": groups}
_INSERTS = {
    name: Insert(table, ("id", "n", "document", "source"), key=("id",), keep=("n",)) for name, table in _LISTED.items()
}
_ACCOUNTS = Insert(accounts, ("address", "person", "last_used", "source"), key=("address",), keep=("last_used",))
_CHATS = Insert(chats, ("address", "group_id", "source"), key=("address",))

Rows = dict[str, dict[str, Any]]
"""Kind (units, people, groups) → id → what stands there: a document with its addresses, None where nothing does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an import sets and takes out. Addresses are only added: who lost a phone is bound anew at run time."""

    units: tuple[Unit, ...] = ()
    people: tuple[Person, ...] = ()
    groups: tuple[Group, ...] = ()
    accounts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    chats: Mapping[str, Sequence[str]] = field(default_factory=dict)
    units_out: tuple[str, ...] = ()
    people_out: tuple[str, ...] = ()
    groups_out: tuple[str, ...] = ()


class UndoError(Exception):
    """An import cannot be undone; the message is a sentence for whoever asked."""


def apply(connection: Connection, change: Change, what: str, now: datetime) -> int:
    """Write the change down; answers the number by which it can be undone."""
    touched = _touched(change)
    before = _standing(connection, touched)
    _write(connection, change, now)
    after = _standing(connection, touched)
    values = {"at": now, "what": clean(what), "before": document(before), "after": document(after)}
    number: int = connection.execute(insert(imports).values(**values).returning(imports.c.id)).scalar_one()
    return number


def undo(connection: Connection, number: int, now: datetime) -> None:
    """Set back what an import changed. Raises UndoError when it is unknown, undone, or changed again since."""
    row = connection.execute(select(imports).where(imports.c.id == number)).one_or_none()
    if row is None:
        raise UndoError(f"there is no import {number}")
    if row.undone_at is not None:
        raise UndoError(f"import {number} was undone already")
    before, after = json.loads(row.before), json.loads(row.after)
    standing = _standing(connection, {kind: list(found) for kind, found in after.items()})
    changed = sorted(id for kind, found in after.items() for id in found if standing[kind][id] != found[id])
    if changed:
        raise UndoError(f"changed again since import {number}: {', '.join(changed)}; nothing was undone")
    _restore(connection, before, now)
    connection.execute(update(imports).where(imports.c.id == number).values(undone_at=now))


def open_cases(connection: Connection, holders: Collection[str]) -> dict[str, int]:
    """How many open cases are led by each of these units or lie in it."""
    found: dict[str, int] = {}
    for column in (cases.c.lead, cases.c.unit):
        asked = select(column, func.count()).where(cases.c.open, among(column, "holders")).group_by(column)
        for holder, count in connection.execute(asked, {"holders": parameter(sorted(holders))}):
            found[holder] = max(found.get(holder, 0), count)
    return found


def addresses(connection: Connection) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Person id → accounts, group id → chats."""
    spoken: tuple[dict[str, list[str]], dict[str, list[str]]] = ({}, {})
    served = select(persons.c.id).where(persons.c.roles != '["resident"]')
    asked = select(accounts.c.person, accounts.c.address).where(accounts.c.person.in_(served))
    for shelf, statement in zip(spoken, (asked, select(chats.c.group_id, chats.c.address)), strict=True):
        for owner, address in connection.execute(statement.order_by(statement.selected_columns[1])):
            shelf.setdefault(owner, []).append(address)
    return spoken


def _touched(change: Change) -> dict[str, list[str]]:
    return {
        "units": [unit.id for unit in change.units] + list(change.units_out),
        "people": [person.id for person in change.people] + list(change.people_out),
        "groups": [group.id for group in change.groups] + list(change.groups_out),
    }


def _standing(connection: Connection, touched: Mapping[str, Iterable[str]]) -> Rows:
    found: Rows = {}
    for kind, ids in touched.items():
        names = {"ids": parameter(sorted(ids))}
        held = dict.fromkeys(ids, None)
        table = persons if kind == "people" else _LISTED[kind]
        columns = (*PERSON_ROW,) if kind == "people" else ("id", "n", "document", "source")
        for row in connection.execute(chosen(table, columns).where(among(table.c.id, "ids")), names):
            held[row[0]] = [moment_out(value) if hasattr(value, "tzinfo") else value for value in row]
        found[kind] = held
    return found


def _write(connection: Connection, change: Change, now: datetime) -> None:
    _INSERTS["units"].run(
        connection, _listed(connection, units, [(one.id, town_rows.out(one)) for one in change.units])
    )
    made = _listed(connection, groups, [(one.id, town_rows.out(one)) for one in change.groups])
    _INSERTS["groups"].run(connection, made)
    _PERSONS.run(connection, [person_row(person, "import") for person in change.people])
    unused = moment_out(datetime.fromtimestamp(0, now.tzinfo))
    spoken = [(clean(one), person, unused, "run") for person, held in change.accounts.items() for one in held]
    _ACCOUNTS.run(connection, spoken)
    _CHATS.run(connection, [(clean(one), group, "run") for group, held in change.chats.items() for one in held])
    for table, ids in ((units, change.units_out), (groups, change.groups_out)):
        connection.execute(
            update(table).where(among(table.c.id, "ids")).values(source=GONE), {"ids": parameter(list(ids))}
        )
    left = update(persons).where(among(persons.c.id, "ids")).values(left_at=now, source="import")
    connection.execute(left, {"ids": parameter(list(change.people_out))})


def _listed(connection: Connection, table: Table, rows: Sequence[tuple[str, str]]) -> list[tuple[Any, ...]]:
    """New rows stand behind those that are there."""
    last = connection.execute(select(func.coalesce(func.max(table.c.n), 0))).scalar_one()
    return [(id, last + n + 1, text, "run") for n, (id, text) in enumerate(rows)]


def _restore(connection: Connection, before: Mapping[str, Mapping[str, Any]], now: datetime) -> None:
    for kind, table in _LISTED.items():
        back = [tuple(row) for row in before[kind].values() if row is not None]
        _INSERTS[kind].run(connection, back)
        new = [id for id, row in before[kind].items() if row is None]
        connection.execute(delete(table).where(among(table.c.id, "ids")), {"ids": parameter(new)})
    _PERSONS.run(connection, [tuple(row) for row in before["people"].values() if row is not None])
    new = [id for id, row in before["people"].items() if row is None]
    connection.execute(
        update(persons).where(among(persons.c.id, "ids")).values(left_at=now, source="import"), {"ids": parameter(new)}
    )
