"""Knows the shapes that every platform fits: what a delivery is, how it is read and answered, how a letter leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from handlers.incoming import Incoming
from storage.values import Outgoing

if TYPE_CHECKING:  # `check` reads these shapes too, and needs no server
    from aiohttp import web


class Rejected(Exception):
    """The wire is wrong (signature, secret, time window): answered 403, counted, nothing stored."""


class Unreadable(Exception):
    """Rightly signed but not understood: the raw bytes are kept, the platform is told `success`, an alarm is raised."""


class SendFailed(Exception):
    """The world is down, or says no. `permanent` letters step aside at once; `account` failures pause the account."""

    def __init__(
        self, reason: str, *, permanent: bool = False, retry_after: float | None = None, account: bool = False
    ) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.retry_after = retry_after
        self.account = account


class LetterHeld(Exception):
    """Nothing of this letter can go now; it is kept in the memory until its reader comes by. Not a failure."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One HTTP request of a platform; header names are lower case."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over the wire at once."""

    body: bytes
    content_type: str = "text/plain"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a platform can do. Lengths in `unit`s (bytes or characters) of one text message."""

    buttons: bool = False
    edits: bool = False
    inline: bool = False
    length: int = 2048
    unit: str = "bytes"
    per_second: float = 1.0
    group_mark: str = ""
    group_per_second: float = 1.0
    total_per_second: float = 0.0

    def pace(self, chat: str) -> float:
        """Seconds to leave between two letters into this chat; ids that begin with `group_mark` are groups."""
        group = bool(self.group_mark) and chat.rpartition(":")[2].startswith(self.group_mark)
        rate = self.group_per_second if group else self.per_second
        return 1.0 / rate if rate > 0 else 0.0


class Hook(Protocol):
    """The receiving side of a platform account: pure, no I/O. Each hook owns one path."""

    platform: str
    account: str
    path: str
    body_limit: int

    def read(self, delivery: Delivery, now: datetime) -> Incoming | Answer:
        """The message, or what to answer at once (echo, an event nobody needs). Raises Rejected or Unreadable."""

    def answer(self, delivery: Delivery, incoming: Incoming, receipt: str, now: datetime) -> Answer:
        """Wrap (and encrypt) the receipt; nothing else is decided here."""


class Platform(Protocol):
    """One configured account of a platform: its hooks, and the way out."""

    lane_prefix: str
    abilities: Abilities
    hooks: tuple[Hook, ...]

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def deliver(self, letter: Outgoing) -> str:
        """Send one letter; returns the platform's message reference (“” where it gives none). Raises SendFailed."""

    async def fetch(self, facts: Mapping[str, str]) -> bytes:
        """The bytes of a medium (`facts['ref']`). Raises SendFailed."""


@runtime_checkable
class WithPages(Protocol):
    """A platform that has addresses of its own beside its hooks."""

    def routes(self) -> list[web.RouteDef]: ...
    def let_go(self) -> None:
        """The process is about to stop: nobody who waits at one of them waits any longer."""


@dataclass(frozen=True, slots=True)
class Served:
    """How the counter answers for one message: the final words and the inbox row they are stored with."""

    inbox: int
    receipt: str = ""
    repeat: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)


class Window(Protocol):
    """The counter (窗口) as the wires see it."""

    async def serve(self, incoming: Incoming) -> Served:
        """Serve one message; returns after the commit. Raises when it could not be stored (answer 500)."""

    def written(self, inbox: int) -> None:
        """The inline answer's bytes are in the socket: mark its letter with the next batch."""

    async def keep_unread(self, platform: str, account: str, delivery: Delivery, reason: str) -> None:
        """Keep a signed but unreadable delivery and raise the alarm."""
