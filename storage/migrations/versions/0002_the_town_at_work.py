"""Knows what the town at work needs: units, groups, invitations, broadcasts, imports, timers, departures."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the new tables."""
    op.add_column("persons", sa.Column("left_at", MOMENT))
    op.add_column("tasks", sa.Column("reported_at", MOMENT))
    joins: dict[str, Any] = {"sqlite_where": sa.text("kind = 'join'"), "postgresql_where": sa.text("kind = 'join'")}
    op.create_index("ix_tasks_joins", "tasks", ["holder", "state"], **joins)
    still: dict[str, Any] = {"sqlite_where": sa.text("open = 1"), "postgresql_where": sa.text("open")}
    op.create_index("ix_cases_hands", "cases", ["lead_person"], **still)
    paced = sa.text("kind IN ('card', 'line')")
    op.create_index("ix_letters_told", "letters", ["lane", "sent_at"], sqlite_where=paced, postgresql_where=paced)
    for name in ("units", "groups"):
        _table(name, _key("id"), sa.Column("n", sa.Integer(), nullable=False), _text("document"), _empty("source"))
    _table("invitations", _key("code"), sa.Column("expires_at", MOMENT, nullable=False), _text("document"))
    op.create_table(
        "broadcasts",
        _key("number"),
        _text("state"),
        sa.Column("next_at", MOMENT),
        sa.Column("until", MOMENT),
        _text("document"),
    )
    op.create_index("ix_broadcasts_next_at", "broadcasts", ["next_at"])
    op.create_table(
        "imports",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        _text("what"),
        _text("before"),
        _text("after"),
        sa.Column("undone_at", MOMENT),
    )
    _table("timers", _key("name"), sa.Column("next_at", MOMENT, nullable=False))
    op.create_index("ix_timers_next_at", "timers", ["next_at"])


def _key(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), primary_key=True)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _empty(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False, server_default="")


def _table(name: str, key: sa.Column[Any], *columns: sa.Column[Any]) -> None:
    op.create_table(name, key, *columns, sqlite_with_rowid=False)
