"""Knows how what is remembered is read back: cases and their history, persons, chats, what falls due next."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, bindparam, func, not_, or_, select

from handlers.cases import Case, Entry, Photo, Reporter, Task, TaskKind, TaskState
from handlers.raw import RawText
from handlers.thread import Thread
from storage import chain
from storage.case_tables import cases, entries, entry_texts, photos, reporters, tasks
from storage.codec import (
    CASE,
    PHOTO,
    REPORTER,
    TASK,
    THREAD,
    case_of,
    incoming_of,
    photo_of,
    reporter_of,
    task_of,
    thread_of,
)  # fmt: skip
from storage.columns import Moment, among, clean, parameter
from storage.hands import WAITING
from storage.loading import chosen
from storage.marks import buttons_of
from storage.post_tables import errands, letters
from storage.tables import accounts, inbox, threads
from storage.town_tables import broadcasts, timers
from storage.values import LetterRow, Line

MOST_WAITING = 5000
"""More open cases than this no morning tells of."""

_now = bindparam("now", type_=Moment)
_THREADS = (
    select(accounts.c.address, accounts.c.person, *(threads.c[name] for name in THREAD))
    .outerjoin(threads, threads.c.person == accounts.c.person)
    .where(among(accounts.c.address, "addresses"))
)
_ENTRIES = (
    select(*(entries.c[name] for name in chain.ENTRY), entry_texts.c.salt, entry_texts.c.text)
    .outerjoin(
        entry_texts, (entry_texts.c.case_number == entries.c.case_number) & (entry_texts.c.n == entries.c.n)
    )
    .order_by(entries.c.case_number, entries.c.n)
)  # fmt: skip
_DUE = (
    select(cases.c.number)
    .where(cases.c.open, cases.c.wake_at <= _now)
    .order_by(cases.c.wake_at, cases.c.number)
    .limit(bindparam("most"))
)
_OPEN_AFTER = (
    select(cases.c.number)
    .where(cases.c.open, cases.c.number > bindparam("last"))
    .order_by(cases.c.number)
    .limit(bindparam("most"))
)
_NEXT = select(
    select(func.min(letters.c.next_at)).where(letters.c.next_at > _now).scalar_subquery(),
    select(func.min(errands.c.next_at)).where(errands.c.next_at > _now).scalar_subquery(),
    select(func.min(cases.c.wake_at)).where(cases.c.open, cases.c.wake_at > _now).scalar_subquery(),
    select(func.min(broadcasts.c.next_at)).where(broadcasts.c.next_at > _now).scalar_subquery(),
    select(func.min(timers.c.next_at)).where(timers.c.next_at > _now).scalar_subquery(),
)
_CAME = (reporters.c.since, reporters.c.part == "co_reporter", reporters.c.person)


def threads_of(connection: Connection, addresses: Sequence[str]) -> dict[str, Thread]:
    """The conversations of these addresses; an address nobody here has is not there."""
    keys = {"addresses": parameter(sorted({clean(address) for address in addresses}))}
    rows = connection.execute(_THREADS, keys)
    return {row[0]: thread_of(row[2:]) if row[2] is not None else Thread(person=row[1]) for row in rows}


def case(connection: Connection, number: str) -> Case | None:
    """One case."""
    row = connection.execute(chosen(cases, CASE).where(cases.c.number == number)).one_or_none()
    return case_of(row) if row is not None else None


def cases_of(connection: Connection, numbers: Collection[str]) -> dict[str, Case]:
    """Cases by number."""
    statement = chosen(cases, CASE).where(among(cases.c.number, "numbers"))
    return {row[0]: case_of(row) for row in connection.execute(statement, {"numbers": parameter(sorted(numbers))})}


def case_list(connection: Connection, *, open_only: bool, limit: int, offset: int) -> list[Case]:
    """Cases in the order they were opened."""
    statement = chosen(cases, CASE).order_by(cases.c.opened_at, cases.c.number).limit(limit).offset(offset)
    if open_only:
        statement = statement.where(cases.c.open)
    return [case_of(row) for row in connection.execute(statement)]


def waiting(connection: Connection) -> list[Case]:
    """Open cases without a result, soonest due first."""
    statement = chosen(cases, CASE).where(cases.c.open, cases.c.fed_back_at.is_(None))
    ordered = statement.order_by(cases.c.due_at.nulls_last(), cases.c.number).limit(MOST_WAITING)
    return [case_of(row) for row in connection.execute(ordered)]


def joining(connection: Connection, since: datetime) -> list[tuple[Task, str]]:
    """Tasks of who was called to help: those that wait, and those done since then; with who leads the case."""
    wanted = (
        select(*(tasks.c[name] for name in TASK), cases.c.lead_person)
        .join(cases, cases.c.number == tasks.c.case_number)
        .where(
            tasks.c.kind == TaskKind.JOIN.value,
            or_(tasks.c.state.in_(WAITING), and_(tasks.c.state == TaskState.DONE.value, tasks.c.done_at > since)),
        )
        .order_by(tasks.c.case_number, tasks.c.n)
        .limit(MOST_WAITING)
    )
    return [(task_of(row), row[-1]) for row in connection.execute(wanted)]


def last_cases(connection: Connection, limit: int) -> list[Case]:
    """The last cases that were opened, in the order they were."""
    last = chosen(cases, CASE).order_by(cases.c.opened_at.desc(), cases.c.number.desc()).limit(limit)
    return [case_of(row) for row in connection.execute(last)][::-1]


def tasks_of(connection: Connection, number: str) -> list[Task]:
    """The tasks of a case, by number."""
    statement = chosen(tasks, TASK).where(tasks.c.case_number == number).order_by(tasks.c.n)
    return [task_of(row) for row in connection.execute(statement)]


def reporters_of(connection: Connection, number: str) -> list[Reporter]:
    """Those who speak in a case, in the order they came; not those who have left it."""
    statement = chosen(reporters, REPORTER).where(reporters.c.case_number == number, not_(reporters.c.parted))
    return [reporter_of(row) for row in connection.execute(statement.order_by(*_CAME))]


def photos_of(connection: Connection, number: str) -> list[Photo]:
    """The pictures of a case."""
    statement = chosen(photos, PHOTO).where(photos.c.case_number == number).order_by(photos.c.at, photos.c.id)
    return [photo_of(row) for row in connection.execute(statement)]


def photos_by_id(connection: Connection, ids: Sequence[str]) -> dict[str, Photo]:
    """Pictures by id."""
    statement = chosen(photos, PHOTO).where(among(photos.c.id, "ids"))
    return {row[0]: photo_of(row) for row in connection.execute(statement, {"ids": parameter(list(ids))})}


def entries_of(connection: Connection, number: str) -> list[Entry]:
    """The history of a case; a note that was erased is empty."""
    return list(map(_entry, connection.execute(_ENTRIES.where(entries.c.case_number == number))))


def entries_among(connection: Connection, numbers: Sequence[str]) -> list[Entry]:
    """The histories of many cases, case by case."""
    keys = {"numbers": parameter(list(numbers))}
    return list(map(_entry, connection.execute(_ENTRIES.where(among(entries.c.case_number, "numbers")), keys)))


def _entry(row: Any) -> Entry:
    return Entry(
        case=row[0], n=row[1], at=row[2], step=row[3], by=row[4], role=row[5], facts=json.loads(row[6]),
        note=RawText(row.text or ""),
    )  # fmt: skip


def broken_chains(connection: Connection, number: str | None) -> list[str]:
    """Where a history was changed behind our back: “case: entry n: what is wrong”."""
    heads = select(cases.c.number, cases.c.chain)
    rows = _ENTRIES
    if number is not None:
        heads = heads.where(cases.c.number == number)
        rows = rows.where(entries.c.case_number == number)
    known = {row[0]: row[1] for row in connection.execute(heads)}
    found: list[str] = []
    streamed = connection.execute(rows.execution_options(yield_per=1000))
    for of, lines in groupby(streamed, key=lambda row: row[0]):
        found += chain.breaks(of, known.pop(of, ""), lines)
    found += [f"{of}: its history is missing" for of, head in known.items() if head]
    return found


def due_cases(connection: Connection, now: datetime, limit: int) -> list[str]:
    """Open cases that the clock must look at, soonest first."""
    return list(connection.execute(_DUE, {"now": now, "most": limit}).scalars())


def next_due(connection: Connection, now: datetime) -> datetime | None:
    """The soonest moment after `now` at which a letter, errand, case, broadcast or timer falls due."""
    return min((moment for moment in connection.execute(_NEXT, {"now": now}).one() if moment is not None), default=None)


def open_after(connection: Connection, last: str, limit: int) -> list[str]:
    """Open cases in the order of their numbers as texts, from behind `last` on."""
    return list(connection.execute(_OPEN_AFTER, {"last": last, "most": limit}).scalars())


def timeline(connection: Connection, chat: str, since_id: str, limit: int) -> list[Line]:
    """What was said in a chat by both sides, oldest first: the last `limit` lines.

    With `since_id`, the lines at or after the moment of that line, itself left out: a line of the same moment may come
    twice, its id tells. There is no index by chat: this is for the playground and for tests.
    """
    lines = sorted((*_heard(connection, chat), *_told(connection, chat)), key=lambda line: (line.at, line.out, line.id))
    last = next((line.at for line in lines if line.id == since_id), None)
    return [line for line in lines if (last is None or line.at >= last) and line.id != since_id][-limit:]


def _heard(connection: Connection, chat: str) -> Iterator[Line]:
    rows = connection.execute(select(inbox).where(inbox.c.chat == chat)).mappings()
    for row in rows:
        held = incoming_of(row["payload"])
        yield Line(
            id=f"i{row['id']:012}", at=row["received_at"], out=False, person=row["person"], kind=held.kind,
            text=held.text, state=row["state"], photos=tuple(medium.ref for medium in held.media), ref=held.quoted,
        )  # fmt: skip


def _told(connection: Connection, chat: str) -> Iterator[Line]:
    statement = select(letters).where(letters.c.lane == chat, letters.c.state.in_(["sent", "inline"]))
    for row in connection.execute(statement).mappings():
        yield Line(
            id=f"o{row['id']:012}", at=row["sent_at"] or row["created_at"], out=True, person=row["recipient"],
            kind=row["kind"], text=RawText(row["text"]), state=row["state"], case=row["case_number"],
            buttons=buttons_of(row["buttons"], row["mark"]), photos=tuple(json.loads(row["photos"])),
            ref=row["ref"],
        )  # fmt: skip


def told_in(connection: Connection) -> dict[str, int]:
    """How many letters have arrived in each chat; an edit is not one more."""
    arrived = letters.c.state.in_(["sent", "inline"]) & (letters.c.kind != "edit")
    rows = connection.execute(select(letters.c.lane, func.count()).where(arrived).group_by(letters.c.lane))
    return {lane: count for lane, count in rows}


def letters_of(connection: Connection, *, chat: str = "", state: str = "") -> list[LetterRow]:
    """Letters by chat, by state or both, oldest first. There is no index by either: not for large stores."""
    statement = select(letters).order_by(letters.c.id)
    for column, wanted in ((letters.c.lane, chat), (letters.c.state, state)):
        statement = statement.where(column == wanted) if wanted else statement
    return [_letter(row) for row in connection.execute(statement).mappings()]


def _letter(row: RowMapping) -> LetterRow:
    return LetterRow(
        id=row["id"], to=row["recipient"], chat=row["lane"], case=row["case_number"], kind=row["kind"],
        text=row["text"], state=row["state"], red=row["red"], attempts=row["attempts"], next_at=row["next_at"],
        sent_at=row["sent_at"], ref=row["ref"], error=row["error"],
    )  # fmt: skip
