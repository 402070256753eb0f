"""Knows the round of broadcasts: what was approved goes out when its moment comes, an old notice is taken down."""

from __future__ import annotations

from datetime import datetime

from handlers import broadcasts
from handlers.desk import Desk
from storage.store import Tx
from storage.values import Written


def go(tx: Tx, desk: Desk, now: datetime) -> int:
    """Everything whose moment has come; answers how many."""
    due = tx.due_broadcasts(now)
    if due:
        tx.flush([Written(effects=broadcasts.due(desk.rules, one, now)) for one in due], now)
    return len(due)
