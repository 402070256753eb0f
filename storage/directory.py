"""Knows how the people, accounts and chats of the configuration are taken over at start, and who is reached where."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, exists, not_, or_, select, update

from handlers.cases import TaskState
from handlers.town import Group, Person
from storage.bulk import Insert
from storage.case_tables import cases, tasks
from storage.codec import PERSON, person_of, person_row
from storage.columns import clean, moment_out, not_among, parameter
from storage.loading import chosen
from storage.tables import accounts, chats, persons
from storage.values import Left

UNUSED = datetime(1970, 1, 1, tzinfo=UTC)
"""When an account was last used that never was."""

# When somebody is away is said at run time; a restart must not forget it.
_CONFIGURED = Insert(persons, (*PERSON, "source"), key=("id",), keep=("away_until",))
_REGISTERED = Insert(persons, (*PERSON, "source"), key=("id",), keep=("source",))
_ACCOUNTS = Insert(accounts, ("address", "person", "last_used", "source"), key=("address",), keep=("last_used",))
_CHATS = Insert(chats, ("address", "group_id", "source"), key=("address",))
_config = persons.c.source == "config"
_DROP_ACCOUNTS = delete(accounts).where(accounts.c.source == "config", not_among(accounts.c.address, "kept"))
_DROP_CHATS = delete(chats).where(chats.c.source == "config", not_among(chats.c.address, "kept"))
_DROP_PERSONS = (
    update(persons)
    .values(active=False)
    .where(_config, persons.c.active, not_among(persons.c.id, "kept"))
    .returning(persons.c.id)
)
_gone = select(persons.c.id).where(not_(persons.c.active))
_on_a_task = exists().where(
    tasks.c.case_number == cases.c.number,
    tasks.c.person.in_(_gone),
    tasks.c.state.in_([TaskState.CALLED.value, TaskState.REPORTED_IN.value]),
)
_orphaned = or_(cases.c.lead_person.in_(_gone), _on_a_task)
_unheld = and_(cases.c.lead != "", not_among(cases.c.lead, "holders"))
_ORPHANS = select(cases.c.number).where(cases.c.open, _orphaned).order_by(cases.c.number)
_ORPHANS_OR_UNHELD = select(cases.c.number).where(cases.c.open, or_(_orphaned, _unheld)).order_by(cases.c.number)

Bound = tuple[Person, Sequence[str]]


def sync(
    connection: Connection,
    people: Sequence[Bound],
    groups: Sequence[tuple[Group, Sequence[str]]],
    holders: Collection[str],
) -> Left:
    """Take over the configuration; what it no longer names is deactivated, its accounts and chats are dropped."""
    _CONFIGURED.run(connection, [(*person_row(person), "config") for person, _ in people])
    addresses = _bind(connection, people, "config")
    rows = [(clean(address), group.id, "config") for group, chat_list in groups for address in chat_list]
    _CHATS.run(connection, rows)
    connection.execute(_DROP_ACCOUNTS, {"kept": parameter(addresses)})
    connection.execute(_DROP_CHATS, {"kept": parameter([row[0] for row in rows])})
    removed = connection.execute(_DROP_PERSONS, {"kept": parameter([person.id for person, _ in people])}).scalars()
    statement: Select[Any] = _ORPHANS_OR_UNHELD if holders else _ORPHANS
    names = {"holders": parameter(sorted(holders))} if holders else {}
    return Left(
        persons=tuple(sorted(removed)), cases=tuple(connection.execute(statement, names).scalars())
    )  # fmt: skip


def register(connection: Connection, person: Person, addresses: Sequence[str]) -> None:
    """Bind addresses to a person at run time; an address that was somebody else's changes hands."""
    _REGISTERED.run(connection, [(*person_row(person), "run")])
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
