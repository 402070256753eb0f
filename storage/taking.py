"""Knows how deliveries are taken in: once each; a repeat is known by a constraint and answered from what was stored."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, literal_column, select

from handlers.incoming import Incoming
from storage.bulk import Insert
from storage.codec import incoming_of, incoming_text
from storage.columns import among, clean, document, moment_out, parameter
from storage.returns import keep
from storage.tables import inbox, unread
from storage.values import InboxRow, Taken, UnreadRow

_KEY = ("platform", "account", "key")
_TAKE = Insert(
    inbox,
    (*_KEY, "sender", "chat", "payload", "received_at", "state"),
    key=_KEY,
    ignore=True,
    returning=("id", *_KEY),
)
_STORED = select(inbox.c.platform, inbox.c.account, inbox.c.key, inbox.c.id, inbox.c.state, inbox.c.receipt).where(
    among(inbox.c.platform, "platforms"), among(inbox.c.account, "accounts"), among(inbox.c.key, "keys")
)
_BY_ID = select(inbox).where(among(inbox.c.id, "ids")).order_by(inbox.c.id)
# Literal, as in the index's own condition: a parameter could be anything, so that no store would use the index.
_FAILED = select(inbox).where(inbox.c.state == literal_column("'failed'")).order_by(inbox.c.id)
_UNREAD = select(unread).order_by(unread.c.id)

Key = tuple[str, str, str]


def take_in(connection: Connection, batch: Sequence[Incoming], now: datetime) -> list[Taken]:
    """Insert all that is new, in one statement; answer for each delivery, in order, whether it was new.

    On PostgreSQL the insert waits for another process that is just inserting the same key.
    """
    moment = moment_out(now)
    keys: list[Key] = [(one.platform, one.account, clean(one.key)) for one in batch]
    rows = [
        (*key, clean(one.sender), clean(one.chat), incoming_text(one), moment, "unread")
        for key, one in zip(keys, batch, strict=True)
    ]
    taken: dict[Key, Taken] = {}
    for number, platform, account, key in _TAKE.rows(connection, rows):
        taken[platform, account, key] = Taken(id=number, new=True)
    repeats = [key for key in keys if key not in taken]
    if repeats:
        taken.update(_stored(connection, repeats))
    answers = _in_order(keys, taken)
    keep(connection, [one for one, answer in zip(batch, answers, strict=True) if answer.new], now)
    return answers


def _stored(connection: Connection, keys: Sequence[Key]) -> dict[Key, Taken]:
    wanted = set(keys)
    names = ("platforms", "accounts", "keys")
    given = {name: parameter(sorted(set(part))) for name, part in zip(names, zip(*keys, strict=True), strict=True)}
    rows = connection.execute(_STORED, given)
    found = {(row[0], row[1], row[2]): Taken(id=row[3], new=False, state=row[4], receipt=row[5]) for row in rows}
    return {key: taken for key, taken in found.items() if key in wanted}


def _in_order(keys: Sequence[Key], taken: Mapping[Key, Taken]) -> list[Taken]:
    """Only the first of two equal keys in one batch is new."""
    seen: set[Key] = set()
    answers: list[Taken] = []
    for key in keys:
        answer = taken[key]
        answers.append(Taken(id=answer.id, new=False) if answer.new and key in seen else answer)
        seen.add(key)
    return answers


def inbox_rows(connection: Connection, ids: Sequence[int]) -> list[InboxRow]:
    """Deliveries by number."""
    return [_inbox_row(row) for row in connection.execute(_BY_ID, {"ids": parameter(ids)}).mappings()]


def failed(connection: Connection, limit: int) -> list[InboxRow]:
    """Deliveries that could not be served, oldest first."""
    return [_inbox_row(row) for row in connection.execute(_FAILED.limit(limit)).mappings()]


def _inbox_row(row: RowMapping) -> InboxRow:
    return InboxRow(
        id=row["id"],
        incoming=incoming_of(row["payload"]),
        state=row["state"],
        receipt=row["receipt"],
        person=row["person"],
        received_at=row["received_at"],
        error=row["error"],
    )


def keep_unread(connection: Connection, values: Mapping[str, Any]) -> int:
    """Keep a signed delivery that could not be read; answers its number."""
    plain = {**values, "headers": document(dict(values["headers"])), "error": clean(values["error"])}
    result = connection.execute(insert(unread).returning(unread.c.id), plain)
    return int(result.scalar_one())


def drop_unread(connection: Connection, number: int) -> None:
    """Forget a delivery that has been read after all."""
    connection.execute(delete(unread).where(unread.c.id == number))


def unread_rows(connection: Connection, limit: int) -> list[UnreadRow]:
    """Deliveries that could not be read, oldest first."""
    rows = connection.execute(_UNREAD.limit(limit)).mappings()
    return [UnreadRow(**{**row, "headers": json.loads(row["headers"])}) for row in rows]
