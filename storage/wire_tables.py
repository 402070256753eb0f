"""Knows the tables of what platforms allow: how often and how fast one may write, tokens, which way a letter went."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text, text

from storage.columns import BIG, Moment
from storage.post_tables import letters
from storage.tables import metadata, words

budgets = Table(
    "budgets",
    metadata,
    Column("lane", Text, primary_key=True),  # the address of the chat
    Column("remaining", Integer, nullable=False),
    Column("until", Moment, nullable=False),
    sqlite_with_rowid=False,
)

paces = Table(
    "paces",
    metadata,
    Column("lane", Text, primary_key=True),  # the address of the chat
    Column("spent", Text, nullable=False),  # which process has sent how much when, as JSON
    sqlite_with_rowid=False,
)

tokens = Table(
    "tokens",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("until", Moment, nullable=False),
    Column("forced_at", Moment),  # when a new one was last forced: platforms count these
    sqlite_with_rowid=False,
)

ways = Table(
    "ways",
    metadata,
    Column("letter", BIG, primary_key=True, autoincrement=False),
    Column("way", Text, nullable=False),  # customer | subscription | template | held
    words("reason"),  # why not the way before it
    words("ref"),  # by which the platform later tells how it went
    sqlite_with_rowid=False,
)
_told_later = text("ref <> ''")
Index("ix_ways_ref", ways.c.ref, sqlite_where=_told_later, postgresql_where=_told_later)

HELD = text("letters.state = 'held'")
"""Letters that wait for their reader to come by; literal, as in the index's own condition."""
_held = text("state = 'held'")
Index("ix_letters_held", letters.c.lane, letters.c.id, sqlite_where=_held, postgresql_where=_held)
