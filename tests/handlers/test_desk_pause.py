"""Dialogues about letting a case rest: reasons, limits, who may, what the resident hears, how it goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.cases import State
from handlers.steps import Step
from tests.handlers.room import HOUR, MINUTE, Room
from tests.handlers.test_desk_hands import reported, taken

DAY = timedelta(days=1)


def rested(words: str = "暂停 A0001 等材料 2天", by: str = "li") -> Room:
    """A room in which the case that was taken rests."""
    room = taken()
    room.says(by, words)
    assert room.case().paused_at == room.now
    return room


def test_a_case_rests_and_goes_on_by_the_clock() -> None:
    room = rested()
    due = room.case().due_at
    assert due is not None
    assert "等材料" in room.heard("zhang")
    assert "顺延" in room.heard("li")
    assert "暂停（等材料）" in room.heard("jr-2-work")
    room.says("zhang", "查进度")
    assert "已暂停（等材料）" in room.heard("zhang")
    room.passes(2 * DAY - MINUTE)
    assert not room.heard("li"), "nobody is reminded of what stands still"
    room.passes(MINUTE)
    assert room.case().paused_at is None
    assert room.case().due_at == due + 2 * DAY
    assert "恢复办理" in room.heard("li")
    assert "接着办了" in room.heard("zhang")
    assert room.steps()[-2:] == ["pause", "resume"]


def test_it_goes_on_before_its_time_and_can_be_fed_back() -> None:
    room = rested()
    due = room.case().due_at
    assert due is not None
    room.passes(5 * HOUR)
    room.presses("li", "恢复")
    assert room.case().due_at == due + 5 * HOUR
    assert "恢复办理" in room.heard("li")
    assert "接着办了" in room.heard("zhang")
    room.says("li", "暂停 A0001 等天气 1天")
    room.passes(3 * HOUR)
    room.says("li", "反馈 A0001 已劝离")
    case = room.case()
    assert (case.state, case.paused_at, case.due_at) == (State.FED_BACK, None, due + 8 * HOUR)
    room.says("li", "恢复 A0001")
    assert [refusal.reason for refusal in room.effects.refusals] == ["state.fed_back"]


def test_what_waits_for_the_resident_goes_on_with_their_answer() -> None:
    room = rested("暂停 A0001 等居民 请补一张门牌照片，谢谢 3天")
    assert "在等您：请补一张门牌照片，谢谢" in room.heard("zhang")
    room.passes(HOUR)
    room.says("zhang", "门牌在楼道左边")
    assert room.case().paused_at is None
    assert room.history()[-1].facts["why"] == "answered"
    assert "门牌在楼道左边" in room.heard("li")
    assert "恢复办理" in room.heard("li")


def test_an_answer_does_not_end_what_waits_for_something_else() -> None:
    room = rested()
    room.says("zhang", "门牌在楼道左边")
    assert room.case().paused_at is not None


def test_words_of_the_reason_are_redacted_and_never_in_the_group() -> None:
    room = rested("暂停 A0001 等居民 请张女士回电13812345678 1天")
    assert "138" not in room.heard("zhang")
    assert "回电" not in room.heard("jr-2-work")
    assert room.history()[-1].facts["reason"] == "resident"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("暂停 A0001 3天", "pause_reason"), ("暂停 A0001", "pause_reason"), ("暂停 A0001 想歇歇 3天", "pause_reason"),
        ("暂停 A0001 其他 3天", "pause_reason"), ("暂停 A0001 等材料", "pause_span"),
        ("暂停 A0001 等材料 到2月30日", "pause_span"), ("暂停 A0001 等材料 到3月2日", "pause_past"),
        ("暂停 A0001 等材料 0小时", "pause_past"), ("暂停 A0001 等材料 4天", "pause_long"),
        ("暂停 A0001 等材料 到3月9日", "pause_long"), ("暂停 A0001 等材料 999周", "pause_long"),
    ],
)  # fmt: skip
def test_what_is_missing_or_too_much_is_said(words: str, reason: str) -> None:
    room = taken()
    room.says("li", words)
    assert [refusal.reason for refusal in room.effects.refusals] == [reason]
    assert room.case().paused_at is None
    assert "A0001" in room.heard("li")


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("暂停 A0001 等材料 72小时", 72 * HOUR), ("暂停 A0001 等配件 2天", 2 * DAY),
        ("A0001 暂停 其他 业主出差 1天", DAY),
        ("暂停 A0001 等其他单位：供电公司 到03月04日", 2 * DAY), ("暂停 等天晴 三天改为1天", DAY),
    ],
)  # fmt: skip
def test_spans_and_days_are_read(words: str, until: timedelta) -> None:
    room = taken()
    room.says("li", words)
    assert room.case().paused_until == room.now + until


def test_a_lead_may_let_it_rest_twice_a_dispatcher_longer_and_more_often() -> None:
    room = rested()
    room.says("li", "暂停 A0001 等材料 1天")
    assert room.effects.refusals[0].reason == "paused"
    for _ in range(2):
        room.says("li", "恢复 A0001")
        room.says("li", "暂停 A0001 等材料 1天")
    assert [refusal.reason for refusal in room.effects.refusals] == ["pause_often"]
    room.says("chen", "暂停 A0001 等其他单位 30天")
    assert room.case().paused_until == room.now + 30 * DAY
    assert "先等一等" in room.heard("zhang")
    room.says("chen", "恢复 A0001")
    assert "恢复办理" in room.heard("li")
    room.says("chen", "暂停 A0001 等其他单位 31天")
    assert [refusal.reason for refusal in room.effects.refusals] == ["pause_long_desk"]


def test_what_nobody_took_only_a_dispatcher_lets_rest() -> None:
    room = reported()
    room.says("li", "暂停 A0001 等材料 1天")
    assert [refusal.reason for refusal in room.effects.refusals] == ["pause_not_taken"]
    room.says("chen", "暂停 A0001 等材料 1天")
    accept = room.case().accept_due
    assert accept is not None
    room.passes(DAY + HOUR)
    assert "raise" not in room.steps()
    assert room.case().accept_due == accept + DAY


@pytest.mark.parametrize(
    ("who", "reason"),
    [("zhao", "pause_not_taken"), ("sun", "not_yours"), ("zhang", "staff_only"), ("xie", "no_right")],
)
def test_others_may_not(who: str, reason: str) -> None:
    room = taken()
    room.says(who, "暂停 A0001 等材料 1天")
    assert [refusal.reason for refusal in room.effects.refusals] == [reason]


def test_red_never_rests() -> None:
    room = Room()
    room.says("guo", "健仁小区3号楼着火了")
    room.says("chen", "收到 A0001")
    room.says("chen", "暂停 A0001 等材料 1天")
    assert [refusal.reason for refusal in room.effects.refusals] == ["pause_red"]


def test_what_rests_and_turns_red_goes_on() -> None:
    room = rested()
    room.records("A0001", Step.RECOLOUR, COLOUR="red")
    assert room.case().paused_at is None
    assert room.case().colour == "red"


def test_nothing_rests_that_does_not() -> None:
    room = taken()
    room.says("li", "恢复 A0001")
    assert [refusal.reason for refusal in room.effects.refusals] == ["not_paused"]
