"""Knows how the rates are read exactly: the roll-up where nothing changed, the cases themselves everywhere else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal, TypedDict

from sqlalchemy import ColumnElement, Connection, Executable, bindparam, func, literal, select

from handlers.rates import COUNTS, NOTHING, Tally
from storage.columns import among, parameter
from storage.rates_live import Cell, Cells, Days, Span, late, late_anywhen, opened
from storage.rates_roll import changed_days, mark
from storage.tables import metadata
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
    ends = [(whole.first, whole.last)]
    if first < last:
        ends = [(whole.first, f"{first}-01"), (f"{last}-01", whole.last)]
        _take(connection, found, asked, month_tallies.name, first=first, last=last)
    for begin, end in ends:
        if begin < end:
            _take(connection, found, asked, tallies.name, first=begin, last=end)
    if changed:
        _take(connection, found, asked, tallies.name, days=parameter(sorted(changed)))


def _take(connection: Connection, found: Sums, asked: Asked, table: str, **when: str) -> None:
    """Add the rows of a time to what was found; take those of listed `days` away."""
    without = "days" in when
    narrow = tuple(name for name in ("units", "duty", "item", "channel") if getattr(asked, name))
    wanted = {"units": parameter(sorted(asked.units)), "duty": asked.duty, "item": asked.item, "channel": asked.channel}
    given = {**when, **{name: wanted[name] for name in narrow}}
    for row in connection.execute(_statement(table, asked.by, narrow, without), given):
        if row[1] is not None:
            before, counted = found.get(row[0], NOTHING), Tally(*map(int, row[1:]))
            found[row[0]] = before - counted if without else before + counted


@lru_cache(maxsize=256)
def _statement(name: str, by: str, narrow: tuple[str, ...], listed: bool) -> Executable:
    """The sums of a table, made once: to put them together takes as long as to add them up."""
    table = metadata.tables[name]
    period = table.c.period
    group: ColumnElement[str] = literal("")
    if by:
        group = func.substr(period, 1, 7) if by == "month" else table.c[by]
    statement = select(group, *(func.sum(table.c[count]) for count in COUNTS))
    if listed:
        statement = statement.where(among(period, "days"))
    else:
        statement = statement.where(period >= bindparam("first"), period < bindparam("last"))
    for one in narrow:
        statement = statement.where(among(table.c.unit, "units") if one == "units" else table.c[one] == bindparam(one))
    return statement.group_by(group) if by else statement
