"""Knows how the effects of a whole batch are written down: one statement a table, the last value of a row wins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from handlers.cases import Case, Entry, Photo, Reporter, Task
from handlers.directory import Binding, Broadcast, Invitation
from handlers.effects import Answered, Effects, Refused
from handlers.letters import Errand
from handlers.thread import Thread
from handlers.town import Group, Person
from storage import chain, erasing, town_rows
from storage.bulk import Change, Insert, RowIn
from storage.case_tables import answered, cases, entries, entry_texts, photos, refusals, reporters, tasks
from storage.codec import (
    CASE,
    PERSON_ROW,
    PHOTO,
    REPORTER,
    TASK,
    THREAD,
    case_row,
    person_row,
    photo_row,
    reporter_row,
    task_row,
    thread_row,
)  # fmt: skip
from storage.columns import among, clean, document, moment_out, parameter
from storage.post_tables import errands
from storage.posting import post
from storage.tables import inbox, persons, threads
from storage.values import Written

_PERSONS = Insert(persons, PERSON_ROW, key=("id",), keep=("source",))
_THREADS = Insert(threads, THREAD, key=("person",))
_CASES = Insert(cases, (*CASE, "chain"), key=("number",))
_CHAINS = Change(cases, ("chain",), key="number")
_TASKS = Insert(tasks, TASK, key=("case_number", "n"))
_REPORTERS = Insert(reporters, REPORTER, key=("case_number", "person"))
_ENTRIES = Insert(entries, chain.ENTRY)
_ENTRY_TEXTS = Insert(entry_texts, chain.ENTRY_TEXT)
_PHOTOS = Insert(photos, PHOTO, key=("id",))
_ERRANDS = Insert(errands, ("kind", "case_number", "facts", "state", "next_at", "created_at"))
_REFUSALS = Insert(refusals, ("at", "person", "action", "case_number", "reason"))
_ANSWERED = Insert(answered, ("at", "person", "duty", "answer", "unit", "channel"))
_INBOX = Change(inbox, ("person", "state", "receipt", "error"))
_RECEIPTS = Change(inbox, ("receipt",))
_HEADS = select(cases.c.number, cases.c.chain).where(among(cases.c.number, "numbers"))


@dataclass(slots=True)
class _Gathered:
    """The effects of several turns laid together by table."""

    cases: dict[str, Case] = field(default_factory=dict)
    tasks: dict[tuple[str, int], Task] = field(default_factory=dict)
    reporters: dict[tuple[str, str], Reporter] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    threads: dict[str, Thread] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    photos: dict[str, Photo] = field(default_factory=dict)
    errands: list[Errand] = field(default_factory=list)
    refusals: list[Refused] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    bindings: list[Binding] = field(default_factory=list)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    broadcasts: dict[str, Broadcast] = field(default_factory=dict)

    def add(self, effects: Effects) -> None:
        self.cases.update((case.number, case) for case in effects.cases)
        self.tasks.update(((task.case, task.n), task) for task in effects.tasks)
        self.reporters.update(((one.case, one.person), one) for one in effects.reporters)
        self.entries.extend(effects.entries)
        gone = effects.erased
        self.threads.update((thread.person, thread) for thread in effects.threads if thread.person not in gone)
        self.persons.update((person.id, person) for person in effects.persons)
        self.photos.update((photo.id, photo) for photo in effects.photos)
        self.errands.extend(effects.errands)
        self.refusals.extend(effects.refusals)
        self.answered.extend(effects.answered)
        self.groups.extend(effects.groups)
        self.bindings.extend(effects.bindings)
        self.invitations.update((one.code, one) for one in effects.invitations)
        self.broadcasts.update((one.number, one) for one in effects.broadcasts)


@dataclass(slots=True)
class Flusher:
    """Writes outcomes down. `chains`: the newest hash of each case known so far, carried on here."""

    connection: Connection
    now: datetime
    chains: dict[str, str]
    erased: erasing.Erased = field(default_factory=erasing.Erased)

    def flush(self, outcomes: Sequence[Written]) -> None:
        """Write all of them; where one erases a person, what came before it is erased as well."""
        part: list[Written] = []
        for outcome in outcomes:
            part.append(outcome)
            if outcome.effects.erased:
                self._write(part)
                self._erase(outcome)
                part = []
        if part:
            self._write(part)

    def _write(self, part: Sequence[Written]) -> None:
        gathered = _Gathered()
        for outcome in part:
            gathered.add(outcome.effects)
        self._people(gathered)
        self._cases(gathered)
        self._records(gathered)
        town_rows.save(
            self.connection, tuple(gathered.invitations.values()), tuple(gathered.broadcasts.values()),
            gathered.groups, gathered.bindings, self.now,
        )  # fmt: skip
        letters = [(letter, one) for one in part if not one.effects.erased for letter in one.effects.letters]
        receipts = post(self.connection, letters, self.now)
        rows = [
            (clean(one.person), one.state, clean(one.receipt or receipts.get(one.inbox_id, "")), clean(one.error),
             one.inbox_id)
            for one in part if one.inbox_id is not None
        ]  # fmt: skip
        _INBOX.run(self.connection, rows)

    def _erase(self, outcome: Written) -> None:
        """Erase, and only then write what the person is still told."""
        self.erased.add(erasing.erase(self.connection, outcome.effects.erased, self.now))
        receipts = post(self.connection, [(letter, outcome) for letter in outcome.effects.letters], self.now)
        if outcome.inbox_id is not None:
            receipt = outcome.receipt or receipts.get(outcome.inbox_id, "")
            _RECEIPTS.run(self.connection, [(clean(receipt), outcome.inbox_id)])

    def _people(self, gathered: _Gathered) -> None:
        people = [self.erased.person(person) for person in gathered.persons.values()]
        _PERSONS.run(self.connection, [person_row(person, "run") for person in people])
        _THREADS.run(self.connection, [thread_row(thread) for thread in gathered.threads.values()])
        _PHOTOS.run(self.connection, [photo_row(photo) for photo in gathered.photos.values()])

    def _cases(self, gathered: _Gathered) -> None:
        self._know_chains(gathered.cases, gathered.entries)
        linked = [self._link(entry) for entry in gathered.entries]
        held = map(self.erased.case, gathered.cases.values())
        _CASES.run(self.connection, [(*case_row(case), self.chains.get(case.number, "")) for case in held])
        others = {entry.case for entry in gathered.entries} - gathered.cases.keys()
        _CHAINS.run(self.connection, [(self.chains[number], number) for number in sorted(others)])
        _ENTRIES.run(self.connection, [one.entry for one in linked])
        _ENTRY_TEXTS.run(self.connection, [one.note for one in linked if one.note is not None])
        _TASKS.run(self.connection, [task_row(task) for task in gathered.tasks.values()])
        _REPORTERS.run(
            self.connection, [reporter_row(one) for one in map(self.erased.reporter, gathered.reporters.values())]
        )

    def _know_chains(self, numbers: Iterable[str], history: Sequence[Entry]) -> None:
        """The newest hash of cases that were neither loaded nor begin here is fetched."""
        begun = {entry.case for entry in history if entry.n == 1}
        unknown = sorted({*numbers, *(entry.case for entry in history)} - self.chains.keys() - begun)
        if unknown:
            rows = self.connection.execute(_HEADS, {"numbers": parameter(unknown)})
            self.chains.update((row[0], row[1]) for row in rows)

    def _link(self, entry: Entry) -> chain.Linked:
        linked = chain.link(entry, self.chains.get(entry.case, ""))
        self.chains[entry.case] = linked.hash
        return linked

    def _records(self, gathered: _Gathered) -> None:
        now = moment_out(self.now)
        errands_rows: list[RowIn] = [
            (one.kind, one.case, document(dict(one.facts)), "waiting", now, now) for one in gathered.errands
        ]
        _ERRANDS.run(self.connection, errands_rows)
        _REFUSALS.run(
            self.connection,
            [(moment_out(one.at), one.person, clean(one.action), one.case, one.reason) for one in gathered.refusals],
        )
        _ANSWERED.run(
            self.connection,
            [
                (moment_out(one.at), one.person, one.duty, one.answer, one.unit, one.channel)
                for one in gathered.answered
            ],
        )
