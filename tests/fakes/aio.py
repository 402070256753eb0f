"""Knows how a test runs a coroutine, and how an aiohttp application is served on a real socket of this machine."""

from __future__ import annotations

import asyncio
import functools
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec

from aiohttp import web

P = ParamSpec("P")


def running(test: Callable[P, Awaitable[None]]) -> Callable[P, None]:
    """Run an `async def` test in a loop of its own; what it leaves behind in the loop is cancelled."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        async def whole() -> None:
            async with asyncio.timeout(90):
                await test(*args, **kwargs)

        asyncio.run(whole())

    return run


@asynccontextmanager
async def serving(app: web.Application | web.AppRunner) -> AsyncIterator[str]:
    """The base address of an application on 127.0.0.1, at a port the machine chooses."""
    runner = app if isinstance(app, web.AppRunner) else web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


@contextmanager
def served(app: web.Application) -> Iterator[str]:
    """An application on a thread of its own, for commands that bring their own loop."""
    loop, found, ready = asyncio.new_event_loop(), [""], threading.Event()
    done = asyncio.Event()

    async def serve() -> None:
        async with serving(app) as base:
            found[0] = base
            ready.set()
            await done.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
        loop.close()


async def until(condition: Callable[[], Any], seconds: float = 5.0) -> None:
    """Wait until something has become true."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 (the product has no event for what tests look at)
            await asyncio.sleep(0.005)


class Moving:
    """A clock for both kinds of time, moved by hand."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)) -> None:
        self._start = start
        self.seconds = 0.0

    def now(self) -> datetime:
        """The wall clock."""
        return self._start + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """The steady clock."""
        return 1000.0 + self.seconds

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds
