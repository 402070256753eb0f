"""Knows how the rates are read exactly: the roll-up where nothing changed, the cases themselves everywhere else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, TypedDict

from sqlalchemy import ColumnElement, Connection, Table, and_, func, literal, or_, select

from handlers.rates import COUNTS, NOTHING, Tally
from storage.columns import among, parameter
from storage.rates_live import Cell, Cells, Days, Span, late, late_anywhen, opened
from storage.rates_roll import changed_days, mark
from storage.tally_tables import month_tallies, tallies

By = Literal["unit", "duty", "item", "channel", "month"]
_EVER = "~"
"""Greater than every day."""


class Which(TypedDict, total=False):
    """Which cases are asked about: by when they were opened, and by what they are."""

    since: datetime | None
    until: datetime | None
    units: Collection[str]
    duty: str
    item: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which cases are asked about, by when they were opened and by what they are; and what they are told by."""

    since: datetime | None = None
    until: datetime | None = None
    units: Collection[str] = ()
    duty: str = ""
    item: str = ""
    channel: str = ""
    by: By | Literal[""] = ""

    def wants(self, cell: Cell) -> bool:
        """Whether a cell is asked about."""
        return (not self.units or cell.unit in self.units) and all(
            wanted in ("", found)
            for wanted, found in ((self.duty, cell.duty), (self.item, cell.item), (self.channel, cell.channel))
        )

    def group(self, cell: Cell) -> str:
        """The group that a cell belongs to."""
        month = {"": "", "month": cell.day[:7]}
        return month[self.by] if self.by in month else str(getattr(cell, self.by))


Sums = dict[str, Tally]


@dataclass(frozen=True, slots=True)
class _Range:
    """Whole local days, from `first` to before `last`, and the whole months among them."""

    first: str
    last: str

    @property
    def months(self) -> tuple[str, str]:
        """From the first whole month to before the second."""
        first, last = self.first[:7], self.last[:7]
        if self.first and not self.first.endswith("-01"):
            first = (date.fromisoformat(f"{first}-01") + timedelta(days=31)).isoformat()[:7]
        return first, last

    def holds(self, day: str) -> bool:
        return self.first <= day < self.last


def sums(connection: Connection, now: datetime, asked: Asked) -> Sums:
    """Group → what its cases add up to, as they stand now."""
    known = mark(connection)
    days = Days(known.zone if known else UTC)
    found: Sums = {}
    span = asked.since, asked.until
    if known is None:
        _add(found, asked, opened(connection, span, days))
    else:
        whole, edges = _split(span, days)
        changed = {day for day in changed_days(connection, known, now) if whole.holds(day)}
        _rolled(connection, found, asked, whole, changed)
        for part in (*edges, *days.spans(changed)):
            _add(found, asked, opened(connection, part, days))
    told = asked.channel or asked.by in ("channel", "month")
    _add(found, asked, late(connection, span, days, now) if told else late_anywhen(connection, span, now))
    return {group: counted for group, counted in sorted(found.items()) if counted != NOTHING}


def _add(found: Sums, asked: Asked, cells: Cells) -> None:
    for cell, counted in cells.items():
        if asked.wants(cell):
            group = asked.group(cell)
            found[group] = found.get(group, NOTHING) + counted


def _split(span: Span, days: Days) -> tuple[_Range, list[Span]]:
    """The whole days of a span, and what is left of it at both ends."""
    since, until = span
    first, begin = _next_day(since, days) if since is not None else ("", None)
    last, end = _this_day(until, days) if until is not None else (_EVER, None)
    if begin is not None and end is not None and begin >= end:
        return _Range("", ""), [span]
    edges: list[Span] = [(since, begin)] if since != begin else []
    return _Range(first, last), [*edges, (end, until)] if end != until else edges


def _this_day(moment: datetime, days: Days) -> tuple[str, datetime]:
    day = days.of(moment)
    return day, days.start(date.fromisoformat(day))


def _next_day(moment: datetime, days: Days) -> tuple[str, datetime]:
    """The first day that begins at this moment or after it."""
    day, start = _this_day(moment, days)
    return (day, start) if start == moment else _this_day(days.start(date.fromisoformat(day) + timedelta(days=1)), days)


def _rolled(connection: Connection, found: Sums, asked: Asked, whole: _Range, changed: set[str]) -> None:
    """Add the roll-up of whole days, without those that changed."""
    first, last = whole.months
    day = tallies.c.period
    ends = [and_(day >= whole.first, day < whole.last)]
    if first < last:
        ends = [and_(day >= whole.first, day < f"{first}-01"), and_(day >= f"{last}-01", day < whole.last)]
        month = month_tallies.c.period
        _take(connection, found, asked, month_tallies, and_(month >= first, month < last))
    _take(connection, found, asked, tallies, or_(*ends))
    if changed:
        _take(connection, found, asked, tallies, among(day, "days"), changed)


def _take(
    connection: Connection, found: Sums, asked: Asked, table: Table, when: Any, without: Iterable[str] | None = None
) -> None:
    """Add the rows of a time to what was found; with `without` take them away."""
    group: ColumnElement[str] = literal("")
    if asked.by:
        group = func.substr(table.c.period, 1, 7) if asked.by == "month" else table.c[asked.by]
    statement = select(group, *(func.sum(table.c[count]) for count in COUNTS)).where(when, *_wanted(asked, table))
    given = {"units": parameter(sorted(asked.units)), "days": parameter(sorted(without or ()))}
    for row in connection.execute(statement.group_by(group) if asked.by else statement, given):
        if row[1] is not None:
            before, counted = found.get(row[0], NOTHING), Tally(*map(int, row[1:]))
            found[row[0]] = before - counted if without else before + counted


def _wanted(asked: Asked, table: Table) -> Iterator[Any]:
    if asked.units:
        yield among(table.c.unit, "units")
    for name in ("duty", "item", "channel"):
        value: str = getattr(asked, name)
        if value:
            yield table.c[name] == value
