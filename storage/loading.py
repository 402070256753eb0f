"""Knows how a batch's working set is locked, in one sorted order, and loaded in a fixed number of statements."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, bindparam, func, not_, or_, select

from handlers.cases import FINDER
from handlers.town import ERASE_WHEN_CLOSED, Person
from handlers.working_set import Wanted, WorkingSet
from storage import town_rows
from storage.bulk import Insert
from storage.case_tables import cases, photos, reporters, tasks
from storage.codec import (
    CASE,
    PERSON,
    PERSON_ROW,
    PHOTO,
    REPORTER,
    TASK,
    THREAD,
    case_of,
    person_of,
    person_row,
    photo_of,
    reporter_of,
    task_of,
    thread_of,
)  # fmt: skip
from storage.columns import Moment, among, clean, moment_out, parameter
from storage.hands import IN_HAND
from storage.post_tables import postings
from storage.tables import accounts, chats, persons, threads

RECENT = timedelta(days=30)
"""How long after its end a case is still one of “my cases”."""

LOOSE = timedelta(days=1)
"""How long a picture that belongs to no case yet waits for one."""

FRESH = timedelta(hours=2)
"""For how long the same trouble at the same grid may be the same matter (同一件事？)."""

MINE = 20
MOST_FRESH = 200


def chosen(table: Table, names: Sequence[str]) -> Select[Any]:
    """A SELECT of these columns, in this order."""
    return select(*(table.c[name] for name in names))


_ADDRESSES = Insert(
    accounts, ("address", "person", "last_used", "source"), key=("address",), keep=("person", "source"),
    returning=("address", "person"),
)  # fmt: skip
_PERSONS_NEW = Insert(persons, PERSON_ROW, key=("id",), ignore=True)
_PERSONS = chosen(persons, PERSON).where(among(persons.c.id, "ids")).order_by(persons.c.id)
_PERSONS_LOCKED = _PERSONS.with_for_update()

_spoken = (
    select(
        reporters.c.person,
        cases.c.number,
        func.row_number().over(partition_by=reporters.c.person, order_by=cases.c.opened_at.desc()).label("rank"),
    )
    .join(cases, cases.c.number == reporters.c.case_number)
    .where(
        among(reporters.c.person, "ids"),
        reporters.c.part != FINDER,
        or_(cases.c.open, func.coalesce(cases.c.closed_at, cases.c.changed_at) > bindparam("since", type_=Moment)),
    )
    .subquery()
)
_MINE = select(_spoken.c.person, _spoken.c.number).where(_spoken.c.rank <= MINE).order_by(_spoken.c.rank)

_QUOTED = select(postings.c.chat, postings.c.ref, postings.c.case_number).where(
    among(postings.c.chat, "chats"), among(postings.c.ref, "refs")
)
_SPEAKERS = select(reporters.c.person).distinct().where(among(reporters.c.case_number, "numbers"))

_FRESH = (
    select(cases.c.item, cases.c.number)
    .where(
        cases.c.opened_at > bindparam("since", type_=Moment), cases.c.open, cases.c.fed_back_at.is_(None),
        not_(cases.c.confidential), among(cases.c.item, "items"),
    )
    .order_by(cases.c.opened_at, cases.c.number)
    .limit(MOST_FRESH)
)  # fmt: skip
_LOADS = (
    select(cases.c.lead_person, func.count())
    .where(cases.c.open, cases.c.lead_person != "", cases.c.fed_back_at.is_(None))
    .group_by(cases.c.lead_person)
)

# On SQLite the one writer holds everything anyway; there FOR UPDATE says nothing.
_CASES = (
    select(*(cases.c[name] for name in CASE), cases.c.chain)
    .where(among(cases.c.number, "numbers"))
    .order_by(cases.c.number)
    .with_for_update()
)
_TASKS = chosen(tasks, TASK).where(among(tasks.c.case_number, "numbers")).order_by(tasks.c.n)
_REPORTERS = (
    chosen(reporters, REPORTER)
    .where(among(reporters.c.case_number, "numbers"))
    .order_by(reporters.c.since, reporters.c.person)
)
_loose = and_(among(photos.c.person, "ids"), photos.c.case_number == "", photos.c.at > bindparam("since", type_=Moment))
_PHOTOS = (
    chosen(photos, PHOTO).where(or_(among(photos.c.case_number, "numbers"), _loose)).order_by(photos.c.at, photos.c.id)
)
_GROUPS = select(chats.c.address, chats.c.group_id).where(among(chats.c.address, "addresses"))
_THREADS = chosen(threads, THREAD).where(among(threads.c.person, "ids"))


def person_id(address: str) -> str:
    """The id of a person of whom only the address is known: the same in every process."""
    return "p" + hashlib.sha256(address.encode()).hexdigest()[:16]


@dataclass(slots=True)
class Loader:
    """Locks and loads one working set. The order of locks is accounts, persons, cases, each sorted: no deadlock.

    `chains` is what the memory itself must know of a case: the hash of its newest entry.
    """

    connection: Connection
    now: datetime
    ws: WorkingSet = field(default_factory=WorkingSet)
    chains: dict[str, str] = field(default_factory=dict)

    def load(self, wanted: Sequence[Wanted]) -> WorkingSet:
        """Everything that these messages may need."""
        senders = self._accounts({clean(one.sender) for one in wanted})
        numbers = {number for one in wanted for number in one.cases}
        numbers.update(self._mine(senders))
        numbers.update(self._quoted({one.quoted for one in wanted if one.quoted is not None}))
        self._groups({one.chat for one in wanted if one.chat})
        numbers.update(self._in_hand({holder for one in wanted for holder in one.holders}))
        numbers.update(self._fresh({item for one in wanted for item in one.items}))
        if any(one.items or one.loads for one in wanted):
            self.ws.loads.update((row[0], row[1]) for row in self.connection.execute(_LOADS))
        self.ws.invitations = town_rows.invitations(self.connection, {code for one in wanted for code in one.codes})
        asked = {number for one in wanted for number in one.broadcasts}
        self.ws.broadcasts = town_rows.broadcasts(self.connection, asked)
        return self.load_cases(numbers, senders)

    def load_cases(self, numbers: Collection[str], senders: Iterable[str] = ()) -> WorkingSet:
        """These cases, with all that hangs on them, and the people who speak or act in them."""
        keys = {"numbers": parameter(sorted(set(numbers)))}
        found = self.connection.execute(_SPEAKERS, keys).scalars() if numbers else ()
        self._lock_persons({*senders, *found})
        leaving = [person.id for person in self.ws.people.values() if ERASE_WHEN_CLOSED in person.tags]
        if leaving:  # whether their last case closes can only be seen beside their others
            numbers = {*numbers, *self._mine(leaving)}
            keys = {"numbers": parameter(sorted(numbers))}
        if numbers:
            self._cases(keys)
        self._photos(keys, senders)
        self._people(self._acting() - self.ws.people.keys())
        for row in self.connection.execute(_THREADS, {"ids": parameter(sorted(self.ws.people))}):
            self.ws.threads[row[0]] = thread_of(row)
        return self.ws

    def _accounts(self, addresses: set[str]) -> set[str]:
        """Address → person. An address never seen before becomes somebody; its use is noted."""
        moment = moment_out(self.now)
        rows = [(address, person_id(address), moment, "run") for address in sorted(addresses)]
        self.ws.senders.update((address, person) for address, person in _ADDRESSES.rows(self.connection, rows))
        return set(self.ws.senders.values())

    def _mine(self, senders: Iterable[str]) -> Iterable[str]:
        keys = {"ids": parameter(sorted(senders)), "since": self.now - RECENT}
        return _shelve(self.ws.mine, self.connection.execute(_MINE, keys))

    def _groups(self, addresses: set[str]) -> None:
        """Chat address → group."""
        if addresses:
            keys = {"addresses": parameter(sorted(addresses))}
            self.ws.groups.update((row[0], row[1]) for row in self.connection.execute(_GROUPS, keys))

    def _in_hand(self, holders: set[str]) -> Iterable[str]:
        if not holders:
            return ()
        keys = {"holders": parameter(sorted(holders))}
        rows = self.connection.execute(IN_HAND, keys).all()
        led = _shelve(self.ws.in_hand, (row[:2] for row in rows if not row[3]))
        return [*led, *_shelve(self.ws.called, (row[:2] for row in rows if row[3]))]

    def _fresh(self, items: set[str]) -> Iterable[str]:
        """Open cases of these items that began just now: for new matters only."""
        if not items:
            return ()
        keys = {"items": parameter(sorted(items)), "since": self.now - FRESH}
        return _shelve(self.ws.fresh, self.connection.execute(_FRESH, keys))

    def _quoted(self, pairs: set[tuple[str, str]]) -> Iterable[str]:
        if not pairs:
            return ()
        keys = {"chats": parameter(sorted({p[0] for p in pairs})), "refs": parameter(sorted({p[1] for p in pairs}))}
        for chat, ref, number in self.connection.execute(_QUOTED, keys):
            if (chat, ref) in pairs:
                self.ws.quoted[chat, ref] = number
        return self.ws.quoted.values()

    def _lock_persons(self, ids: set[str]) -> None:
        """Whose thread may be written is locked: a reporter's too, for a worker's feedback puts a question there."""
        self._people(ids, _PERSONS_LOCKED)
        fresh = [Person(id=person) for person in sorted(ids - self.ws.people.keys())]
        _PERSONS_NEW.run(self.connection, [person_row(person, "run") for person in fresh])
        self.ws.people.update((person.id, person) for person in fresh)

    def _people(self, ids: Iterable[str], statement: Select[Any] = _PERSONS) -> None:
        keys = sorted(ids)
        if keys:
            for row in self.connection.execute(statement, {"ids": parameter(keys)}):
                self.ws.people[row[0]] = person_of(row)

    def _cases(self, keys: Mapping[str, str]) -> None:
        for row in self.connection.execute(_CASES, keys):
            self.ws.cases[row[0]] = case_of(row)
            self.chains[row[0]] = row[-1]
        if not self.ws.cases:
            return
        for row in self.connection.execute(_TASKS, keys):
            self.ws.tasks[row[0]] = (*self.ws.tasks.get(row[0], ()), task_of(row))
        for row in self.connection.execute(_REPORTERS, keys):
            self.ws.reporters[row[0]] = (*self.ws.reporters.get(row[0], ()), reporter_of(row))

    def _photos(self, keys: Mapping[str, str], senders: Iterable[str]) -> None:
        more = {"ids": parameter(sorted(senders)), "since": self.now - LOOSE}
        for row in self.connection.execute(_PHOTOS, {**keys, **more}):
            photo = photo_of(row)
            self.ws.photos[photo.case] = (*self.ws.photos.get(photo.case, ()), photo)

    def _acting(self) -> set[str]:
        """Everyone named on the loaded cases and tasks, and reporters who came between our two looks."""
        leads = {case.lead_person for case in self.ws.cases.values()}
        hands = {task.person for held in self.ws.tasks.values() for task in held}
        speaking = {reporter.person for held in self.ws.reporters.values() for reporter in held}
        return (leads | hands | speaking) - {""}


def people(connection: Connection, ids: Iterable[str]) -> dict[str, Person]:
    """Persons by id."""
    rows = connection.execute(_PERSONS, {"ids": parameter(sorted(ids))})
    return {row[0]: person_of(row) for row in rows}


def _shelve(shelf: dict[str, tuple[str, ...]], rows: Iterable[Sequence[Any]]) -> Iterable[str]:
    """Put (owner, number) rows on a shelf, in their order; answer the numbers."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for owner, number in rows:
        found[owner].append(number)
    shelf.update((owner, tuple(numbers)) for owner, numbers in found.items())
    return [number for numbers in found.values() for number in numbers]
