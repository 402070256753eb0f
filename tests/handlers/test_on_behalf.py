"""Dialogues of 代报 and of a liaison's menu: staff speak for others, hear the steps, and rate nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.cases import ON_BEHALF, State
from handlers.town import Person, Role
from tests.handlers.room import HOUR, MINUTE, Room

CALLER = "代报 健仁小区3号楼路灯坏了，来电人电话13812345678"
LABELS = ["信访苗头", "安全隐患", "矛盾纠纷", "社情民意", "突发事件", "协助网格治理"]


def parts(room: Room, number: str = "A0001") -> list[str]:
    return [reporter.part for reporter in room.memory.all.reporters[number]]


def liaison_room() -> Room:
    """A room with the liaison of a micro-grid."""
    room = Room()
    qin = Person(id="qin", name="秦福生", roles=frozenset({Role.LIAISON, Role.RESIDENT}), unit="jr-2-m1")
    room.memory.all.people["qin"] = qin
    room.says("qin", "谢谢")
    return room


@pytest.mark.parametrize("words", [CALLER, "代报健仁小区3号楼路灯坏了", "健仁小区3号楼路灯坏了"])
def test_a_worker_reports_for_a_caller_and_hears_every_step(words: str) -> None:
    room = Room()
    room.says("sun", words)
    assert "已登记 A0001" in room.heard("sun")
    assert parts(room) == [ON_BEHALF]
    assert "代报" not in room.case().words.reveal()
    assert "138" not in room.heard("jr-2-work")
    lead = room.case().lead
    taker = next(person.id for person in room.rules.town.hands(lead))
    room.says(taker, "接单 A0001")
    assert "已接单" in room.heard("sun")
    room.says(taker, "反馈 A0001 已换灯")
    if room.case().state is State.HANDLING:
        room.shows(taker, "after.jpg")
    assert "居民怎么说" in room.heard("sun")
    room.says("sun", "已解决 5")
    case = room.case()
    assert (case.state, case.solved, case.rating) == (State.CLOSED, None, 0)
    (reporter,) = room.memory.all.reporters["A0001"]
    assert (reporter.solved, reporter.rating) == (True, 5)
    rate = next(entry for entry in room.history() if entry.step == "rate")
    assert rate.facts["part"] == ON_BEHALF
    assert "代报人" in room.heard(taker)


def test_stars_given_afterwards_do_not_count_either() -> None:
    room = Room()
    room.says("sun", "代报 健仁小区3号楼飞线")
    room.says("li", "接单 A0001")
    room.says("li", "反馈 A0001 已拆")
    room.says("sun", "已解决")
    room.says("sun", "5")
    assert room.case().rating == 0
    assert room.memory.all.reporters["A0001"][0].rating == 5


def test_not_solved_goes_back_as_from_a_resident() -> None:
    room = Room()
    room.says("sun", "代报 健仁小区3号楼飞线")
    room.says("li", "接单 A0001")
    room.says("li", "反馈 A0001 已拆")
    room.says("sun", "没解决")
    room.says("sun", "要")
    assert room.case().state is State.ASSIGNED
    assert room.case().solved is None


def test_where_a_resident_speaks_too_the_worker_does_not_end_it() -> None:
    room = Room()
    room.says("zhang", "健仁小区3号楼飞线")
    held = room.memory.all.reporters["A0001"]
    room.memory.all.reporters["A0001"] = (*held, replace(held[0], person="sun", part=ON_BEHALF))
    room.memory.all.people["sun"] = room.person("sun")
    room.says("li", "接单 A0001")
    room.says("li", "反馈 A0001 已拆")
    room.says("sun", "已解决 5")
    assert room.case().state is State.FED_BACK
    room.says("zhang", "已解决 4")
    assert (room.case().state, room.case().rating) == (State.CLOSED, 4)


def test_danger_comes_first() -> None:
    room = Room()
    room.says("li", "代报 健仁小区3号楼着火了")
    assert room.case().emergency == "fire"
    assert "119" in room.heard("li")
    assert room.to("chen")
    assert parts(room) == [ON_BEHALF]


def test_the_place_is_asked_for_and_what_is_not_understood_is_kept_for_a_person() -> None:
    room = Room()
    room.says("li", "代报 路灯坏了")
    assert "在哪里" in room.heard("li")
    room.says("li", "健仁小区3号楼")
    assert room.case().where.building == "3号楼"
    room.says("li", "代报 楼上老王说他家的那个事还是老样子")
    assert room.case("A0002").duty == "public_opinion"


@pytest.mark.parametrize(
    ("who", "words", "reason"),
    [("xie", "代报 路灯坏了", "no_power"), ("wang", "代报 路灯坏了", "no_power"), ("li", "代报", "report_for_empty"),
     ("li", "代报 A0001 还没好", "report_for_number"), ("zhang", "代报 A0001 路灯", "staff_only")],
)  # fmt: skip
def test_what_is_no_report_for_anybody(who: str, words: str, reason: str) -> None:
    room = Room()
    room.says(who, words)
    assert [refusal.reason for refusal in room.effects.refusals] == [reason]
    assert room.memory.all.cases == {}


def test_a_resident_remains_a_resident() -> None:
    room = Room()
    room.says("zhang", "健仁小区3号楼飞线")
    assert parts(room) == ["reporter"]


# -- the menu of a liaison ---------------------------------------------------------------------------------------------


def test_the_six_buttons_come_at_first_contact_after_help_and_by_word() -> None:
    room = liaison_room()
    assert [button.label for button in room.to("qin")[0].buttons] == LABELS
    for word in ("上报菜单", "我要上报", "菜单", "帮助"):
        room.says("qin", word)
        assert [button.label for button in room.to("qin")[0].buttons] == LABELS, word
    room.says("qin", "谢谢")
    assert room.to("qin")[0].buttons == ()


@pytest.mark.parametrize(
    ("label", "duty"),
    [("信访苗头", "emergency_petition"), ("安全隐患", "safety_hazard"), ("矛盾纠纷", "dispute_mediation"),
     ("社情民意", "public_opinion"), ("协助网格治理", "volunteer_coengagement")],
)  # fmt: skip
@pytest.mark.parametrize("press", [True, False])
def test_a_button_and_a_sentence_open_a_case_of_that_kind(label: str, duty: str, press: bool) -> None:
    room = liaison_room()
    if press:
        room.presses("qin", label)
    else:
        room.says("qin", label)
    assert "请说一句" in room.heard("qin")
    room.says("qin", "这几天有些情况要说一下")
    case = room.case()
    assert case.duty == duty
    assert case.where.unit == "jr-2-m1"
    assert parts(room) == [ON_BEHALF]
    assert "place" not in room.asked("qin")


def test_an_event_of_danger_alarms_and_asks_where() -> None:
    room = liaison_room()
    room.presses("qin", "突发事件")
    room.says("qin", "来了好多人堵着门")
    assert room.case().colour == "red"
    assert room.to("chen")
    assert "place" in room.asked("qin"), "in danger the liaison's own houses are a guess"


def test_another_danger_wins_and_the_button_counts_no_more() -> None:
    room = liaison_room()
    room.presses("qin", "社情民意")
    room.says("qin", "健仁小区3号楼着火了")
    assert room.case().emergency == "fire"
    room.passes(MINUTE)
    room.says("qin", "健仁小区5号楼门禁坏了")
    assert room.case("A0002").duty == "public_facilities"


def test_an_old_press_is_forgotten() -> None:
    room = liaison_room()
    room.presses("qin", "信访苗头")
    room.passes(HOUR)
    room.says("qin", "健仁小区5号楼门禁坏了")
    assert room.case().duty == "public_facilities"


def test_the_menu_is_a_liaisons_alone() -> None:
    room = Room()
    room.says("li", "上报菜单")
    assert [refusal.reason for refusal in room.effects.refusals] == ["no_power"]
    room.acts("zhang", "report_menu::petition")
    assert [refusal.reason for refusal in room.effects.refusals] == ["staff_only"]
