"""Knows the ways back that are good for one answer each: given along with a message, taken once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select

from handlers.incoming import Incoming
from storage.bulk import Insert
from storage.columns import Moment, clean, moment_out
from storage.post_tables import returns

LASTING: Final = timedelta(minutes=55)
"""How long one is used: WeCom lets it be for an hour, counted by its own clock."""

_now = bindparam("now", type_=Moment)
_KEEP = Insert(returns, ("chat", "way", "until"))
_OVER = delete(returns).where(returns.c.until <= _now)
_first = (
    select(returns.c.id)
    .where(returns.c.chat == bindparam("where"), returns.c.until > _now)
    .order_by(returns.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
    .scalar_subquery()
)
_TAKE = delete(returns).where(returns.c.id == _first).returning(returns.c.way)


def keep(connection: Connection, given: Sequence[Incoming], now: datetime) -> None:
    """Keep what came along with new messages; what is over is forgotten at the same time."""
    rows = [(clean(one.chat), clean(one.way), moment_out(now + LASTING)) for one in given if one.way]
    if rows:
        connection.execute(_OVER, {"now": now})
        _KEEP.run(connection, rows)


def take(connection: Connection, chat: str, now: datetime) -> str:
    """The oldest way into a chat that is still good, “” when there is none. It is gone from now on, used or not."""
    return connection.execute(_TAKE, {"where": chat, "now": now}).scalar_one_or_none() or ""
