"""Knows how the desk's frozen values become rows and rows become values again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import MISSING, Field, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from handlers.cases import OPEN, Case, Photo, Reporter, State, Task, TaskKind, TaskState, Where
from handlers.incoming import Incoming, Media
from handlers.raw import RawText
from handlers.thread import Thread
from handlers.town import Person, Role
from storage.columns import clean, document, moment_in, moment_out

Values = tuple[Any, ...]

PERSON = ("id", "name", "names", "roles", "unit", "department", "tags", "away_until", "active", "left_at")
PERSON_ROW = (*PERSON[:-1], "source", "left_at")
"""What is written of a person, in the order of the table."""
TASK = ("case_number", "n", "kind", "state", "holder", "person", "called_at", "due_at", "done_at", "reported_at")
REPORTER = ("case_number", "person", "part", "anonymous", "since", "solved", "rating", "words", "via", "parted")
PHOTO = ("id", "person", "case_number", "ref", "address", "public", "path", "at")
THREAD = ("person", "version", "document")
CASE = (
    "number", "state", "open", "colour", "duty", "item", "demand", "catalogue", "unit", "level", "lead", "lead_person",
    "confidential", "opened_at", "changed_at", "accept_due", "due_at", "wake_at", "accepted_at", "first_answer_at",
    "fed_back_at", "closed_at", "solved", "rating", "words", "place", "room", "result", "rest",
)  # fmt: skip


class _Rest:
    """Fields that have no column of their own: those that differ from their defaults lie in a document."""

    def __init__(self, shape: type, *without: str) -> None:
        held = [field for field in fields(shape) if field.name not in without]
        self._names = tuple(field.name for field in held)
        self._defaults = tuple(_default(field) for field in held)
        self._get = attrgetter(*self._names)

    def out(self, value: object) -> dict[str, Any]:
        """The fields of a value that are worth keeping, as plain JSON values."""
        held = zip(self._names, self._get(value), self._defaults, strict=True)
        return {name: _plain(found) for name, found, default in held if found is not default and found != default}


def _default(field: Field[Any]) -> Any:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else None


_CASE_REST = _Rest(Case, *CASE, "where")
_CASE_MOMENTS = (
    "urged_at", "clock_from", "accept_from", "first_due", "supervise_due", "remind_due", "whistle_due", "paused_at",
    "paused_until",
)  # fmt: skip
_WHERE_REST = _Rest(Where, "text", "room", "unit")
_INCOMING_REST = _Rest(Incoming, "way")


def _plain(value: Any) -> Any:
    if isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, datetime):
        return moment_out(value)
    if isinstance(value, RawText):
        return value.reveal()
    if isinstance(value, tuple):
        return [[part.kind, part.ref, part.url] if isinstance(part, Media) else part for part in value]
    return value


def person_row(person: Person, source: str) -> Values:
    """A row of PERSON_ROW."""
    return (
        person.id, clean(person.name), document(person.names), document(sorted(person.roles)), person.unit,
        person.department, document(person.tags), moment_out(person.away_until), person.active, source,
        moment_out(person.left_at),
    )  # fmt: skip


def person_of(row: Sequence[Any]) -> Person:
    """The person of a row of PERSON."""
    return Person(
        id=row[0],
        name=row[1],
        names=tuple(json.loads(row[2])),
        roles=frozenset(map(Role, json.loads(row[3]))),
        unit=row[4],
        department=row[5],
        tags=tuple(json.loads(row[6])),
        away_until=row[7],
        active=bool(row[8]),
        left_at=row[9],
    )


def case_row(case: Case) -> Values:
    """A row of CASE."""
    where = case.where
    rest = _CASE_REST.out(case)
    place = _WHERE_REST.out(where)
    if place:
        rest["where"] = place
    return (
        case.number, case.state.value, case.state in OPEN, case.colour, case.duty, case.item, case.demand,
        case.catalogue, where.unit, case.level, case.lead, case.lead_person, case.confidential,
        moment_out(case.opened_at), moment_out(case.changed_at), moment_out(case.accept_due), moment_out(case.due_at),
        moment_out(case.wake_at), moment_out(case.accepted_at), moment_out(case.first_answer_at),
        moment_out(case.fed_back_at), moment_out(case.closed_at), case.solved, case.rating,
        clean(case.words.reveal()), clean(where.text.reveal()), clean(where.room.reveal()),
        clean(case.result.reveal()), document(rest),
    )  # fmt: skip


def case_of(row: Sequence[Any]) -> Case:
    """The case of a row of CASE."""
    rest = json.loads(row[28])
    place = rest.pop("where", {})
    if "point" in place:
        place["point"] = tuple(place["point"])
    rest.update((name, tuple(rest[name])) for name in ("photos", "assignees") if name in rest)
    rest.update((name, moment_in(rest[name])) for name in _CASE_MOMENTS if name in rest)
    return Case(
        number=row[0], state=State(row[1]), colour=row[3], duty=row[4], item=row[5], demand=row[6], catalogue=row[7],
        where=Where(unit=row[8], text=RawText(row[25]), room=RawText(row[26]), **place),
        level=row[9], lead=row[10], lead_person=row[11], confidential=bool(row[12]),
        opened_at=row[13], changed_at=row[14], accept_due=row[15], due_at=row[16], wake_at=row[17],
        accepted_at=row[18], first_answer_at=row[19], fed_back_at=row[20], closed_at=row[21],
        solved=row[22], rating=row[23], words=RawText(row[24]), result=RawText(row[27]), **rest,
    )  # fmt: skip


def task_row(task: Task) -> Values:
    """A row of TASK."""
    return (
        task.case, task.n, task.kind.value, task.state.value, task.holder, task.person,
        moment_out(task.called_at), moment_out(task.due_at), moment_out(task.done_at), moment_out(task.reported_at),
    )  # fmt: skip


def task_of(row: Sequence[Any]) -> Task:
    """The task of a row of TASK."""
    return Task(
        case=row[0], n=row[1], kind=TaskKind(row[2]), state=TaskState(row[3]), holder=row[4], person=row[5],
        called_at=row[6], due_at=row[7], done_at=row[8], reported_at=row[9],
    )  # fmt: skip


def reporter_row(reporter: Reporter) -> Values:
    """A row of REPORTER."""
    return (
        reporter.case, reporter.person, reporter.part, reporter.anonymous, moment_out(reporter.since),
        reporter.solved, reporter.rating, clean(reporter.words.reveal()), reporter.via, reporter.parted,
    )  # fmt: skip


def reporter_of(row: Sequence[Any]) -> Reporter:
    """The reporter of a row of REPORTER."""
    return Reporter(
        case=row[0], person=row[1], part=row[2], anonymous=bool(row[3]), since=row[4], solved=row[5], rating=row[6],
        words=RawText(row[7]), via=row[8], parted=bool(row[9]),
    )  # fmt: skip


def photo_row(photo: Photo) -> Values:
    """A row of PHOTO."""
    return (
        photo.id, photo.person, photo.case, clean(photo.ref), clean(photo.address), photo.public, photo.path,
        moment_out(photo.at),
    )  # fmt: skip


def photo_of(row: Sequence[Any]) -> Photo:
    """The photo of a row of PHOTO."""
    return Photo(
        id=row[0], person=row[1], case=row[2], ref=row[3], address=row[4], public=bool(row[5]), path=row[6], at=row[7]
    )


def thread_row(thread: Thread) -> Values:
    """A row of THREAD; what is written is the next version."""
    return thread.person, thread.version + 1, document(thread.to_json())


def thread_of(row: Sequence[Any]) -> Thread:
    """The thread of a row of THREAD."""
    return Thread.from_json(row[0], row[1], json.loads(row[2]))


def incoming_text(incoming: Incoming) -> str:
    """A delivery as a document."""
    return document(_INCOMING_REST.out(incoming))


def incoming_of(text: str) -> Incoming:
    """The delivery of a document."""
    held = json.loads(text)
    held["said_at"] = datetime.fromisoformat(held["said_at"])
    if "text" in held:
        held["text"] = RawText(held["text"])
    if "media" in held:
        held["media"] = tuple(Media(*medium) for medium in held["media"])
    if "location" in held:
        held["location"] = tuple(held["location"])
    return Incoming(**held)
