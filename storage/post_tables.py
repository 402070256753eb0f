"""Knows the tables of what goes out: letters, sent cards, errands, ways back that are good for one answer."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, text

from storage.columns import BIG, Moment
from storage.tables import metadata, words

letters = Table(
    "letters",
    metadata,
    Column("id", BIG, primary_key=True),  # also the order: within a lane and case, lower goes first
    Column("inbox", BIG),  # the message this answers inline
    Column("recipient", Text, nullable=False),
    Column("lane", Text, nullable=False),  # the address it goes to: platform, account and chat in one
    Column("case_number", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("buttons", Text, nullable=False),
    Column("photos", Text, nullable=False),
    Column("follow_up", Text, nullable=False),
    Column("red", Boolean, nullable=False),
    Column("state", Text, nullable=False),  # waiting | inline | leased | sent | dead | nowhere
    # … | folded into another | dropped unseen | held until its reader comes by
    # When it next wants a hand: its `not_before`, its next try, the end of its lease. NULL: never again.
    Column("next_at", Moment),
    words("owner"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("created_at", Moment, nullable=False),
    Column("sent_at", Moment),
    words("ref"),
    words("error"),
    words("mark"),  # drawn for a letter with buttons: what each of them brings back begins with it
    Index("ix_letters_case_number", "case_number", "recipient"),
)
_unsent = letters.c.next_at.is_not(None)
Index("ix_letters_due", letters.c.next_at, letters.c.id, sqlite_where=_unsent, postgresql_where=_unsent)
Index(
    "ix_letters_queue",
    letters.c.lane,
    letters.c.case_number,
    letters.c.id,
    sqlite_where=_unsent,
    postgresql_where=_unsent,
)
_paced = "kind IN ('card', 'line')"
PACED = text(f"letters.{_paced}")
"""Letters of which a chat is sent so many an hour; literal, as in the index's own condition."""
Index(
    "ix_letters_told",
    letters.c.lane,
    letters.c.sent_at,
    sqlite_where=text(_paced),
    postgresql_where=text(_paced),
)
_fetched = "state = 'sent' AND substr(lane, 1, 4) = 'web:'"
FETCHED = text("letters.state = 'sent' AND substr(letters.lane, 1, 4) = 'web:'")
"""Letters that lie here until a page of ours fetches them: sent means that they lie ready."""
Index(
    "ix_letters_fetched",
    letters.c.lane,
    letters.c.id,
    sqlite_where=text(_fetched),
    postgresql_where=text(_fetched),
)
MARKED = text("letters.mark <> ''")
"""Letters whose buttons can be pressed; literal, as in the indexes' own condition."""
_marked = text("mark <> ''")
Index("ix_letters_mark", letters.c.mark, unique=True, sqlite_where=_marked, postgresql_where=_marked)
Index("ix_letters_marked", letters.c.created_at, sqlite_where=_marked, postgresql_where=_marked)
_inline = text("state = 'inline'")
Index("ix_letters_inline", letters.c.inbox, sqlite_where=_inline, postgresql_where=_inline)

postings = Table(
    "postings",
    metadata,
    Column("chat", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("case_number", Text, nullable=False),
    Column("letter", BIG, nullable=False),
    Index("ix_postings_case_number", "case_number", "chat", "letter"),
)

errands = Table(
    "errands",
    metadata,
    Column("id", BIG, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("case_number", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("state", Text, nullable=False),  # waiting | leased | done | dead
    Column("next_at", Moment),  # as in letters
    words("owner"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("created_at", Moment, nullable=False),
    words("error"),
)
_undone = errands.c.next_at.is_not(None)
Index("ix_errands_due", errands.c.next_at, errands.c.id, sqlite_where=_undone, postgresql_where=_undone)

returns = Table(
    "returns",
    metadata,
    Column("id", BIG, primary_key=True),
    Column("chat", Text, nullable=False),
    Column("way", Text, nullable=False),  # an address good for one answer; the row goes when it is taken
    Column("until", Moment, nullable=False),
    Index("ix_returns_chat", "chat", "id"),
)
