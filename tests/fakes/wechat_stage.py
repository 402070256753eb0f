"""Knows the stage of the tests about sending: the fake WeChat, one account that talks to it, its ledger, a clock."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest

from bot.config_platforms import WechatBudget, WechatConfig
from bot.doors import SendFailed
from bot.platforms.ledger import Ledger
from bot.platforms.wechat import WeChat
from bot.secret import Secret
from handlers.effects import Effects
from handlers.letters import Letter
from storage.store import Store, Tx
from storage.values import Opened, Written
from tests.fakes.aio import Moving, serving
from tests.fakes.letters import letter
from tests.fakes.wechat import FakeWeChat

OPENID = "oResident"
ALBUM = {"p1": b"\xff\xd8\xff first", "p2": b"\xff\xd8\xff second"}


async def album(name: str) -> bytes:
    if name not in ALBUM:
        raise FileNotFoundError(name)
    return ALBUM[name]


CHAT = f"wechat:gh_0123456789ab:{OPENID}"
T = TypeVar("T")


def memory() -> Store:
    """An empty memory."""
    store = Store("sqlite://")
    store.create()
    return store


class Books:
    """The ledger of one process over a memory that several may share."""

    def __init__(self, store: Store, clock: Moving, owner: str = "one") -> None:
        self.store, self.clock, self.owner = store, clock, owner
        self.ledger = Ledger(self.run, clock, self.lease)

    def run(self, work: Callable[[Tx], T]) -> Awaitable[T]:
        async def done() -> T:
            with self.store.transaction() as tx:
                return work(tx)

        return done()

    async def lease(self, name: str) -> bool:
        return await self.run(lambda tx: tx.hold(name, self.owner, self.clock.now()))

    def opened(self, chat: str = CHAT, messages: int = 5, seconds: float = 48 * 3600.0) -> None:
        with self.store.transaction() as tx:
            tx.allowing.open([Opened(chat, messages, self.clock.now() + timedelta(seconds=seconds))])

    def write(self, n: int) -> None:
        """Letters 1 to `n` lie in the tray, as the courier's tests make them up."""
        letters = tuple(Letter(to="p1", chat=CHAT, text=f"第{number}封") for number in range(1, n + 1))
        with self.store.transaction() as tx:
            tx.flush([Written(effects=Effects(letters=letters))], self.clock.now())

    def ways(self, *ids: int) -> dict[int, tuple[str, str]]:
        with self.store.transaction() as tx:
            return tx.allowing.ways(ids)


class Stage:
    """The fake API, the account that talks to it and what it counts."""

    def __init__(
        self, base: str, fake: FakeWeChat, books: Books, account: WeChat, chosen: list[tuple[str, str]]
    ) -> None:
        self.base, self.fake, self.books, self.account, self.chosen = base, fake, books, account, chosen
        self.clock = books.clock

    def said(self) -> None:
        """The resident writes: both sides know it."""
        self.fake.said(OPENID)
        self.books.opened()

    def over(self) -> None:
        """Two days pass."""
        self.clock.advance(49 * 3600)

    async def fails(self, number: int = 1) -> SendFailed:
        with pytest.raises(SendFailed) as caught:
            await self.account.deliver(letter(number))
        return caught.value


def config_of(fake: FakeWeChat, base: str, **more: object) -> WechatConfig:
    facts: dict[str, object] = {
        "account": "gh_0123456789ab",
        "app_id": fake.app_id,
        "secret": Secret(fake.secret),
        "api_base": base,
        "templates": {"progress": "T1"},
        "budget": WechatBudget(reserve=0),
        **more,
    }
    return WechatConfig(**facts)  # type: ignore[arg-type]


@asynccontextmanager
async def stage(base: str = "", store: Store | None = None, **more: object) -> AsyncIterator[Stage]:
    clock = Moving()
    fake = FakeWeChat(clock.monotonic)
    async with serving(fake.app()) as served:
        books = Books(store or memory(), clock)
        chosen: list[tuple[str, str]] = []
        account = WeChat(
            config_of(fake, base or served, **more),
            photos=album,
            ledger=books.ledger,
            zone=ZoneInfo("Asia/Shanghai"),
            count=lambda name, **labels: chosen.append((labels["way"], labels["reason"])),
        )
        made = Stage(served, fake, books, account, chosen)
        await account.start()
        books.write(10)
        made.said()
        try:
            yield made
        finally:
            await account.stop()
