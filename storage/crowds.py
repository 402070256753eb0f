"""Knows which letters of a group are due together, and takes them out so that one message may say them all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, not_, select, update

from storage.columns import Moment, among, parameter
from storage.post_tables import letters
from storage.values import Crowd, Told

MOST = 640
"""So many letters are looked at in one go, to find chats."""

_now: ColumnElement[datetime] = bindparam("now", type_=Moment)


def alone(letter: Any) -> ColumnElement[bool]:
    """A card or line of a case that is due and was not tried yet; neither red ones nor pictures are held together."""
    return and_(
        letter.c.next_at <= _now, letter.c.state == "waiting", letter.c.attempts == 0, letter.c.case_number != "",
        letter.c.kind.in_(["card", "line"]), not_(letter.c.red),
        letter.c.photos == "[]",
    )  # fmt: skip


_other = letters.alias("other")
_CROWDED = (
    select(letters.c.lane)
    .where(
        alone(letters),
        exists().where(_other.c.lane == letters.c.lane, _other.c.id != letters.c.id, alone(_other)),
    )
    .limit(MOST)
)
_TAKE = (
    update(letters)
    .values(state="folded", next_at=None)
    .where(among(letters.c.lane, "lanes"), letters.c.next_at.is_not(None), alone(letters))
    .returning(
        letters.c.id, letters.c.lane, letters.c.recipient, letters.c.case_number, letters.c.kind, letters.c.text
    )
)  # fmt: skip


def take(connection: Connection, now: datetime) -> list[Crowd]:
    """What is due together, chat by chat. What somebody else is just sending is not among it."""
    lanes = sorted({*connection.execute(_CROWDED, {"now": now}).scalars()})
    if not lanes:
        return []
    found: dict[str, list[Any]] = {}
    for row in sorted(connection.execute(_TAKE, {"lanes": parameter(lanes), "now": now})):
        found.setdefault(row.lane, []).append(row)
    return [
        Crowd(to=rows[0].recipient, chat=lane, told=tuple(Told(row.case_number, row.kind, row.text) for row in rows))
        for lane, rows in found.items()
    ]
