"""Knows what the suite asks of a platform: how people speak there, what its server does, and what it cannot have."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, ClassVar, Literal

from aiohttp import web

from bot.doors import Delivery, Platform, Window
from storage.values import Outgoing
from tests.bot.platforms import drivers
from tests.fakes.aio import Moving
from tests.fakes.faults import Fault, Faults

RESIDENT, WORKER, OTHER_WORKER = "resident", "worker", "other worker"
"""The people of the suite; a driver knows their accounts."""

Meaning = Literal["sent", "retry", "permanent", "account"]
"""What becomes of a letter: it arrived (perhaps another way), waits, steps aside for good, or pauses its account."""

ALBUM = {"p1": b"\xff\xd8\xff first"}


@dataclass(frozen=True, slots=True)
class Wire:
    """One HTTP request, as the platform makes it."""

    body: bytes = b""
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"

    def delivery(self) -> Delivery:
        """The same, as the edge hands it to a hook."""
        heads = {name.lower(): value for name, value in self.headers.items()}
        return Delivery(method=self.method, query=self.query, headers=heads, body=self.body)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message: its wire, and what must be read from it (None: answered at once, nobody needs it)."""

    name: str
    wire: Wire
    facts: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Code:
    """An error of the platform: the answers to the next calls of `call`, and what becomes of the letter."""

    faults: tuple[Fault, ...]
    meaning: Meaning
    call: str = ""


class Driver:
    """One platform account with its fake server. A scenario whose name stands in `cannot` is never run.

    Each driver says what it can: the methods without words here raise for who forgot to say that it cannot.
    """

    name: ClassVar[str] = ""
    adapter: ClassVar[str] = ""
    send: ClassVar[str] = ""
    """The call of the fake server that takes a text."""
    people: ClassVar[Mapping[str, str]] = {}
    """Who of the suite has which address here."""
    group: ClassVar[str] = ""
    """The address of a work group, where there are groups."""
    cannot: ClassVar[Mapping[str, str]] = {}

    def __init__(self, clock: Moving) -> None:
        self.clock = clock
        self.door = ""
        self.faults = Faults()

    # -- the platform's server and the adapter that talks to it --------------------------------------------------------

    def app(self) -> web.Application:
        """The fake server."""
        raise NotImplementedError

    def platform(self, base: str, window: Window) -> Platform:
        """The adapter, with the fake server at this address."""
        raise NotImplementedError

    async def ready(self, platform: Platform) -> None:
        """Wait for what the adapter asks its server for at the start."""

    def talk(self, by: str) -> str:
        """The address of the private talk with a person: mostly the person's own."""
        return self.people[by]

    # -- what comes in -------------------------------------------------------------------------------------------------

    def says(self, words: str, *, key: int = 1, by: str = RESIDENT, group: bool = False, late: float = 0.0) -> Wire:
        """Words, signed `late` seconds ago; `key` makes the delivery known again."""
        raise NotImplementedError

    def presses(self, action: str, *, key: int, by: str, label: str = "") -> Wire:
        """A button."""
        raise NotImplementedError

    def kinds(self) -> Iterator[Kind]:
        """Every kind of message that the platform documents."""
        raise NotImplementedError

    def album(self) -> Sequence[Wire]:
        """Two pictures sent as one."""
        raise NotImplementedError

    def leaves(self, *, by: str = RESIDENT) -> Wire:
        """Somebody is gone: has blocked, unfollowed, or left."""
        raise NotImplementedError

    def signed(self, plain: str) -> Wire:
        """Rightly signed, whatever it is; bytes that are no UTF-8 as `surrogateescape` has them."""
        raise NotImplementedError

    def broken(self) -> Wire:
        """Rightly signed, and no message at all."""
        raise NotImplementedError

    def forged(self) -> Iterator[Wire]:
        """A good delivery with one bit of what guards it turned, for each bit."""
        raise NotImplementedError

    async def brings(self, wire: Wire) -> tuple[int, bytes] | None:
        """Deliver by a way that is no HTTP, and wait until it was taken; None: there is only HTTP."""
        return None

    def heard(self, body: bytes) -> str:
        """The words that the person reads in the answer to the request; “” where the platform shows none."""
        return ""

    # -- what goes out -------------------------------------------------------------------------------------------------

    def welcome(self, by: str) -> None:
        """The platform lets us write to this person from now on."""

    def sent(self, letter: Outgoing) -> None:
        """A letter has left the adapter, as the memory then writes down."""

    async def texts(self, by: str) -> list[str]:
        """What has arrived at a person as messages, in order."""
        raise NotImplementedError

    def codes(self) -> Mapping[str, Code]:
        """Every error the platform documents for a text."""
        raise NotImplementedError

    def gone(self) -> Fault:
        """The answer to a message for somebody who has left."""
        raise NotImplementedError

    def exhaust(self, by: str) -> None:
        """No ordinary message may be sent to this person any more."""
        raise NotImplementedError

    def elsewhere(self, by: str) -> list[str]:
        """What has reached a person the other way."""
        raise NotImplementedError

    def crowd(self, n: int) -> list[str]:
        """The addresses of so many people who may be written to."""
        raise NotImplementedError

    def expire(self) -> None:
        """The access token in use is worth nothing from now on."""
        raise NotImplementedError

    def refreshes(self) -> int:
        """How often a token was asked for."""
        raise NotImplementedError

    def down(self) -> Fault:
        """The answer of a server that is down."""
        return Fault(status=502)


def found() -> list[type[Driver]]:
    """Every driver there is, by name."""
    names = [f"{drivers.__name__}.{module.name}" for module in pkgutil.iter_modules(drivers.__path__)]
    made: list[type[Driver]] = [import_module(name).DRIVER for name in names]
    return sorted(made, key=lambda driver: driver.name)


def flipped(text: str) -> Iterator[str]:
    """The text with one bit of one of its (ASCII) characters turned, for each bit."""
    for at, character in enumerate(text):
        for bit in range(8):
            yield f"{text[:at]}{chr(ord(character) ^ 1 << bit)}{text[at + 1 :]}"


async def photo(name: str) -> bytes:
    """A stored picture."""
    if name not in ALBUM:
        raise FileNotFoundError(name)
    return ALBUM[name]
