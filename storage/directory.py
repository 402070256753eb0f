"""Knows the directory: how the configuration is taken over at start, what the town is now, who is reached where."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    exists,
    literal_column,
    not_,
    or_,
    select,
    update,
)

from handlers.cases import TaskState
from handlers.town import Directory, Notice, Person
from storage import town_rows
from storage.bulk import Insert
from storage.case_tables import cases, tasks
from storage.codec import PERSON, PERSON_ROW, person_of, person_row
from storage.columns import clean, moment_out, not_among, parameter
from storage.loading import chosen
from storage.tables import accounts, chats, persons
from storage.town_tables import groups, units
from storage.values import Left

UNUSED = datetime(1970, 1, 1, tzinfo=UTC)
"""When an account was last used that never was."""

# When somebody is away is said at run time; a restart must not forget it.
_of_config: ColumnElement[str] = literal_column("'config'")
_of_import: ColumnElement[str] = literal_column("'import'")
_CONFIGURED = Insert(
    persons, PERSON_ROW, key=("id",), keep=("away_until", "left_at"), only_if=persons.c.source != _of_import
)
_REGISTERED = Insert(persons, PERSON_ROW, key=("id",), keep=("source",))
# What was imported or changed at run time is no longer the configuration's to say.
_UNITS = Insert(units, ("id", "n", "document", "source"), key=("id",), only_if=units.c.source == _of_config)
_GROUPS = Insert(groups, ("id", "n", "document", "source"), key=("id",), only_if=groups.c.source == _of_config)
_DROP_UNITS = delete(units).where(units.c.source == "config", not_among(units.c.id, "kept"))
_DROP_GROUPS = delete(groups).where(groups.c.source == "config", not_among(groups.c.id, "kept"))
_ACCOUNTS = Insert(accounts, ("address", "person", "last_used", "source"), key=("address",), keep=("last_used",))
_still = chats.c.source != literal_column(f"'{town_rows.GONE}'")
_CHATS = Insert(chats, ("address", "group_id", "source"), key=("address",), only_if=_still)
_config = persons.c.source == "config"
_DROP_ACCOUNTS = delete(accounts).where(accounts.c.source == "config", not_among(accounts.c.address, "kept"))
_DROP_CHATS = delete(chats).where(chats.c.source == "config", not_among(chats.c.address, "kept"))
_DROP_PERSONS = (
    update(persons)
    .values(active=False)
    .where(_config, persons.c.active, not_among(persons.c.id, "kept"))
    .returning(persons.c.id)
)
_gone = select(persons.c.id).where(or_(not_(persons.c.active), persons.c.left_at.is_not(None)))
_on_a_task = exists().where(
    tasks.c.case_number == cases.c.number,
    tasks.c.person.in_(_gone),
    tasks.c.state.in_([TaskState.CALLED.value, TaskState.REPORTED_IN.value]),
)
_orphaned = or_(cases.c.lead_person.in_(_gone), _on_a_task)
_unheld = and_(cases.c.lead != "", not_among(cases.c.lead, "holders"))
_ORPHANS = select(cases.c.number).where(cases.c.open, _orphaned).order_by(cases.c.number)
_ORPHANS_OR_UNHELD = select(cases.c.number).where(cases.c.open, or_(_orphaned, _unheld)).order_by(cases.c.number)

_SERVING = (
    chosen(persons, PERSON)
    .where(or_(persons.c.source == "config", persons.c.roles != '["resident"]'))
    .order_by(persons.c.id)
)

Bound = tuple[Person, Sequence[str]]
Spoken = Mapping[str, Sequence[str]]
"""Id of a person or group → addresses."""


def sync(connection: Connection, town: Directory, spoken: Spoken, chats_of: Spoken, holders: Collection[str]) -> Left:
    """Take over the configuration; what it no longer names is deactivated, its accounts and chats are dropped."""
    _CONFIGURED.run(connection, [person_row(person, "config") for person in town.people])
    addresses = _bind(connection, [(person, spoken.get(person.id, ())) for person in town.people], "config")
    rows = [(clean(address), group.id, "config") for group in town.groups for address in chats_of.get(group.id, ())]
    _CHATS.run(connection, rows)
    connection.execute(_DROP_ACCOUNTS, {"kept": parameter(addresses)})
    connection.execute(_DROP_CHATS, {"kept": parameter([row[0] for row in rows])})
    kept = {"kept": parameter([person.id for person in town.people])}
    removed = connection.execute(_DROP_PERSONS, kept).scalars()
    _UNITS.run(connection, [(unit.id, n, town_rows.out(unit), "config") for n, unit in enumerate(town.units)])
    connection.execute(_DROP_UNITS, {"kept": parameter([unit.id for unit in town.units])})
    _GROUPS.run(connection, [(group.id, n, town_rows.out(group), "config") for n, group in enumerate(town.groups)])
    connection.execute(_DROP_GROUPS, {"kept": parameter([group.id for group in town.groups])})
    return Left(persons=tuple(sorted(removed)), cases=orphans(connection, holders))


def orphans(connection: Connection, holders: Collection[str]) -> tuple[str, ...]:
    """Open cases in the hands of anybody who left; with `holders` also those led by a unit or department not there."""
    statement: Select[Any] = _ORPHANS_OR_UNHELD if holders else _ORPHANS
    names = {"holders": parameter(sorted(holders))} if holders else {}
    return tuple(connection.execute(statement, names).scalars())


def read(connection: Connection) -> Directory:
    """The town as it is now: everybody who is no mere resident (of the configuration also those)."""
    notice = town_rows.standing(connection)
    return Directory(
        units=tuple(town_rows.units(connection)),
        people=tuple(person_of(row) for row in connection.execute(_SERVING)),
        groups=tuple(town_rows.groups(connection)),
        notice=Notice(key=notice.number, text=notice.text.reveal(), until=notice.until)
        if notice is not None and notice.until is not None
        else None,
    )


def register(connection: Connection, person: Person, addresses: Sequence[str]) -> None:
    """Bind addresses to a person at run time; an address that was somebody else's changes hands."""
    _REGISTERED.run(connection, [person_row(person, "run")])
    _bind(connection, [(person, addresses)], "run")


def _bind(connection: Connection, people: Iterable[Bound], source: str) -> list[str]:
    """Accounts of people. As long as none was used, the first in the list is the one used last."""
    rows = [
        (clean(address), person.id, moment_out(UNUSED + timedelta(seconds=len(addresses) - n)), source)
        for person, addresses in people
        for n, address in enumerate(addresses)
    ]
    _ACCOUNTS.run(connection, rows)
    return [row[0] for row in rows]


def find(connection: Connection, *, source: str = "", tag: str = "") -> list[Person]:
    """People by where they come from and by a tag, in order of id."""
    statement = chosen(persons, PERSON).order_by(persons.c.id)
    if source:
        statement = statement.where(persons.c.source == source)
    found = [person_of(row) for row in connection.execute(statement)]
    return [person for person in found if not tag or tag in person.tags]


def accounts_of(connection: Connection, person: str) -> list[str]:
    """A person's addresses, the one used last first."""
    statement = select(accounts.c.address).where(accounts.c.person == person)
    ordered = statement.order_by(accounts.c.last_used.desc(), accounts.c.address.desc())
    return list(connection.execute(ordered).scalars())
