"""Knows what the clock forgets: marks of buttons that are too old to be pressed."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from handlers.desk import Desk
from storage.store import Tx

AT_ONCE: Final = 256


def marks(tx: Tx, desk: Desk, now: datetime) -> int:
    """Forget the oldest marks, a few at a time; how many."""
    return tx.forget_marks(now, AT_ONCE)
