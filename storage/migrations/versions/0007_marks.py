"""Knows the marks by which buttons of letters come back, and how they are found and forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column. Letters written before have no mark: their buttons are known by chat and case."""
    op.add_column("letters", sa.Column("mark", sa.Text(), nullable=False, server_default=""))
    marked = sa.text("mark <> ''")
    op.create_index("ix_letters_mark", "letters", ["mark"], unique=True, sqlite_where=marked, postgresql_where=marked)
    op.create_index("ix_letters_marked", "letters", ["created_at"], sqlite_where=marked, postgresql_where=marked)
