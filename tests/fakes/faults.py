"""Knows the ways in which a platform's server can misbehave, on demand."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Fault:
    """One bad answer: a status with a body, a wait, a connection that is cut, or a body that trickles."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    delay: float = 0.0
    cut: bool = False
    trickle: bool = False

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Misbehave."""
        await asyncio.sleep(self.delay)
        if self.cut:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if self.trickle:
            return await self._trickle(request)
        return web.Response(
            status=self.status, body=self.body, headers=dict(self.headers), content_type=self.content_type
        )

    async def _trickle(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        for _ in range(1000):
            await response.write(b" ")
            await asyncio.sleep(0.05)
        return response


class Faults:
    """Bad answers that wait for the next calls, by name of the call; `always` ones stay until they are lifted."""

    def __init__(self) -> None:
        self._next: dict[str, list[Fault]] = defaultdict(list)
        self._always: dict[str, Fault] = {}

    def next(self, name: str, *faults: Fault) -> None:
        """Misbehave on the next calls of this name."""
        self._next[name] += faults

    def always(self, name: str, fault: Fault | None) -> None:
        """Misbehave on every call of this name; None ends it."""
        if fault is None:
            self._always.pop(name, None)
        else:
            self._always[name] = fault

    def take(self, name: str) -> Fault | None:
        """The fault for this call, if one was ordered."""
        waiting = self._next.get(name)
        return waiting.pop(0) if waiting else self._always.get(name)
