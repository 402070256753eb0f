"""Knows what the clock does besides looking at cases: one small function a round, each finding out what is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot import broadcasting, digests, folding, forgetting
from handlers.desk import Desk
from storage.store import Tx

Round = Callable[[Tx, Desk, datetime], int]
"""Does what is due by now, within the clock's transaction; answers how much it did (0: nothing was due)."""

ROUNDS: tuple[Round, ...] = (broadcasting.go, digests.look, folding.fold, forgetting.marks)
