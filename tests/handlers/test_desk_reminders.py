"""Dialogues with the clock about reminders, nights, colours that rise, whistles that nobody answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from handlers import following
from handlers.cases import Reporter, State, Task, TaskKind, TaskState
from handlers.steps import Step
from handlers.turn import Turn
from tests.handlers.room import DESK, HOUR, MINUTE, Room
from tests.handlers.stubs import ZONE
from tests.handlers.test_desk_hands import reported, taken
from tests.handlers.test_dispatch import away

NIGHT = datetime(2026, 3, 2, 23, 0, tzinfo=ZONE)
WIRES = "健仁小区3号楼楼道有人飞线充电"
LAMP = "健仁小区3号楼路灯不亮"


def told(room: Room, who: str, words: str) -> int:
    """How many letters with these words somebody has been sent."""
    return sum(words in one.letter.text for one in room.sent if who in (one.letter.to, *one.letter.people))


def test_those_asked_are_reminded_at_half_and_late_with_the_head() -> None:
    room = reported()
    room.memory.all.cases["A0001"] = replace(room.case(), assignees=("zhao", "li"))
    room.passes(2 * HOUR)
    assert ("还没人接" in room.heard("zhao"), "还没人接" in room.heard("li")) == (True, True)
    assert [button.label for button in room.to("li")[0].buttons] == ["接单", "不归我管"]
    assert room.heard("han") == ""
    room.passes(HOUR + 12 * MINUTE)
    assert ["快到接单时限" in room.heard(who) for who in ("zhao", "li", "han")] == [True, True, True]
    assert room.heard("zhang") == ""


def test_who_took_it_is_reminded_of_the_finish_and_of_a_first_word_once() -> None:
    room = taken()
    room.passes(71 * HOUR)
    lines = ("还没给居民回过话", "办理时间过半", "快到时限了")
    assert [told(room, "li", line) for line in lines] == [1, 1, 1]
    assert [told(room, "zhao", line) for line in lines] == [0, 0, 0]
    facts = [entry.facts["what"] for entry in room.history() if entry.step == Step.REMIND]
    assert facts == ["first", "finish_half", "finish_late"]


def test_a_first_word_in_time_is_not_asked_for() -> None:
    room = taken()
    room.says("li", "答复 A0001 明天上午去")
    room.passes(71 * HOUR)
    assert told(room, "li", "还没给居民回过话") == 0


def test_two_reminders_of_one_moment_are_one_letter() -> None:
    room = taken()
    room.sleeps(47 * HOUR)
    assert len(room.to("li")) == 1
    assert [entry.facts["what"] for entry in room.history()[-2:]] == ["finish_half", "first"]


def test_what_was_slept_through_is_reminded_of_once_or_not_at_all() -> None:
    room = taken()
    room.sleeps(60 * HOUR)
    facts = [entry.facts["what"] for entry in room.history() if entry.step == Step.REMIND]
    assert facts == ["finish_late", "first"], "most of the time is over: half of it is no news"
    room = reported()
    room.sleeps(5 * HOUR)
    assert room.steps() == ["open", "assign", "raise"]


def test_alarms_remind_of_danger_and_nothing_else_does() -> None:
    room = Room()
    room.says("guo", "健仁小区3号楼着火了")
    room.says("chen", "收到 A0001")
    room.passes(23 * HOUR)
    assert "remind" not in room.steps()


def test_a_yellow_case_of_the_night_is_put_before_the_head_who_may_take_it() -> None:
    room = Room(NIGHT)
    room.says("zhang", WIRES)
    assert "夜间来件" in room.heard("han")
    assert "3号楼2单元" not in room.heard("han")
    assert room.to("jr-2-work") == []
    assert room.heard("li") == ""
    morning = datetime(2026, 3, 3, 7, 30, tzinfo=ZONE)
    assert room.case().accept_due == morning + 4 * HOUR
    room.presses("han", "接单")
    assert room.case().lead_person == "han"


def test_with_all_hands_away_in_the_night_the_head_reads_it_once() -> None:
    room = Room(NIGHT)
    away(room, "li", "zhao")
    room.says("zhang", WIRES)
    assert room.heard("han").count("电动车飞线充电") == 1
    assert "夜间来件" in room.heard("han")


def test_nobody_is_passed_over_for_a_card_that_rested() -> None:
    room = Room(NIGHT)
    room.says("zhang", WIRES)
    room.passes(12 * HOUR + 29 * MINUTE)
    assert "raise" not in room.steps()
    room.passes(MINUTE)
    assert room.steps()[-1] == "raise"


def test_green_waits_for_the_morning_and_red_for_nothing() -> None:
    room = Room(NIGHT)
    room.says("zhang", LAMP)
    assert room.heard("han") == ""
    assert room.case().accept_due == datetime(2026, 3, 4, 7, 30, tzinfo=ZONE)
    room.says("guo", "健仁小区3号楼着火了")
    assert room.case("A0002").accept_due == room.now + 15 * MINUTE


def test_a_case_that_gets_its_place_in_the_night_is_taken_from_the_morning_on() -> None:
    room = Room(datetime(2026, 3, 2, 20, 55, tzinfo=ZONE))
    room.says("zhang", "路灯坏了")
    room.passes(10 * MINUTE)
    assert room.case().state is State.ASSIGNED
    assert room.case().accept_from == datetime(2026, 3, 3, 7, 30, tzinfo=ZONE)


def test_deadlines_that_pass_raise_the_colour_step_by_step_and_red_is_acknowledged_by_name() -> None:
    room = Room()
    room.says("zhang", LAMP)
    room.says("luo", "接单 A0001")
    assert room.case().colour == "green"
    room.passes(120 * HOUR)
    assert room.case().colour == "yellow"
    facts = room.history()[-1].facts
    assert (facts["from"], facts["to"], facts["why"]) == ("green", "yellow", "deadline_passed")
    due = room.case().due_at
    room.passes(120 * HOUR)
    assert (room.case().colour, room.case().due_at) == ("red", due), "a colour gives no time"
    assert "已升为红色" in room.heard(DESK)
    assert room.case().acknowledged_by == ""
    assert "督办" in room.heard(DESK), "the second time the dispatchers hear it too"
    room.presses("chen", "收到")
    assert room.case().acknowledged_by == "chen"
    room.passes(500 * HOUR)
    assert room.steps().count("supervise") == 2
    assert room.steps().count("recolour") == 2


@pytest.mark.parametrize(("part", "raised"), [("co_reporter", True), ("on_behalf", True), ("other_side", False)])
def test_three_voices_raise_green_to_yellow_once(part: str, raised: bool) -> None:
    room = Room()
    room.says("zhang", LAMP)
    voices(room, part, ("guo", "huang"))
    assert room.case().colour == ("yellow" if raised else "green")
    if raised:
        room.records("A0001", Step.RECOLOUR, COLOUR="green")
        voices(room, part, ("new",))
        assert room.case().colour == "green", "a human has lowered it"


def test_voices_of_long_ago_and_voices_about_yellow_raise_nothing() -> None:
    room = Room()
    room.says("zhang", LAMP)
    room.records("A0001", Step.TELL)
    long_ago = room.now - timedelta(days=15)
    room.memory.all.reporters["A0001"] = tuple(
        replace(one, since=long_ago) for one in room.memory.all.reporters["A0001"]
    )
    voices(room, "co_reporter", ("guo", "huang"))
    assert room.case().colour == "green"
    room = Room()
    room.says("zhang", WIRES)
    voices(room, "co_reporter", ("guo", "huang", "new"))
    assert room.case().colour == "yellow", "numbers never make red"


def voices(room: Room, part: str, people: tuple[str, ...]) -> None:
    """More people speak in the case: what 同一件事 does, in the turn of the last of them."""
    for who in people:
        turn = Turn(room.rules, room.memory.cases({"A0001"}, who), room.now)
        turn.out.reporters[("A0001", who)] = Reporter(case="A0001", person=who, part=part, since=room.now)
        following.run(turn)
        room.takes(turn.effects())


def test_who_was_whistled_and_stays_away_is_told_of_once() -> None:
    room = taken()
    late = [room.now + hours * HOUR for hours in (1, 2)]
    made = [
        Task(case="A0001", n=n + 2, kind=TaskKind.JOIN, holder=holder, called_at=room.now, due_at=late[n])
        for n, holder in enumerate(("enforcement", "police"))
    ]
    room.memory.all.tasks["A0001"] += (*made, replace(made[0], n=4, state=TaskState.REPORTED_IN))
    room.records("A0001", Step.WHISTLE, WHISTLE_DUE=late[0])
    assert room.case().wake_at == late[0]
    room.passes(HOUR)
    assert "吹哨后综合执法局超时没报到" in room.heard("li")
    assert "综合执法局" in room.heard(DESK)
    assert room.case().whistle_due == late[1]
    room.passes(20 * HOUR)
    assert told(room, "li", "超时没报到") == 2
    told_of = [e.facts["holders"] for e in room.history() if e.facts.get("what") == "whistle"]
    assert told_of == ["enforcement", "police"]
    assert room.case().whistle_due is None


def test_what_a_worker_found_and_solved_closes_quietly() -> None:
    room = reported()
    own = room.memory.all.reporters["A0001"][0]
    room.memory.all.reporters["A0001"] = (replace(own, part="finder"),)
    room.records("A0001", Step.SOLVE_ON_SPOT, "grid_worker", LEAD_PERSON="li")
    room.passes(80 * HOUR)
    assert room.case().state is State.CLOSED
    assert told(room, "li", "办结") == 0
    assert told(room, "zhang", "没有收到您的评价") == 0
