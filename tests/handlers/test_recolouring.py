"""升级 and 降级: every colour to every other, by word and by name; red by a human alone, with a reason, and by name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.cases import State
from tests.handlers.room import HOUR, Room

WIRE = "健仁小区3号楼有人飞线充电"
ORDER = {"绿": 0, "黄": 1, "红": 2}
NAMES = {"绿": "green", "黄": "yellow", "红": "red"}


def coloured(colour: str) -> Room:
    """A room with a case of this colour (it begins yellow)."""
    room = Room()
    room.says("zhang", WIRE)
    if colour != "黄":
        room.says("chen", f"改颜色 A0001 {colour} 原因")
    assert room.case().colour == NAMES[colour]
    return room


@pytest.mark.parametrize("before", ORDER)
@pytest.mark.parametrize("after", ORDER)
@pytest.mark.parametrize("word", ["升级", "降级", "改颜色"])
@pytest.mark.parametrize("reason", ["", " 已核实"])
def test_every_colour_to_every_other(word: str, before: str, after: str, reason: str) -> None:
    room = coloured(before)
    way = {"升级": 1, "降级": -1, "改颜色": 0}[word]
    step = ORDER[after] - ORDER[before]
    may = step != 0 and way * step >= 0 and (before != "红" or bool(reason))
    due = room.case().due_at
    room.says("chen", f"{word} A0001 {after}{reason}")
    assert room.case().colour == NAMES[after if may else before]
    assert bool(room.effects.refusals) is not may
    assert due is not None
    assert room.case().due_at is not None
    if may and step > 0:
        assert (room.case().due_at or due) <= due, "raising never gives more time"


def test_raised_to_red_it_must_be_acknowledged_by_name_also_in_hand() -> None:
    room = coloured("黄")
    room.says("li", "接单 A0001")
    assert room.case().acknowledged_by == "li"
    room.says("chen", "升级 A0001 红 电线冒烟")
    assert room.case().acknowledged_by == ""
    (pushed,) = [letter for letter in room.to("li") if letter.kind == "push"]
    assert pushed.red
    assert "电线冒烟" in pushed.text
    assert [button.label for button in pushed.buttons] == ["收到", "反馈"]
    assert "待确认收到" in room.heard("jr-2-work")
    assert "冒烟" not in room.heard("jr-2-work")
    room.says("li", "收到 A0001")
    assert "已由李明确认收到" in room.heard("jr-2-work")
    assert "李明已确认收到" in room.heard("chen")
    assert room.case().state is State.HANDLING


def test_only_words_of_danger_alarm_again_and_again() -> None:
    room = coloured("红")
    room.passes(timedelta(minutes=14))
    assert "alarm" not in room.steps()


def test_who_lowers_red_has_seen_it() -> None:
    room = Room()
    room.says("zhang", "健仁小区3号楼着火了")
    room.says("chen", "降级 A0001 黄 误报，烧纸")
    room.passes(HOUR)
    assert "alarm" not in room.steps()
    assert room.case().acknowledged_by == "chen"


def test_what_is_not_red_needs_no_acknowledgement() -> None:
    room = coloured("黄")
    room.says("li", "收到 A0001")
    assert [refusal.reason for refusal in room.effects.refusals] == ["not_red"]
