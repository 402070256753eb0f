"""Whatever is said: 自办 tells no group and nobody else, a number reaches one person, and old buttons do nothing."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.cases import State
from tests.handlers.room import HOUR, Room
from tests.handlers.test_desk_hands import taken

PIECES = (
    "着火",
    "健仁小区3号楼",
    "乱倒垃圾",
    "婆媳",
    "去市里",
    "已清理",
    "可公开",
    "A0001",
    "13812345678",
    "不想活",
    "，",
    "养狗",
    "5号楼",
)
words = st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join)
calm = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@calm
@given(words)
def test_what_was_done_is_told_to_who_did_it_alone(said: str) -> None:
    room = Room()
    room.says("li", f"自办 {said}", into="jr-2-work")
    assert {letter.to for letter in room.letters} == {"li"}
    assert all(case.state is State.FED_BACK and not case.emergency for case in room.memory.all.cases.values())
    room.passes(80 * HOUR)
    assert room.letters == []


@calm
@given(words)
def test_a_number_goes_to_one_person_whatever_else_is_said(said: str) -> None:
    room = taken("健仁小区3号楼飞线")
    room.says("zhang", "请给我打电话")
    room.says("zhang", said)
    room.says("zhang", "13812345678")
    room.passes(HOUR)
    told = {one.letter.to for one in room.sent if "13812345678" in one.letter.text}
    assert told <= {"li"}


@pytest.mark.parametrize("who", ["zhao", "zhang", "xie"])
@pytest.mark.parametrize(
    "action", ["pick:A0001:publish_yes", "pick:A0001:share_no", "pick:A0001:solved", "pick::petition"]
)
def test_a_button_of_somebody_else_does_nothing(who: str, action: str) -> None:
    room = taken()
    room.shows("li", "after.jpg", caption="反馈 A0001 已劝离")
    before, thread = room.case(), room.thread(who).questions
    if action.endswith("solved") and who == "zhang":
        return
    room.acts(who, action)
    assert [refusal.reason for refusal in room.effects.refusals] == ["stale_button"]
    assert (room.case(), room.thread(who).questions) == (before, thread)
    assert not any(photo.public for photo in room.memory.all.photos["A0001"])


def test_an_answered_button_is_stale() -> None:
    room = taken()
    room.shows("li", "after.jpg", caption="反馈 A0001 已劝离")
    room.presses("li", "照片可公开")
    room.presses("li", "不公开")
    assert [refusal.reason for refusal in room.effects.refusals] == ["stale_button"]
    assert [photo.public for photo in room.memory.all.photos["A0001"]] == [True]
