"""Knows the marks of buttons: opaque when they leave; what stands behind one when it is pressed, where, and how long.

One mark is drawn for a letter and stored with it, so every try to send it carries the same; `<mark>.<n>` is its n-th
button. The letter says which action that is, in which chat it hangs, and until when it counts.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, union, union_all, update

from handlers.incoming import Incoming
from handlers.letters import Button, Letter
from storage.columns import Moment, among, document, parameter
from storage.post_tables import MARKED, letters
from storage.tables import accounts, chats

LASTING: Final = timedelta(days=180)
"""How long a button counts: longer than any case may take."""

BYTES: Final = 9
BEFORE: Final = "v1:"
"""Stood before the action in letters that were written before there were marks (decision 0059)."""

_MARK = re.compile(r"([A-Za-z0-9_-]{12})\.(0|[1-9]\d{0,2})")
_BEFORE = re.compile(r"(?:v1:)?([a-z][a-z_]*:([A-Za-z0-9]*)(?::\S{1,64})?)")
_since = bindparam("since", type_=Moment)
_BEHIND = (
    select(
        letters.c.mark, letters.c.recipient, letters.c.lane, letters.c.buttons, accounts.c.address,
        chats.c.address.label("chat"),
    )
    .outerjoin(accounts, accounts.c.person == letters.c.recipient)
    .outerjoin(chats, chats.c.group_id == letters.c.recipient)
    .where(among(letters.c.mark, "marks"), MARKED, letters.c.created_at > _since)
)  # fmt: skip
_unmarked = select(letters.c.lane, letters.c.buttons).where(
    among(letters.c.lane, "lanes"), letters.c.mark == "", letters.c.buttons != "[]", letters.c.created_at > _since
)
_whose = union(
    select(accounts.c.person).where(among(accounts.c.address, "lanes")),
    select(chats.c.group_id).where(among(chats.c.address, "lanes")),
)
_WITHOUT = union_all(
    _unmarked.where(among(letters.c.case_number, "numbers")),
    # A list of several cases is about none of them.
    _unmarked.where(letters.c.case_number == "", letters.c.recipient.in_(_whose)),
)
_OLD = select(letters.c.id).where(MARKED, letters.c.created_at <= _since).order_by(letters.c.created_at)
_FORGET = update(letters).values(mark="").where(letters.c.id.in_(_OLD.limit(bindparam("most"))), MARKED)


@dataclass(slots=True)
class _Letter:
    """A letter with buttons: what they do, its chat, and where its addressee is reached by now."""

    actions: Sequence[str]
    lane: str
    accounts: set[str] = field(default_factory=set)
    chats: set[str] = field(default_factory=set)

    def hangs(self, press: Incoming) -> bool:
        """Whether it hangs where it was pressed: in that chat, or its addressee, or their group, has moved there."""
        if self.lane in _lanes(press):
            return True
        if press.group:
            moved = press.chat in self.chats and self.lane not in self.chats
            return moved and _account(press.chat) == _account(self.lane)
        return press.sender in self.accounts and _account(press.sender) == _account(self.lane)


def mark_for(letter: Letter) -> str:
    """A new mark for a letter; “” for one without buttons."""
    return secrets.token_urlsafe(BYTES) if letter.buttons else ""


def buttons_text(buttons: Iterable[Button]) -> str:
    """Buttons as a document."""
    return document([[button.label, button.action] for button in buttons])


def buttons_of(held: str, mark: str) -> tuple[Button, ...]:
    """Buttons of a document, each with what it brings back."""
    return tuple(
        Button(label, action, f"{mark}.{n}" if mark else BEFORE + action)
        for n, (label, action) in enumerate(json.loads(held))
    )


def behind(connection: Connection, batch: Sequence[Incoming], now: datetime) -> list[Incoming]:
    """These deliveries, with the button that each mark stands for: none for one unknown, foreign or too old."""
    marks = {one.mark: found for one in batch if (found := _MARK.fullmatch(one.mark))}
    older = {one.mark: found for one in batch if (found := _BEFORE.fullmatch(one.mark))}
    given: dict[str, Any] = {"since": now - LASTING}
    sent = _sent(connection, {found[1] for found in marks.values()}, given) if marks else {}
    held = _without(connection, batch, {found[2] for found in older.values()}, given) if older else {}
    read: list[Incoming] = []
    for one in batch:
        if one.mark in marks:
            read.append(_pressed(one, sent.get(marks[one.mark][1]), int(marks[one.mark][2])))
        elif one.mark in older and any(older[one.mark][1] in held.get(lane, ()) for lane in _lanes(one)):
            read.append(replace(one, button=older[one.mark][1]))
        else:
            read.append(one)
    return read


def _pressed(press: Incoming, letter: _Letter | None, n: int) -> Incoming:
    if letter is None or n >= len(letter.actions):
        return press
    return replace(press, button=letter.actions[n]) if letter.hangs(press) else replace(press, astray=True)


def _sent(connection: Connection, marks: set[str], given: Mapping[str, Any]) -> dict[str, _Letter]:
    """The letters of these marks."""
    found: dict[str, _Letter] = {}
    for row in connection.execute(_BEHIND, {**given, "marks": parameter(sorted(marks))}):
        letter = found.get(row.mark)
        if letter is None:
            letter = found[row.mark] = _Letter([action for _, action in json.loads(row.buttons)], row.lane)
        letter.accounts.update(filter(None, [row.address]))
        letter.chats.update(filter(None, [row.chat]))
    return found


def _without(
    connection: Connection, batch: Sequence[Incoming], numbers: set[str], given: Mapping[str, Any]
) -> dict[str, set[str]]:
    """Chat → what could be pressed there before there were marks, on letters about these cases or about several."""
    lanes = sorted({lane for one in batch if one.mark for lane in _lanes(one)})
    keys = {**given, "numbers": parameter(sorted(numbers)), "lanes": parameter(lanes)}
    found: dict[str, set[str]] = {}
    for lane, buttons in connection.execute(_WITHOUT, keys):
        found.setdefault(lane, set()).update(action for _, action in json.loads(buttons))
    return found


def forget(connection: Connection, now: datetime, most: int) -> int:
    """Forget at most so many marks that are too old to be pressed; how many."""
    return connection.execute(_FORGET, {"since": now - LASTING, "most": most}).rowcount


def _account(address: str) -> str:
    """The platform and account of an address."""
    return address.rpartition(":")[0]


def _lanes(press: Incoming) -> tuple[str, ...]:
    """Where the letter may have gone that was pressed: a private talk is known by its chat or by its person."""
    return (press.chat,) if press.group else (press.chat, press.sender)
