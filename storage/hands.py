"""Knows which open cases lie before a holder: those led there, and those to which it was called."""

from __future__ import annotations

from sqlalchemy import func, literal, select, text, union_all

from handlers.cases import TaskState
from storage.case_tables import cases, tasks
from storage.columns import among

MOST = 30
"""Cases of one holder; what has its result already comes last."""

WAITING = (TaskState.CALLED.value, TaskState.REPORTED_IN.value)

_led = (
    select(
        cases.c.lead,
        cases.c.number,
        func.row_number()
        .over(
            partition_by=cases.c.lead,
            order_by=(cases.c.fed_back_at.is_not(None), cases.c.due_at.nulls_last(), cases.c.opened_at),
        )
        .label("rank"),
    )
    .where(among(cases.c.lead, "holders"), cases.c.open)
    .subquery()
)
_called = (
    select(
        tasks.c.holder,
        tasks.c.case_number,
        func.row_number()
        .over(partition_by=tasks.c.holder, order_by=(tasks.c.due_at.nulls_last(), tasks.c.called_at))
        .label("rank"),
    )
    .join(cases, cases.c.number == tasks.c.case_number)
    .where(among(tasks.c.holder, "holders"), tasks.c.state.in_(WAITING), text("tasks.kind = 'join'"), cases.c.open)
    .subquery()
)
IN_HAND = union_all(
    select(_led.c.lead, _led.c.number, _led.c.rank, literal(0).label("joins")).where(_led.c.rank <= MOST),
    select(_called.c.holder, _called.c.case_number, _called.c.rank, literal(1)).where(_called.c.rank <= MOST),
).order_by("joins", "rank")
"""(holder, number, rank, 0 led or 1 called), both lists in their own order."""
