"""Knows how the schema began: every table of the first version."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# Written out, not imported: what this step makes must not change when the code goes on.
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
KEY_IS_TABLE = {"sqlite_with_rowid": False}


def upgrade() -> None:
    """Make the tables, room by room."""
    _people()
    _deliveries()
    _keeping()
    _cases()
    _case_parts()
    _history()
    _pictures_and_records()
    _letters()
    _post()


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _empty(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=False, server_default="") for name in names]


def _moments(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, MOMENT, nullable=nullable) for name in names]


def _key(name: str, kind: sa.types.TypeEngine[Any] | None = None) -> sa.Column[Any]:
    return sa.Column(name, kind or sa.Text(), primary_key=True)


def _where(sqlite: str, postgresql: str | None = None) -> dict[str, Any]:
    return {"sqlite_where": sa.text(sqlite), "postgresql_where": sa.text(postgresql or sqlite)}


def _people() -> None:
    op.create_table(
        "persons",
        _key("id"),
        *_empty("name"),
        sa.Column("names", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("roles", sa.Text(), nullable=False, server_default='["resident"]'),
        *_empty("unit", "department"),
        sa.Column("tags", sa.Text(), nullable=False, server_default="[]"),
        *_moments("away_until", nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        *_empty("source"),
        **KEY_IS_TABLE,
    )
    person = sa.ForeignKey("persons.id", name="fk_accounts_person", deferrable=True, initially="DEFERRED")
    op.create_table(
        "accounts",
        _key("address"),
        sa.Column("person", sa.Text(), person, nullable=False),
        *_moments("last_used"),
        *_empty("source"),
        **KEY_IS_TABLE,
    )
    op.create_index("ix_accounts_person", "accounts", ["person"])
    op.create_table("chats", _key("address"), *_texts("group_id"), *_empty("source"), **KEY_IS_TABLE)
    op.create_index("ix_chats_group_id", "chats", ["group_id"])


def _deliveries() -> None:
    op.create_table(
        "inbox",
        _key("id", BIG),
        *_texts("platform", "account", "key", "sender", "chat"),
        *_empty("person"),
        *_texts("payload"),
        *_moments("received_at"),
        *_texts("state"),
        *_empty("receipt", "error"),
        sa.UniqueConstraint("platform", "account", "key", name="uq_inbox_platform"),
    )
    op.create_index("ix_inbox_person", "inbox", ["person"], **_where("person != ''"))
    op.create_index("ix_inbox_failed", "inbox", ["id"], **_where("state = 'failed'"))
    op.create_table(
        "unread",
        _key("id", BIG),
        *_texts("platform", "account", "headers"),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        *_moments("received_at"),
        *_empty("error"),
    )


def _keeping() -> None:
    op.create_table(
        "threads", _key("person"), sa.Column("version", sa.Integer(), nullable=False), *_texts("document")
    )  # fmt: skip
    op.create_table("settings", _key("name"), *_texts("value"), **KEY_IS_TABLE)
    op.create_table("catalogues", _key("hash"), *_texts("document"))
    op.create_table("leases", _key("name"), *_texts("owner"), *_moments("until"), **KEY_IS_TABLE)


def _cases() -> None:
    op.create_table(
        "cases",
        _key("number"),
        *_texts("state"),
        sa.Column("open", sa.Boolean(), nullable=False),
        *_texts("colour", "duty", "item", "demand", "catalogue", "unit", "level", "lead", "lead_person"),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        *_moments("opened_at", "changed_at"),
        *_moments("accept_due", "due_at", "wake_at", "accepted_at", "first_answer_at", nullable=True),
        *_moments("fed_back_at", "closed_at", nullable=True),
        sa.Column("solved", sa.Boolean()),
        sa.Column("rating", sa.Integer(), nullable=False),
        *_texts("words", "place", "room", "result", "rest", "chain"),
    )
    op.create_index("ix_cases_opened_at", "cases", ["opened_at"])
    op.create_index("ix_cases_wake", "cases", ["wake_at"], **_where("open = 1", "open"))
    op.create_index("ix_cases_lead", "cases", ["lead", "due_at"], **_where("open = 1", "open"))
    if op.get_context().dialect.name == "postgresql":
        op.execute("CREATE SEQUENCE case_numbers AS BIGINT")


def _case_parts() -> None:
    op.create_table(
        "tasks",
        _of_case(name="fk_tasks_case_number"),
        _key("n", sa.Integer()),
        *_texts("kind", "state", "holder", "person"),
        *_moments("called_at"),
        *_moments("due_at", "done_at", nullable=True),
        **KEY_IS_TABLE,
    )
    op.create_table(
        "reporters",
        _of_case(name="fk_reporters_case_number"),
        _key("person"),
        *_texts("part"),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        *_moments("since"),
        sa.Column("solved", sa.Boolean()),
        sa.Column("rating", sa.Integer(), nullable=False),
        **KEY_IS_TABLE,
    )
    op.create_index("ix_reporters_person", "reporters", ["person", "case_number"])


def _of_case(name: str) -> sa.Column[Any]:
    return sa.Column("case_number", sa.Text(), sa.ForeignKey("cases.number", name=name), primary_key=True)


def _history() -> None:
    op.create_table(
        "entries",
        _key("case_number"),
        _key("n", sa.Integer()),
        *_moments("at"),
        *_texts("step", "by", "role", "facts", "text_digest", "previous_hash", "hash"),
        **KEY_IS_TABLE,
    )
    op.create_table(
        "entry_texts", _key("case_number"), _key("n", sa.Integer()), *_texts("salt", "text"), **KEY_IS_TABLE
    )  # fmt: skip


def _pictures_and_records() -> None:
    op.create_table(
        "photos",
        _key("id"),
        *_texts("person", "case_number", "ref", "address"),
        sa.Column("public", sa.Boolean(), nullable=False),
        *_texts("path"),
        *_moments("at"),
    )
    op.create_index("ix_photos_case_number", "photos", ["case_number"])
    op.create_index("ix_photos_person", "photos", ["person"])
    op.create_table(
        "refusals", _key("id", BIG), *_moments("at"), *_texts("person", "action", "case_number", "reason")
    )  # fmt: skip
    op.create_table(
        "answered", _key("id", BIG), *_moments("at"), *_texts("person", "duty", "answer", "unit", "channel")
    )  # fmt: skip
    op.create_index("ix_answered_at", "answered", ["at"])


def _letters() -> None:
    op.create_table(
        "letters",
        _key("id", BIG),
        sa.Column("inbox", BIG),
        *_texts("recipient", "lane", "case_number", "kind", "text", "buttons", "photos", "follow_up"),
        sa.Column("red", sa.Boolean(), nullable=False),
        *_texts("state"),
        *_moments("next_at", nullable=True),
        *_empty("owner"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        *_moments("created_at"),
        *_moments("sent_at", nullable=True),
        *_empty("ref", "error"),
    )
    unsent = _where("next_at IS NOT NULL")
    op.create_index("ix_letters_case_number", "letters", ["case_number", "recipient"])
    op.create_index("ix_letters_due", "letters", ["next_at", "id"], **unsent)
    op.create_index("ix_letters_queue", "letters", ["lane", "case_number", "id"], **unsent)
    op.create_index("ix_letters_inline", "letters", ["inbox"], **_where("state = 'inline'"))


def _post() -> None:
    op.create_table(
        "postings", _key("chat"), _key("ref"), *_texts("case_number"), sa.Column("letter", BIG, nullable=False)
    )  # fmt: skip
    op.create_index("ix_postings_case_number", "postings", ["case_number", "chat", "letter"])
    op.create_table(
        "errands",
        _key("id", BIG),
        *_texts("kind", "case_number", "facts", "state"),
        *_moments("next_at", nullable=True),
        *_empty("owner"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        *_moments("created_at"),
        *_empty("error"),
    )
    op.create_index("ix_errands_due", "errands", ["next_at", "id"], **_where("next_at IS NOT NULL"))
