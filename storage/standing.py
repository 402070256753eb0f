"""Knows how the doors stand, as the memory saw it: who was heard when, what was lost last, who holds what alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage.post_tables import letters
from storage.tables import inbox, leases


@dataclass(frozen=True, slots=True)
class Standing:
    """`heard`: `platform:account` → the last delivery. `lost`: lane → why its newest letter was given up."""

    heard: Mapping[str, datetime]
    lost: Mapping[str, str]
    held: frozenset[str]


def standing(connection: Connection, now: datetime) -> Standing:
    """Everything at once, for an operator: it walks whole tables."""
    return Standing(_heard(connection), _lost(connection), _held(connection, now))


def _heard(connection: Connection) -> dict[str, datetime]:
    came = select(inbox.c.platform, inbox.c.account, func.max(inbox.c.received_at))
    rows = connection.execute(came.group_by(inbox.c.platform, inbox.c.account))
    return {f"{platform}:{account}": moment for platform, account, moment in rows}


def _lost(connection: Connection) -> dict[str, str]:
    ended = letters.c.state.in_(["sent", "dead"])
    newest = select(func.max(letters.c.id)).where(ended).group_by(letters.c.lane)
    asked = select(letters.c.lane, letters.c.error).where(letters.c.id.in_(newest), letters.c.state == "dead")
    return {lane: error for lane, error in connection.execute(asked)}


def _held(connection: Connection, now: datetime) -> frozenset[str]:
    return frozenset(connection.execute(select(leases.c.name).where(leases.c.until > now)).scalars())
