"""Knows what lies before a desk: the open cases that a holder leads, and those to which a whistle calls it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, func, literal, select, text, union_all

from handlers.cases import TaskState
from storage.case_tables import cases, tasks
from storage.columns import among, parameter

IN_HAND = 30

Pairs = Sequence[Sequence[Any]]
"""Rows of (holder, number)."""

_led = (
    select(
        cases.c.lead,
        cases.c.number,
        func.row_number()
        .over(partition_by=cases.c.lead, order_by=(cases.c.due_at.nulls_last(), cases.c.opened_at))
        .label("rank"),
    )
    .where(among(cases.c.lead, "holders"), cases.c.open)
    .subquery()
)
_called = (
    select(
        tasks.c.holder,
        tasks.c.case_number,
        func.row_number().over(partition_by=tasks.c.holder, order_by=tasks.c.called_at.desc()).label("rank"),
    )
    .where(
        among(tasks.c.holder, "holders"),
        tasks.c.state.in_([TaskState.CALLED.value, TaskState.REPORTED_IN.value]),
        text("tasks.kind = 'join'"),  # the words of the partial index, as SQLite wants them
    )
    .subquery()
)
_LED, _HELPED = "led", "helped"
_IN_HAND = union_all(
    select(literal(_LED).label("how"), _led.c.lead, _led.c.number, _led.c.rank).where(_led.c.rank <= IN_HAND),
    select(literal(_HELPED), _called.c.holder, _called.c.case_number, _called.c.rank).where(_called.c.rank <= IN_HAND),
).order_by("rank")


def before(connection: Connection, holders: Collection[str]) -> tuple[Pairs, Pairs]:
    """What these holders lead, soonest due first, and what they are called to help with, newest first."""
    rows = connection.execute(_IN_HAND, {"holders": parameter(sorted(holders))}).all()
    led = [row[1:3] for row in rows if row[0] == _LED]
    return led, [row[1:3] for row in rows if row[0] == _HELPED]
