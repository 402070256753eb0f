"""Knows what a platform account writes down in the memory: messages spent, letters held, shared tokens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol, TypeVar

from handlers.ports import Clock
from storage.store import Tx
from storage.values import Token

T = TypeVar("T")


class Run(Protocol):
    """Does something that writes, in the one thread that may; returns after the commit."""

    def __call__(self, work: Callable[[Tx], T], /) -> Awaitable[T]: ...


class Ledger:
    """The memory as a platform's way out sees it. `lease` lets one process at a time do what only one should."""

    def __init__(self, run: Run, clock: Clock, lease: Callable[[str], Awaitable[bool]]) -> None:
        self._run = run
        self._clock = clock
        self.lease = lease

    def now(self) -> datetime:
        """The wall clock, which processes share as they share the ledger."""
        return self._clock.now()

    async def spend(self, chat: str, kept: int = 0) -> datetime | str:
        """Take one message of what is open for this chat: a receipt, or why there is none.

        That it is over, used up, or that what is left is `kept` for something else (“reserved”).
        """

        def work(tx: Tx) -> datetime | str:
            now = self._clock.now()
            receipt = tx.allowing.spend(chat, now, kept)
            if receipt is not None:
                return receipt
            if not tx.allowing.lasts(chat, now):
                return "over"
            return "reserved" if tx.allowing.left(chat) else "used up"

        return await self._run(work)

    async def give_back(self, chat: str, receipt: datetime) -> None:
        """The message surely did not leave."""
        await self._run(lambda tx: tx.allowing.give_back(chat, receipt))

    async def shut(self, chat: str, receipt: datetime) -> None:
        """The platform counts otherwise: nothing more is open, until the next contact."""
        await self._run(lambda tx: tx.allowing.shut(chat, receipt))

    async def hold(self, letter: int, chat: str, reason: str, *, unless_open: bool, kept: int = 0) -> bool:
        """Keep a letter until its reader comes by; False where they have just done so."""

        def work(tx: Tx) -> bool:
            return tx.allowing.hold(letter, chat, reason, self._clock.now(), unless_open=unless_open, kept=kept)

        return await self._run(work)

    async def note(self, letter: int, way: str, reason: str, ref: str | None = "") -> None:
        """Which way a letter has gone, and why not the usual one."""
        await self._run(lambda tx: tx.allowing.note(letter, way, reason, ref))

    async def token(self, name: str) -> Token | None:
        """The token that all processes share."""
        return await self._run(lambda tx: tx.allowing.token(name))

    async def keep_token(self, name: str, token: Token) -> None:
        """Share a token."""
        await self._run(lambda tx: tx.allowing.keep_token(name, token))
