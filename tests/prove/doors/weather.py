"""Knows the bad weather before the platforms' servers, and what each of them answered: codes, times, what got lost."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

TOO_MUCH = frozenset({45009, 45011, 45015, 45033, 45047})
"""The errcodes that say: you were told how much you may send."""
FLOOD = 429


@dataclass(frozen=True, slots=True)
class Climate:
    """How often something goes wrong with a call, each as a share of all calls, and how slow slow is."""

    broken: float = 0.01
    cut: float = 0.01
    odd: float = 0.005
    slow: float = 0.01
    slowest: float = 2.0
    swallowed: float = 0.002


FAIR = Climate(0, 0, 0, 0, 0, 0)


@dataclass
class Weather:
    """What one platform's server does to the calls of the bot. `away`: nobody answers at all."""

    name: str
    chance: random.Random
    climate: Climate = Climate()
    away: bool = False
    fair: bool = False
    did: Counter[str] = field(default_factory=Counter)
    codes: Counter[int] = field(default_factory=Counter)
    repeats: int = 0
    """So many times more each call is handled: a bot that says everything again, for the control."""

    async def __call__(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer one call, or misbehave; the errcodes that the server meant are counted."""
        if self.away:
            self.did["away"] += 1
            return _gone(request)
        turn = "" if self.fair else self._turn()
        self.did[turn or "fair"] += 1
        if turn == "broken":
            return web.Response(status=self.chance.choice((500, 502, 503, 504)), text="<html>bad gateway</html>")
        if turn == "odd":
            return web.Response(text="<html>maintenance</html>", content_type="text/html")
        if turn == "cut":
            return _gone(request)
        if turn == "slow":
            await asyncio.sleep(self.chance.uniform(0.2, self.climate.slowest))
        answer = await handler(request)
        self._note(answer)
        for _ in range(self.repeats):
            self._note(await handler(request))
        return _gone(request) if turn == "swallowed" else answer

    def too_much(self) -> int:
        """How often the server had to say that it was too much."""
        return sum(n for code, n in self.codes.items() if code in TOO_MUCH or code == FLOOD)

    def _turn(self) -> str:
        drawn = self.chance.random()
        for name in ("broken", "cut", "odd", "slow", "swallowed"):
            drawn -= getattr(self.climate, name)
            if drawn < 0:
                return name
        return ""

    def _note(self, answer: web.StreamResponse) -> None:
        if answer.status == FLOOD:
            self.codes[FLOOD] += 1
        elif isinstance(answer, web.Response) and answer.content_type == "application/json" and answer.text:
            found = json.loads(answer.text)
            if isinstance(found, dict) and found.get("errcode"):
                self.codes[found["errcode"]] += 1


def _gone(request: web.Request) -> web.Response:
    """The connection ends without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def under(app: web.Application, weather: Weather) -> web.Application:
    """The same server, in this weather."""

    @web.middleware
    async def blow(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await weather(request, handler)

    app.middlewares.append(blow)
    return app


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happens at a moment of the run (as a share of its length)."""

    at: float
    name: str
    do: Callable[[], Awaitable[object] | object]


async def play(acts: Sequence[Act], length: float, happened: Counter[str]) -> None:
    """Let everything happen at its moment."""
    began = time.monotonic()
    for act in sorted(acts, key=lambda act: act.at):
        await asyncio.sleep(max(0.0, began + act.at * length - time.monotonic()))
        done = act.do()
        if isinstance(done, Awaitable):
            await done
        happened[act.name] += 1
