"""Knows the roll-up of the rates: which days changed since the last one, and how they are counted again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from handlers.rates import COUNTS
from storage.bulk import Insert
from storage.case_tables import answered, cases
from storage.columns import Moment, among, moment_out, parameter
from storage.rates_live import Cells, Days, opened
from storage.tables import settings
from storage.tally_tables import CELL, month_tallies, tallies

LAG = timedelta(minutes=5)
"""A turn is decided at one moment and written down a little later: so much of the past is always counted again."""

_NAME = "rates.rolled"
_MARK = Insert(settings, ("name", "value"), key=("name",))
_BEGUN = Insert(settings, ("name", "value"), key=("name",), ignore=True)
_TALLIES = Insert(tallies, (*CELL, *COUNTS))
_since = bindparam("since", type_=Moment)
_CHANGED = (
    select(cases.c.opened_at).where(cases.c.changed_at >= _since),
    select(answered.c.at).where(answered.c.at >= _since),
)
_EXTENT = (
    select(func.min(cases.c.opened_at), func.max(cases.c.opened_at)),
    select(func.min(answered.c.at), func.max(answered.c.at)),
)
_DROP_DAYS = delete(tallies).where(tallies.c.period >= bindparam("first"), tallies.c.period <= bindparam("last"))
_DROP_MONTHS = delete(month_tallies).where(among(month_tallies.c.period, "months"))
_month = func.substr(tallies.c.period, 1, 7)
_MONTHS = insert(month_tallies).from_select(
    [*CELL, *COUNTS],
    select(_month, *(tallies.c[part] for part in CELL[1:]), *(func.sum(tallies.c[count]) for count in COUNTS))
    .where(tallies.c.period >= bindparam("first"), tallies.c.period <= bindparam("last"))
    .group_by(_month, *(tallies.c[part] for part in CELL[1:])),
)


class Mark(NamedTuple):
    """Up to when all that changed is in the roll-up, and in which zone its days are."""

    moment: datetime
    zone: ZoneInfo


def mark(connection: Connection) -> Mark | None:
    """Where the last roll-up stands; None before the first."""
    found = connection.execute(select(settings.c.value).where(settings.c.name == _NAME)).scalar_one_or_none()
    if not found:
        return None
    moment, _, zone = found.partition(" ")
    return Mark(datetime.fromisoformat(moment), ZoneInfo(zone))


def changed_days(connection: Connection, known: Mark, now: datetime) -> set[str]:
    """The days of opening of all that changed since; a clock that was put back does not hide anything."""
    since = min(known.moment, now - LAG)
    days = Days(known.zone)
    return {days.of(moment) for asked in _CHANGED for moment in connection.execute(asked, {"since": since}).scalars()}


def roll_up(connection: Connection, now: datetime, zone: ZoneInfo) -> int:
    """Count the days again that changed since the last time (all of them the first time, or in a new zone).

    Answers how many days. Two at once wait for each other.
    """
    _lock(connection)
    known = mark(connection)
    if known is None or known.zone.key != zone.key:
        for table in (tallies, month_tallies):
            connection.execute(delete(table))
        wanted = _all_days(connection, Days(zone))
    else:
        wanted = changed_days(connection, known, now)
    _count(connection, wanted, Days(zone))
    _sum_up(connection, {day[:7] for day in wanted})
    _MARK.run(connection, [(_NAME, f"{moment_out(now - LAG)} {zone.key}")])
    return len(wanted)


def _lock(connection: Connection) -> None:
    _BEGUN.run(connection, [(_NAME, "")])
    connection.execute(select(settings.c.value).where(settings.c.name == _NAME).with_for_update()).scalar_one()


def _all_days(connection: Connection, days: Days) -> set[str]:
    found = [moment for asked in _EXTENT for moment in connection.execute(asked).one() if moment is not None]
    if not found:
        return set()
    first, last = (date.fromisoformat(days.of(moment)) for moment in (min(found), max(found)))
    return {(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)}


def _count(connection: Connection, wanted: Iterable[str], days: Days) -> None:
    for since, until in days.spans(wanted):
        cells = opened(connection, (since, until), days)
        ends = {"first": days.of(since), "last": days.of(until - timedelta(microseconds=1))}
        connection.execute(_DROP_DAYS, ends)
        _TALLIES.run(connection, _rows(cells))


def _rows(cells: Cells) -> list[tuple[str | int, ...]]:
    return [(*cell, *counted.counts()) for cell, counted in cells.items()]


def _sum_up(connection: Connection, months: set[str]) -> None:
    if not months:
        return
    connection.execute(_DROP_MONTHS, {"months": parameter(sorted(months))})
    for month in sorted(months):
        connection.execute(_MONTHS, {"first": f"{month}-01", "last": f"{month}-31"})
