"""Knows how often someone may still be written to, which letters are held until they come by, and shared tokens."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, and_, bindparam, exists, literal_column, or_, select, update

from storage.bulk import Insert
from storage.columns import Moment, among, clean, moment_out, parameter
from storage.post_tables import letters
from storage.values import Held, Opened, Token
from storage.wire_tables import HELD, budgets, tokens, ways

FAR = datetime.max.replace(tzinfo=UTC)
"""Later than anything that is open."""

_now = bindparam("now", type_=Moment)
_then = bindparam("then", type_=Moment)
_here = budgets.c.lane == bindparam("chat")
_open = (budgets.c.remaining > bindparam("kept"), budgets.c.until > _now)

_OPEN = Insert(
    budgets,
    ("lane", "remaining", "until"),
    key=("lane",),
    # What is open and lasts longer stays: counting too little costs a detour, counting too much a message.
    only_if=or_(budgets.c.until < literal_column("excluded.until"), budgets.c.remaining <= literal_column("0")),
)
_NEVER_CAME = Insert(budgets, ("lane", "remaining", "until"), key=("lane",), ignore=True)
_SPEND = update(budgets).values(remaining=budgets.c.remaining - 1).where(_here, *_open).returning(budgets.c.until)
_GIVE_BACK = update(budgets).values(remaining=budgets.c.remaining + 1).where(_here, budgets.c.until == _then)
_SHUT = update(budgets).values(remaining=0).where(_here, budgets.c.until <= _then)
_LEFT = select(budgets.c.remaining).where(_here)
_LASTS = select(exists().where(_here, budgets.c.until > _now))
_LOCK = select(and_(*_open)).where(_here).with_for_update()

_ONE = letters.c.id == bindparam("letter")
_UNSENT = letters.c.next_at.is_not(None)
_HOLD = update(letters).values(state="held", next_at=None).where(_ONE, _UNSENT).returning(letters.c.id)
_HELD = (
    select(
        letters.c.id, letters.c.lane, letters.c.recipient, letters.c.case_number, letters.c.kind, letters.c.text,
        letters.c.follow_up, letters.c.photos,
    )
    .where(HELD, among(letters.c.lane, "lanes"))
    .order_by(letters.c.id)
    .with_for_update(of=letters)
)  # fmt: skip
_THESE = (HELD, letters.c.lane == bindparam("chat"), among(letters.c.id, "ids"))
_FOLD = update(letters).values(state="folded").where(*_THESE)
_RELEASE = update(letters).values(state="waiting", next_at=_now, attempts=0).where(*_THESE)
_SENT_AS = select(ways.c.letter).where(ways.c.ref == bindparam("told"), ways.c.ref != "")
_HOLD_AGAIN = (
    update(letters)
    .values(state="held", next_at=None)
    .where(
        letters.c.id.in_(_SENT_AS.scalar_subquery()),
        letters.c.lane == bindparam("chat"),
        letters.c.state.in_(["sent", "leased"]),
    )
    .returning(letters.c.id)
)
_WAY = Insert(ways, ("letter", "way", "reason", "ref"), key=("letter",))
_REF = select(ways.c.ref).where(ways.c.letter == bindparam("id"))
_WAYS = select(ways.c.letter, ways.c.way, ways.c.reason).where(among(ways.c.letter, "ids"))
_TOKEN = select(tokens.c.value, tokens.c.until, tokens.c.forced_at).where(tokens.c.name == bindparam("called"))
_KEEP = Insert(tokens, ("name", "value", "until", "forced_at"), key=("name",))


class Allowing:
    """What platforms allow, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- how often someone may be written to -----------------------------------------------------------------------

    def open(self, found: Sequence[Opened]) -> None:
        """People have come by: so many messages may go to them until then. None at all shuts what was open."""
        latest: dict[str, Opened] = {}
        for one in found:
            known = latest.get(one.chat)
            latest[one.chat] = one if known is None or not one.messages or one.until >= known.until else known
        rows = [(clean(one.chat), one.messages, moment_out(one.until)) for one in latest.values() if one.messages]
        _OPEN.run(self._connection, rows)
        for one in latest.values():
            if not one.messages:
                self.shut(one.chat, FAR)

    def spend(self, chat: str, now: datetime, kept: int = 0) -> datetime | None:
        """Take one message of what is open; until when it is open, which is also the receipt for `give_back`.

        The last ones, `kept`, are not touched.
        """
        given = {"chat": chat, "now": now, "kept": kept}
        found: datetime | None = self._connection.execute(_SPEND, given).scalar_one_or_none()
        return found

    def left(self, chat: str) -> int:
        """How many messages are left, whether or not their time is over."""
        found: int | None = self._connection.execute(_LEFT, {"chat": chat}).scalar_one_or_none()
        return found or 0

    def lasts(self, chat: str, now: datetime) -> bool:
        """Whether the time is not over yet: where nothing could be spent, the number is used up."""
        return bool(self._connection.execute(_LASTS, {"chat": chat, "now": now}).scalar_one())

    def give_back(self, chat: str, receipt: datetime) -> None:
        """The message did not leave. What was opened anew since is whole anyway."""
        self._connection.execute(_GIVE_BACK, {"chat": chat, "then": receipt})

    def shut(self, chat: str, receipt: datetime) -> None:
        """The platform says that nothing is open; what was opened anew since stays."""
        self._connection.execute(_SHUT, {"chat": chat, "then": receipt})

    # -- letters that are held -------------------------------------------------------------------------------------

    def hold(self, letter: int, chat: str, reason: str, now: datetime, *, unless_open: bool, kept: int = 0) -> bool:
        """Keep a letter until its reader comes by. False where they have just come by: then it can go after all.

        The row of the chat is locked: a visit either opens it before, or sees the letter after.
        """
        _NEVER_CAME.run(self._connection, [(clean(chat), 0, moment_out(now))])
        is_open = self._connection.execute(_LOCK, {"chat": chat, "now": now, "kept": kept}).scalar_one_or_none()
        if unless_open and is_open:
            return False
        if self._connection.execute(_HOLD, {"letter": letter}).scalar_one_or_none() is not None:
            self.note(letter, "held", reason)
        return True

    def hold_again(self, chat: str, ref: str, reason: str) -> bool:
        """What had left by a way that tells later how it went did not arrive: it is held after all."""
        found = self._connection.execute(_HOLD_AGAIN, {"chat": chat, "told": ref}).scalars().all()
        for letter in found:
            self.note(letter, "held", reason)
        return bool(found)

    def held(self, chats: Collection[str]) -> list[Held]:
        """What is held for these chats, oldest first; locked, for one reader only hears it."""
        rows = self._connection.execute(_HELD, {"lanes": parameter(sorted(chats))})
        return [
            Held(
                id=row.id, chat=row.lane, to=row.recipient, case=row.case_number,
                text=(row.kind == "edit" and row.follow_up) or row.text, photos=tuple(json.loads(row.photos)),
            )
            for row in rows
        ]  # fmt: skip

    def fold(self, chat: str, ids: Collection[int]) -> None:
        """Held letters of a chat whose words stand in another one now."""
        self._connection.execute(_FOLD, {"chat": chat, "ids": parameter(sorted(ids))})

    def release(self, chat: str, ids: Collection[int], now: datetime) -> None:
        """Held letters of a chat that may go by themselves now."""
        self._connection.execute(_RELEASE, {"chat": chat, "ids": parameter(sorted(ids)), "now": now})

    def note(self, letter: int, way: str, reason: str = "", ref: str | None = "") -> None:
        """Which way a letter has gone, and why not the usual one; without a word of the reference (None) it stays."""
        if ref is None:
            ref = self._connection.execute(_REF, {"id": letter}).scalar() or ""
        _WAY.run(self._connection, [(letter, way, clean(reason), clean(ref))])

    def ways(self, ids: Collection[int]) -> dict[int, tuple[str, str]]:
        """Letter → the way it went, and why."""
        rows = self._connection.execute(_WAYS, {"ids": parameter(sorted(ids))})
        return {row.letter: (row.way, row.reason) for row in rows}

    # -- tokens ----------------------------------------------------------------------------------------------------

    def token(self, name: str) -> Token | None:
        """The token that all processes share."""
        row = self._connection.execute(_TOKEN, {"called": name}).one_or_none()
        return None if row is None else Token(row.value, row.until, row.forced_at)

    def keep_token(self, name: str, token: Token) -> None:
        """Share a token."""
        row = (name, token.value, moment_out(token.until), moment_out(token.forced_at))
        _KEEP.run(self._connection, [row])
