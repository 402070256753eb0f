"""Knows how open cases are counted anew from their histories when the calendar counts otherwise than it did."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from handlers.desk import Desk
from handlers.effects import Effects
from storage.store import Tx
from storage.values import Written

log = logging.getLogger(__name__)

AT_ONCE = 200
"""How many cases are counted in one beat."""

MARK = "calendar"
"""The setting that holds the mark of the calendar by which every open case is counted."""

REACHED = "calendar.reached"
"""The setting that holds how far a counting has come: the mark it counts by, and the last case."""


def run(tx: Tx, desk: Desk, now: datetime) -> int:
    """Count the next open cases; answers how many. 0: every case agrees with the calendar of this process."""
    mark = desk.rules.calendar_mark
    if tx.get_setting(MARK) == mark:
        return 0
    counted_by, _, last = tx.get_setting(REACHED).rpartition(" ")
    numbers = tx.open_after(last if counted_by == mark else "", AT_ONCE)
    if numbers:
        _count(tx, desk, numbers, now)
        tx.set_setting(REACHED, f"{mark} {numbers[-1]}")
        return len(numbers)
    tx.set_setting(MARK, mark)
    tx.set_setting(REACHED, "")
    return 0


def _count(tx: Tx, desk: Desk, numbers: Sequence[str], now: datetime) -> None:
    ws = tx.load_cases(numbers, now)
    found = [(ws.cases[number], desk.recounted(ws.cases[number], tx.entries(number))) for number in numbers]
    changed = tuple(new for old, new in found if new != old)
    log.info("the calendar has changed: %d open cases counted anew, %d of them end otherwise", len(found), len(changed))
    tx.flush([Written(effects=Effects(cases=changed))], now)
