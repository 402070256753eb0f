"""Knows how open cases are counted anew from their histories when the calendar counts otherwise than it did."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from handlers.cases import Case, Entry
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
    changed = []
    for number in numbers:
        case = _counted(desk, ws.cases[number], tx.entries(number))
        if case != ws.cases[number]:
            changed.append(case)
    log.info("the calendar has changed: %d open cases counted anew, %d end otherwise", len(numbers), len(changed))
    tx.flush([Written(effects=Effects(cases=tuple(changed)))], now)


def _counted(desk: Desk, case: Case, entries: Sequence[Entry]) -> Case:
    """A history that cannot be read leaves its case as it was: one of them must not stop the clock of the others."""
    try:
        return desk.recounted(case, entries)
    except (ValueError, LookupError) as error:
        log.error("%s keeps its deadlines, its history cannot be counted: %s", case.number, type(error).__name__)
        return case
