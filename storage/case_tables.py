"""Knows the tables of the desk: cases, tasks, reporters, their chained history, photos, answers and refusals."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Sequence, Table, Text, text

from storage.columns import BIG, Moment
from storage.tables import metadata

case_numbers = Sequence("case_numbers", metadata=metadata, data_type=BigInteger)
"""PostgreSQL only; SQLite, which has no sequences, counts in the settings."""

cases = Table(
    "cases",
    metadata,
    Column("number", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("open", Boolean, nullable=False),  # the state in one bit: what the partial indexes stand on
    Column("colour", Text, nullable=False),
    Column("duty", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("demand", Text, nullable=False),
    Column("catalogue", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("lead_person", Text, nullable=False),
    Column("confidential", Boolean, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("accept_due", Moment),
    Column("due_at", Moment),
    Column("wake_at", Moment),
    Column("accepted_at", Moment),
    Column("first_answer_at", Moment),
    Column("fed_back_at", Moment),
    Column("closed_at", Moment),
    Column("solved", Boolean),
    Column("rating", Integer, nullable=False),
    # Personal words stand in columns of their own, so that erasing is an UPDATE.
    Column("words", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("room", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("rest", Text, nullable=False),  # every other field that differs from its default
    Column("chain", Text, nullable=False),  # hash of the newest entry of history
    Index("ix_cases_opened_at", "opened_at"),
    Index("ix_cases_changed_at", "changed_at"),  # what the roll-up of the rates must count again
)
# SQLite uses a partial index only for the very words of its condition, and SQLAlchemy asks it for “open = 1”.
_OPEN: dict[str, Any] = {"sqlite_where": text("open = 1"), "postgresql_where": text("open")}
Index("ix_cases_wake", cases.c.wake_at, **_OPEN)
Index("ix_cases_lead", cases.c.lead, cases.c.due_at, **_OPEN)
Index("ix_cases_hands", cases.c.lead_person, **_OPEN)

# Small rows found by a key of two columns: on SQLite the key itself is the table (WITHOUT ROWID), half the trees.
tasks = Table(
    "tasks",
    metadata,
    Column("case_number", Text, ForeignKey("cases.number"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("called_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("done_at", Moment),
    Column("reported_at", Moment),
    sqlite_with_rowid=False,
)
_JOINS: dict[str, Any] = {"sqlite_where": text("kind = 'join'"), "postgresql_where": text("kind = 'join'")}
Index("ix_tasks_joins", tasks.c.holder, tasks.c.state, **_JOINS)

reporters = Table(
    "reporters",
    metadata,
    Column("case_number", Text, ForeignKey("cases.number"), primary_key=True),
    Column("person", Text, primary_key=True),
    Column("part", Text, nullable=False),
    Column("anonymous", Boolean, nullable=False),
    Column("since", Moment, nullable=False),
    Column("solved", Boolean),
    Column("rating", Integer, nullable=False),
    Index("ix_reporters_person", "person", "case_number"),
    sqlite_with_rowid=False,
)

# No foreign key: the chain itself proves to which case an entry belongs, at a fifth of the cost.
entries = Table(
    "entries",
    metadata,
    Column("case_number", Text, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("step", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("text_digest", Text, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    sqlite_with_rowid=False,
)

entry_texts = Table(
    "entry_texts",
    metadata,
    Column("case_number", Text, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("salt", Text, nullable=False),
    Column("text", Text, nullable=False),
    sqlite_with_rowid=False,
)

photos = Table(
    "photos",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("case_number", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("public", Boolean, nullable=False),
    Column("path", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_photos_case_number", "case_number"),
    Index("ix_photos_person", "person"),
)

refusals = Table(
    "refusals",
    metadata,
    Column("id", BIG, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("person", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("case_number", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

answered = Table(
    "answered",
    metadata,
    Column("id", BIG, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("person", Text, nullable=False),
    Column("duty", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Index("ix_answered_at", "at"),
)
