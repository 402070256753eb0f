"""Knows what platforms allow: budgets of messages, shared tokens, the way each letter went, letters that are held."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

# Written out, not imported: what this step makes must not change when the code goes on.
MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables. Whoever wrote before this step may be written to again when they write next."""
    op.create_table(
        "budgets",
        sa.Column("lane", sa.Text(), primary_key=True),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tokens",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("forced_at", MOMENT),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ways",
        sa.Column("letter", BIG, primary_key=True, autoincrement=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("ref", sa.Text(), nullable=False, server_default=""),
        sqlite_with_rowid=False,
    )
    told_later, held = sa.text("ref <> ''"), sa.text("state = 'held'")
    op.create_index("ix_ways_ref", "ways", ["ref"], sqlite_where=told_later, postgresql_where=told_later)
    op.create_index("ix_letters_held", "letters", ["lane", "id"], sqlite_where=held, postgresql_where=held)
