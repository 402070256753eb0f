"""WeChat over real sockets: what may not be sent waits through a crash and is read out; five seconds, under faults."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from storage.store import Store
from tests.fakes.aio import running, until
from tests.fakes.wechat import Pusher, Unavailable
from tests.live import GROUP, Process, World, world

SENTENCE = "健仁小区3号楼楼道有人给电动车飞线充电，怕着火"
LI = 1001
PATIENCE = 30.0
HOOK = "/hooks/wechat/gh_0123456789ab"


def states(outside: World) -> list[str]:
    store = Store(outside.environment["XIAOGE__DATABASE"])
    with store.reading() as reader:
        found = [one.state for one in reader.letters_of(chat="wechat:gh_0123456789ab:oZhang")]
    store.close()
    return found


async def card(outside: World) -> int:
    await until(lambda: outside.telegram.texts(GROUP), PATIENCE)
    return next(number for where, number in outside.telegram.messages if where == GROUP)


@running
async def test_what_the_budget_does_not_allow_outlives_a_crash_and_is_read_out(tmp_path: Path) -> None:
    async with world(f"sqlite:///{tmp_path}/live.db", tmp_path) as outside:
        outside.environment["XIAOGE__PLATFORMS__WECHAT__0__BUDGET__MESSAGES"] = "1"
        bot = outside.process()
        await bot.start()
        try:
            await outside.resident(bot, SENTENCE)
            assert await outside.worker_presses(bot, LI, "接单", await card(outside)) == 200
            await until(lambda: any("已接单" in text for text in outside.pushed()), PATIENCE)
            assert await outside.worker_says(bot, LI, "反馈 A0001 已劝离并拆除") == 200
            await until(lambda: "held" in states(outside), PATIENCE)
            bot.kill()
            await bot.start()
            answer = await outside.resident(bot, "查进度")
            assert "还有这些之前没能发给您" in answer
            assert "解决了吗" in answer
            assert "held" not in states(outside)
            assert "还有这些" not in await outside.resident(bot, "查进度")
            assert await _metric(bot, 'way="held"') == []
        finally:
            bot.kill()  # it has just begun and still warms up: a goodbye would take its time
        assert outside.wechat.refused == []
        assert [text for text in outside.pushed() if "解决了吗" in text] == []


async def _metric(bot: Process, label: str) -> list[str]:
    async with aiohttp.ClientSession() as session, session.get(f"{bot.base}/metrics") as answer:
        return [line for line in (await answer.text()).splitlines() if label in line]


@pytest.mark.parametrize("impatience", [0.001, 0.02, 0.1])
def test_who_hangs_up_and_comes_again_hears_the_same_words(tmp_path: Path, impatience: float) -> None:
    asyncio.run(_hanging_up(tmp_path, impatience))


async def _hanging_up(folder: Path, impatience: float) -> None:
    """WeChat breaks off and brings the delivery again, also while the first is still being served."""
    async with world(f"sqlite:///{folder}/live.db", folder) as outside:
        bot = outside.process()
        await bot.start()
        try:
            stamp = int(outside.wechat.clock())
            xml = (
                "<xml><ToUserName>gh_0123456789ab</ToUserName><FromUserName>oZhang</FromUserName>"
                f"<CreateTime>{stamp}</CreateTime><MsgType>text</MsgType>"
                f"<Content>{SENTENCE}</Content><MsgId>4711</MsgId></xml>"
            )
            outside.wechat.said("oZhang")
            with suppress(Unavailable):
                await Pusher(patience=impatience, tries=2).push(bot.base + HOOK, xml, stamp)
            pushes = (Pusher().push(bot.base + HOOK, xml, stamp) for _ in range(4))
            words = [(reply or {}).get("Content", "") for reply in await asyncio.gather(*pushes)]
        finally:
            bot.stop()
        assert len(set(words)) == 1
        assert "A0001" in words[0]
        store = Store(outside.environment["XIAOGE__DATABASE"])
        with store.reading() as reader:
            assert len(reader.cases()) == 1
        store.close()
