"""Knows what hangs in the groups that a batch writes to, what waits to be hung, and when there is room for more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, case, exists, false, not_, null, or_, select, type_coerce, union_all

from handlers.letters import Letter, LetterKind
from storage.columns import Moment, among, parameter
from storage.post_tables import PACED, letters, postings

HOUR = timedelta(hours=1)

DROPPED = "dropped"
"""The state of a card that was overtaken before anybody saw it: its case had ended, or had left the chat."""

_WAITS = and_(letters.c.state == "waiting", letters.c.attempts == 0)
_HERE = and_(among(letters.c.lane, "lanes"), among(letters.c.case_number, "numbers"))
_NOBODY = type_coerce(null(), letters.c.lane.type)
_WAITING = (
    select(letters.c.lane, letters.c.case_number, letters.c.id, letters.c.kind, letters.c.next_at)
    .where(
        _HERE, letters.c.next_at.is_not(None), _WAITS, not_(letters.c.red), letters.c.kind.in_(["card", "edit"])
    )
    .order_by(letters.c.id)
    .with_for_update(of=letters)
)  # fmt: skip
_KNOWN = union_all(
    select(
        letters.c.lane, letters.c.case_number, letters.c.state,
        exists().where(
            postings.c.case_number == letters.c.case_number, postings.c.chat == letters.c.lane,
            postings.c.letter == letters.c.id,
        ).label("posted"),
        type_coerce(null(), Moment).label("at"), letters.c.id.label("n"),
    ).where(_HERE, letters.c.kind == "card"),
    select(
        letters.c.lane, _NOBODY, letters.c.state, false(),
        case((letters.c.state == "leased", letters.c.created_at), else_=letters.c.next_at), letters.c.id,
    ).where(
        among(letters.c.lane, "lanes"), letters.c.next_at.is_not(None), PACED, or_(letters.c.state == "leased", _WAITS)
    ),
    select(letters.c.lane, _NOBODY, letters.c.state, false(), letters.c.sent_at, letters.c.id).where(
        among(letters.c.lane, "lanes"), letters.c.sent_at > bindparam("since", type_=Moment), PACED
    ),
).order_by("n")  # fmt: skip

Key = tuple[str, str]
"""A chat and the number of a case."""


class Waiting(NamedTuple):
    """A card or an edit that has not gone yet."""

    id: int
    kind: LetterKind
    at: datetime


class Changed(NamedTuple):
    """What a letter that waits says now; one that need not go any more has no moment."""

    id: int
    letter: Letter
    at: datetime | None


def hung(letter: Letter) -> bool:
    """Whether a letter is about one case, for the wall of a group."""
    return letter.kind in ("card", "edit", "line") and bool(letter.case)


@dataclass(slots=True)
class Wall:
    """The chats of one batch: what their groups have seen of which case, and when they were told something.

    `state`: of the last card of a case in a chat. `sent` in the last hour; `due`: what waits, each moment one message,
    for what falls due together is told together. `written`: where in `rows` stands what this batch itself writes.
    """

    now: datetime
    waiting: dict[Key, Waiting] = field(default_factory=dict)
    state: dict[Key, str] = field(default_factory=dict)
    sent: defaultdict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    due: defaultdict[str, set[datetime]] = field(default_factory=lambda: defaultdict(set))
    changed: dict[int, Changed] = field(default_factory=dict)
    written: dict[Key, int] = field(default_factory=dict)
    rows: list[tuple[Letter, str, int | None]] = field(default_factory=list)

    @classmethod
    def read(cls, connection: Connection, keys: Collection[Key], now: datetime) -> Wall:
        """What is known of these chats and cases; what waits is locked until the batch is written."""
        made = cls(now)
        if not keys:
            return made
        given: dict[str, Any] = {"lanes": parameter(sorted({lane for lane, _ in keys}))}
        given["numbers"] = parameter(sorted({number for _, number in keys}))
        for lane, number, *rest in connection.execute(_WAITING, given):
            made.waiting[lane, number] = Waiting(*rest)
        for lane, number, state, posted, at, _ in connection.execute(_KNOWN, {**given, "since": now - HOUR}):
            if number is not None:
                made.state[lane, number] = "posted" if posted else state
            elif state == "waiting":
                made.due[lane].add(at)
            else:
                made.sent[lane].append(at)
        return made

    def put(self, letter: Letter, lane: str, inline: int | None = None) -> None:
        """Add a letter to the rows; one about a case may instead change what has not gone yet."""
        if not (hung(letter) and lane):
            self.rows.append((letter, lane, inline))
        elif not self._overtakes(letter, (lane, letter.case)):
            self._hang(letter, lane)

    def _hang(self, letter: Letter, lane: str) -> None:
        key = (lane, letter.case)
        if letter.kind == "edit":
            shown = self.state.get(key, "")
            if shown == DROPPED:
                return
            if shown not in ("posted", "waiting", "leased"):
                letter = replace(letter, kind="line", text=letter.follow_up or letter.text, follow_up="")
        if letter.kind != "edit" and not letter.red:
            letter = replace(letter, not_before=self._room(lane, letter))
        if letter.kind != "line" and not letter.red:
            self.written[key] = len(self.rows)
        if letter.kind == "card":
            self.state[key] = "waiting"
        self.rows.append((letter, lane, None))

    def _overtakes(self, letter: Letter, key: Key) -> bool:
        """Make what waits say what holds now. A line is said besides; a card anew is no edit."""
        if key in self.written:
            old, lane, _ = self.rows[self.written[key]]
            kind, at = old.kind, old.not_before or self.now
        elif key in self.waiting:
            number, kind, at = self.waiting[key]
        else:
            return False
        if letter.kind == "line" or (letter.kind == "card" and kind == "edit"):
            return False
        dropped = letter.gone and kind == "card"
        if dropped:
            self.state[key] = DROPPED
        if key in self.written:
            place = self.written.pop(key) if dropped or letter.red else self.written[key]
            said = replace(letter, kind=old.kind, not_before=None if letter.red else at, gone=dropped)
            self.rows[place] = (said, lane, None)
            return True
        self.changed[number] = Changed(number, letter, None if dropped else self.now if letter.red else at)
        if dropped or letter.red:
            del self.waiting[key]
        return True

    def _room(self, lane: str, letter: Letter) -> datetime:
        """When there is room: with what waits already, else as soon as the last hour holds fewer than `at_most`."""
        at = max(letter.not_before or self.now, self.now)
        later = [moment for moment in self.due[lane] if moment >= at]
        recent = sorted(moment for moment in (*self.sent[lane], *self.due[lane]) if moment > at - HOUR)
        if later:
            at = min(later)
        elif letter.at_most and len(recent) >= letter.at_most:
            at = rested(recent[-letter.at_most] + HOUR, letter.rest)
        self.due[lane].add(at)
        return at


def rested(at: datetime, rest: tuple[datetime, datetime] | None) -> datetime:
    """The moment, or the end of the rest that it falls into."""
    return rest[1] if rest is not None and rest[0] <= at < rest[1] else at
