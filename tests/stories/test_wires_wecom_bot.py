"""The 智能机器人 from private, and in callback mode, over real sockets; its whole story stands in test_pairings.py."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from tests.fakes.aio import running, serving, until
from tests.fakes.wecom_bot import KEY, BotPusher, FakeBotApi
from tests.fakes.wecom_bot_people import PATIENCE, message
from tests.live import Process, world
from tests.stories.wire_corp import LI, WORK, corp, members, robot

WIRE = "健仁小区3号楼楼道有人给电动车飞线充电，怕着火"
CHEN = 1003
"""Of the duty desk; he is on Telegram."""


@running
async def test_a_member_is_welcomed_and_serves_from_private(tmp_path: Path) -> None:
    async with corp(tmp_path) as (outside, bot, people):
        await people.enters(LI)
        await people.hears("liming", "您好")
        assert people.line.ways("liming") == ["aibot_respond_welcome_msg"]
        await outside.resident(bot, WIRE)
        await people.hears(WORK, "A0001")
        await people.says("LIMING", "接单 A0001")
        await people.hears("liming", "归您办了")
        await people.says(LI, "待办")
        await people.hears("liming", "A0001", "健仁小区")
        assert "aibot_respond_msg" in people.line.ways("liming")


@running
async def test_callback_mode_answers_and_once_more_and_the_desk_hears_what_could_not_leave(tmp_path: Path) -> None:
    api = FakeBotApi(time.time)  # noqa: TID251
    async with world(f"sqlite:///{tmp_path}/live.db", tmp_path) as outside, serving(api.app()) as base:
        members(outside)
        robot(outside, TOKEN=BotPusher().token, AES_KEY=KEY, NAME="小格")
        outside.environment["XIAOGE__PLATFORMS__WECOM__API_BASE"] = base
        bot = outside.process()
        await bot.start()
        try:
            assert "A0001" in await outside.resident(bot, WIRE)
            await until(
                lambda: any("发不出去" in text and "A0001" in text for text in outside.telegram.texts(CHEN)), PATIENCE
            )
            asked = message(LI, WORK, msgtype="text", text={"content": "@小格 在吗"}, response_url=api.way(base, WORK))
            words = await _answers(bot, asked)
            assert "私聊" in words
            said = message(LI, "", msgtype="text", text={"content": "接单 A0001"}, response_url=api.way(base, "liming"))
            words = await _answers(bot, said)
            assert "归您办了" in words
            assert await _answers(bot, said) == words, "a repeat gets the same words"
            await until(lambda: api.texts(WORK), PATIENCE)
            assert "李明" in api.texts(WORK)[0]
            assert len(api.tries) == 1
        finally:
            bot.stop()


async def _answers(bot: Process, document: dict[str, Any]) -> str:
    """What the bot answers to a callback at once."""
    answer = await BotPusher().push(f"{bot.base}/hooks/wecom-bot", document, int(time.time()))  # noqa: TID251
    return str(answer["stream"]["content"]) if answer else ""
