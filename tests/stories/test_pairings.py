"""The four pairings of resident and worker over real sockets: report, card, take, result with a picture, rating."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from handlers.cases import Case, State
from storage.store import Store
from tests.fakes.aio import running, until
from tests.fakes.telegram_people import PATIENCE, Phones
from tests.fakes.wecom_bot_people import Corp
from tests.live import GROUP, World
from tests.stories import wire_corp
from tests.stories.wire_town import LI, ZHAO, town
from tests.stories.wire_webhook import KEYS, OPENIDS, reads, webhook_town

WIRE = "健仁小区3号楼楼道有人给电动车飞线充电，怕着火"
OWN = ["怕着火", "楼道"]
"""Words of the resident that no group reads."""
RESIDENT = 3003
"""Somebody on Telegram of whom the configuration knows nothing."""
JPEG = b"\xff\xd8\xff"
IN_ONE = ("rate", "close")
BY_TAP = ("rate", "close", "rate")
"""A tap on 已解决 closes; the stars come after it."""


def _picture() -> bytes:
    """A real picture, as a phone sends it."""
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "orange").save(file, "JPEG")
    return file.getvalue()


def _case(outside: World) -> tuple[Case, list[str]]:
    """The case as it is stored, and its steps; the chain of its history holds."""
    store = Store(outside.environment["XIAOGE__DATABASE"])
    with store.reading() as reader:
        case, steps = reader.case("A0001"), [entry.step for entry in reader.entries("A0001")]
        assert reader.verify() == []
    store.close()
    assert case is not None
    return case, steps


def _over(outside: World, *between: str, rated: tuple[str, ...] = IN_ONE) -> None:
    """The case is closed, solved, with five stars, by these steps between its taking and its result."""
    case, steps = _case(outside)
    assert (case.state, case.solved, case.rating) == (State.CLOSED, True, 5)
    assert steps == ["open", "assign", "accept", *between, "feed_back", *rated]


def _in_wechat(outside: World) -> list[bytes]:
    """The pictures that the resident was sent in the 公众号."""
    sent = [one for one in outside.wechat.sent if one["msgtype"] == "image" and one["touser"] == "oZhang"]
    return [outside.wechat.media[one["image"]["media_id"]][0] for one in sent]


async def _rates_in_telegram(phones: Phones) -> None:
    """The resident hears the result with its picture, taps 已解决 and gives five stars."""
    await phones.hears(RESIDENT, "A0001", "李明已接单")
    await phones.hears(RESIDENT, "已清理", "解决了吗")
    await until(lambda: [data for chat, data in phones.telegram.photos if chat == RESIDENT], PATIENCE)
    assert next(data for chat, data in phones.telegram.photos if chat == RESIDENT).startswith(JPEG)
    await phones.presses(RESIDENT, "已解决")
    await phones.says(RESIDENT, "5")
    await phones.hears(RESIDENT, "谢谢")
    await until(lambda: _case(phones.outside)[0].rating, PATIENCE)


@running
async def test_a_resident_in_wechat_and_the_bot_in_the_wecom_group(tmp_path: Path) -> None:
    """With a whistle to a second group, and a process that is killed between."""
    async with wire_corp.corp(tmp_path) as (outside, bot, corp):
        work, enforcement = wire_corp.WORK, wire_corp.ENFORCEMENT
        assert "A0001" in await outside.resident(bot, WIRE)
        await corp.hears(work, "A0001", "派给：", but_not=OWN)
        card = await corp.presses(wire_corp.LI, "接单", work)
        await corp.hears("liming", "归您办了", "怕着火")
        await until(lambda: any("李明已接单" in text for text in outside.pushed()), PATIENCE)
        await until(lambda: "李明正在办" in str(corp.line.cards[card]) or _told(corp, "李明"), PATIENCE)

        bot.kill()
        await bot.start()
        await until(lambda: corp.line.live, PATIENCE)
        await corp.says(wire_corp.LI, "吹哨 A0001 综合执法局 楼道里线多，请一起清", work)
        await corp.hears(enforcement, "吹哨", "A0001", but_not=OWN)
        await corp.presses(wire_corp.LIN, "报到", enforcement)
        await corp.hears("liming", "林勇已报到")
        await corp.says(wire_corp.LIN, "协办完成 线已剪断收走", enforcement, quotes="吹哨：A0001 电动车飞线充电")
        await corp.hears("liming", "线已剪断收走")

        await corp.shows(wire_corp.LI, "反馈 A0001 已清理 可公开", _picture(), work)
        await until(lambda: any("解决了吗" in text for text in outside.pushed()), PATIENCE)
        await until(lambda: _in_wechat(outside), PATIENCE)
        assert _in_wechat(outside)[0].startswith(JPEG)
        assert "谢谢" in await outside.resident(bot, "已解决 5")
        await corp.hears(work, "已办结", but_not=OWN)
        _over(outside, "whistle", "report_in", "contribute")


def _told(corp: Corp, word: str) -> bool:
    return any(word in text for text in corp.line.texts(wire_corp.WORK)[1:])


@running
async def test_a_resident_in_wechat_and_a_wecom_group_that_only_listens(tmp_path: Path) -> None:
    """No Telegram, no bot in the group: who works writes in the 公众号 what the card says."""
    async with webhook_town(tmp_path, telegram=False) as (phones, robots):
        outside, bot, li = phones.outside, phones.bot, OPENIDS["li"]
        assert "A0001" in await outside.resident(bot, WIRE)
        card = await reads(robots, "A0001", "飞线充电", "健仁小区", "接单 A0001", but_not=OWN)
        assert "在公众号里私聊我" in card
        (words,) = (line.strip("> `") for line in card.split("\n") if "接单 A0001" in line)
        taken = await outside.resident(bot, words, openid=li)
        assert "归您办了" in taken
        assert "怕着火" in taken
        await phones.is_pushed("oZhang", "A0001", "李明已接单")
        await reads(robots, "A0001", "已由李明接单", but_not=OWN)
        assert "已由李明接单" in await outside.resident(bot, words, openid=OPENIDS["zhao"])

        assert "A0001" in await outside.resident(bot, "反馈 A0001", openid=li)
        assert await outside.shows(bot, _picture(), openid=li)
        await outside.resident(bot, "反馈 A0001 已劝离并拆除 可公开", openid=li)
        await phones.is_pushed("oZhang", "已劝离并拆除", "解决了吗")
        await until(lambda: _in_wechat(outside), PATIENCE)
        assert _in_wechat(outside)[0].startswith(JPEG)
        assert "谢谢" in await outside.resident(bot, "已解决 5")
        await reads(robots, "A0001", "办结", but_not=OWN)
        _over(outside)
        assert (robots.refused, outside.telegram.calls) == ([], [])
        assert set(robots.used) == set(KEYS), "both keys of the group work"


@running
async def test_a_resident_in_telegram_and_a_group_in_telegram(tmp_path: Path) -> None:
    """Taps by the resident too; the worker's button in the resident's chat does nothing."""
    async with town(tmp_path) as phones:
        await phones.says(RESIDENT, WIRE)
        await phones.hears(RESIDENT, "已登记 A0001", "健仁第二网格")
        await phones.hears(GROUP, "A0001", "派给：", but_not=OWN)
        card = phones.message(GROUP, "A0001")
        carried = phones.telegram.messages[GROUP, card]["buttons"][0][0]["callback_data"]
        assert "accept" not in carried
        await phones.brings(LI, carried, chat=LI)
        await phones.hears(LI, "发到别处的")
        assert "accept" not in _case(phones.outside)[1]

        await phones.presses(LI, "接单", chat=GROUP)
        await phones.hears(LI, "归您办了", "怕着火")
        await phones.hears(GROUP, "A0001", "李明正在办", but_not=OWN)
        await phones.brings(ZHAO, carried, chat=GROUP)
        await phones.hears(GROUP, "已由李明接单")
        await phones.sends_photo(LI, "after", _picture(), "反馈 A0001 已清理 可公开")
        await _rates_in_telegram(phones)
        await until(lambda: "已办结" in phones.telegram.messages[GROUP, card]["text"], PATIENCE)
        _over(phones.outside, rated=BY_TAP)


@running
async def test_a_resident_in_telegram_and_the_bot_in_the_wecom_group(tmp_path: Path) -> None:
    """What is said in one goes over to the other: words, a picture, and the rating back to the group."""
    async with wire_corp.corp(tmp_path) as (outside, bot, corp):
        phones, work = Phones(outside, bot), wire_corp.WORK
        await until(lambda: "getMe" in outside.telegram.calls, PATIENCE)
        await phones.says(RESIDENT, WIRE)
        await phones.hears(RESIDENT, "已登记 A0001", "健仁第二网格")
        await corp.hears(work, "A0001", "派给：", but_not=OWN)
        card = await corp.presses(wire_corp.LI, "接单", work)
        await corp.hears("liming", "归您办了", "怕着火")
        await until(lambda: "李明正在办" in str(corp.line.cards[card]) or _told(corp, "李明"), PATIENCE)
        await corp.shows(wire_corp.LI, "反馈 A0001 已清理 可公开", _picture(), work)
        await _rates_in_telegram(phones)
        await corp.hears(work, "已办结", but_not=OWN)
        _over(outside, rated=BY_TAP)
        assert outside.wechat.sent == []
