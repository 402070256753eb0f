"""Knows the rates as one plain SQL statement says them: the second opinion that the pure ones are held against."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, or_, select, true

from handlers.cases import State
from handlers.rates import Rate
from storage.case_tables import answered, cases
from storage.columns import Moment

SATISFIED = 4
"""From this many of five a rating is 满意."""

_now = bindparam("now", type_=Moment)
_c = cases.c
_closed = _c.state == State.CLOSED.value
# What was withdrawn, merged into another case or passed to another body is nobody's to close here.
_accepted = or_(_c.open, _closed)
_touched = or_(_c.first_answer_at.is_not(None), _c.accepted_at.is_not(None))
_runs = and_(_c.open, ~_c.rest.like('%"paused_at":%'))
_in_time = or_(_c.first_answer_at <= _c.accept_due, _c.accepted_at <= _c.accept_due)
_answer_due = and_(_accepted, _c.accept_due.is_not(None), or_(_touched, and_(_runs, _c.accept_due <= _now)))
# Work is done when its result was fed back; the resident's days of silence until the close are not the worker's.
_done = func.coalesce(_c.fed_back_at, _c.closed_at)
_overdue = and_(_runs, _c.fed_back_at.is_(None), _c.due_at < _now)
_timed = and_(_closed, _c.due_at.is_not(None))
_front = and_(_closed, _c.fed_back_at.is_(None))
_owed_a_rating = and_(_closed, _c.fed_back_at.is_not(None))

_PARTS: Mapping[str, tuple[ColumnElement[bool], ColumnElement[bool]]] = {
    "response_rate": (_answer_due, and_(_answer_due, _in_time)),
    "resolution_rate": (_c.solved.is_not(None), _c.solved.is_(True)),
    "satisfaction": (_c.rating > 0, _c.rating >= SATISFIED),
    "closure_rate": (_accepted, _closed),
    "on_time": (or_(_timed, _overdue), and_(_timed, _done <= _c.due_at)),
    "settled_at_front": (_accepted, _front),
    "rated": (_owed_a_rating, and_(_owed_a_rating, or_(_c.rating > 0, _c.solved.is_not(None)))),
}
"""Name → (what counts below the line, what of it counts above)."""


def rates(connection: Connection, now: datetime, since: datetime | None, until: datetime | None) -> Mapping[str, Rate]:
    """The rates of the cases opened in a span of time, as they stand now."""
    wanted: list[Any] = []
    for name, (below, above) in _PARTS.items():
        wanted += [func.count().filter(below).label(f"{name}_of"), func.count().filter(above).label(f"{name}_n")]
    row = connection.execute(select(*wanted).where(_span(_c.opened_at, since, until)), {"now": now}).one()
    fronts = connection.execute(
        select(func.count()).select_from(answered).where(_span(answered.c.at, since, until))
    ).scalar_one()
    found: dict[str, Rate] = {}
    for n, name in enumerate(_PARTS):
        of, above = row[2 * n], row[2 * n + 1]
        if name == "settled_at_front":  # a question answered at once is a demand settled at the front as well
            of, above = of + fronts, above + fronts
        found[name] = Rate(value=above / of if of else None, of=of, n=above)
    return found


def _span(column: ColumnElement[Any], since: datetime | None, until: datetime | None) -> ColumnElement[bool]:
    after = column >= since if since is not None else true()
    before = column < until if until is not None else true()
    return and_(after, before)
