"""Knows the roll-up of the rates: its two tables, and the indexes that find what changed and what is overdue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

# Written out, not imported: what this step makes must not change when the code goes on.
CELL = ("period", "unit", "duty", "item", "channel")
COUNTS = (
    "answer_due", "answer_in_time", "verdicts", "solved", "stars", "satisfied", "accepted", "closed", "timed",
    "in_time", "at_front", "owed", "rated", "questions",
)  # fmt: skip


def upgrade() -> None:
    """Make the tables; the clock fills them at its next tick."""
    for name in ("tallies", "month_tallies"):
        op.create_table(
            name,
            *(sa.Column(part, sa.Text(), primary_key=True) for part in CELL),
            *(sa.Column(count, sa.Integer(), nullable=False) for count in COUNTS),
            sqlite_with_rowid=False,
        )
    op.create_index("ix_cases_changed_at", "cases", ["changed_at"])
