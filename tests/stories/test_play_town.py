"""The town at work through `play`: JSON lines in and out for each of its points, twice the same to the byte."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bot.app import stage
from bot.clock import FakeClock
from bot.play import play
from tests.product import product
from tests.stories.conftest import START

WIRE = "健仁小区3号楼楼道有人给电动车飞线充电，怕着火"
WORK, HOME = "jr-2-work", "jr-2-home"
Line = Mapping[str, Any]


class Played:
    """A script that has been played, and what is asked of its output."""

    def __init__(self, lines: Sequence[Line]) -> None:
        made = stage(product(), FakeClock(START))
        self.raw = list(play(made, (json.dumps(line, ensure_ascii=False) for line in lines)))
        self.out = [json.loads(line) for line in self.raw]
        with made.store.reading() as reader:
            assert reader.verify() == []
            people = sorted({line["as"] for line in lines if isinstance(line.get("as"), str)})
            self.refused = {who: reader.export_person(who)["refusals"] for who in people}
        made.store.close()

    @property
    def shown(self) -> list[Any]:
        """The answers to `show`, in order."""
        return [line["show"] for line in self.out if "show" in line]

    @property
    def errors(self) -> list[str]:
        """Why lines could not be played."""
        return [line["error"] for line in self.out if "error" in line]

    def told(self, who: str) -> list[str]:
        """Every text somebody was sent."""
        return [line["text"] for line in self.out if line.get("to") == who]

    def hears(self, who: str, *words: str) -> None:
        """One text holds all these words."""
        assert any(all(word in text for word in words) for text in self.told(who)), (who, words, self.told(who))

    def steps(self, n: int = 0) -> list[str]:
        """The history of a case that was shown."""
        return [entry["step"] for entry in self.shown[n]["history"]]


def played(*lines: Line) -> Played:
    """Play a script twice; both times the same bytes."""
    first, again = Played(lines), Played(lines)
    assert first.raw == again.raw
    return first


def say(who: str, text: str, **more: Any) -> Line:
    return {"as": who, "say": text, **more}


def press(who: str, label: str, case: str = "") -> Line:
    return {"as": who, "press": label, "case": case}


def show(number: str = "A0001") -> Line:
    return {"show": "case", "case": number}


OPENED = say("zhang", WIRE)


def test_people_come_and_go() -> None:
    """Point 1. The code is drawn alike in each play, so that the script can be written down."""
    invitation = say("han", "邀请 网格员 健仁第二网格 钱进")
    (told,) = Played([invitation]).told("han")
    code = told.partition("bind_")[2]
    done = played(
        invitation,
        {"as": "qian", "event": "subscribe", "scene": f"bind_{code}", "on": "telegram"},
        OPENED,
        {"as": "qian", "press": "接单", "case": "A0001", "on": "telegram"},
        {**say("qian", "接单 A0001"), "on": "telegram"},
        say("han", "离岗 钱进"),
        {**say("qian", "反馈 A0001 已清走"), "on": "telegram"},
        {"as": "somebody", "event": "subscribe", "scene": f"bind_{code}"},
        say("li", "邀请 网格员 健仁第二网格 赵四"),
        say("li", "提名 周大妈 健仁第二网格一微格"),
        press("han", "批准"),
        show(),
    )
    done.hears("qian", "钱进，绑定好了", "健仁第二网格", "网格员")
    done.hears("zhang", "网格员钱进已接单")
    done.hears("han", "钱进已离岗", "A0001")
    done.hears("qian", "工作人员的操作")
    done.hears("somebody", "不对或已失效")
    done.hears("li", "没有这项权限")
    done.hears("li", "给周大妈的绑定码")
    assert (done.shown[0]["state"], done.shown[0]["lead_person"]) == ("assigned", "")


def test_dispatch_tells_its_reasons_and_the_third_time_a_person_decides() -> None:
    """Point 2."""
    done = played(
        OPENED,
        say("li", "为什么 A0001"),
        press("li", "接单", "A0001"),
        say("li", "转办 A0001 综合执法局 需要现场执法"),
        say("lin", "退回 A0001 楼道内归网格"),
        say("zhao", "退回 A0001 不是我们的事"),
        say("chen", "派单 A0001 健仁第二网格"),
        say("li", "退回 A0001 还是不想办"),
        say("newcomer", "有人乱倒建筑垃圾"),
        show(),
    )
    done.hears(WORK, "A0001", "派给：李明、赵强（地点属健仁第二网格）")
    done.hears("li", "地点来源：地名表", "把握")
    done.hears("chen", "已退回两次，请值班定")
    done.hears("li", "A0001", "不能再退")
    done.hears("newcomer", "在哪里")
    assert done.shown[0]["lead"] == "jr-2"
    assert done.steps().count("return") == 2
    assign = next(entry for entry in done.shown[0]["history"] if entry["step"] == "assign")
    assert assign["facts"]["rule"]


def test_hands_from_the_whistle_to_the_rating() -> None:
    """Points 3 and 9: a question relayed, a number shared, a picture, 自办, 代报, and the rates of it all."""
    done = played(
        OPENED,
        press("li", "接单", "A0001"),
        say("li", "吹哨 A0001 综合执法局 楼道里线多"),
        press("lin", "报到", "A0001"),
        say("lin", "协办完成 A0001 线已收走"),
        say("li", "问 A0001 车主在家吗？"),
        say("zhang", "在家的，你打13812345678"),
        say("zhang", "请给我打电话 A0001"),
        say("zhang", "13912345678"),
        {"as": "li", "photo": "b.jpg", "caption": "反馈 A0001 已清理 可公开"},
        press("zhang", "已解决"),
        say("zhang", "5"),
        {"as": "li", "photo": "a.jpg", "caption": "自办 健仁小区5号楼楼道堆的纸箱清走了"},
        say("li", "代报 健仁小区5号楼门禁坏了"),
        say("li", "我的待办"),
        show(),
        {"show": "rates"},
    )
    done.hears("li", "居民回复：在家的，你打〔电话〕")
    assert [text for text in done.told("li") if "13912345678" in text]
    done.hears("li", "A0002 自办已记")
    done.hears("li", "待办 1 件", "A0003")
    assert done.steps() == [
        "open", "assign", "accept", "whistle", "report_in", "contribute", "ask", "reply", "share", "feed_back",
        "rate", "close", "rate",
    ]  # fmt: skip
    assert (done.shown[0]["solved"], done.shown[0]["rating"]) == (True, 5)
    assert done.shown[1]["satisfaction"] == {"value": 1.0, "of": 1, "n": 1}
    assert (done.shown[1]["closure_rate"]["of"], done.shown[1]["closure_rate"]["n"]) == (3, 1)
    for group in (WORK, "enforcement-group"):
        assert not [text for text in done.told(group) if "怕着火" in text or "楼道里" in text or "139" in text]


def test_dispatchers_change_what_was_written() -> None:
    """Point 4: each word once, then a broadcast with its approval and its undo."""
    done = played(
        OPENED,
        say("chen", "改类 A0001 楼道堆物"),
        say("chen", "改地点 A0001 健仁小区9号楼"),
        say("chen", "升级 A0001 红"),
        say("sun", "收到 A0001"),
        say("chen", "降级 A0001 绿 已看过"),
        say("chen", "接管 A0001"),
        say("chen", "派单 A0001 综合执法局"),
        say("xie", "批注 A0001 请今天办完"),
        say("chen", "关闭 A0001 已由物业清走"),
        say("zhang", "A0001 返工"),
        say("chen", "转出 A0001 供电"),
        show(),
        say("han", "群发 健仁社区 明天上午停水检修"),
        say("han", "批准 G0001"),
        press("chen", "批准"),
        {"advance": "5m"},
        say("chen", "停机公告 今晚22点到23点 维护"),
        press("pan", "批准"),
        say("pan", "取消群发 G0002"),
        {"advance": "10m"},
    )
    done.hears("zhang", "类别核对后改为", "楼道堆物")
    done.hears("zhang", "地点核对后改为健仁小区9号楼", "健仁第一网格")
    done.hears("lin", "谢国安批注：请今天办完")
    done.hears("zhang", "先办结了，原因：已由物业清走")
    done.hears("zhang", "A0001", "已转供电")
    done.hears("han", "请另一位批准")
    assert [text for text in done.told(HOME) if "停水检修" in text] == ["【盐龙街道】明天上午停水检修"]
    assert not [text for text in done.told(HOME) if "维护" in text]
    assert not done.errors


def test_in_groups() -> None:
    """Point 5: reported by calling the bot, one more voice to its answer, danger said to others, the result."""
    done = played(
        say("zhang", "楼道有人给电动车飞线充电", **{"in": HOME, "at": True}),
        say("guo", "+1", **{"in": HOME, "quote": "A0001"}),
        say("zhang", "健仁小区3号楼"),
        say("guo", "健仁小区5号楼着火了", **{"in": HOME}),
        say("guo", "今天天气真好", **{"in": HOME}),
        say("zhao", "接单", **{"in": WORK, "quote": "A0001"}),
        say("zhao", "反馈 A0001 已劝离501"),
        {"show": "cases"},
    )
    done.hears("zhang", "在哪里")
    done.hears("guo", "已把您加进 A0001")
    done.hears("duty-desk", "【红·紧急】A0002 火情")
    done.hears("guo", "119")
    noted, result = done.told(HOME)
    assert "已登记 A0001" in noted
    assert result == "A0001 电动车飞线充电：已处理。"
    assert done.shown[0][0]["reporters"] == ["zhang", "guo"]
    work = [line["kind"] for line in done.out if line.get("to") == WORK and line["case"] == "A0001"]
    assert work[0] == "card"
    assert set(work[1:]) == {"edit"}


def test_many_voices() -> None:
    """Point 6: joined by itself, merged and split by hand."""
    done = played(
        say("r1", "健仁小区3号楼停电了"),
        say("r2", "健仁小区3号楼家里没电了"),
        say("r3", "健仁小区4号楼楼道灯不亮"),
        say("chen", "并案 A0002 A0001"),
        show(),
        say("chen", "拆案 A0002"),
        say("peng", "接单 A0001"),
        {"show": "cases"},
    )
    done.hears("r2", "已有1位邻居反映", "同一件事")
    done.hears("r3", "A0002", "进度看 A0001")
    assert done.shown[0]["reporters"] == ["r1", "r2", "r3"]
    first, second = sorted(done.shown[1], key=lambda case: case["case"])
    assert (first["reporters"], second["reporters"]) == (["r1", "r2"], ["r3"])
    for who in ("r1", "r2"):
        done.hears(who, "彭亮已接单")
    assert not [text for text in done.told("r3") if "彭亮" in text]


@pytest.mark.parametrize("label", ["信访苗头", "安全隐患", "矛盾纠纷", "社情民意", "突发事件", "协助网格治理"])
def test_a_liaison_has_six_buttons(label: str) -> None:
    """Point 7."""
    done = played(say("qin", "上报菜单"), press("qin", label), say("qin", "健仁小区3号楼有情况，请来人看看"))
    assert not done.errors
    done.hears("qin", label)
    done.hears("qin", "A0001")


def test_the_clock() -> None:
    """Point 8: reminded, raised, paused and resumed, closed in silence; and what nobody does climbs to the desk."""
    done = played(
        OPENED,
        {"advance": "150m"},
        say("li", "接单 A0001"),
        say("li", "暂停 A0001 等材料 2天"),
        {"advance": "50h"},
        say("li", "反馈 A0001 已拆"),
        {"advance": "74h"},
        show(),
        {"show": "rates"},
        say("guo", "康宁苑2号楼楼道有人给电动车飞线充电"),
        {"advance": "4d"},
        show("A0002"),
    )
    done.hears("li", "还没人接")
    done.hears("li", "A0001 已暂停")
    done.hears("zhang", "三天没有收到您的评价")
    first, rates, second = done.shown
    assert (first["state"], first["solved"], first["rating"]) == ("closed", None, 0)
    assert {"pause", "resume", "close"} <= set(done.steps())
    assert rates["satisfaction"] == {"value": None, "of": 0, "n": 0}
    assert rates["rated"]["n"] == 0
    assert (second["state"], second["colour"], second["lead"]) == ("assigned", "red", "grid_center")
    done.hears("duty-desk", "A0002", "超时无人接单")
    done.hears("duty-desk", "督办：A0002")


BAD: Sequence[tuple[str, Line, str]] = (
    ("wrong number", say("li", "接单 A0099"), "没找到 A0099"),
    ("wrong broadcast", say("chen", "批准 G0009"), "没找到 G0009"),
    ("wrong code", {"as": "qian", "event": "subscribe", "scene": "bind_000000"}, "不对或已失效"),
    ("worker of another grid", say("wu", "接单 A0001"), "不在您名下"),
    ("worker of another grid", say("wu", "反馈 A0001 已清走"), "不在您名下"),
    ("foreign case", say("guo", "撤回 A0001"), "没找到 A0001"),
    ("foreign case", say("guo", "查进度 A0001"), "没找到 A0001"),
    ("resident as worker", say("zhang", "接单 A0001"), "工作人员的操作"),
    ("resident as dispatcher", say("zhang", "派单 A0001 综合执法局"), "工作人员的操作"),
    ("worker as dispatcher", say("zhao", "关闭 A0001 不想办"), "不能操作"),
    ("supervisor as hands", say("xie", "接单 A0001"), "不能操作"),
    ("too early", say("zhao", "反馈 A0001 办好了"), "还没人接单"),
    ("unknown holder", say("chen", "派单 A0001 火星局"), "没找到“火星局”"),
)


@pytest.mark.parametrize(("why", "line", "said"), BAD, ids=[f"{why} {line['as']}" for why, line, _ in BAD])
def test_bad_input_is_answered_recorded_and_changes_nothing(why: str, line: Line, said: str) -> None:
    done = played(OPENED, show(), line, show())
    assert not done.errors
    done.hears(str(line["as"]), said)
    assert done.shown[0] == done.shown[1]
    assert [one["action"] for one in done.refused[str(line["as"])]], "every refusal is recorded"


def test_lines_that_cannot_be_played_say_why_and_the_play_goes_on() -> None:
    done = played(
        OPENED,
        press("zhao", "接单", "A0007"),
        press("li", "接单", "A0001"),
        press("zhao", "接单", "A0001"),
        press("wu", "接单", "A0001"),
        press("zhang", "反馈", "A0001"),
        say(WORK, "接单"),
        say("li", "接单", **{"in": "nowhere"}),
        say("li", "你好", on="icq"),
        {"as": "li", "say": 5},
        {"advance": "-1h"},
        show("A0099"),
        show(),
    )
    assert done.errors == [
        "zhao sees no button 接单 of A0007",
        "zhao sees no button 接单 of A0001",
        "wu sees no button 接单 of A0001",
        "zhang sees no button 反馈 of A0001",
        "nobody called 'jr-2-work'",
        "no group nowhere",
        "on: no platform icq",
        "say: expected text",
        "advance: expected a span like 10m, 26h or 3d, found '-1h'",
        "no case A0099",
    ]
    assert (done.shown[0]["state"], done.shown[0]["lead_person"]) == ("handling", "li")
