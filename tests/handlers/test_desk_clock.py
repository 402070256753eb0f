"""Dialogues with the clock: overdue climbs and is supervised, nights are quiet, hours are kept after reopening."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.cases import State
from tests.handlers.room import DESK, HOUR, MINUTE, Room
from tests.handlers.stubs import ZONE
from tests.handlers.test_desk_hands import reported, taken

EVENING = datetime(2026, 3, 2, 21, 45, tzinfo=ZONE)
NIGHT = datetime(2026, 3, 2, 23, 0, tzinfo=ZONE)


def test_accepting_overdue_raises_the_lead_one_level_each_time() -> None:
    room = reported()
    room.passes(4 * HOUR)
    assert (room.case().lead, room.case().level) == ("jr", "community")
    assert "A0001" in room.heard("han")
    edits = [letter for letter in room.to("jr-2-work") if letter.kind == "edit"]
    assert edits[0].follow_up == "A0001 已转健仁社区处理。"
    room.says("li", "接单 A0001")
    assert "不能操作" in room.heard("li") or "不在您名下" in room.heard("li")
    room.passes(4 * HOUR)
    assert (room.case().lead, room.case().level) == ("grid_center", "street")
    room.passes(4 * HOUR)
    assert "超时无人接单" in room.heard(DESK)
    reminded = ["remind", "remind"]
    assert room.steps() == ["open", "assign", *reminded, "raise", *reminded, "raise", *reminded, "supervise"]
    room.says("chen", "接单 A0001")
    assert room.case().state is State.HANDLING


def test_a_case_that_was_taken_is_not_raised() -> None:
    room = taken()
    room.passes(10 * HOUR)
    assert room.case().lead == "jr-2"
    assert "raise" not in room.steps()


def test_finishing_overdue_is_supervised_twice_and_hands_stay() -> None:
    room = taken()
    room.passes(72 * HOUR)
    assert "督办" in room.heard("han")
    assert "督办" in room.heard("li")
    assert room.case().lead_person == "li"
    room.passes(72 * HOUR)
    assert "督办" in room.heard("li")
    room.passes(300 * HOUR)
    assert room.steps().count("supervise") == 2
    assert room.case().state is State.HANDLING


def test_after_doing_it_again_the_clocks_run_anew() -> None:
    room = taken()
    room.passes(200 * HOUR)
    assert room.case().supervised == 2
    room.says("li", "反馈 A0001 已劝离")
    room.says("zhang", "没解决")
    room.says("zhang", "要")
    case = room.case()
    assert (case.raised, case.supervised, case.fed_back_at, case.closed_at) == (0, 0, None, None)
    assert case.colour == "red", "two deadlines passed, and only a human lowers red"
    assert case.accept_due == room.now + 15 * MINUTE
    assert case.due_at == room.now + 24 * HOUR
    room.says("li", "接单 A0001")
    room.passes(24 * HOUR)
    assert "督办" in room.heard("li")


def test_steps_told_at_night_wait_for_the_morning() -> None:
    room = Room(NIGHT)
    room.says("zhang", "健仁小区3号楼楼道有人飞线充电")
    assert "已登记 A0001" in room.heard("zhang"), "an answer to what was just said does not wait"
    assert room.to("jr-2-work") == []
    room.says("li", "接单 A0001")
    assert "归您办了" in room.heard("li")
    assert room.to("zhang") == []
    room.passes(8 * HOUR)
    assert "已接单" in room.heard("zhang")
    assert room.sent[-1].at.astimezone(ZONE).hour == 7
    room.passes(30 * MINUTE)
    assert "A0001" in room.heard("jr-2-work")


def test_in_the_evening_groups_rest_before_people_do() -> None:
    room = Room(EVENING)
    room.says("zhang", "健仁小区3号楼楼道有人飞线充电")
    assert room.to("jr-2-work") == []
    room.says("li", "接单 A0001")
    assert "已接单" in room.heard("zhang")


def test_the_result_waits_for_the_morning_but_may_be_rated_at_night() -> None:
    room = Room(NIGHT)
    room.says("zhang", "健仁小区3号楼楼道有人飞线充电")
    room.says("li", "接单 A0001")
    room.says("li", "反馈 A0001 已劝离")
    assert room.to("zhang") == []
    room.says("zhang", "查进度")
    assert "已反馈结果" in room.heard("zhang")
    room.says("zhang", "已解决 5")
    assert room.case().state is State.CLOSED


def test_red_rests_for_nobody() -> None:
    room = Room(NIGHT)
    room.says("guo", "健仁小区3号楼着火了")
    assert "A0001" in room.heard("centre-work")
    assert "A0001" in room.heard(DESK)
    room.says("chen", "收到 A0001")
    assert "正在跟进" in room.heard("guo")


def test_a_petition_is_shown_to_its_leaders_quietly() -> None:
    room = Room()
    room.says("guo", "我们约好明天一起去市里反映拆迁的事")
    assert "A0001" in room.heard("chen")
    assert "已过0分钟" not in "\n".join(one.letter.text for one in room.sent)
    room.passes(59 * MINUTE)
    assert [letter.to for letter in room.letters] == ["chen", "chen"], "it keeps clocks of its own, and reminds of them"
    room.passes(1 * MINUTE)
    assert "超时无人接单" in room.heard(DESK)
    room.says("chen", "收到 A0001")
    assert room.case().acknowledged_by == "chen"


def test_nothing_wakes_a_case_that_has_ended() -> None:
    room = reported()
    room.says("zhang", "撤回")
    assert room.case().wake_at is None
    room.passes(timedelta(days=10))
    assert room.letters == []
