"""The story with the resident in the 公众号 and the workers in WeCom groups with the 智能机器人, over real sockets."""

from __future__ import annotations

import io
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from handlers.cases import State
from storage.store import Store
from tests.fakes.aio import running, serving, until
from tests.fakes.wecom_bot import KEY, BotPusher, FakeBotApi
from tests.fakes.wecom_bot_line import FakeBotLine
from tests.fakes.wecom_bot_people import PATIENCE, Corp, message
from tests.live import Process, World, world
from tests.product import product

WIRE = "健仁小区3号楼楼道有人给电动车飞线充电，怕着火"
WORK, ENFORCEMENT = "wrWorkGroup_A", "wrEnforcement"
LI, LIN = "LiMing", "linyong"
CHEN = 1003
"""Of the duty desk; he is on Telegram."""


def _picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "orange").save(file, "JPEG")
    return file.getvalue()


def _town(outside: World) -> None:
    """Li and Lin are members of the corp; their groups are WeCom's."""
    people, groups = list(product().config.town.people), list(product().config.town.groups)
    for person, account in (("li", LI), ("lin", LIN)):
        outside.environment[f"XIAOGE__PEOPLE__{people.index(person)}__ACCOUNTS__0"] = f"wecom:{account}"
    for group, chat in (("jr-2-work", WORK), ("enforcement-group", ENFORCEMENT)):
        outside.environment[f"XIAOGE__GROUPS__{groups.index(group)}__CHATS__0"] = f"wecom-bot:{chat}"


def _bot(outside: World, **facts: str) -> None:
    outside.environment.update({f"XIAOGE__PLATFORMS__WECOM__BOT__{key}": value for key, value in facts.items()})


@asynccontextmanager
async def _corp(folder: Path) -> AsyncIterator[tuple[World, Process, Corp]]:
    line, api = FakeBotLine(time.time), FakeBotApi(time.time)  # noqa: TID251
    async with (
        world(f"sqlite:///{folder}/live.db", folder) as outside,
        serving(line.app()) as socket,
        serving(api.app()) as base,
    ):
        _town(outside)
        _bot(
            outside, MODE="websocket", BOT_ID=line.bot_id, SECRET=line.secret, NAME="小格",
            WS_URL=socket.replace("http", "ws"), MEDIA_HOSTS__0="127.0.0.1",
        )  # fmt: skip
        bot = outside.process()
        await bot.start()
        try:
            await until(lambda: line.live, PATIENCE)
            yield outside, bot, Corp(line, api, base)
        finally:
            bot.stop()


def _steps(outside: World) -> tuple[list[str], State]:
    store = Store(outside.environment["XIAOGE__DATABASE"])
    with store.reading() as reader:
        steps, case = [entry.step for entry in reader.entries("A0001")], reader.case("A0001")
        assert reader.verify() == []
    store.close()
    assert case is not None
    return steps, case.state


def _images(outside: World) -> list[bytes]:
    """The pictures that the resident was sent."""
    wechat = outside.wechat
    return [wechat.media[sent["image"]["media_id"]][0] for sent in wechat.sent if sent["msgtype"] == "image"]


@running
async def test_from_the_card_to_the_rating_inside_the_group(tmp_path: Path) -> None:
    async with _corp(tmp_path) as (outside, bot, corp):
        assert "A0001" in await outside.resident(bot, WIRE)
        await corp.hears(WORK, "A0001", "派给：", but_not=["怕着火", "楼道"])
        card = await corp.presses(LI, "接单", WORK)
        await corp.hears("liming", "归您办了", "怕着火")
        await until(lambda: "李明正在办" in str(corp.line.cards[card]) or _told(corp, "李明"), PATIENCE)

        bot.kill()
        await bot.start()
        await until(lambda: corp.line.live, PATIENCE)
        await corp.says(LI, "吹哨 A0001 综合执法局 楼道里线多，请一起清", WORK)
        await corp.hears(ENFORCEMENT, "吹哨", "A0001", but_not=["怕着火", "楼道"])
        await corp.presses(LIN, "报到", ENFORCEMENT)
        await corp.hears("liming", "林勇已报到")
        await corp.says(LIN, "协办完成 线已剪断收走", ENFORCEMENT, quotes="吹哨：A0001 电动车飞线充电")
        await corp.hears("liming", "线已剪断收走")

        await corp.shows(LI, "反馈 A0001 已清理 可公开", _picture(), WORK)
        await until(lambda: any("解决了吗" in text for text in outside.pushed()), PATIENCE)
        await until(lambda: _images(outside), PATIENCE)
        assert _images(outside)[0].startswith(b"\xff\xd8\xff")
        assert "谢谢" in await outside.resident(bot, "已解决 5")
        await corp.hears(WORK, "已办结", but_not=["怕着火", "楼道"])
        steps, state = _steps(outside)
        assert state is State.CLOSED
        assert steps == [
            "open", "assign", "accept", "whistle", "report_in", "contribute", "feed_back", "rate", "close",
        ]  # fmt: skip


def _told(corp: Corp, word: str) -> bool:
    return any(word in text for text in corp.line.texts(WORK)[1:])


@running
async def test_a_member_is_welcomed_and_serves_from_private(tmp_path: Path) -> None:
    async with _corp(tmp_path) as (outside, bot, corp):
        await corp.enters(LI)
        await corp.hears("liming", "您好")
        assert corp.line.ways("liming") == ["aibot_respond_welcome_msg"]
        await outside.resident(bot, WIRE)
        await corp.hears(WORK, "A0001")
        await corp.says("LIMING", "接单 A0001")
        await corp.hears("liming", "归您办了")
        await corp.says(LI, "待办")
        await corp.hears("liming", "A0001", "健仁小区")
        assert "aibot_respond_msg" in corp.line.ways("liming")


@running
async def test_callback_mode_answers_and_once_more_and_the_desk_hears_what_could_not_leave(tmp_path: Path) -> None:
    api = FakeBotApi(time.time)  # noqa: TID251
    async with world(f"sqlite:///{tmp_path}/live.db", tmp_path) as outside, serving(api.app()) as base:
        _town(outside)
        _bot(outside, TOKEN=BotPusher().token, AES_KEY=KEY, NAME="小格")
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
