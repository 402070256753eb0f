"""The courier with the real memory: what it claims, and what the memory knows of a card afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from bot.clock import SystemClock
from bot.courier import Courier
from bot.doors import Abilities, Hook, SendFailed
from handlers.effects import Effects
from handlers.letters import Letter
from storage.store import Store, Tx
from storage.values import LetterOutcome, Outgoing, Written
from tests.fakes.aio import running, until

CLOCK = SystemClock()
QUICK = Abilities(edits=True, per_second=200.0)
T = TypeVar("T")


class Memory:
    """A store behind one writing thread, as the counter has it."""

    def __init__(self, folder: Path) -> None:
        self._store = Store(f"sqlite:///{folder / 'memory.db'}")
        self._store.create()
        self._thread = ThreadPoolExecutor(1)

    async def run(self, job: Callable[[Tx], T]) -> T:
        def whole() -> T:
            with self._store.transaction() as tx:
                return job(tx)

        return await asyncio.get_running_loop().run_in_executor(self._thread, whole)

    async def claim(self, limit: int, busy: Collection[str]) -> list[Outgoing]:
        return await self.run(lambda tx: tx.claim_letters(CLOCK.now(), "me", limit, busy))

    async def settle(self, outcomes: Sequence[LetterOutcome]) -> None:
        await self.run(lambda tx: tx.settle_letters(outcomes, CLOCK.now()))

    async def post(self, *letters: Letter) -> None:
        written = Written(effects=Effects(letters=letters))
        await self.run(lambda tx: tx.flush([written], CLOCK.now()))

    async def close(self) -> None:
        await asyncio.to_thread(self._thread.shutdown)
        self._store.close()


@dataclass
class Postman:
    """A platform that notes what it is given."""

    lane_prefix: str
    got: list[Outgoing] = field(default_factory=list)
    failure: SendFailed | None = None
    tries: int = 0
    abilities: Abilities = QUICK
    hooks: tuple[Hook, ...] = ()

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def fetch(self, facts: Mapping[str, str]) -> bytes:
        return b""

    async def deliver(self, one: Outgoing) -> str:
        self.tries += 1
        if self.failure:
            raise self.failure
        self.got.append(one)
        return f"ref-{one.id}"


@asynccontextmanager
async def walking(folder: Path, *postmen: Postman) -> AsyncIterator[tuple[Memory, Courier, list[str]]]:
    memory, alarms = Memory(folder), list[str]()

    async def on_dead(one: Outgoing, reason: str) -> None:
        alarms.append(f"{one.text}: {reason}")

    async def on_paused(account: str, reason: str) -> None:
        alarms.append(account)

    courier = Courier(memory, postmen, clock=CLOCK, on_dead=on_dead, on_paused=on_paused)
    task = asyncio.create_task(courier.run())
    try:
        yield memory, courier, alarms
    finally:
        await courier.stop()
        await task
        await memory.close()


@running
async def test_a_card_then_its_edit_knows_the_posting(tmp_path: Path) -> None:
    postman = Postman("telegram::")
    async with walking(tmp_path, postman) as (memory, courier, _):
        card = Letter(to="jr-2-work", chat="telegram::-100", text="卡片", kind="card", case="A0001")
        await memory.post(card)
        courier.wake()
        await until(lambda: len(postman.got) == 1)
        await memory.post(replace(card, text="已接单", kind="edit"))
        courier.wake()
        await until(lambda: len(postman.got) == 2)
        first, second = postman.got
        assert (first.text, second.text, second.posting) == ("卡片", "已接单", f"ref-{first.id}")


@running
async def test_hundreds_leave_each_once_and_each_chat_in_order(tmp_path: Path) -> None:
    postman = Postman("wechat:gh:")
    async with walking(tmp_path, postman) as (memory, courier, alarms):
        await memory.post(*(Letter(to=f"p{n % 50}", chat=f"wechat:gh:{n % 50}", text=str(n)) for n in range(300)))
        courier.wake()
        await until(lambda: len(postman.got) == 300, 20.0)
        assert alarms == []
    for chat in {one.chat for one in postman.got}:
        mine = [int(one.text) for one in postman.got if one.chat == chat]
        assert mine == sorted(set(mine))


@running
async def test_the_dead_raise_an_alarm_and_an_account_that_is_down_leaves_the_other_alone(tmp_path: Path) -> None:
    down, blocked = Postman("wechat:down:"), Postman("wechat:blocked:")
    down.failure = SendFailed("token", account=True)
    blocked.failure = SendFailed("blocked", permanent=True)
    good = Postman("wechat:good:")
    async with walking(tmp_path, down, blocked, good) as (memory, courier, alarms):
        await memory.post(*(Letter(to=f"d{n}", chat=f"wechat:down:{n}", text=f"d{n}") for n in range(100)))
        await memory.post(Letter(to="b", chat="wechat:blocked:1", text="b"))
        await memory.post(*(Letter(to=f"g{n}", chat=f"wechat:good:{n}", text=f"g{n}") for n in range(50)))
        courier.wake()
        await until(lambda: len(good.got) == 50, 10.0)
        await until(lambda: len(alarms) == 2)
        assert set(alarms) == {"wechat:down:", "b: blocked"}
        assert down.tries <= 16
