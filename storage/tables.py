"""Knows the tables of the door and the town: people and chats, what came in, conversations, settings, leases."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

from storage.columns import BIG, Moment

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)


def words(name: str) -> Column[str]:
    """A text that is never missing: what is not known is empty."""
    return Column(name, Text, nullable=False, server_default="")


persons = Table(
    "persons",
    metadata,
    Column("id", Text, primary_key=True),
    words("name"),
    Column("names", Text, nullable=False, server_default="[]"),
    Column("roles", Text, nullable=False, server_default='["resident"]'),
    words("unit"),
    words("department"),
    Column("tags", Text, nullable=False, server_default="[]"),
    Column("away_until", Moment),
    Column("active", Boolean, nullable=False),
    words("source"),  # config: read from config.yaml at every start · run: came by themselves, or bound at run time
    Column("left_at", Moment),  # dismissed at run time (离岗): a restart with the old configuration does not undo it
    sqlite_with_rowid=False,
)

accounts = Table(
    "accounts",
    metadata,
    Column("address", Text, primary_key=True),
    # Deferred: the account is written first (it says whose it is), a new person only after that.
    Column("person", Text, ForeignKey("persons.id", deferrable=True, initially="DEFERRED"), nullable=False),
    Column("last_used", Moment, nullable=False),
    words("source"),
    Index("ix_accounts_person", "person"),
    sqlite_with_rowid=False,
)

chats = Table(
    "chats",
    metadata,
    Column("address", Text, primary_key=True),
    Column("group_id", Text, nullable=False),
    words("source"),
    Index("ix_chats_group_id", "group_id"),
    sqlite_with_rowid=False,
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", BIG, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("chat", Text, nullable=False),
    words("person"),
    Column("payload", Text, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("state", Text, nullable=False),  # unread until its effects are flushed, then done | answered | failed
    words("receipt"),
    words("error"),
    # How a repeat is known for ever: a constraint, never a check before the insert.
    UniqueConstraint("platform", "account", "key"),
)
# A row learns whose it is when its effects are flushed: until then it need not stand in the index.
_known = inbox.c.person != ""
_failed = inbox.c.state == "failed"
Index("ix_inbox_person", inbox.c.person, sqlite_where=_known, postgresql_where=_known)
Index("ix_inbox_failed", inbox.c.id, sqlite_where=_failed, postgresql_where=_failed)

threads = Table(
    "threads",
    metadata,
    Column("person", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("document", Text, nullable=False),
)

unread = Table(
    "unread",
    metadata,
    Column("id", BIG, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("headers", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("received_at", Moment, nullable=False),
    words("error"),
)

settings = Table(
    "settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

catalogues = Table(
    "catalogues",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("document", Text, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),  # a singleton (clock, poll:telegram) or a lane (lane:<address>)
    Column("owner", Text, nullable=False),
    Column("until", Moment, nullable=False),
    sqlite_with_rowid=False,
)
