"""Knows how invitations and broadcasts lie in the memory: a document each, beside what is searched for."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from handlers.directory import Binding, Broadcast, BroadcastState, Invitation, InvitationState
from handlers.raw import RawText
from handlers.town import Group, Role, Unit
from storage.bulk import Insert
from storage.columns import Moment, among, clean, document, moment_in, moment_out, parameter
from storage.tables import accounts, chats
from storage.town_tables import broadcasts as broadcast_table
from storage.town_tables import groups as group_table
from storage.town_tables import invitations as invitation_table
from storage.town_tables import timers as timer_table
from storage.town_tables import units as unit_table

_INVITATIONS = Insert(invitation_table, ("code", "expires_at", "document"), key=("code",))
_BROADCASTS = Insert(broadcast_table, ("number", "state", "next_at", "until", "document"), key=("number",))
_GROUPS = Insert(group_table, ("id", "n", "document", "source"), key=("id",), keep=("n",))
_ACCOUNTS = Insert(accounts, ("address", "person", "last_used", "source"), key=("address",))
_CHATS = Insert(chats, ("address", "group_id", "source"), key=("address",))
# Held while they are decided about: a code is taken up once, what was taken back is not sent.
_BY_CODE = (
    select(invitation_table.c.document)
    .where(among(invitation_table.c.code, "codes"))
    .order_by(invitation_table.c.code)
    .with_for_update()
)
_BY_NUMBER = (
    select(broadcast_table.c.document)
    .where(among(broadcast_table.c.number, "numbers"))
    .order_by(broadcast_table.c.number)
    .with_for_update()
)
_DUE = (
    select(broadcast_table.c.document)
    .where(broadcast_table.c.next_at <= bindparam("now", type_=Moment))
    .order_by(broadcast_table.c.next_at, broadcast_table.c.number)
    .with_for_update(skip_locked=True)  # somebody is just deciding about it: the next beat looks again
)
_LAST = (
    select(broadcast_table.c.document)
    .order_by(func.length(broadcast_table.c.number).desc(), broadcast_table.c.number.desc())
    .limit(bindparam("most"))
)
_STANDING = (
    select(broadcast_table.c.document)
    .where(broadcast_table.c.state == BroadcastState.SENT.value, broadcast_table.c.until.is_not(None))
    .order_by(broadcast_table.c.until.desc())
    .limit(1)
)
_UNITS_ALL = (
    select(unit_table.c.document).where(unit_table.c.source != "gone").order_by(unit_table.c.n, unit_table.c.id)
)
_TIMERS = Insert(timer_table, ("name", "next_at"), key=("name",))
_GROUPS_ALL = (
    select(group_table.c.document).where(group_table.c.source != "gone").order_by(group_table.c.n, group_table.c.id)
)

GONE = "gone"
"""The source of a chat that is nobody's any more: the configuration does not bring it back."""

LAST = 1_000_000
"""Where groups bound at run time stand in the list: behind those of the configuration."""


def out(value: Any) -> str:
    """A frozen value of plain fields as a document."""
    return document({part.name: _plain(getattr(value, part.name)) for part in fields(value)})


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment_out(value)
    if isinstance(value, RawText):
        return clean(value.reveal())
    return list(value) if isinstance(value, (tuple, frozenset)) else value


def invitations(connection: Connection, codes: Collection[str]) -> dict[str, Invitation]:
    """Invitations by code."""
    if not codes:
        return {}
    found = connection.execute(_BY_CODE, {"codes": parameter(sorted(codes))}).scalars()
    return {one.code: one for one in map(_invitation, found)}


def broadcasts(connection: Connection, numbers: Collection[str]) -> dict[str, Broadcast]:
    """Broadcasts by number."""
    if not numbers:
        return {}
    found = connection.execute(_BY_NUMBER, {"numbers": parameter(sorted(numbers))}).scalars()
    return {one.number: one for one in map(_broadcast, found)}


def due_broadcasts(connection: Connection, now: datetime) -> list[Broadcast]:
    """Broadcasts whose moment has come: to be sent, or their notice to be taken down; locked."""
    return [_broadcast(row) for row in connection.execute(_DUE, {"now": now}).scalars()]


def last_broadcasts(connection: Connection, most: int) -> list[Broadcast]:
    """The newest broadcasts, newest first."""
    return [_broadcast(row) for row in connection.execute(_LAST, {"most": most}).scalars()]


def standing(connection: Connection) -> Broadcast | None:
    """The notice that stands the longest; the town says until when."""
    found = connection.execute(_STANDING).scalar_one_or_none()
    return _broadcast(found) if found is not None else None


def save(
    connection: Connection,
    made: Sequence[Invitation],
    told: Sequence[Broadcast],
    formed: Sequence[Group],
    bound: Sequence[Binding],
    now: datetime,
) -> None:
    """Write down what changed."""
    _INVITATIONS.run(connection, [(one.code, moment_out(one.expires_at), out(one)) for one in made])
    _BROADCASTS.run(connection, [_broadcast_row(one) for one in told])
    _GROUPS.run(connection, [(one.id, LAST, out(one), "run") for one in formed])
    people = [(clean(one.address), one.person, moment_out(now), "run") for one in bound if one.person]
    _ACCOUNTS.run(connection, people)
    placed = [(clean(one.address), one.group, "run" if one.group else GONE) for one in bound if not one.person]
    _CHATS.run(connection, placed)


def units(connection: Connection) -> list[Unit]:
    """All units, in order."""
    return [unit_of(row) for row in connection.execute(_UNITS_ALL).scalars()]


def groups(connection: Connection) -> list[Group]:
    """All groups, in order."""
    return [Group(**json.loads(row)) for row in connection.execute(_GROUPS_ALL).scalars()]


def unit_of(text: str) -> Unit:
    """The unit of a document."""
    held = json.loads(text)
    held["places"] = tuple(held["places"])
    held["center"] = tuple(held["center"]) if held["center"] else None
    held["area"] = tuple((lat, lon) for lat, lon in held.get("area", ()))
    return Unit(**held)


def timers(connection: Connection) -> dict[str, datetime]:
    """Name → when it goes off next."""
    return {row.name: row.next_at for row in connection.execute(select(timer_table))}


def set_timer(connection: Connection, name: str, at: datetime) -> None:
    """When it goes off next."""
    _TIMERS.run(connection, [(name, moment_out(at))])


def _broadcast_row(one: Broadcast) -> tuple[Any, ...]:
    waiting = {BroadcastState.APPROVED: one.send_at, BroadcastState.SENT: one.until}.get(one.state)
    return one.number, one.state.value, moment_out(waiting), moment_out(one.until), out(one)


def _invitation(text: str) -> Invitation:
    held = json.loads(text)
    held["state"], held["role"] = InvitationState(held["state"]), Role(held["role"])
    for name in ("made_at", "expires_at"):
        held[name] = moment_in(held[name])
    return Invitation(**held)


def _broadcast(text: str) -> Broadcast:
    held = json.loads(text)
    held["state"], held["text"] = BroadcastState(held["state"]), RawText(held["text"])
    held["units"], held["purposes"] = tuple(held["units"]), tuple(held["purposes"])
    for name in ("made_at", "send_at", "sent_at", "until"):
        held[name] = moment_in(held[name])
    return Broadcast(**held)
