"""Knows how letters are put into the outbox: to which chat, in which state, to be sent when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, literal, select, union_all

from handlers.letters import Letter
from storage.bulk import Change, Insert
from storage.columns import among, clean, document, moment_out, parameter
from storage.marks import buttons_text, mark_for
from storage.post_tables import letters
from storage.tables import accounts, chats
from storage.values import Written
from storage.wall import DROPPED, Changed, Wall, hung

INLINE_LEASE = timedelta(seconds=20)
"""How long an inline answer may be on its way before it is pushed: a platform waits 5 s, three times."""

_LETTERS = Insert(
    letters,
    (
        "inbox", "recipient", "lane", "case_number", "kind", "text", "buttons", "photos", "follow_up", "red", "state",
        "next_at", "created_at", "mark",
    ),
)  # fmt: skip
_OVERTAKEN = Change(letters, ("text", "buttons", "follow_up", "red", "state", "next_at", "mark"))
_ADDRESSES = union_all(
    select(accounts.c.person.label("who"), accounts.c.address, accounts.c.last_used, literal(False).label("group"))
    .where(among(accounts.c.person, "ids")),
    select(chats.c.group_id, chats.c.address, literal(None), literal(True)).where(among(chats.c.group_id, "ids")),
)  # fmt: skip

Sent = tuple[Letter, Written]


def post(connection: Connection, pairs: Sequence[Sent], now: datetime) -> dict[int | None, str]:
    """Put letters into the outbox; answers the words of each inline answer by its inbox number."""
    if not pairs:
        return {}
    found = _addresses(connection, {who for letter, _ in pairs if not letter.chat for who in _recipients(letter)})
    receipts: dict[int | None, str] = {}
    lanes = {who: found.get(who, ()) for letter, _ in pairs for who in _recipients(letter)}
    told = [letter for letter, _ in pairs if hung(letter)]
    wall = Wall.read(connection, {(lane, one.case) for one in told for lane in _lanes(one, lanes) if lane}, now)
    for letter, written in pairs:
        inline = written.inline and letter.kind == "reply" and letter.chat == written.chat
        inline = inline and written.inbox_id is not None and written.inbox_id not in receipts
        if inline:
            receipts[written.inbox_id] = letter.text
        for lane in _lanes(letter, lanes):
            wall.put(letter, lane, written.inbox_id if inline else None)
    _LETTERS.run(connection, [_row(letter, lane, number, now) for letter, lane, number in wall.rows])
    _OVERTAKEN.run(connection, [_changed(change) for change in wall.changed.values()])
    return receipts


def _lanes(letter: Letter, found: Mapping[str, Sequence[str]]) -> Iterable[str]:
    """The chats a letter goes to; “” where there is none."""
    if letter.chat:
        return [letter.chat]
    return dict.fromkeys([lane for who in _recipients(letter) for lane in found.get(who, ())] or [""])


def _changed(change: Changed) -> tuple[Any, ...]:
    """What waits and was overtaken, as it stands now."""
    letter, at = change.letter, moment_out(change.at)
    return (
        clean(letter.text), buttons_text(letter.buttons), clean(letter.follow_up), letter.red,
        "waiting" if at else DROPPED, at, mark_for(letter), change.id,
    )  # fmt: skip


def _recipients(letter: Letter) -> tuple[str, ...]:
    """Whose chats a letter goes to: the persons behind a desk, else the one person or group it is for."""
    return letter.people or (letter.to,)


def _row(letter: Letter, lane: str, inline: int | None, now: datetime) -> tuple[Any, ...]:
    state, next_at = "waiting", moment_out(letter.not_before or now)
    if inline is not None:
        state, next_at = "inline", moment_out(now + INLINE_LEASE)
    elif not lane:
        state, next_at = "nowhere", None
    elif letter.kind == "card" and letter.gone:
        state, next_at = DROPPED, None
    return (
        inline, letter.to, clean(lane), letter.case, letter.kind, clean(letter.text), buttons_text(letter.buttons),
        document(letter.photos), clean(letter.follow_up), letter.red, state, next_at, moment_out(now),
        mark_for(letter) if lane else "",
    )  # fmt: skip


def _addresses(connection: Connection, ids: set[str]) -> dict[str, list[str]]:
    """Where to reach a recipient: a person at the account used last, a group in each of its chats."""
    if not ids:
        return {}
    people: dict[str, tuple[Any, str]] = {}
    groups: dict[str, list[str]] = {}
    for who, address, last_used, group in connection.execute(_ADDRESSES, {"ids": parameter(sorted(ids))}):
        if group:
            groups.setdefault(who, []).append(address)
        elif who not in people or (last_used, address) > people[who]:
            people[who] = (last_used, address)
    return {**{who: [best[1]] for who, best in people.items()}, **{who: sorted(all_) for who, all_ in groups.items()}}
