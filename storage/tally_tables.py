"""Knows the tables of the roll-up: what the cases opened on a day, or in a month, add to the rates."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

from handlers.rates import COUNTS
from storage.tables import metadata

CELL = ("period", "unit", "duty", "item", "channel")
"""One row of the roll-up is one cell: a local day (2026-03-02) or month (2026-03) and what the rates are told by."""


def _table(name: str) -> Table:
    return Table(
        name,
        metadata,
        *(Column(part, Text, primary_key=True) for part in CELL),
        *(Column(count, Integer, nullable=False) for count in COUNTS),
        sqlite_with_rowid=False,
    )


tallies = _table("tallies")
month_tallies = _table("month_tallies")  # the sums of its days: a year is read in a tenth of the time
