"""Two couriers on one memory: together they never send more than the platforms take, whoever dies in between."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from bot.config_platforms import TelegramConfig, WecomConfig
from bot.courier import Courier, Pulse
from bot.doors import Platform
from bot.metering import meter_of
from bot.platforms.telegram import Telegram
from bot.platforms.wecom import WeCom
from bot.platforms.wecom_api import WecomApi
from bot.platforms.wecom_webhook import WecomWebhook
from bot.platforms.wecom_webhook_words import Instead
from bot.secret import Secret
from handlers.letters import Button
from storage.store import Store, Tx
from storage.values import LetterOutcome, Outgoing
from tests.fakes.aio import Moving, running, serving
from tests.fakes.telegram import FakeTelegram
from tests.fakes.wechat_stage import album
from tests.fakes.wecom import FakeWeCom
from tests.fakes.wecom_stage import Notes
from tests.fakes.wecom_stage import config as wecom_config
from tests.fakes.wecom_webhook import FakeWecomWebhook
from tests.fakes.window import LittleWindow
from tests.product import product
from tests.storage.conftest import postgres_store, sqlite_store, store
from tests.storage.making import NOW, a_letter, write

__all__ = ["postgres_store", "sqlite_store", "store"]

T = TypeVar("T")
WORDING = product().desk.rules.wording
TAKE = Button("接单", "accept:A0001")
MEMBER, GROUP, WEBHOOK = "wecom::liming", "telegram::-1001", "wecom-webhook::jr-2-work"
KEYS = ("canary-key-1", "canary-key-2")
LONG = "长" * 900
"""Two texts and a card in WeCom."""


@dataclass
class Box:
    """The letters of one process. Without `counts` each process counts by itself, as it was."""

    store: Store
    owner: str
    clock: Moving
    platforms: Sequence[Platform]
    counts: bool

    async def claim(self, limit: int, busy: Collection[str]) -> list[Outgoing]:
        meter = meter_of(self.platforms) if self.counts else None
        return self._do(lambda tx: tx.claim_letters(self.clock.now(), self.owner, limit, busy, meter))

    async def settle(self, outcomes: Sequence[LetterOutcome]) -> None:
        self._do(lambda tx: tx.settle_letters(outcomes, self.clock.now()))

    def _do(self, work: Callable[[Tx], T]) -> T:
        with self.store.transaction() as tx:
            return work(tx)


class Houses:
    """The platforms' side, as strict as they are."""

    def __init__(self, clock: Moving) -> None:
        self.clock = clock
        self.wecom = FakeWeCom(clock.monotonic)
        self.webhook = FakeWecomWebhook(
            clock.monotonic, keys={"canary-key-1": "jr-2-work", "canary-key-2": "jr-2-work"}
        )
        self.telegram = FakeTelegram(clock.monotonic, strict=True)
        self.telegram.groups.add(-1001)

    @property
    def violations(self) -> int:
        return len(self.wecom.dropped) + len(self.webhook.refused) + self.telegram.floods

    @property
    def arrived(self) -> int:
        return len(self.wecom.sent) + len(self.webhook.sent) + len(self.telegram.messages)


@dataclass
class Town:
    """The houses, their addresses, and the memory of all processes."""

    houses: Houses
    bases: tuple[str, str, str]
    store: Store
    counts: bool
    born: int = 0

    def platforms(self) -> list[Platform]:
        clock = self.houses.clock
        one = wecom_config(self.houses.wecom, self.bases[0])
        api = WecomApi(one.api_base, one.corp_id, one.secret, clock.monotonic)
        keys = {"jr-2-work": tuple(Secret(key) for key in self.houses.webhook.keys)}
        bot = TelegramConfig(token=Secret(self.houses.telegram.token), secret_token=Secret("s"), api_base=self.bases[2])
        window, steady = LittleWindow(), clock.monotonic
        return [
            WeCom(one, api, photos=album, clock=clock, window=window, note=Notes().change, monotonic=steady),
            WecomWebhook(
                WecomConfig(webhooks=keys, api_base=self.bases[1]), photos=album, instead=Instead(WORDING, ""),
                monotonic=steady,
            ),
            Telegram(bot, photos=album, clock=clock, window=window, monotonic=steady),
        ]  # fmt: skip

    @asynccontextmanager
    async def process(self) -> AsyncIterator[Courier]:
        """One process, from its start until it is told to stop; on SQLite what a former one held is free at once."""
        self.born += 1
        platforms, clock = self.platforms(), self.houses.clock
        if self.store.sqlite:
            with self.store.transaction() as tx:
                tx.free_all(clock.now())
        box = Box(self.store, f"process {self.born}", clock, platforms, self.counts)

        async def alarm(*_: object) -> None:
            raise AssertionError("nothing dies and nothing is down")

        pulse = Pulse(now=clock.monotonic, jitter=lambda: 0.0)
        courier = Courier(box, platforms, clock=clock, on_dead=alarm, on_paused=alarm, pulse=pulse)
        for platform in platforms:
            await platform.start()
        run = asyncio.create_task(courier.run())
        try:
            yield courier
        finally:
            await courier.stop()
            await run
            for platform in platforms:
                await platform.stop()


@asynccontextmanager
async def town(store: Store, *, counts: bool) -> AsyncIterator[Town]:
    houses = Houses(Moving(NOW))
    async with (
        serving(houses.wecom.app()) as one,
        serving(houses.webhook.app()) as two,
        serving(houses.telegram.app()) as three,
    ):
        yield Town(houses, (one, two, three), store, counts)


async def busy_minutes(here: Town, seconds: int, seed: int = 7) -> None:
    """Two processes take turns: every so often one is replaced by a new one, which knows nothing."""
    chance, clock = random.Random(seed), here.houses.clock
    couriers: list[Courier] = []
    stacks = [AsyncExitStack(), AsyncExitStack()]
    couriers = [await stack.enter_async_context(here.process()) for stack in stacks]
    try:
        for second in range(seconds):
            if second % 20 == 19:
                gone = chance.randrange(2)
                await stacks[gone].aclose()
                couriers[gone] = await stacks[gone].enter_async_context(here.process())
            clock.advance(1.0)
            for courier in couriers:
                courier.wake()
            await asyncio.sleep(0.02)
    finally:
        for stack in stacks:
            await stack.aclose()


def much_to_say(store: Store, each: int) -> None:
    """More than the platforms take in a few minutes."""
    told = [a_letter(MEMBER, LONG, chat=MEMBER, case=f"A{n:04}", buttons=(TAKE,)) for n in range(each)]
    told += [a_letter(chat, LONG, chat=chat, case=f"A{n:04}") for n in range(each) for chat in (GROUP, WEBHOOK)]
    write(store, letters=tuple(told))


@running
async def test_together_they_send_no_more_than_is_taken(store: Store) -> None:
    async with town(store, counts=True) as here:
        much_to_say(store, 80)
        await busy_minutes(here, 240)
        assert here.houses.violations == 0
        assert here.houses.arrived > 80


@running
async def test_each_counting_for_itself_they_would_send_too_much(sqlite_store: Store) -> None:
    async with town(sqlite_store, counts=False) as here:
        much_to_say(sqlite_store, 80)
        await busy_minutes(here, 120)
        assert here.houses.violations > 0
