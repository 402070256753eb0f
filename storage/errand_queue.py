"""Knows which errands may run now, who runs them, and what became of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from storage.bulk import Change
from storage.columns import Moment, clean, moment_out
from storage.leasing import LEASE
from storage.post_tables import errands
from storage.values import DueErrand, ErrandOutcome

_now = bindparam("now", type_=Moment)
_due = (
    select(errands.c.id)
    .where(errands.c.next_at <= _now)
    .order_by(errands.c.next_at, errands.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .scalar_subquery()
)
_CLAIM = (
    update(errands)
    .values(state="leased", owner=bindparam("holder"), next_at=bindparam("until", type_=Moment),
            attempts=errands.c.attempts + 1)
    .where(errands.c.id.in_(_due))
    .returning(errands.c.id, errands.c.kind, errands.c.case_number, errands.c.facts, errands.c.attempts)
)  # fmt: skip
_AGAIN = Change(errands, ("state", "next_at", "error"), unless_null="next_at")
# What an errand needed to know may be personal, and nobody needs it once it is done.
_DONE = Change(errands, ("facts", "state", "next_at"), unless_null="next_at")


def claim(connection: Connection, now: datetime, owner: str, limit: int) -> list[DueErrand]:
    """Errands that are due, soonest first; they are the owner's for 30 s."""
    given = {"now": now, "most": limit, "holder": owner, "until": now + LEASE}
    rows = connection.execute(_CLAIM, given).all()
    found = [
        DueErrand(id=number, kind=kind, case=case, facts=json.loads(facts), attempts=attempts - 1)
        for number, kind, case, facts, attempts in rows
    ]
    return sorted(found, key=lambda errand: errand.id)


def settle(connection: Connection, outcomes: Sequence[ErrandOutcome], now: datetime) -> None:
    """Write down how errands went."""
    _DONE.run(connection, [("{}", "done", None, one.id) for one in outcomes if one.state == "done"])
    again = [
        ("waiting", moment_out(one.retry_at or now), clean(one.error), one.id)
        if one.state == "retry"
        else ("dead", None, clean(one.error), one.id)
        for one in outcomes
        if one.state != "done"
    ]
    _AGAIN.run(connection, again)
