"""The counter: messages that wait together are served together, other writing joins in, nobody waits for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime

import pytest

from bot.batch import Batch
from bot.clock import FakeClock
from bot.counter import Counter
from bot.doors import Delivery
from handlers.incoming import Incoming
from handlers.raw import RawText
from storage.store import Store, Tx
from tests.fakes.aio import running
from tests.product import product

NOW = datetime.fromisoformat("2026-03-02T09:00+08:00")


class Commits:
    """Counts how often something was committed."""

    def __init__(self) -> None:
        self.n = 0

    def __call__(self) -> None:
        self.n += 1


@pytest.fixture
def store(tmp_path: object) -> Iterator[Store]:
    """A SQLite file."""
    made = Store(f"sqlite:///{tmp_path}/counter.db")
    made.create()
    yield made
    made.close()


def _counter(store: Store, commits: Commits) -> Counter:
    clock, made = FakeClock(NOW), product()
    return Counter(store, Batch(store, made.present(), clock), clock, commits)


def _said(n: int) -> Incoming:
    address = f"wechat:gh:{n}"
    return Incoming(
        platform="wechat", account="gh", key=f"k{n}", sender=address, chat=address, inline=True,
        text=RawText("健仁小区5号楼独居老人没人照顾"), said_at=NOW,
    )  # fmt: skip


@running
async def _serve_many(store: Store) -> None:
    commits = Commits()
    counter = _counter(store, commits)
    waiting = [asyncio.ensure_future(counter.serve(_said(n))) for n in range(100)]
    await asyncio.sleep(0.05)
    waiting[3].cancel()
    counter.start()
    served = await asyncio.gather(*waiting, return_exceptions=True)
    assert len([one for one in served if not isinstance(one, BaseException)]) == 99
    assert commits.n <= 4
    await asyncio.to_thread(counter.stop)
    with pytest.raises(RuntimeError):
        await counter.serve(_said(999))


def test_what_waits_together_is_served_together(store: Store) -> None:
    _serve_many(store)
    with store.reading() as reader:
        assert len(reader.cases(limit=1000)) == 100  # the one whose sender went away was kept as well


@running
async def test_a_failing_job_does_not_take_the_others_along(store: Store) -> None:
    counter = _counter(store, Commits())

    def breaks(tx: Tx) -> None:
        raise ValueError("no")

    jobs = [asyncio.ensure_future(counter.run(work)) for work in (lambda tx: tx.get_setting("x", "y"), breaks)]
    await asyncio.sleep(0.05)
    counter.start()
    fine, broken = await asyncio.gather(*jobs, return_exceptions=True)
    assert fine == "y"
    assert isinstance(broken, ValueError)
    await asyncio.to_thread(counter.stop)


@running
async def test_an_unreadable_delivery_is_kept_and_alarms_the_desk(store: Store) -> None:
    counter = _counter(store, Commits())
    counter.start()
    delivery = Delivery("POST", {"timestamp": "1"}, {}, b"\x00\xff<xml")
    await counter.keep_unread("wechat", "gh", delivery, "not XML")
    await asyncio.to_thread(counter.stop)
    with store.reading() as reader:
        (row,) = reader.unread()
        assert row.raw == b"\x00\xff<xml"
        assert [letter.to for letter in reader.letters_of()] == ["duty-desk"]


@running
async def test_a_note_is_changed_by_many_and_every_change_counts(store: Store) -> None:
    counter = _counter(store, Commits())
    counter.start()
    before = await asyncio.gather(*(counter.note("n", lambda held: str(int(held or 0) + 1)) for _ in range(20)))
    assert sorted(before, key=lambda held: int(held or 0)) == ["", *map(str, range(1, 20))]
    assert await counter.note("n", lambda held: held) == "20"
    await asyncio.to_thread(counter.stop)
    with store.reading() as reader:
        assert reader.get_setting("n") == "20"
