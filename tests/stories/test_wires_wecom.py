"""The story over real sockets: the resident in the 公众号, the workers in WeCom, a bot that is killed between."""

from __future__ import annotations

import io
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PIL import Image

from handlers.cases import State
from storage.store import Store
from tests.fakes.aio import running, serving, until
from tests.fakes.wecom import AppPusher, FakeWeCom
from tests.fakes.wecom_people import PATIENCE, Members
from tests.live import World, world
from tests.product import product

SENTENCE = "健仁小区3号楼楼道有人给电动车飞线充电，怕着火"
MEMBERS = {"li": "LiMing", "zhao": "ZhaoQiang", "chen": "Chen.MY", "han": "han_zg"}


@asynccontextmanager
async def corp(folder: Path) -> AsyncIterator[tuple[World, Members]]:
    """A running bot with a 公众号 and a WeCom application; its work group is one of the application's chats."""
    wecom = FakeWeCom(clock=time.time, members={name.lower(): 1 for name in MEMBERS.values()})  # noqa: TID251
    async with world(f"sqlite:///{folder}/live.db", folder) as outside, serving(wecom.app()) as base:
        town, pusher = product().config.town, AppPusher()
        settings = {
            "PLATFORMS__TELEGRAM__TOKEN": "",
            "PLATFORMS__TELEGRAM__SECRET_TOKEN": "",
            "PLATFORMS__WECOM__CORP_ID": wecom.corp_id,
            "PLATFORMS__WECOM__AGENT_ID": str(wecom.agent_id),
            "PLATFORMS__WECOM__SECRET": wecom.secret,
            "PLATFORMS__WECOM__TOKEN": pusher.token,
            "PLATFORMS__WECOM__AES_KEY": pusher.aes_key,
            "PLATFORMS__WECOM__API_BASE": base,
            f"GROUPS__{list(town.groups).index('jr-2-work')}__CHATS__0": "wecom-appchat:jr2work",
            **{f"PEOPLE__{list(town.people).index(one)}__ACCOUNTS__0": f"wecom:{id}" for one, id in MEMBERS.items()},
        }
        outside.environment.update({f"XIAOGE__{name}": value for name, value in settings.items()})
        bot = outside.process()
        await bot.start()
        try:
            yield outside, Members(wecom, bot)
        finally:
            bot.kill()  # an orderly stop would wait until the ear is warm


def _picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "orange").save(file, "JPEG")
    return file.getvalue()


async def _pushed(outside: World, *words: str) -> None:
    try:
        await until(lambda: any(all(word in text for word in words) for text in outside.pushed()), PATIENCE)
    except TimeoutError:
        raise AssertionError((words, outside.pushed())) from None


def _steps(outside: World) -> list[str]:
    store = Store(outside.environment["XIAOGE__DATABASE"])
    with store.reading() as reader:
        assert reader.verify() == []
        steps = [entry.step for entry in reader.entries("A0001")]
    store.close()
    return steps


async def _again(members: Members) -> None:
    members.bot.kill()
    await members.bot.start()


@running
async def test_from_the_report_to_the_rating_with_kills_between(tmp_path: Path) -> None:
    """The card is pressed in WeCom, the result comes with a picture, the resident rates it in WeChat."""
    async with corp(tmp_path) as (outside, members):
        assert await AppPusher().prove(members.bot.base + "/hooks/wecom/app", int(members.wecom.clock()))
        assert "A0001" in await outside.resident(members.bot, SENTENCE)
        await members.chat_hears("A0001", "飞线充电", "接单 A0001", but_not=["怕着火", "楼道"])
        await _again(members)
        await members.says("LiMing", "我的任务")
        await members.says("LiMing", "接单 A0001")
        await members.hears("liming", "归您办了", "怕着火")
        await _pushed(outside, "已接单")
        await members.says("ZhaoQiang", "接单 A0001")
        await members.hears("zhaoqiang", "已由李明接单")

        await _again(members)
        await members.presses("LiMing", "反馈", "A0001")
        await members.hears("liming", "结果")
        await members.sends_photo("LiMing", "after", _picture())
        await members.says("LiMing", "反馈 A0001 已劝离并拆除 可公开")
        await _pushed(outside, "已劝离并拆除", "解决了吗")
        await until(lambda: any(sent["msgtype"] == "image" for sent in outside.wechat.sent), PATIENCE)
        assert "谢谢" in await outside.resident(members.bot, "已解决 5")
        await members.chat_hears("A0001", "已办结", but_not=["怕着火", "楼道"])
        assert _steps(outside)[-3:] == ["feed_back", "rate", "close"]
        assert members.wecom.dropped == []


@running
async def test_who_leaves_the_corp_loses_the_rights_and_the_case_changes_hands(tmp_path: Path) -> None:
    async with corp(tmp_path) as (outside, members):
        await outside.resident(members.bot, SENTENCE)
        await members.chat_hears("A0001")
        await members.says("liming", "接单 A0001")
        await members.hears("liming", "归您办了")
        await members.leaves("LiMing")
        await members.hears("chen.my", "李明", "企业微信通讯录", "A0001")
        await until(lambda: _steps(outside)[-1] not in ("accept", "open"), PATIENCE)
        store = Store(outside.environment["XIAOGE__DATABASE"])
        with store.reading() as reader:
            case = reader.case("A0001")
        store.close()
        assert case is not None
        assert (case.lead_person, case.state) == ("", State.ASSIGNED)


@running
async def test_who_is_found_missing_at_a_letter_loses_the_rights_too(tmp_path: Path) -> None:
    """The address book told nothing; the letter comes back with 81013, and a second question says why."""
    async with corp(tmp_path) as (outside, members):
        await outside.resident(members.bot, SENTENCE)
        await members.chat_hears("A0001")
        await members.says("liming", "接单 A0001")
        await members.hears("liming", "归您办了")
        del members.wecom.members["liming"]
        await outside.resident(members.bot, "催办 A0001")
        await members.hears("chen.my", "李明", "企业微信通讯录", "A0001")
        members.wecom.members["liming"] = 1
        before = _steps(outside)
        await members.says("liming", "反馈 A0001 已清走")
        await members.hears("liming", "工作人员")
        assert "feed_back" not in [*before, *_steps(outside)]
