"""Knows how errands (差事) are run: a medium is fetched before it is gone, and put on the shelf or made words."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final, Protocol

from bot.doors import Platform, SendFailed
from bot.media import MediaRefused
from bot.secret import describe
from handlers.ports import Clock
from storage.values import DueErrand, ErrandOutcome

PARALLEL: Final = 4
BACKOFF: Final = (0.0, 5.0, 30.0, 300.0, 1800.0, 7200.0, 21600.0)
JITTER: Final = 0.2
LONGEST_WAIT: Final = 3600.0
DEADLINE: Final = 25.0
IDLE: Final = 1.0

_log = logging.getLogger(__name__)


HEARING_TRIES: Final = 2
"""Somebody waits for an answer to what they said: better to ask them to type than to understand it tomorrow."""


class ErrandBook(Protocol):
    """How the runner reaches the errands of kinds `download` and `hear`, through the counter's writing thread."""

    async def claim(self, limit: int) -> list[DueErrand]: ...
    async def settle(self, outcomes: Sequence[ErrandOutcome]) -> None: ...


Done = Callable[[DueErrand, str], Awaitable[None]]
Failed = Callable[[DueErrand, str], Awaitable[None]]
Make = Callable[[bytes], Awaitable[str]]
"""Makes of a medium what is wanted: a path on the shelf, words. Raises SendFailed or MediaRefused."""


class Errands:
    """The loop. `done` brings the result to the counter (it must know a repeat); `failed` is told when we give up.

    An errand names the platform by `facts['address']`, the address of who sent the medium, and the medium by `ref`; a
    `ref` that begins as a platform's lanes do is that platform's, whoever sent it. `make` holds for each kind of errand
    what becomes of its medium.
    """

    def __init__(
        self,
        book: ErrandBook,
        platforms: Sequence[Platform],
        make: Mapping[str, Make],
        *,
        clock: Clock,
        done: Done,
        failed: Failed,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._book = book
        self._platforms = {platform.lane_prefix: platform for platform in platforms}
        self._make = make
        self._clock = clock
        self._done = done
        self._failed = failed
        self._jitter = jitter
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = False

    def wake(self) -> None:
        """A commit has written errands: look at once. May be called from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._woken.set)

    async def run(self) -> None:
        """Until `stop`, a few errands side by side."""
        self._loop = asyncio.get_running_loop()
        while not self._stopping:
            self._woken.clear()
            try:
                found = await self.round()
            except Exception as error:
                _log.error("the errands could not be reached: %s", describe(error))
                found = 0
            if not found:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), IDLE)

    def stop(self) -> None:
        """Claim no more; the round under way ends by itself."""
        self._stopping = True
        self._woken.set()

    async def round(self) -> int:
        """Run what is due, and write down in one batch what became of it; how many there were."""
        errands = await self._book.claim(PARALLEL)
        if errands:
            await self._book.settle(await asyncio.gather(*(self._one(errand) for errand in errands)))
        return len(errands)

    async def _one(self, errand: DueErrand) -> ErrandOutcome:
        """Run one errand. Here is the one broad guard of an errand."""
        try:
            async with asyncio.timeout(DEADLINE):
                await self._done(errand, await self._result(errand))
            return ErrandOutcome(id=errand.id, state="done")
        except (SendFailed, MediaRefused, TimeoutError) as error:
            failure = (
                error
                if isinstance(error, SendFailed)
                else SendFailed(str(error) or type(error).__name__, permanent=isinstance(error, MediaRefused))
            )
        except Exception as error:
            _log.error("errand %d: %s", errand.id, describe(error))
            failure = SendFailed(type(error).__name__)
        return await self._after(errand, failure)

    async def _result(self, errand: DueErrand) -> str:
        names = (errand.facts.get("ref", ""), errand.facts.get("address", ""))
        found = (p for name in names for prefix, p in self._platforms.items() if name.startswith(prefix))
        platform, make = next(found, None), self._make.get(errand.kind)
        if make is None or platform is None:
            raise SendFailed("nobody here can do this", permanent=True)
        return await make(await platform.fetch(errand.facts))

    async def _after(self, errand: DueErrand, failure: SendFailed) -> ErrandOutcome:
        """Try later, longer each time, or give up and say so."""
        tries = errand.attempts + 1
        most = HEARING_TRIES if errand.kind == "hear" else len(BACKOFF)
        if not failure.permanent and tries < most:
            wait = min(max(BACKOFF[tries], failure.retry_after or 0.0), max(BACKOFF[tries], LONGEST_WAIT))
            retry_at = self._clock.now() + timedelta(seconds=wait * (1.0 + JITTER * self._jitter()))
            return ErrandOutcome(id=errand.id, state="retry", retry_at=retry_at, error=str(failure))
        try:
            await self._failed(errand, str(failure))
        except Exception as error:
            _log.error("errand %d could not be given up: %s", errand.id, describe(error))
            retry_at = self._clock.now() + timedelta(seconds=BACKOFF[1])
            return ErrandOutcome(id=errand.id, state="retry", retry_at=retry_at, error=str(failure))
        return ErrandOutcome(id=errand.id, state="dead", error=str(failure))
