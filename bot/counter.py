"""Knows the counter (窗口): one writing thread at which messages wait together; all else that writes joins in."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

from bot.batch import LIMIT, Batch, Result
from bot.doors import Delivery, Served
from bot.frames import frames
from handlers.effects import Effects
from handlers.incoming import Incoming
from handlers.letters import to_duty_desk
from handlers.ports import Clock
from storage.store import Store, Tx
from storage.values import Written

log = logging.getLogger(__name__)

T = TypeVar("T")
Job = tuple[Callable[[Tx], Any], "Future[Any]", bool]


class Counter:
    """Serves whatever waits, at most 64 messages at once; a lone message is served at once, there is no timer.

    `serve`, `run` and `written` may be called from the event loop; the work is done on one thread of its own.
    `after_commit` is called (on that thread) whenever something may have put a letter into the outgoing tray.
    """

    def __init__(self, store: Store, batch: Batch, clock: Clock, after_commit: Callable[[], None]) -> None:
        self._store = store
        self._batch = batch
        self._clock = clock
        self._after_commit = after_commit
        self._waiting: deque[tuple[Incoming, Future[Result]]] = deque()
        self._jobs: deque[Job] = deque()
        self._written: deque[int] = deque()
        self._signal = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name="counter", daemon=True)

    def start(self) -> None:
        """Open the window."""
        self._thread.start()

    def stop(self) -> None:
        """Serve what waits, then close."""
        with self._signal:
            self._stopping = True
            self._signal.notify()
        self._thread.join()

    # -- from the event loop ---------------------------------------------------------------------------------------

    async def serve(self, incoming: Incoming) -> Served:
        """Serve one message; returns after the commit. Raises when it could not be kept."""
        future: Future[Result] = Future()
        self._put(self._waiting, (incoming, future))
        result = await asyncio.wrap_future(future)
        return Served(result.inbox, result.receipt, result.repeat)

    def written(self, inbox: int) -> None:
        """The inline answer's bytes are in the socket: its letter is marked with the next commit."""
        self._put(self._written, inbox)

    async def run(self, work: Callable[[Tx], T], *, posts: bool = False) -> T:
        """Do something else that writes, in the same thread; it shares the commit with whatever waits.

        `posts`: it may put letters or errands into their trays, so that who carries them is woken. Who only claims and
        settles must not say so: they would wake themselves for ever.
        """
        future: Future[Any] = Future()
        self._put(self._jobs, (work, future, posts))
        done: T = await asyncio.wrap_future(future)
        return done

    async def note(self, name: str, change: Callable[[str], str]) -> str:
        """Change one setting of the memory in one transaction; what it was before."""

        def work(tx: Tx) -> str:
            before = tx.get_setting(name)
            if (after := change(before)) != before:
                tx.set_setting(name, after)
            return before

        return await self.run(work)

    async def keep_unread(self, platform: str, account: str, delivery: Delivery, reason: str) -> None:
        """Keep a signed delivery that could not be read, and tell the duty desk."""
        await self.run(lambda tx: self._keep_unread(tx, platform, account, delivery, reason), posts=True)

    def _keep_unread(self, tx: Tx, platform: str, account: str, delivery: Delivery, reason: str) -> None:
        now = self._clock.now()
        row = tx.keep_unread(
            platform=platform, account=account, headers=dict(delivery.query), raw=delivery.body, error=reason, now=now
        )
        self.alarm(tx, "desk.unread", platform=platform, id=row)

    def alarm(self, tx: Tx, key: str, **facts: object) -> None:
        """A red line to the duty desk, about the machine itself."""
        letter = to_duty_desk(self._batch.town, self._batch.say(key, **facts))
        tx.flush([Written(effects=Effects(letters=(letter,)))], self._clock.now())

    def _put(self, queue: deque[Any], what: Any) -> None:
        with self._signal:
            if self._stopping:
                raise RuntimeError("the counter is closed")
            queue.append(what)
            self._signal.notify()

    # -- the writing thread ----------------------------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            with self._signal:
                self._signal.wait_for(lambda: self._waiting or self._jobs or self._written or self._stopping)
                if self._stopping and not (self._waiting or self._jobs or self._written):
                    return
                messages = _take(self._waiting, LIMIT)
                jobs = _take(self._jobs, LIMIT)
                marks = _take(self._written, LIMIT * 4)
            self._round(messages, jobs, marks)

    def _round(
        self, messages: Sequence[tuple[Incoming, Future[Result]]], jobs: Sequence[Job], marks: list[int]
    ) -> None:
        if messages:
            results = self._batch.serve([incoming for incoming, _ in messages])
            for (_, future), result in zip(messages, results, strict=True):
                _settle(future, result)
        if marks:
            jobs = [(lambda tx: tx.mark_inline(marks, self._clock.now()), Future(), False), *jobs]
        if jobs:
            self._together(jobs)
        if messages or any(posts for *_, posts in jobs):
            self._after_commit()

    def _together(self, jobs: Sequence[Job]) -> None:
        """All in one commit; if one fails, each in its own, so that the others go on."""
        try:
            with self._store.transaction() as tx:
                results = [work(tx) for work, *_ in jobs]
        except Exception as error:
            if len(jobs) == 1:
                log.error("work at the counter failed: %s\n%s", type(error).__name__, frames(error))
                _settle(jobs[0][1], error)
                return
            for job in jobs:
                self._together([job])
            return
        for (_, future, _), result in zip(jobs, results, strict=True):
            _settle(future, result)


def _settle(future: Future[Any], result: Any) -> None:
    """Answer whoever waits, unless they have gone away (a closed connection cancels its future)."""
    if not future.set_running_or_notify_cancel():
        return
    if isinstance(result, BaseException):
        future.set_exception(result)
    else:
        future.set_result(result)


def _take(queue: deque[T], limit: int) -> list[T]:
    return [queue.popleft() for _ in range(min(limit, len(queue)))]
