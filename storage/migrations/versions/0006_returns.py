"""Knows the ways back that are good for one answer each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "returns",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
    )
    op.create_index("ix_returns_chat", "returns", ["chat", "id"])
