"""Knows the running bot: the counter, the wires, the courier, the errands and the clock, from start to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

from aiohttp import web

from bot.app import Product
from bot.batch import Batch
from bot.beat import Beat
from bot.clock import SystemClock
from bot.counter import Counter
from bot.courier import Courier
from bot.doors import Platform, WithPages
from bot.errands import Errands
from bot.exporting import export_text
from bot.hearing import Hears
from bot.lending import Lending
from bot.media import Shelf
from bot.metering import meter_of
from bot.relearning import Relearning
from bot.server import Counters, build_app, metrics_routes, only_on
from bot.visits import Visits
from bot.wiring import hearing, platforms, terms
from handlers.incoming import Incoming, Kind
from handlers.raw import RawText
from handlers.town import DUTY_DESK
from nlu.learning import versions
from storage.store import Store, Tx
from storage.values import DueErrand, ErrandOutcome, LetterOutcome, Meter, Outgoing

log = logging.getLogger(__name__)

TRIES = 5
AGAIN = timedelta(minutes=1)
"""How often, and how long after a failure, an errand of the house's own is tried again."""

BEAT = 1.0
"""Seconds between two looks of the clock at what is due."""


_BROUGHT: Mapping[str, tuple[str, Kind]] = {"download": ("photo", "fetched"), "hear": ("heard", "voice")}


class Letters:
    """The courier's way to its letters, through the counter's writing thread."""

    def __init__(self, counter: Counter, owner: str, meter: Meter | None = None) -> None:
        self._counter = counter
        self._owner = owner
        self._meter = meter
        self._clock = SystemClock()

    async def claim(self, limit: int, busy: Collection[str]) -> list[Outgoing]:
        """Lease letters that are due."""
        now = self._clock.now
        return await self._counter.run(lambda tx: tx.claim_letters(now(), self._owner, limit, busy, self._meter))

    async def settle(self, outcomes: Sequence[LetterOutcome]) -> None:
        """Write down what became of them."""
        await self._counter.run(lambda tx: tx.settle_letters(outcomes, self._clock.now()))


class Book:
    """The errand runner's way to its errands; those that need no platform are done on the spot."""

    def __init__(self, live: Live) -> None:
        self._live = live

    async def claim(self, limit: int) -> list[DueErrand]:
        """Lease errands that are due; exports are put together here and now."""
        live = self._live
        found = await live.counter.run(lambda tx: tx.claim_errands(live.clock.now(), live.owner, limit))
        own = {"export": live.export, "unlink": live.unlink}
        for errand in found:
            if errand.kind in own:
                await self.settle([await self._run(own[errand.kind], errand)])
        return [errand for errand in found if errand.kind not in own]

    async def _run(self, work: Callable[[DueErrand], Awaitable[None]], errand: DueErrand) -> ErrandOutcome:
        """One errand of the house's own; one that breaks is tried again, and never holds the others up."""
        try:
            await work(errand)
        except Exception as error:
            log.error("errand %d (%s) failed: %s", errand.id, errand.kind, type(error).__name__)
            if errand.attempts + 1 < TRIES:
                later = self._live.clock.now() + AGAIN
                return ErrandOutcome(id=errand.id, state="retry", retry_at=later, error=type(error).__name__)
            await self._live.errand_lost(errand)
            return ErrandOutcome(id=errand.id, state="dead", error=type(error).__name__)
        return ErrandOutcome(id=errand.id, state="done")

    async def settle(self, outcomes: Sequence[ErrandOutcome]) -> None:
        """Write down what became of them."""
        await self._live.counter.run(lambda tx: tx.settle_errands(outcomes, self._live.clock.now()))


class Live:
    """One process of the bot."""

    def __init__(self, product: Product, store: Store) -> None:
        config = product.config
        self.config = config
        self.clock = SystemClock()
        self.store = store
        self.owner = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._product = product
        self._counters = Counters()
        self.shelf = Shelf(config.media)
        present = product.present()
        self._present = present
        visits = Visits(terms(config), lambda: self._batch.say("held.head"))
        self._batch = Batch(store, present, self.clock, visits=visits)
        self._beat = Beat(present, self.clock)
        self.counter = Counter(store, self._batch, self.clock, self._wake)
        lending = Lending(self.counter, store, self.shelf, self.clock, self.owner)
        wires = lending.wires(self._counters.add, product.desk.rules.wording)
        self._platforms: list[Platform] = platforms(config, wires)
        self._courier = Courier(
            Letters(self.counter, self.owner, meter_of(self._platforms)), self._platforms, clock=self.clock,
            on_dead=self._dead, on_paused=self._paused, count=self._count,
        )  # fmt: skip
        make = {"download": self.shelf.save, **hearing(config)}
        self._errands = Errands(
            Book(self), self._platforms, make, clock=self.clock, done=self._fetched, failed=self._not_fetched
        )
        shelf = versions.Shelf(Path(config.nlu.learnt or "var/none"))
        self.relearning = Relearning(shelf, product.hears, self._hear, self._not_learnt)
        self._ready = False
        self._tasks: list[asyncio.Task[None]] = []

    def _wake(self) -> None:
        self._courier.wake()
        self._errands.wake()

    def _count(self, platform: str, outcome: str) -> None:
        self._counters.add("letters", platform=platform, outcome=outcome)

    # -- from start to stop ----------------------------------------------------------------------------------------

    async def start(self, routes: Sequence[web.AbstractRouteDef]) -> web.Application:
        """Everything but the socket."""
        with self.store.transaction() as tx:
            if self.store.sqlite:  # one process only: what a former one was doing when it died is free at once
                tx.free_all(self.clock.now())
            catalogue = self._product.desk.rules.catalogue
            tx.save_catalogue(catalogue.version, self._product.catalogue_document)
            self._beat.read_town(tx, self.config.accounts, self.config.chats)
        self.counter.start()
        for platform in self._platforms:
            await platform.start()
        loops = (self._courier.run, self._errands.run, self._tick, self.relearning.run)
        self._tasks = [asyncio.ensure_future(loop()) for loop in loops]
        self._ready = True
        hooks = [hook for platform in self._platforms for hook in platform.hooks]
        with_pages = [one for one in self._platforms if isinstance(one, WithPages)]
        pages = [route for one in with_pages for route in one.routes()]
        metrics = metrics_routes(self._counters, self.health)
        app = build_app(
            hooks,
            self.counter,
            health=self.health,
            clock=self.clock,
            counters=self._counters,
            routes=[*metrics, *pages, *routes],
        )
        app.on_shutdown.append(partial(_let_go, with_pages))
        app.middlewares.append(only_on(self._operations_host()))
        return app

    async def stop(self) -> None:
        """Take nothing more, finish what is under way."""
        self._ready = False
        await self._courier.stop()
        self._errands.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for platform in self._platforms:
            await platform.stop()
        await asyncio.to_thread(self.counter.stop)
        self.store.close()

    def _operations_host(self) -> str:
        """Where /health and /metrics answer: `metrics_host`, or wherever the door stands when it is that very host."""
        server = self.config.server
        return "" if server.metrics_host == server.host else server.metrics_host

    def health(self) -> dict[str, object]:
        """Whether messages are taken, by which engine and with which model they are heard; for /health/ready."""
        facts = self._product.engine() | self.relearning.hears.told()
        return {"ready": self._ready, "platforms": len(self._platforms), **facts}

    async def _hear(self, hears: Hears) -> None:
        """Another model, taken up by the thread that serves: no batch is heard by two, no change of places is lost."""
        present, of = self._present, self._product.ear_of
        await self.counter.run(lambda tx: present.hear(of(hears, present.ear), hears.named))

    async def _tick(self) -> None:
        """The clock: one process at a time, by lease."""
        while True:
            await asyncio.sleep(BEAT)
            try:
                while await self.counter.run(self._one_tick):
                    self._wake()
            except Exception as error:
                log.error("the clock could not reach the cases: %s", type(error).__name__)

    def _one_tick(self, tx: Tx) -> int:
        if not tx.hold("clock", self.owner, self.clock.now()):
            return 0
        return self._beat.tick(tx)

    # -- alarms ----------------------------------------------------------------------------------------------------

    async def _not_learnt(self) -> None:
        """What was learnt cannot be used: one alarm, however many processes have seen it."""

        def tell(tx: Tx) -> None:
            if tx.hold("ear_alarm", self.owner, self.clock.now()):
                self.counter.alarm(tx, "desk.ear_refused")

        await self.counter.run(tell, posts=True)

    async def _dead(self, letter: Outgoing, reason: str) -> None:
        """A letter that cannot be delivered is told to the desk; one to the desk itself must not raise another."""
        if letter.to == DUTY_DESK:
            log.error("an alarm could not be delivered: %s", reason)
            return
        facts = {"to": self._present.desk.rules.town.name_of(letter.to), "reason": reason, "case": letter.case}
        await self.counter.run(lambda tx: self.counter.alarm(tx, "desk.dead", **facts), posts=True)

    async def _paused(self, account: str, reason: str) -> None:
        facts = {"account": account, "reason": reason}
        await self.counter.run(lambda tx: self.counter.alarm(tx, "desk.paused", **facts), posts=True)

    # -- errands ---------------------------------------------------------------------------------------------------

    async def _fetched(self, errand: DueErrand, found: str) -> None:
        what, kind = _BROUGHT[errand.kind]
        await self._bring(errand, what, found, scene=errand.facts.get("photo", ""), kind=kind)

    async def _not_fetched(self, errand: DueErrand, reason: str) -> None:
        if errand.kind == "hear":  # whoever spoke is asked to type
            await self._fetched(errand, "")
            return
        log.warning("a picture of %s could not be fetched: %s", errand.case, reason)
        await self.errand_lost(errand)

    async def errand_lost(self, errand: DueErrand) -> None:
        """What was promised and cannot be done is told to the duty desk, so that a human can ask again."""
        facts = {"kind": errand.kind, "case": errand.case or errand.id}
        await self.counter.run(lambda tx: self.counter.alarm(tx, f"desk.lost_{errand.kind}", **facts), posts=True)

    async def export(self, errand: DueErrand) -> None:
        """Put together what is kept of a person; it is read to them and to nobody else."""

        def text() -> str:
            with self.store.reading() as reader:
                return export_text(reader.export_person(errand.facts["person"]), self._product.desk.rules)

        await self._bring(errand, "export", await asyncio.to_thread(text))

    async def unlink(self, errand: DueErrand) -> None:
        """Remove the files of an erased person."""
        for path in filter(None, errand.facts.get("paths", "").split("\n")):
            with suppress(OSError):
                await asyncio.to_thread((self.config.media / path).unlink)

    async def _bring(self, errand: DueErrand, event: str, text: str, scene: str = "", kind: Kind = "fetched") -> None:
        """An errand's result comes back through the counter, like everything that changes state."""
        address = errand.facts["address"]
        platform, account, _ = address.split(":", 2)
        await self.counter.serve(
            Incoming(
                platform=platform, account=account, key=f"errand-{errand.id}", sender=address, chat=address,
                kind=kind, event=event, scene=scene, text=RawText(text), said_at=self.clock.now(),
            )
        )  # fmt: skip


async def _let_go(platforms: Sequence[WithPages], _: web.Application) -> None:
    for one in platforms:
        one.let_go()
