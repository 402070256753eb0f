"""The story that the house was built for: from a plain sentence to a rated case, on both stores."""

from __future__ import annotations

import json

from bot.app import stage
from bot.clock import FakeClock
from bot.play import play
from tests.product import product
from tests.stories.conftest import START
from tests.stories.story import State, Story

SENTENCE = "健仁小区3号楼楼道有人给电动车飞线充电，怕着火"


def test_fly_wire_charging(anywhere: Story) -> None:
    story = anywhere
    story.says("张阿姨", SENTENCE)
    story.hears("张阿姨", "已登记", "A0001", "电动车飞线充电", "健仁小区3号楼", "健仁第二网格", "前有人接单", "改")
    story.hears("第二网格工作群", "飞线充电", "A0001", but_not=["张阿姨", "张桂兰", "138", "怕着火"])

    story.presses("网格员小李", "接单", "A0001")
    story.hears("张阿姨", "A0001", "已接单")
    story.hears("第二网格工作群", "A0001")
    story.hears("网格员小李", "归您办了", "怕着火")

    story.says("网格员小李", "反馈 A0001 已劝离并拆除")
    story.hears("张阿姨", "已劝离并拆除", "解决了吗")

    story.says("张阿姨", "已解决 5")
    story.hears("张阿姨", "谢谢", "A0001")
    story.hears("网格员小李", "已解决")
    case = story.case("A0001")
    assert case.state is State.CLOSED
    assert (case.solved, case.rating) == (True, 5)
    story.never_says("怕着火", "楼道", "张桂兰", to=["第二网格工作群"])
    with story.stage.store.reading() as reader:
        assert reader.verify() == []


def test_short_form_with_a_known_home(story: Story) -> None:
    story.says("张阿姨", "3号楼楼道里有人飞线充电")
    story.hears("张阿姨", "已登记", "A0001")
    story.hears("第二网格工作群", "飞线充电", but_not=["张阿姨", "138"])
    story.says("网格员小李", "接单 A0001")
    story.says("网格员小李", "反馈 A0001 已劝离并拆除")
    story.hears("张阿姨", "解决了吗")
    story.says("张阿姨", "已解决 5")
    assert story.case("A0001").state is State.CLOSED


LINES = "\n".join(
    json.dumps(line, ensure_ascii=False)
    for line in (
        {"as": "zhang", "say": SENTENCE},
        {"as": "li", "press": "接单", "case": "A0001"},
        {"as": "li", "say": "反馈 A0001 已劝离并拆除"},
        {"advance": "26h"},
        {"as": "zhang", "press": "已解决"},
        {"as": "zhang", "say": "5"},
        {"as": "stranger", "say": "路灯坏了"},
        {"as": "stranger", "location": [33.38, 120.15]},
        {"as": "nobody", "press": "接单"},
        "not an object",
        {"show": "case", "case": "A0001"},
        {"show": "cases"},
        {"show": "rates"},
        {"show": "case", "case": "A9999"},
    )
)


def _played() -> list[str]:
    return list(play(stage(product(), FakeClock(START)), LINES.split("\n")))


def test_play_is_the_same_to_the_byte() -> None:
    assert _played() == _played()


def test_in_play_a_card_is_answered_by_its_case() -> None:
    said = [
        {"as": "zhang", "say": SENTENCE},
        {"as": "zhang", "say": "人民路12号门口垃圾堆了两天没人清"},
        {"as": "li", "say": "接单", "in": "jr-2-work", "quote": "A0001"},
        {"as": "li", "photo": "a.jpg", "caption": "反馈 飞线已拆除", "in": "jr-2-work", "quote": "A0009"},
        {"as": "li", "say": "反馈 飞线已拆除", "quote": "A0001"},
        {"show": "cases"},
    ]
    lines = [json.dumps(line, ensure_ascii=False) for line in said]
    out = [json.loads(line) for line in play(stage(product(), FakeClock(START)), lines)]
    assert [line["error"] for line in out if "error" in line] == ["no card of A0009 in jr-2-work", "no group "]
    assert [case["state"] for case in out[-1]["show"]] == ["handling", "assigned"]


def test_play_goes_on_after_what_cannot_be_played() -> None:
    out = [json.loads(line) for line in _played()]
    errors = [line for line in out if "error" in line]
    assert len(errors) == 3
    shown = [line["show"] for line in out if "show" in line]
    assert shown[0]["state"] == "closed"
    assert [entry["step"] for entry in shown[0]["history"]][:4] == ["open", "assign", "accept", "feed_back"]
    assert {"case", "state", "colour", "duty", "item", "place", "level", "lead", "tasks", "reporters", "due",
            "history"} <= set(shown[0])  # fmt: skip
    assert shown[2]["satisfaction"] == {"value": 1.0, "of": 1, "n": 1}
    letters = [line for line in out if "to" in line]
    assert all(set(line) == {"at", "to", "text", "buttons", "case", "kind"} for line in letters)
    assert letters[0]["at"] == "2026-03-02T09:00:00+08:00"
