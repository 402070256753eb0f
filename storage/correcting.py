"""Knows how whole histories are read in bulk: those of the cases in which certain steps were taken."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from sqlalchemy import Connection, select

from handlers.cases import Case, Entry, Reporter
from storage.case_tables import entries, reporters
from storage.codec import REPORTER, reporter_of
from storage.columns import among, parameter
from storage.loading import chosen
from storage.reading import cases_of, entries_among

_AT_ONCE = 500
_NUMBERS = (
    select(entries.c.case_number).where(among(entries.c.step, "steps")).distinct().order_by(entries.c.case_number)
)
_REPORTERS = (
    chosen(reporters, REPORTER)
    .where(among(reporters.c.case_number, "numbers"))
    .order_by(reporters.c.case_number, reporters.c.since, reporters.c.person)
)

Whole = tuple[Case, list[Entry], list[Reporter]]


def histories(connection: Connection, steps: Collection[str]) -> Iterator[Whole]:
    """Cases by number, some hundreds read at a time."""
    numbers = connection.execute(_NUMBERS, {"steps": parameter(sorted(steps))}).scalars().all()
    for start in range(0, len(numbers), _AT_ONCE):
        yield from _whole(connection, numbers[start : start + _AT_ONCE])


def _whole(connection: Connection, numbers: Sequence[str]) -> Iterator[Whole]:
    cases = cases_of(connection, numbers)
    told = {number: list(them) for number, them in groupby(entries_among(connection, numbers), lambda one: one.case)}
    rows = map(reporter_of, connection.execute(_REPORTERS, {"numbers": parameter(list(numbers))}))
    spoke = {number: list(them) for number, them in groupby(rows, lambda one: one.case)}
    yield from ((cases[number], told.get(number, []), spoke.get(number, [])) for number in numbers if number in cases)
