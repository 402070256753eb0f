"""The full loop over real sockets where the work group only listens: 公众号, a WeCom webhook, workers in private."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from handlers.cases import State
from tests.fakes.aio import running, serving, until
from tests.fakes.telegram_people import PATIENCE, Phones
from tests.fakes.wechat import code
from tests.fakes.wecom_webhook import FakeWecomWebhook
from tests.live import world
from tests.product import product
from tests.stories.wire_town import LI, ZHAO, case_of, steps_of

WIRE = "健仁小区3号楼楼道有人给电动车飞线充电，怕着火"
KEYS = ("canary-693a91f6", "canary-7ab8c2d4")
GROUP = "jr-2-work"


@asynccontextmanager
async def town(folder: Path) -> AsyncIterator[tuple[Phones, FakeWecomWebhook]]:
    """One process on SQLite; its only work group is behind two webhook keys."""
    robots = FakeWecomWebhook(time.time, dict.fromkeys(KEYS, GROUP))  # noqa: TID251
    groups = list(product().config.town.groups)
    async with serving(robots.app()) as base, world(f"sqlite:///{folder}/live.db", folder) as outside:
        settings = {
            "PLATFORMS__WECOM__API_BASE": base,
            "PLATFORMS__WECOM__WEBHOOKS": f"{{{GROUP}: [{', '.join(KEYS)}]}}",
            f"GROUPS__{groups.index(GROUP)}__CHATS__0": f"wecom-webhook:{GROUP}",
        }
        outside.environment.update({f"XIAOGE__{name}": value for name, value in settings.items()})
        bot = outside.process()
        await bot.start()
        try:
            yield Phones(outside, bot), robots
        finally:
            await asyncio.to_thread(bot.stop, 60)  # the fakes go on answering
    assert "canary" not in (folder / "bot.log").read_text("utf-8")


async def reads(robots: FakeWecomWebhook, *words: str, but_not: Sequence[str] = ()) -> str:
    """Wait for a message in the group that holds all these words; none there holds the others."""

    def found() -> list[str]:
        return [text for text in robots.texts(GROUP) if all(word in text for word in words)]

    try:
        await until(found, PATIENCE)
    except TimeoutError:
        raise AssertionError((words, robots.texts(GROUP))) from None
    assert not [text for text in robots.texts(GROUP) if any(word in text for word in but_not)]
    return found()[-1]


@running
async def test_from_the_card_to_the_rating_in_a_group_that_only_listens(tmp_path: Path) -> None:
    async with town(tmp_path) as (phones, robots):
        assert "A0001" in await phones.outside.resident(phones.bot, WIRE)
        card = await reads(robots, "A0001", "飞线充电", "健仁小区", "接单 A0001", but_not=["怕着火", "楼道"])
        assert "在Telegram里私聊我" in card

        (words,) = (line.strip("> `") for line in card.split("\n") if "接单 A0001" in line)
        await phones.says(LI, words)
        await phones.hears(LI, "归您办了", "怕着火")
        await phones.is_pushed("oZhang", "A0001", "李明已接单")
        await reads(robots, "A0001", "已由李明接单")
        await phones.says(ZHAO, words)
        await phones.hears(ZHAO, "已由李明接单")

        await phones.says(LI, "反馈 A0001 已劝离并拆除")
        await phones.is_pushed("oZhang", "解决了吗")
        assert "谢谢" in await phones.outside.resident(phones.bot, "已解决 5")
        await reads(robots, "A0001", "办结", but_not=["怕着火", "楼道"])
        case = case_of(phones)
        assert (case.state, case.solved, case.rating) == (State.CLOSED, True, 5)
        assert steps_of(phones) == ["open", "assign", "accept", "feed_back", "rate", "close"]
        assert robots.refused == []
        assert set(robots.used) == set(KEYS), "both keys of the group work"


@running
async def test_a_group_that_cannot_be_reached_is_told_to_the_duty_desk(tmp_path: Path) -> None:
    async with town(tmp_path) as (phones, robots):
        robots.faults.always("send", code(93000))
        assert "A0001" in await phones.outside.resident(phones.bot, WIRE)
        await phones.hears(1003, "A0001", "93000")
        robots.faults.always("send", None)
        await phones.says(LI, "接单 A0001")
        await phones.hears(LI, "归您办了")
        await reads(robots, "A0001", "已由李明接单")
