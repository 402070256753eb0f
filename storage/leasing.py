"""Knows who holds what for how long: singletons and lanes, so that many processes can share one database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, literal_column, or_, update

from storage.bulk import Insert
from storage.columns import Moment, moment_out
from storage.post_tables import errands, letters
from storage.tables import leases

LEASE = timedelta(seconds=30)

_mine = leases.c.owner == literal_column("excluded.owner")
_over = leases.c.until <= bindparam("now", type_=Moment)
_TAKE = Insert(leases, ("name", "owner", "until"), key=("name",), only_if=or_(_mine, _over), returning=("name",))
_RELEASE = delete(leases).where(leases.c.name == bindparam("held"), leases.c.owner == bindparam("holder"))
_waiting: dict[str, Any] = {"state": "waiting", "owner": "", "next_at": bindparam("now", type_=Moment)}
_FREE = tuple(update(table).values(_waiting).where(table.c.state == "leased") for table in (letters, errands))


def take(
    connection: Connection, names: Sequence[str], owner: str, now: datetime, lasting: timedelta = LEASE
) -> set[str]:
    """Take or renew leases; answers those that are the owner's now. `names` are sorted: no deadlock."""
    until = moment_out(now + lasting)
    return set(row[0] for row in _TAKE.rows(connection, [(name, owner, until) for name in names], now=now))


def release(connection: Connection, name: str, owner: str) -> None:
    """Give a lease back."""
    connection.execute(_RELEASE, {"held": name, "holder": owner})


def free_all(connection: Connection, now: datetime) -> None:
    """Take everything away from everybody: for the only process of a store, at its start."""
    connection.execute(delete(leases))
    for statement in _FREE:
        connection.execute(statement, {"now": now})
