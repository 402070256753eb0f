"""Knows how much all processes together have lately sent into each chat that takes only so much."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the table. What was sent before this step is not counted."""
    op.create_table(
        "paces",
        sa.Column("lane", sa.Text(), primary_key=True),
        sa.Column("spent", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
