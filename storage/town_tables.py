"""Knows the tables of what changes the town at run time: units, groups, invitations, broadcasts, imports, timers."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text

from storage.columns import BIG, Moment
from storage.tables import metadata, words

units = Table(
    "units",
    metadata,
    Column("id", Text, primary_key=True),
    Column("n", Integer, nullable=False),  # the order in which they are listed
    Column("document", Text, nullable=False),
    words("source"),  # config: read from config.yaml at every start · run: imported or changed at run time
    sqlite_with_rowid=False,
)

groups = Table(
    "groups",
    metadata,
    Column("id", Text, primary_key=True),
    Column("n", Integer, nullable=False),
    Column("document", Text, nullable=False),
    words("source"),
    sqlite_with_rowid=False,
)

invitations = Table(
    "invitations",
    metadata,
    Column("code", Text, primary_key=True),
    Column("expires_at", Moment, nullable=False),
    Column("document", Text, nullable=False),
    sqlite_with_rowid=False,
)

broadcasts = Table(
    "broadcasts",
    metadata,
    Column("number", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("next_at", Moment),  # when the clock must look at it: to send it, or to take its notice down
    Column("until", Moment),
    Column("document", Text, nullable=False),
    Index("ix_broadcasts_next_at", "next_at"),
)

imports = Table(
    "imports",
    metadata,
    Column("id", BIG, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("what", Text, nullable=False),
    Column("before", Text, nullable=False),  # the rows it changed, as they were: for undo
    Column("after", Text, nullable=False),
    Column("undone_at", Moment),
)

timers = Table(
    "timers",
    metadata,
    Column("name", Text, primary_key=True),
    Column("next_at", Moment, nullable=False),
    Index("ix_timers_next_at", "next_at"),
    sqlite_with_rowid=False,
)
