"""Knows which letters may go now, who holds them, and what became of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    update,
)

from storage.bulk import Change, Insert
from storage.columns import Moment, among, begins_with_none, clean, moment_out, not_among, parameter
from storage.crowds import alone
from storage.leasing import LEASE, take
from storage.marks import buttons_of
from storage.pacing import charge
from storage.post_tables import FETCHED, letters, postings
from storage.tables import chats, leases
from storage.values import LetterOutcome, Meter, Outgoing

STEPS_ASIDE = 3
"""After this many tries a letter lets later ones of its lane and case pass."""

ROUNDS = 4

_now: ColumnElement[datetime] = bindparam("now", type_=Moment)
_earlier = letters.alias("earlier")
_resting = and_(_earlier.c.state == "waiting", _earlier.c.attempts == 0, _earlier.c.next_at > _now)
_blocked = exists().where(
    _earlier.c.lane == letters.c.lane,
    _earlier.c.case_number == letters.c.case_number,
    _earlier.c.next_at.is_not(None),
    _earlier.c.id < letters.c.id,
    # Red overtakes; only red that went before holds it back.
    or_(_earlier.c.red, not_(letters.c.red)),
    # What was tried three times steps aside while it waits for the next try.
    not_(and_(_earlier.c.state == "waiting", _earlier.c.attempts >= STEPS_ASIDE)),
    # An answer to words just said does not wait until what rests for the night has gone.
    not_(and_(letters.c.kind == "reply", _resting)),
)
_held = exists().where(
    leases.c.name == literal("lane:") + letters.c.lane, leases.c.owner != bindparam("owner"), leases.c.until > _now
)
_other = letters.alias("other")
_CROWDED = and_(
    alone(letters), exists().where(_other.c.lane == letters.c.lane, _other.c.id != letters.c.id, alone(_other))
)  # fmt: skip
_DUE = (
    select(letters.c.id, letters.c.lane)
    .where(
        letters.c.next_at <= _now,
        not_among(letters.c.lane, "busy"),
        begins_with_none(letters.c.lane, "resting"),
        not_(_held),
        not_(_blocked),
        # What is due together in one group waits to be one message.
        not_(_CROWDED),
    )
    .order_by(letters.c.red.desc(), letters.c.id)
    .limit(bindparam("most"))
    .with_for_update(of=letters, skip_locked=True)
)
_LEASE = (
    update(letters)
    .values(state="leased", owner=bindparam("owner"), next_at=bindparam("until", type_=Moment),
            attempts=letters.c.attempts + 1)
    .where(among(letters.c.id, "ids"), letters.c.next_at <= _now)
    .returning(
        letters.c.id, letters.c.recipient, letters.c.lane, letters.c.kind, letters.c.text, letters.c.case_number,
        letters.c.buttons, letters.c.photos, letters.c.follow_up, letters.c.red, letters.c.attempts,
        letters.c.created_at, letters.c.mark,
    )
)  # fmt: skip
# In the order in which they became ready: a red letter overtakes, another rests till morning, and neither may be
# behind the mark of a page that has read on.
_read = letters.alias("read_last")
_read_at = select(_read.c.sent_at).where(_read.c.id == bindparam("after")).scalar_subquery()
_LYING = (
    select(letters)
    .where(
        FETCHED,
        letters.c.lane == bindparam("lane"),
        or_(
            letters.c.sent_at > _read_at,
            and_(letters.c.id > bindparam("after"), func.coalesce(_read_at, letters.c.sent_at) == letters.c.sent_at),
        ),
    )
    .order_by(letters.c.sent_at, letters.c.id)
    .limit(bindparam("most"))
)
_POSTINGS = (
    select(postings.c.case_number, postings.c.chat, postings.c.ref)
    .join(letters, letters.c.id == postings.c.letter)
    .where(among(postings.c.case_number, "numbers"), letters.c.kind == "card")
    .order_by(postings.c.letter)
)
# Whoever says “sent” first is right: a late word of a lost lease must not send it again.
_SETTLE = Change(letters, ("state", "next_at", "sent_at", "ref", "error"), unless_null="next_at")
_CARDS = select(letters.c.lane, letters.c.case_number, letters.c.id).where(
    among(letters.c.id, "ids"),
    letters.c.case_number != "",
    or_(
        letters.c.kind == "card",
        # What was said of a case in a group may be quoted as its card is.
        and_(letters.c.kind.in_(["line", "reply"]), exists().where(chats.c.address == letters.c.lane)),
    ),
)
_POST = Insert(postings, ("chat", "ref", "case_number", "letter"), key=("chat", "ref"))
_INLINE = (
    update(letters)
    .values(state="sent", sent_at=_now, next_at=None)
    .where(among(letters.c.inbox, "ids"), letters.c.state == literal_column("'inline'"))
)


def claim(
    connection: Connection, now: datetime, owner: str, limit: int, busy: Collection[str], meter: Meter | None = None
) -> list[Outgoing]:
    """At most one letter a lane, red first, then the oldest; the lane is the owner's for 30 s, the letter as well."""
    heads = _heads(connection, now, owner, limit, busy)
    won = take(connection, [f"lane:{lane}" for lane in sorted(heads)], owner, now) if heads else set()
    ids = [number for lane, number in heads.items() if f"lane:{lane}" in won]
    if not ids:
        return []
    given = {"ids": parameter(ids), "owner": owner, "now": now, "until": now + LEASE}
    rows = connection.execute(_LEASE, given).all()
    cards = _cards(connection, {row.case_number for row in rows if row.kind == "edit"})
    found = [_outgoing(row, cards.get((row.case_number, row.lane), "")) for row in rows]
    paced = charge(connection, found, owner, now, meter) if meter else found
    return sorted(paced, key=lambda letter: (not letter.red, letter.id))


def _heads(connection: Connection, now: datetime, owner: str, limit: int, busy: Collection[str]) -> dict[str, int]:
    """The first letter of each lane that may go. Looks again where a long lane filled what one look may lock."""
    heads: dict[str, int] = {}
    given: dict[str, Any] = {"now": now, "owner": owner, "most": limit}
    given["resting"] = parameter(sorted(lane for lane in busy if lane.endswith(":")))
    for _ in range(ROUNDS):
        given["busy"] = parameter(sorted({*busy, *heads}))
        rows = connection.execute(_DUE, given).all()
        for number, lane in rows:
            heads.setdefault(lane, number)
        if len(rows) < limit or len(heads) >= limit:
            break
    return dict(islice(heads.items(), limit))


def _cards(connection: Connection, numbers: set[str]) -> dict[tuple[str, str], str]:
    """(case, chat) → reference of the last card."""
    if not numbers:
        return {}
    rows = connection.execute(_POSTINGS, {"numbers": parameter(sorted(numbers))})
    return {(number, chat): ref for number, chat, ref in rows}


def _outgoing(row: Any, posting: str) -> Outgoing:
    return Outgoing(
        id=row.id,
        to=row.recipient,
        chat=row.lane,
        kind=row.kind,
        text=row.text,
        case=row.case_number,
        buttons=buttons_of(row.buttons, row.mark),
        photos=tuple(json.loads(row.photos)),
        follow_up=row.follow_up,
        red=row.red,
        attempts=row.attempts - 1,
        posting=posting if row.kind == "edit" else "",
        created_at=row.created_at,
    )


def lying(connection: Connection, lane: str, after: int, limit: int) -> list[Outgoing]:
    """Letters that lie ready for whoever fetches them in this lane, those that became ready after letter `after`."""
    rows = connection.execute(_LYING, {"lane": lane, "after": after, "most": limit})
    return [_outgoing(row, "") for row in rows]


def settle(connection: Connection, outcomes: Sequence[LetterOutcome], now: datetime) -> None:
    """Write down how sending went; a card that arrived is remembered for edits and quotes."""
    moment = moment_out(now)
    states = {"sent": "sent", "retry": "waiting", "dead": "dead"}
    rows = [
        (
            states[one.state], moment_out(one.retry_at or now) if one.state == "retry" else None,
            moment if one.state == "sent" else None, clean(one.ref), clean(one.error), one.id,
        )
        for one in outcomes
    ]  # fmt: skip
    _SETTLE.run(connection, rows)
    _remember(connection, {one.id: one.ref for one in outcomes if one.state == "sent" and one.ref})


def _remember(connection: Connection, refs: dict[int, str]) -> None:
    if not refs:
        return
    rows = connection.execute(_CARDS, {"ids": parameter(sorted(refs))}).all()
    _POST.run(connection, [(lane, clean(refs[letter]), number, letter) for lane, number, letter in rows])


def mark_inline(connection: Connection, inbox_ids: Iterable[int], now: datetime) -> None:
    """The answers to these deliveries were written to the socket."""
    ids = sorted(inbox_ids)
    if ids:
        connection.execute(_INLINE, {"ids": parameter(ids), "now": now})


def next_at() -> Any:
    """The soonest moment after `now` at which a letter falls due, as something to select."""
    return select(func.min(letters.c.next_at)).where(letters.c.next_at > _now).scalar_subquery()
