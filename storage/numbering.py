"""Knows how case numbers are given out: a letter and at least four digits that grow; gaps are allowed."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, func, select, text

from handlers.directory import BROADCAST
from storage.case_tables import case_numbers
from storage.tables import settings

LETTER = "case_letter"
_LETTER = select(settings.c.value).where(settings.c.name == LETTER)
_DRAW = select(case_numbers.next_value()).select_from(func.generate_series(1, bindparam("n")).table_valued("i"))
# SQLite has no sequences: the last number is a setting; the one writer makes it safe.
_COUNT = text(
    "INSERT INTO settings (name, value) VALUES ('case_number', :n) "
    "ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + :n AS TEXT) RETURNING value"
)

_COUNT_BROADCASTS = text(
    "INSERT INTO settings (name, value) VALUES ('broadcast_number', '1') "
    "ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(settings.value AS INTEGER) + 1 AS TEXT) RETURNING value"
)


def reserve_broadcast(connection: Connection) -> str:
    """The number of the next broadcast; gaps are allowed."""
    return f"{BROADCAST}{int(connection.execute(_COUNT_BROADCASTS).scalar_one()):04d}"


def reserve(connection: Connection, n: int) -> list[str]:
    """The next `n` case numbers, in order."""
    if n <= 0:
        return []
    letter = connection.execute(_LETTER).scalar_one_or_none() or "A"
    return [f"{letter}{number:04d}" for number in _draw(connection, n)]


def _draw(connection: Connection, n: int) -> list[int]:
    if connection.dialect.name == "postgresql":
        return sorted(connection.execute(_DRAW, {"n": n}).scalars())
    last = int(connection.execute(_COUNT, {"n": n}).scalar_one())
    return list(range(last - n + 1, last + 1))
