"""Knows what the cases themselves add to the rates: those opened in a span of time, and what is overdue just now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, func, or_, select, true

from handlers.rates import QUESTION, STAFF_PARTS, Tally, overdue, tally
from storage.case_tables import answered, cases, reporters
from storage.columns import Moment


class Cell(NamedTuple):
    """What the rates can be told by; `day` is the local day of opening."""

    day: str
    unit: str
    duty: str
    item: str
    channel: str


class _Facts(NamedTuple):
    """What the rates ask of a case."""

    state: str
    open: bool
    accept_due: datetime | None
    due_at: datetime | None
    accepted_at: datetime | None
    first_answer_at: datetime | None
    fed_back_at: datetime | None
    closed_at: datetime | None
    solved: bool | None
    rating: int
    resident: bool
    paused_at: datetime | None
    shut: bool
    on_spot: bool


Cells = dict[Cell, Tally]
Span = tuple[datetime | None, datetime | None]
"""From the first moment to before the second; without one, from the beginning or for ever."""


@dataclass(frozen=True, slots=True)
class Days:
    """Which local day a moment belongs to, remembered: a day has many moments, and zones are slow."""

    zone: tzinfo

    def of(self, moment: datetime) -> str:
        """The local day as ISO text."""
        return moment.astimezone(self.zone).date().isoformat()

    def start(self, day: date) -> datetime:
        """The moment at which a local day begins."""
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)

    def spans(self, days: Iterable[str], most: int = 31) -> Iterator[tuple[datetime, datetime]]:
        """The spans of time of these days, neighbours joined to at most `most` of them."""
        first: date | None = None
        after = date.min
        for day in sorted(map(date.fromisoformat, set(days))):
            if first is not None and (day != after or (after - first).days >= most):
                yield self.start(first), self.start(after)
                first = None
            first, after = first or day, day + timedelta(days=1)
        if first is not None:
            yield self.start(first), self.start(after)


_STREAM = {"yield_per": 1000}
_DECODER = json.JSONDecoder()
_by_staff = exists().where(reporters.c.case_number == cases.c.number, reporters.c.part.in_(sorted(STAFF_PARTS)))
_by_resident = exists().where(reporters.c.case_number == cases.c.number, reporters.c.part.not_in(sorted(STAFF_PARTS)))
_c = cases.c
_COUNTED = select(
    _c.opened_at, _c.unit, _c.duty, _c.item, _c.state, _c.open, _c.accept_due, _c.due_at, _c.accepted_at,
    _c.first_answer_at, _c.fed_back_at, _c.closed_at, _c.solved, _c.rating,
    or_(~_by_staff, _by_resident).label("resident"), _c.rest,
)  # fmt: skip
_QUESTIONS = select(answered.c.at, answered.c.unit, answered.c.duty, answered.c.channel)
_now = bindparam("now", type_=Moment)
_untouched = and_(_c.accepted_at.is_(None), _c.first_answer_at.is_(None))
_unanswered = and_(_c.accept_due <= _now, _untouched)
_late = and_(_c.due_at < _now, _c.fed_back_at.is_(None))
# A key of the document: in a text within it the quotes would be escaped.
_rests = _c.rest.contains('"paused_at":', autoescape=True)
_OVERDUE = and_(_c.open, or_(_unanswered, _late), ~_rests)
_GROUPS = select(_c.unit, _c.duty, _c.item, func.count().filter(_unanswered), func.count().filter(_late)).group_by(
    _c.unit, _c.duty, _c.item
)


def within(column: ColumnElement[Any], span: Span) -> ColumnElement[bool]:
    """Whether a moment lies in a span."""
    since, until = span
    return and_(column >= since if since is not None else true(), column < until if until is not None else true())


def _between(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """The same for a statement that is made once."""
    return and_(column >= bindparam("since", type_=Moment), column < bindparam("until", type_=Moment))


_BEGINNING, _END = datetime(1000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_OPENED = _COUNTED.where(_between(_c.opened_at))
_ASKED = _QUESTIONS.where(_between(answered.c.at))
# Not the column itself, or SQLite takes the index of all cases opened, not that of the few that are open.
_since_open = _between(func.coalesce(_c.opened_at, _c.opened_at))
_LATE = _COUNTED.where(_OVERDUE, _since_open)
_LATE_GROUPS = _GROUPS.where(_OVERDUE, _since_open)


def _given(span: Span, now: datetime | None = None) -> dict[str, datetime]:
    given = {"since": span[0] or _BEGINNING, "until": span[1] or _END}
    return {**given, "now": now} if now else given


def opened(connection: Connection, span: Span, days: Days) -> Cells:
    """What the cases opened and the questions answered in a span add up to, cell by cell."""
    asked = connection.execute(_ASKED, _given(span))
    questions = ((Cell(days.of(at), unit, duty, "", channel), QUESTION) for at, unit, duty, channel in asked)
    rows = connection.execute(_OPENED, _given(span), execution_options=_STREAM)
    return _sums(chain(_cases(rows, days, None), questions))


def late(connection: Connection, span: Span, days: Days, now: datetime) -> Cells:
    """What the open cases opened in a span add up to because nobody came, or their result is late."""
    return _sums(_cases(connection.execute(_LATE, _given(span, now), execution_options=_STREAM), days, now))


def late_anywhen(connection: Connection, span: Span, now: datetime) -> Cells:
    """The same as `late`, where neither day nor channel is asked for: the store adds up, in a third of the time."""
    rows = connection.execute(_LATE_GROUPS, _given(span, now))
    return {Cell("", unit, duty, item, ""): Tally(answer_due=n, timed=late) for unit, duty, item, n, late in rows}


def _cases(rows: Iterable[Any], days: Days, now: datetime | None) -> Iterator[tuple[Cell, Tally]]:
    for row in rows:
        rest, _ = _DECODER.raw_decode(row[-1])
        # What rests was left out where it matters (_OVERDUE).
        case = _Facts._make((*row[4:-1], None, rest.get("shut", False), rest.get("on_spot", False)))
        found = overdue(case, now) if now else tally(case, case.resident)
        yield Cell(days.of(row[0]), row[1], row[2], row[3], rest.get("channel", "")), found


def _sums(counted: Iterable[tuple[Cell, Tally]]) -> Cells:
    found: Cells = {}
    for cell, one in counted:
        known = found.get(cell)
        found[cell] = one if known is None else known + one
    return found
