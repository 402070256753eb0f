"""Knows what the memory hands to the door and takes from it: frozen values about deliveries, letters and errands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from handlers.effects import Effects
from handlers.incoming import Incoming
from handlers.letters import Button
from handlers.raw import RawText


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of one delivery at the counter. Not `new`: a repeat, answered from the stored receipt.

    A repeat within its own batch has the id of the first and no receipt yet: it is answered as the first will be.
    """

    id: int
    new: bool
    state: str = "unread"
    receipt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One turn that was decided, to be written down. Without `inbox_id` it is a turn of the clock.

    `inline`: its reply to `chat` is being given as the platform's answer, and is pushed only when that fails.
    """

    effects: Effects
    inbox_id: int | None = None
    state: str = "done"
    receipt: str = ""
    chat: str = ""
    inline: bool = False
    error: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Sendings:
    """So many messages left so many seconds ago, or before."""

    ago: float
    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A claimed letter. `attempts`: the tries before this one; `posting`: the last card of its case in its chat.

    `elsewhere`: what other processes sent into this chat lately, where that is counted.
    """

    id: int
    to: str
    chat: str
    kind: str
    text: str
    case: str = ""
    buttons: tuple[Button, ...] = ()
    photos: tuple[str, ...] = ()
    follow_up: str = ""
    red: bool = False
    attempts: int = 0
    posting: str = ""
    elsewhere: tuple[Sendings, ...] = ()
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What a letter takes of a chat that is sent only so much: so many messages, counted for so many seconds."""

    messages: int
    seconds: float


Meter = Callable[[Outgoing], Charge | None]
"""What each letter takes; None where nobody counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """A letter as it stands in the outbox. `next_at` is None when nothing will happen to it any more."""

    id: int
    to: str
    chat: str
    case: str
    kind: str
    text: str
    state: str
    red: bool
    attempts: int
    next_at: datetime | None
    sent_at: datetime | None
    ref: str
    error: str


@dataclass(frozen=True, slots=True)
class Told:
    """One card or line that was to be sent by itself: its case and its words."""

    case: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """What is due together in one chat of a group, oldest first."""

    to: str
    chat: str
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterOutcome:
    """How a try to send went. `retry_at` belongs to a retry, `ref` (the platform's message id) to a letter sent."""

    id: int
    state: Literal["sent", "retry", "dead"]
    ref: str = ""
    retry_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueErrand:
    """A claimed errand. `attempts` counts the tries before this one."""

    id: int
    kind: str
    case: str
    facts: Mapping[str, str]
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrandOutcome:
    """How a try to run an errand went."""

    id: int
    state: Literal["done", "retry", "dead"]
    retry_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """A delivery as it was kept, with what became of it."""

    id: int
    incoming: Incoming
    state: str
    receipt: str
    person: str
    received_at: datetime
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadRow:
    """A signed delivery that could not be read, as it came."""

    id: int
    platform: str
    account: str
    headers: Mapping[str, str]
    raw: bytes = field(repr=False)
    received_at: datetime
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a chat, said by a person (`out` false) or by the bot. `id` is unique across both sides.

    `ref` is the platform's id of a line that the bot sent; of a person's line, the id of what it quotes.
    """

    id: str
    at: datetime
    out: bool
    person: str
    kind: str
    text: RawText
    state: str
    case: str = ""
    buttons: tuple[Button, ...] = ()
    photos: tuple[str, ...] = ()
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a new configuration leaves behind: people no longer in it, and the open cases that were in their hands."""

    persons: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """Somebody has come by: so many messages may go to them until then; none where they have left."""

    chat: str
    messages: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A letter that waits for its reader to come by."""

    id: int
    chat: str
    to: str
    case: str
    text: str
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """An access token that all processes share. `forced_at`: when a new one was last forced."""

    value: str = field(repr=False)
    until: datetime
    forced_at: datetime | None = None
