"""The town at work over real sockets: residents in the 公众号, workers and groups in Telegram, one running process."""

from __future__ import annotations

import io
import re
from pathlib import Path

from PIL import Image

from handlers.cases import State
from storage.store import Store
from tests.fakes.aio import running, until
from tests.fakes.telegram_people import PATIENCE, Phones
from tests.live import GROUP
from tests.stories.wire_town import CHEN, ENFORCEMENT, HAN, HOME, LI, LIN, ZHAO, case_of, steps_of, town

WIRE = "健仁小区3号楼楼道有人给电动车飞线充电，怕着火"
QIAN, SHOP, NEIGHBOUR, AUNT = 2001, 3001, 3002, 3003
NEW = -509
SUPER, WORK_SUPER = -1001000000503, -1001000001001


def _picture() -> bytes:
    """A real picture, as a phone sends it."""
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "orange").save(file, "JPEG")
    return file.getvalue()


@running
async def test_people_and_groups_come_and_go_while_it_runs(tmp_path: Path) -> None:
    """Point 1: an invitation, its deep link, a departure; a chat that becomes a group."""
    async with town(tmp_path) as phones:
        await phones.says(HAN, "邀请 网格员 健仁第二网格 钱进")
        link = re.search(r"/start bind_\d{6}", await phones.hears(HAN, "钱进", "绑定码"))
        assert link is not None
        await phones.says(QIAN, link.group())
        await phones.hears(QIAN, "钱进，绑定好了", "健仁第二网格", "网格员")
        assert "A0001" in await phones.outside.resident(phones.bot, WIRE)
        await phones.says(QIAN, "接单 A0001")
        await phones.is_pushed("oZhang", "A0001", "钱进已接单")
        await phones.says(SHOP, link.group())
        await phones.hears(SHOP, "不对或已失效")

        await phones.says(HAN, "离岗 钱进")
        await phones.hears(HAN, "钱进已离岗", "A0001")
        await phones.says(QIAN, "反馈 A0001 已清走")
        await phones.hears(QIAN, "工作人员")
        await until(lambda: case_of(phones).lead_person == "", PATIENCE)

        await phones.says(LI, "绑定群 健仁第一网格 工作群", chat=NEW, at=True)
        await phones.hears(NEW, "没有这项权限")
        await phones.says(HAN, "绑定群 健仁第一网格 工作群", chat=NEW, at=True)
        await phones.hears(NEW, "这个群绑定为")
        assert "A0002" in await phones.outside.resident(phones.bot, WIRE.replace("3号楼", "9号楼"))
        await phones.hears(NEW, "A0002", "飞线充电", but_not=["怕着火", "楼道"])


@running
async def test_from_the_card_to_the_rating(tmp_path: Path) -> None:
    """Points 2 and 3: dispatch, taps, a whistle, a picture of the result, the card edited, the resident's rating."""
    async with town(tmp_path) as phones:
        assert "健仁第二网格" in await phones.outside.resident(phones.bot, WIRE)
        await phones.hears(GROUP, "A0001", "派给：", "地点属健仁第二网格", but_not=["怕着火", "楼道"])
        card = phones.message(GROUP, "A0001")
        await phones.presses(LI, "接单", chat=GROUP)
        await phones.hears(LI, "归您办了", "怕着火")
        await phones.hears(GROUP, "A0001", "李明正在办")
        await phones.says(ZHAO, "接单 A0001")
        await phones.hears(ZHAO, "已由李明接单")

        await phones.says(LI, "吹哨 A0001 综合执法局 楼道里线多，请一起清")
        await phones.hears(ENFORCEMENT, "吹哨", "A0001", "报到", but_not=["怕着火", "楼道"])
        await phones.presses(LIN, "报到", chat=ENFORCEMENT)
        await phones.hears(LI, "林勇已报到")
        await phones.says(LIN, "协办完成 A0001 线已剪断收走")
        await phones.hears(LI, "线已剪断收走")

        await phones.sends_photo(LI, "after", _picture(), "反馈 A0001 已清理 可公开")
        await phones.is_pushed("oZhang", "已清理", "解决了吗")
        await until(lambda: _images(phones), PATIENCE)
        assert _images(phones)[0].startswith(b"\xff\xd8\xff")
        assert "谢谢" in await phones.outside.resident(phones.bot, "已解决 5")
        await until(lambda: "已办结" in phones.telegram.messages[GROUP, card]["text"], PATIENCE)
        cards = [text for text in phones.telegram.texts(GROUP) if "地点" in text]
        assert len(cards) == 1, "the card is edited in place"
        case = case_of(phones)
        assert (case.state, case.solved, case.rating) == (State.CLOSED, True, 5)
        assert steps_of(phones) == [
            "open", "assign", "accept", "whistle", "report_in", "contribute", "feed_back", "rate", "close",
        ]  # fmt: skip


def _images(phones: Phones) -> list[bytes]:
    """The pictures that the resident was sent."""
    wechat = phones.outside.wechat
    return [wechat.media[sent["image"]["media_id"]][0] for sent in wechat.sent if sent["msgtype"] == "image"]


@running
async def test_a_question_goes_to_the_resident_and_its_answer_comes_back_without_the_number(tmp_path: Path) -> None:
    """Point 3: 问 over two platforms; 自办 with its picture in one message."""
    async with town(tmp_path) as phones:
        await phones.outside.resident(phones.bot, WIRE)
        await phones.says(LI, "接单 A0001")
        await phones.hears(LI, "归您办了")
        await phones.says(LI, "问 A0001 车主在家吗？")
        await phones.is_pushed("oZhang", "A0001", "网格员李明想问", "车主在家吗")
        assert "已转给" in await phones.outside.resident(phones.bot, "在家的，你打13812345678")
        await phones.hears(LI, "居民回复：在家的", but_not=["138"])

        await phones.sends_photo(ZHAO, "boxes", _picture(), "自办 健仁小区5号楼楼道堆的纸箱清走了")
        await phones.hears(ZHAO, "A0002 自办已记", "健仁小区5号楼")
        await until(lambda: list((tmp_path / "media").rglob("*.jpg")), PATIENCE)
        assert case_of(phones, "A0002").state is State.FED_BACK
        assert not [text for text in phones.telegram.texts(ZHAO) if "补一张" in text]


@running
async def test_what_is_said_in_a_group(tmp_path: Path) -> None:
    """Point 5: a report by mention, +1 to its answer, an emergency said to others, a group that migrates."""
    async with town(tmp_path) as phones:
        await phones.says(SHOP, "健仁小区3号楼楼道有人给电动车飞线充电", chat=HOME, at=True)
        await phones.hears(HOME, "已登记 A0001", "私聊")
        await phones.hears(GROUP, "A0001")
        await phones.says(NEIGHBOUR, "+1", chat=HOME, answers=phones.message(HOME, "A0001"))
        await phones.hears(HOME, "已加进 A0001")
        await phones.says(NEIGHBOUR, "/start")
        await phones.hears(NEIGHBOUR, "您好")

        said = phones.telegram.texts(HOME)
        await phones.says(AUNT, "健仁小区5号楼着火了，好大的烟", chat=HOME)
        await phones.hears(CHEN, "红", "A0002")
        await phones.says(AUNT, "今天天气真好", chat=HOME)
        assert phones.telegram.texts(HOME) == said

        await phones.migrates(SHOP, HOME, SUPER)
        await phones.says(LI, "接单", chat=GROUP, answers=phones.message(GROUP, "A0001"))
        await phones.hears(NEIGHBOUR, "A0001", "李明已接单")
        await phones.hears(GROUP, "A0001", "李明正在办")
        await phones.migrates(LI, GROUP, WORK_SUPER)
        before = phones.telegram.texts(GROUP)
        await phones.says(LI, "反馈 A0001 已劝离501的住户")
        await phones.hears(SUPER, "A0001", "已处理", but_not=["501"])
        await phones.hears(WORK_SUPER, "A0001", "反馈", but_not=["501"])
        assert phones.telegram.texts(HOME) == said
        assert phones.telegram.texts(GROUP) == before


@running
async def test_two_voices_of_one_trouble(tmp_path: Path) -> None:
    """Point 6: one case, two reporters, and both hear of it."""
    async with town(tmp_path) as phones:
        assert "A0001" in await phones.outside.resident(phones.bot, "健仁小区3号楼停电了", openid="oZhang")
        told = await phones.outside.resident(phones.bot, "健仁小区3号楼家里没电了", openid="oWang")
        assert "A0001" in told
        assert "同一件事" in told
        store = Store(phones.outside.environment["XIAOGE__DATABASE"])
        with store.reading() as reader:
            assert [case.number for case in reader.cases()] == ["A0001"]
            assert len(reader.reporters("A0001")) == 2
        store.close()
        await phones.says(CHEN, "接管 A0001")
        for openid in ("oZhang", "oWang"):
            await phones.is_pushed(openid, "A0001", "陈明远")


@running
async def test_a_broadcast_is_approved_by_somebody_else_and_taken_back(tmp_path: Path) -> None:
    """Point 4: the window for undoing is five minutes of the system's clock, so it is taken back within it."""
    async with town(tmp_path) as phones:
        await phones.says(HAN, "群发 健仁社区 明天上午停水检修")
        await phones.hears(HAN, "G0001 已写好", "1 个群")
        await phones.hears(CHEN, "韩志刚请您批准群发 G0001")
        await phones.says(HAN, "批准 G0001")
        await phones.hears(HAN, "请另一位批准")
        await phones.presses(CHEN, "批准")
        await phones.hears(HAN, "已由陈明远批准")
        await phones.says(HAN, "取消群发 G0001")
        await phones.hears(HAN, "已取消")
        await phones.hears(CHEN, "G0001", "取消")
        assert phones.telegram.texts(HOME) == []
        await phones.outside.resident(phones.bot, WIRE)
        await phones.hears(GROUP, "A0001")
        await phones.says(CHEN, "派单 A0001 综合执法局")
        await phones.hears(CHEN, "已派给综合执法局")
        await phones.hears(ENFORCEMENT, "A0001", but_not=["怕着火"])
