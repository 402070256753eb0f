"""Knows the cases as lines of a table: what happened to them when, without a word, a name or a place of anybody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, not_, select

from handlers.rates import STAFF_PARTS
from storage.case_tables import cases, reporters
from storage.rates_live import Span, within

_c = cases.c
_voices = select(func.count()).where(reporters.c.case_number == _c.number, not_(reporters.c.parted)).correlate(cases)
_LINES = select(
    _c.number, _c.state, _c.colour, _c.duty, _c.item, _c.unit, _c.confidential, _c.opened_at, _c.accepted_at,
    _c.fed_back_at, _c.closed_at, _c.due_at, _c.solved, _c.rating, _voices.scalar_subquery(),
    _voices.where(reporters.c.part.in_(sorted(STAFF_PARTS))).scalar_subquery(), _c.rest,
).order_by(_c.opened_at, _c.number)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case as a line; `reporters` counts who speaks in it still, `staff` those of them who are the town's own."""

    number: str
    state: str
    colour: str
    duty: str
    item: str
    unit: str
    confidential: bool
    opened_at: datetime
    accepted_at: datetime | None
    fed_back_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    solved: bool | None
    rating: int
    reporters: int
    staff: int
    channel: str
    rests: bool

    def in_time(self, now: datetime) -> bool | None:
        """Whether it was done by its deadline; None while nobody can say, or while it rests."""
        if self.due_at is None or self.state in ("withdrawn", "merged", "referred"):
            return None
        done = self.fed_back_at or self.closed_at
        if done is not None:
            return done <= self.due_at
        return False if self.due_at < now and not self.rests else None


def case_lines(connection: Connection, span: Span) -> Iterator[CaseLine]:
    """The cases opened in a span, in the order they were opened, one at a time however many there are."""
    statement = _LINES.where(within(_c.opened_at, span)).execution_options(yield_per=1000)
    for row in connection.execute(statement):
        rest = json.loads(row[-1])
        told: tuple[Any, ...] = (*row[:-1], rest.get("channel", ""), "paused_at" in rest)
        yield CaseLine(*told)
