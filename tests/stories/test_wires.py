"""The main story over real sockets: the resident in the 公众号, the workers in Telegram, a bot that is killed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from storage.store import Store
from tests import postgres
from tests.fakes.aio import running, until
from tests.left_out import leave_out
from tests.live import GROUP, Process, World, world
from tests.product import make_tables

SENTENCE = "健仁小区3号楼楼道有人给电动车飞线充电，怕着火"
LI, ZHAO, CHEN = 1001, 1002, 1003
PATIENCE = 50.0
"""Longer than the lease of 30 s that a killed process leaves on PostgreSQL."""


@asynccontextmanager
async def _anywhere(kind: str, folder: Path) -> AsyncIterator[World]:
    if kind == "sqlite":
        async with world(f"sqlite:///{folder}/live.db", folder) as made:
            yield made
        return
    with postgres.prepared_database(make_tables) as url:
        if url is None:
            leave_out("postgres", "its programs were not found")
        async with world(url, folder) as made:
            yield made


stores = pytest.mark.parametrize("kind", ["sqlite", "postgres"])


async def _card(outside: World) -> int:
    """The number of the message that is the card."""
    await until(lambda: outside.telegram.texts(GROUP), PATIENCE)
    return next(number for where, number in outside.telegram.messages if where == GROUP)


@stores
def test_the_story_over_both_wires_with_kills_between_the_steps(kind: str, tmp_path: Path) -> None:
    """Between any two steps on SQLite; once on PostgreSQL, where a dead process is waited out."""
    kills = {1, 2, 3, 4} if kind == "sqlite" else {2}
    asyncio.run(_killed(kind, tmp_path, kills))


async def _killed(kind: str, folder: Path, kills: set[int]) -> None:
    async with _anywhere(kind, folder) as outside:
        bot = outside.process()
        await bot.start()
        try:
            await _story(outside, bot, kills)
        finally:
            bot.stop()
        await _nothing_doubled(outside)


async def _again(bot: Process, step: int, kills: set[int]) -> None:
    if step in kills:
        bot.kill()
        await bot.start()


async def _story(outside: World, bot: Process, kills: set[int]) -> None:
    answer = await outside.resident(bot, SENTENCE)
    assert "A0001" in answer
    assert "电动车飞线充电" in answer
    await _again(bot, 1, kills)

    card = await _card(outside)
    assert "怕着火" not in outside.telegram.texts(GROUP)[0]
    assert await outside.worker_presses(bot, LI, "接单", card) == 200
    await _again(bot, 2, kills)
    await until(lambda: any("归您办了" in text for text in outside.telegram.texts(LI)), PATIENCE)
    await until(lambda: any("已接单" in text for text in outside.pushed()), PATIENCE)

    assert await outside.worker_says(bot, LI, "反馈 A0001 已劝离并拆除") == 200
    await _again(bot, 3, kills)
    await until(lambda: any("解决了吗" in text for text in outside.pushed()), PATIENCE)

    answer = await outside.resident(bot, "已解决 5")
    assert "谢谢" in answer
    await _again(bot, 4, kills)
    await until(lambda: any("已办结" in text for text in outside.telegram.texts(GROUP)), PATIENCE)


async def _nothing_doubled(outside: World) -> None:
    """Each step was told; an edit changed the card; at most one repeat of a push per kill."""
    told = [text for text in outside.pushed() if "解决了吗" in text]
    assert 1 <= len(told) <= 2
    cards = [text for text in outside.telegram.texts(GROUP) if "地点" in text]
    assert len(cards) <= 2


@running
async def test_a_repeat_gets_the_same_words_and_opens_nothing(tmp_path: Path) -> None:
    async with _anywhere("sqlite", tmp_path) as outside:
        bot = outside.process()
        await bot.start()
        try:
            first = await outside.resident(bot, SENTENCE, key=77)
            again = await asyncio.gather(*(outside.resident(bot, SENTENCE, key=77) for _ in range(5)))
            assert set(again) == {first}
            assert "A0002" in await outside.resident(bot, "健仁小区5号楼门口路灯坏了")
        finally:
            bot.stop()


@running
async def test_two_processes_on_one_postgresql(tmp_path: Path) -> None:
    async with _anywhere("postgres", tmp_path) as outside:
        bots = [outside.process(), outside.process()]
        await asyncio.gather(*(bot.start() for bot in bots))
        try:
            answers = await asyncio.gather(
                *(
                    outside.resident(
                        bots[(n + side) % 2], f"健仁小区{n % 8 + 1}号楼独居老人没人照顾", openid=f"o{n}", key=n + 1
                    )
                    for n in range(12)
                    for side in range(2)
                )
            )
        finally:
            for bot in bots:
                bot.stop()
        pairs = [answers[n : n + 2] for n in range(0, len(answers), 2)]
        assert all(first == second and "A0" in first for first, second in pairs)
        store = Store(outside.environment["XIAOGE__DATABASE"])
        with store.reading() as reader:
            assert len(reader.cases()) == 12
            assert reader.verify() == []
        store.close()


@running
async def test_both_take_the_case_and_one_wins(tmp_path: Path) -> None:
    async with _anywhere("sqlite", tmp_path) as outside:
        bot = outside.process()
        await bot.start()
        try:
            await outside.resident(bot, SENTENCE)
            card = await _card(outside)
            await asyncio.gather(*(outside.worker_presses(bot, user, "接单", card) for user in (LI, ZHAO)))
            await until(lambda: any("已由" in text for text in outside.telegram.texts(GROUP)), PATIENCE)
        finally:
            bot.stop()
        store = Store(outside.environment["XIAOGE__DATABASE"])
        with store.reading() as reader:
            steps = [entry.step for entry in reader.entries("A0001")]
        store.close()
        assert steps.count("accept") == 1
