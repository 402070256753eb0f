"""Knows how letters are taken to their platforms: claimed as lanes are free, sent side by side, settled in batches."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final, Protocol

from bot.doors import LetterHeld, Platform, SendFailed
from bot.lanes import GAP, IDLE, Schedule, Verdict
from bot.secret import describe
from handlers.ports import Clock
from storage.values import LetterOutcome, Outgoing

DEADLINE: Final = 25.0
ROUNDS: Final = 8

_log = logging.getLogger(__name__)


class Letterbox(Protocol):
    """How the courier reaches the letters, through the counter's writing thread.

    `claim` leases the first letters that are due, red ones first, of lanes that are not busy: `busy` holds lanes and,
    ending in a colon, beginnings of lanes (an account that is down).
    """

    async def claim(self, limit: int, busy: Collection[str]) -> list[Outgoing]: ...
    async def settle(self, outcomes: Sequence[LetterOutcome]) -> None: ...


@dataclass(frozen=True, slots=True)
class Pulse:
    """What the courier takes from the world besides letters: a steady clock, chance, and how long a send may take."""

    now: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = random.random
    deadline: float = DEADLINE


class Courier:
    """The loop. `on_dead` and `on_paused` raise alarms; `count` is for the metrics."""

    def __init__(
        self,
        box: Letterbox,
        platforms: Sequence[Platform],
        *,
        clock: Clock,
        on_dead: Callable[[Outgoing, str], Awaitable[None]],
        on_paused: Callable[[str, str], Awaitable[None]],
        count: Callable[[str, str], None] = lambda platform, outcome: None,
        pulse: Pulse = Pulse(),
    ) -> None:
        self._box = box
        self._platforms = {platform.lane_prefix: platform for platform in platforms}
        abilities = {prefix: platform.abilities for prefix, platform in self._platforms.items()}
        self._schedule = Schedule(abilities, pulse.jitter)
        self._clock = clock
        self._pulse = pulse
        self._on_dead = on_dead
        self._on_paused = on_paused
        self._count = count
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = False
        self._flights: set[asyncio.Task[None]] = set()
        self._outcomes: list[LetterOutcome] = []
        self._alarms: list[Callable[[], Awaitable[None]]] = []

    def wake(self) -> None:
        """A commit has written letters: look at once. May be called from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._woken.set)

    async def run(self) -> None:
        """Until `stop`. Trouble with the memory is waited out; letters under way keep their outcomes till then."""
        self._loop = asyncio.get_running_loop()
        while not self._stopping:
            self._woken.clear()
            try:
                await self._round()
            except Exception as error:
                _log.error("the courier could not reach the letters: %s", describe(error))
                await asyncio.sleep(IDLE)
                continue
            wait = self._schedule.next_moment(self._pulse.now()) - self._pulse.now()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), min(max(wait, GAP), IDLE))

    async def stop(self) -> None:
        """Take no more letters; wait for those under way and write down what became of them."""
        self._stopping = True
        self._woken.set()
        if self._flights:
            await asyncio.wait(self._flights, timeout=self._pulse.deadline)
        await self._settle()

    async def _round(self) -> None:
        await self._settle()
        await self._claim()
        for letter in self._schedule.launch(self._pulse.now()):
            flight = asyncio.create_task(self._fly(letter))
            self._flights.add(flight)
            flight.add_done_callback(self._flights.discard)
        await self._settle()

    async def _claim(self) -> None:
        """Take what is due in hand; again when letters had to be handed back and others may stand behind them."""
        for _ in range(ROUNDS):
            free = self._schedule.free
            if free <= 0 or self._stopping:
                return
            letters = await self._box.claim(free, self._schedule.busy(self._pulse.now()) | self._elsewhere())
            for letter in letters:
                self._admit(letter)
            if len(letters) < free:
                return

    def _elsewhere(self) -> frozenset[str]:
        """The accounts that another process sends for."""
        return frozenset(prefix for prefix, one in self._platforms.items() if getattr(one, "elsewhere", False))

    def _admit(self, letter: Outgoing) -> None:
        if self._schedule.prefix(letter.chat) is None:
            self._finish(letter, Verdict("dead"), reason="no such platform here")
            return
        for back, wait in self._schedule.admit(letter, self._pulse.now()):
            self._finish(back, Verdict("retry", wait))

    async def _fly(self, letter: Outgoing) -> None:
        """Take one letter to its platform. Here is the one broad guard of a letter."""
        prefix = self._schedule.prefix(letter.chat) or ""
        failure: SendFailed | None = None
        ref, held = "", False
        try:
            async with asyncio.timeout(self._pulse.deadline):
                ref = await self._platforms[prefix].deliver(letter)
        except LetterHeld:  # already written down; to the lane and the account it is as good as sent
            held = True
        except SendFailed as error:
            failure = error
        except TimeoutError:
            failure = SendFailed("the deadline is over")
        except Exception as error:
            _log.error("letter %d: %s", letter.id, describe(error))
            failure = SendFailed(type(error).__name__)
        verdict = self._schedule.done(letter, self._pulse.now(), failure)
        self._count(prefix.partition(":")[0], "held" if held else verdict.state)
        self._finish(letter, verdict, ref, str(failure or ""))
        if verdict.paused:
            _log.error("%s is down: %s", prefix, failure)
            self._alarms.append(partial(self._on_paused, prefix, str(failure)))
        self._woken.set()

    def _finish(self, letter: Outgoing, verdict: Verdict, ref: str = "", reason: str = "") -> None:
        retry_at = self._clock.now() + timedelta(seconds=verdict.wait) if verdict.state == "retry" else None
        self._outcomes.append(
            LetterOutcome(id=letter.id, state=verdict.state, ref=ref, retry_at=retry_at, error=reason)
        )
        if verdict.state == "dead":
            self._alarms.append(partial(self._on_dead, letter, reason))

    async def _settle(self) -> None:
        """Write down outcomes in one batch, then raise the alarms: both again when they fail."""
        outcomes = self._outcomes
        if outcomes:
            self._outcomes = []
            try:
                await self._box.settle(outcomes)
            except Exception:
                self._outcomes = [*outcomes, *self._outcomes]
                raise
        while self._alarms:
            await self._alarms[0]()
            self._alarms.pop(0)
