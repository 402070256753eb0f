"""Knows how an adapter stands in the suite: between its fake server and an edge, a courier or a desk behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from bot.batch import Batch
from bot.beat import Beat
from bot.courier import Courier, Pulse
from bot.doors import Platform, SendFailed, Served, Window, WithPages
from bot.server import Counters, build_app
from handlers.cases import Case
from handlers.incoming import Incoming
from storage.store import Store
from storage.values import LetterOutcome, Outgoing
from tests.bot.platforms.driver import OTHER_WORKER, WORKER, Driver, Meaning, Wire
from tests.fakes.aio import Moving, serving
from tests.fakes.letters import Letterbox, letter
from tests.fakes.window import LittleWindow
from tests.product import product


@dataclass
class Door:
    """One adapter at work: what is posted to it arrives over a socket."""

    driver: Driver
    platform: Platform
    session: aiohttp.ClientSession
    base: str

    async def post(self, wire: Wire) -> tuple[int, bytes]:
        """Deliver one request; status and body of the answer."""
        if (taken := await self.driver.brings(wire)) is not None:
            return taken
        url = self.base + self.platform.hooks[0].path
        async with self.session.request(
            wire.method, url, params=dict(wire.query), headers=dict(wire.headers), data=wire.body or None
        ) as response:
            return response.status, await response.read()

    async def told(self, wire: Wire) -> str:
        """Deliver one request that must be taken; the words the person reads in its answer."""
        status, body = await self.post(wire)
        assert 200 <= status < 300, status
        return self.driver.heard(body)

    async def meaning(self, one: Outgoing) -> Meaning:
        """Deliver one letter: what becomes of it."""
        try:
            await self.platform.deliver(one)
        except SendFailed as error:
            if error.account:
                return "account"
            return "permanent" if error.permanent else "retry"
        self.driver.sent(one)
        return "sent"


def to(driver: Driver, by: str, number: int = 1, text: str = "") -> Outgoing:
    """A letter to one of the suite's people."""
    more = {"text": text} if text else {}
    return letter(number, driver.talk(by), **more)


@asynccontextmanager
async def standing(driver: Driver, window: Window) -> AsyncIterator[Door]:
    """The adapter between its fake server and an edge that hands what is read to this window."""
    async with serving(driver.app()) as outside:
        platform = driver.platform(outside, window)
        pages = platform.routes() if isinstance(platform, WithPages) else ()
        app = build_app(platform.hooks, window, health=dict, clock=driver.clock, counters=Counters(), routes=pages)
        async with serving(app) as base, aiohttp.ClientSession() as session:
            driver.door = base
            await platform.start()
            try:
                await driver.ready(platform)
                yield Door(driver, platform, session, base)
            finally:
                await platform.stop()


@asynccontextmanager
async def receiving(driver: Driver) -> AsyncIterator[tuple[Door, LittleWindow]]:
    """The adapter before a little counter."""
    window = LittleWindow()
    async with standing(driver, window) as door:
        yield door, window


# -- with a courier ----------------------------------------------------------------------------------------------------


@dataclass
class Round:
    """A running courier with its letters, its alarms and a clock moved by hand."""

    door: Door
    clock: Moving
    box: Letterbox
    courier: Courier
    dead: list[int] = field(default_factory=list)
    paused: list[str] = field(default_factory=list)

    async def passes(self, seconds: float, step: float = 10.0) -> None:
        """Let time pass, with room for letters to travel over the sockets of this machine."""
        for _ in range(round(seconds / step)):
            self.clock.advance(step)
            self.courier.wake()
            await asyncio.sleep(0.01)


@asynccontextmanager
async def carrying(driver: Driver) -> AsyncIterator[Round]:
    """The adapter with a courier."""
    async with standing(driver, LittleWindow()) as door:
        around: Round

        async def on_dead(one: Outgoing, reason: str) -> None:
            around.dead.append(one.id)

        async def on_paused(account: str, reason: str) -> None:
            around.paused.append(account)

        clock, box = driver.clock, Letterbox(driver.clock.now)
        pulse = Pulse(now=clock.monotonic, jitter=lambda: 0.0)
        courier = Courier(box, [door.platform], clock=clock, on_dead=on_dead, on_paused=on_paused, pulse=pulse)
        around = Round(door, clock, box, courier)
        task = asyncio.create_task(courier.run())
        try:
            yield around
        finally:
            await courier.stop()
            await task


# -- with a desk -------------------------------------------------------------------------------------------------------


class DeskWindow(LittleWindow):
    """The real desk and memory, one message at a time; `receipts` are the final words of each."""

    def __init__(self, driver: Driver) -> None:
        super().__init__()
        self.driver, self.store = driver, Store("sqlite://")
        self.store.create()
        self.receipts: list[str] = []
        present = product().present(alone=True)
        self._batch, beat = Batch(self.store, present, driver.clock), Beat(present, driver.clock)
        accounts = {"li": (driver.people[WORKER],), "zhao": (driver.people[OTHER_WORKER],)}
        with self.store.transaction() as tx:
            beat.read_town(tx, accounts, {"jr-2-work": (driver.group,)} if driver.group else {})

    async def serve(self, incoming: Incoming) -> Served:
        """Serve one message."""
        result = self._batch.serve([incoming])[0]
        assert not isinstance(result, BaseException), result
        assert not result.failed
        self.served.append(incoming)
        self.receipts.append(result.receipt)
        return Served(result.inbox, result.receipt, repeat=result.repeat)

    def mark(self, action: str, chat: str) -> str:
        """What the newest button of this action in a chat brings back, once all that waits has been sent."""
        now = self.driver.clock.now()
        with self.store.transaction() as tx:
            while claimed := tx.claim_letters(now, "suite", 100):
                tx.settle_letters([LetterOutcome(id=one.id, state="sent", ref=f"m{one.id}") for one in claimed], now)
        with self.store.reading() as reader:
            told = reader.timeline(chat, limit=100)
        hanging = [button.mark for line in told for button in line.buttons if button.action == action]
        assert hanging, (action, chat, [(line.text.reveal(), line.state) for line in told])
        assert all(len(mark) == len("Qk3_x-9TwErA.0") for mark in hanging)
        return hanging[-1]

    def person(self, by: str) -> str:
        """Who one of the suite's people is in the memory."""
        with self.store.reading() as reader:
            return reader.threads_of([self.driver.people[by]])[self.driver.people[by]].person

    def refused(self, person: str) -> list[str]:
        """Why a person was refused something, in order, as it is kept."""
        with self.store.reading() as reader:
            return [one["reason"] for one in reader.export_person(person)["refusals"]]

    def steps(self, number: str = "A0001") -> list[str]:
        """The steps of a case."""
        with self.store.reading() as reader:
            return [entry.step for entry in reader.entries(number)]

    def cases(self) -> list[Case]:
        """All cases."""
        with self.store.reading() as reader:
            return list(reader.cases())

    def photos(self, number: str = "A0001") -> list[str]:
        """The pictures that are kept with a case."""
        with self.store.reading() as reader:
            return [photo.ref for photo in reader.photos(number)]


@asynccontextmanager
async def deciding(driver: Driver) -> AsyncIterator[tuple[Door, DeskWindow]]:
    """The adapter before the real desk."""
    window = DeskWindow(driver)
    async with standing(driver, window) as door:
        try:
            yield door, window
        finally:
            window.store.close()
