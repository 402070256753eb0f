"""Dialogues of danger: the number first, no claim that help was called, humans alerted until one says 收到."""

from __future__ import annotations

import pytest

from handlers.cases import State
from tests.handlers.room import DESK, HOUR, MINUTE, Room

TITLED = {
    "fire": ("健仁小区3号楼着火了", "119", "关门堵缝"),
    "gas": ("健仁小区3号楼有煤气味", "119", "别碰开关"),
    "trapped": ("健仁小区3号楼电梯有人被困", "96333 或 119", "别扒门"),
    "police": ("健仁小区3号楼有人持刀", "110", "安全处"),
    "missing": ("健仁小区3号楼老人走失", "110", "24小时"),
    "disaster": ("健仁小区3号楼围墙塌了", "119 或 110", "撤到安全处"),
}
SILENT = {
    "medical": ("健仁小区3号楼有人晕倒", "120", "急救指导"),
    "dv": ("我老公打我，健仁小区3号楼", "110 或 12338", "安全最要紧"),
    "self_harm": ("我不想活了，健仁小区3号楼", "12356 或 110 或 120", "身边的人陪"),
    "minor": ("健仁小区3号楼孩子被打", "110", "孩子"),
    "other_emergency": ("快来救命，健仁小区3号楼", "110 或 120 或 119", "安全"),
}
GENTLE = ("dv", "self_harm", "minor")
ALL = {**TITLED, **SILENT}


@pytest.mark.parametrize("kind", ALL)
def test_the_number_comes_first_then_one_safety_line_then_the_case(kind: str) -> None:
    words, numbers, safety = ALL[kind]
    room = Room()
    room.says("guo", words)
    heard = room.heard("guo")
    lines = heard.split("\n")
    assert numbers in lines[0]
    assert "不能替您打电话" in lines[0]
    assert safety in heard
    assert heard.index(numbers) < heard.index(safety)
    assert heard.index(safety) < heard.index("A0001")
    assert "照片" not in heard, "only the place is asked for"
    case = room.case()
    assert (case.item, case.colour, case.state) == (kind, "red", State.ASSIGNED)
    assert (case.emergency, case.lead, case.duty) == (kind, "grid_center", "emergency_petition")


@pytest.mark.parametrize("kind", ALL)
def test_every_person_of_the_duty_desk_is_alerted_at_once_with_place_and_words(kind: str) -> None:
    words, _, _ = ALL[kind]
    room = Room()
    room.says("guo", words)
    (letter,) = room.to(DESK)
    assert letter.people == ("chen", "pan")
    assert letter.red
    assert "健仁小区3号楼" in letter.text
    assert words in letter.text
    assert [button.label for button in letter.buttons] == ["收到"]


@pytest.mark.parametrize("kind", TITLED)
def test_groups_are_told_the_title_and_no_place(kind: str) -> None:
    room = Room()
    room.says("guo", ALL[kind][0])
    for group in ("centre-work", "jr-2-work"):
        (card,) = room.to(group)
        assert "红·紧急" in card.text
        assert "3号楼" not in card.text
        assert card.red
    assert room.to("jr-2-home") == []


@pytest.mark.parametrize("kind", SILENT)
def test_no_group_hears_of_what_is_confidential(kind: str) -> None:
    room = Room()
    room.says("guo", ALL[kind][0])
    room.says("chen", "收到")
    room.says("chen", "接单 A0001")
    assert not [one for one in room.sent if one.letter.to in room.rules.town.groups]
    assert room.case().confidential


@pytest.mark.parametrize("kind", GENTLE)
def test_gentle_words_for_the_worst(kind: str) -> None:
    room = Room()
    room.says("guo", ALL[kind][0])
    assert "只有值班专人能看到" in room.heard("guo")
    room.says("new", ALL[kind][0].replace("健仁小区3号楼", ""))
    assert "方便的话" in room.heard("new")


def test_violence_at_home_is_never_mediated() -> None:
    room = Room()
    room.says("guo", "我老公打我，健仁小区3号楼")
    assert "调解" not in room.heard("guo")
    assert "mediate" not in room.asked("guo")
    assert room.to("wang") == []


def test_the_place_is_asked_for_and_told_to_the_duty_desk() -> None:
    room = Room()
    room.says("new", "着火了")
    assert room.heard("new").endswith("您在哪里？哪个小区、几号楼？") or "您在哪里" in room.heard("new")
    room.says("new", "健仁小区3号楼")
    assert "健仁小区3号楼" in room.heard("new")
    assert "健仁小区3号楼" in room.heard(DESK)
    assert "红·紧急" in room.heard("jr-2-work"), "the grid hears as soon as it is known which"


def test_any_place_will_do_in_danger() -> None:
    room = Room()
    room.says("new", "着火了")
    room.says("new", "翠竹园")
    assert "翠竹园" in room.heard(DESK)
    assert "没对上" not in room.heard("new")


def test_the_alarm_is_repeated_every_five_minutes_and_later_every_thirty() -> None:
    room = Room()
    room.says("guo", "健仁小区3号楼着火了")
    for minute in (5, 10, 15, 20, 25, 30):
        room.passes(4 * MINUTE)
        assert "无人确认" not in room.heard(DESK), minute
        room.passes(1 * MINUTE)
        assert f"已过{minute}分钟无人确认" in room.heard(DESK)
    room.passes(29 * MINUTE)
    assert "无人确认" not in room.heard(DESK)
    room.passes(1 * MINUTE)
    assert "已过60分钟" in room.heard(DESK)
    assert room.to("guo") == []


def test_a_long_sleep_does_not_break_the_clock() -> None:
    """The machine was off for three days: one reminder now, and the next in its own time."""
    room = Room()
    room.says("guo", "健仁小区3号楼着火了")
    room.now += 72 * HOUR
    room.passes(MINUTE)
    assert "无人确认" in room.heard(DESK)
    wake_at = room.case().wake_at
    assert wake_at is not None
    assert wake_at > room.now


def test_acknowledging_ends_the_alarms_and_everybody_knows_who() -> None:
    room = Room()
    room.says("guo", "健仁小区3号楼着火了")
    room.presses("chen", "收到")
    assert "不再重复提醒" in room.heard("chen")
    assert "陈明远" in room.heard("pan")
    assert "正在跟进" in room.heard("guo")
    assert room.case().acknowledged_by == "chen"
    for group in ("centre-work", "jr-2-work"):
        (edit,) = room.to(group)
        assert edit.kind == "edit"
        assert "陈明远" in edit.follow_up
    room.passes(10 * MINUTE)
    assert "无人确认" not in room.heard(DESK)
    room.says("chen", "收到 A0001")
    assert "已由陈明远确认" in room.heard("chen")


def test_the_desk_may_acknowledge_in_its_group_by_the_card() -> None:
    room = Room()
    room.says("guo", "健仁小区3号楼着火了")
    room.presses("chen", "收到", into="centre-work")
    assert room.case().acknowledged_by == "chen"


def test_a_second_message_about_the_same_danger_is_added() -> None:
    room = Room()
    room.says("new", "着火了")
    room.passes(MINUTE)
    room.says("new", "健仁小区3号楼着火了，好大的烟")
    assert list(room.memory.all.cases) == ["A0001"]
    assert room.heard("new").startswith("请马上拨打 119")
    assert "好大的烟" in room.heard(DESK)
    assert room.case().where.building == "3号楼"
    assert "您在哪里" not in room.heard("new")


def test_other_words_after_a_danger_are_added_too() -> None:
    room = Room()
    room.says("guo", "健仁小区3号楼着火了")
    room.says("guo", "火越来越大 楼上还有老人")
    assert list(room.memory.all.cases) == ["A0001"]
    assert "楼上还有老人" in room.case().words.reveal()
    assert "楼上还有老人" in room.heard(DESK)


def test_danger_overtakes_an_open_question() -> None:
    room = Room()
    room.says("new", "楼道有人飞线充电")
    room.says("new", "着火了")
    assert room.heard("new").startswith("请马上拨打 119")
    room.says("new", "健仁小区3号楼")
    assert room.case("A0002").where.building == "3号楼"
    assert not room.case("A0001").where.known


def test_what_if_is_answered_and_alarms_nobody() -> None:
    room = Room()
    room.says("zhang", "如果着火了怎么办")
    assert room.to(DESK) == []
    assert not [case for case in room.memory.all.cases.values() if case.colour == "red"]


def test_taking_an_alarm_back_is_told_to_the_desk() -> None:
    room = Room()
    room.says("guo", "健仁小区3号楼着火了")
    room.says("guo", "撤回")
    for who in room.rules.town.duty_people:
        assert "已撤回" in room.heard(who)
    assert room.case().wake_at is None
    (edit,) = room.to("jr-2-work")
    assert edit.buttons == ()


def test_danger_said_in_a_group_is_answered_there_with_the_number_only() -> None:
    room = Room()
    room.says("guo", "健仁小区3号楼着火了", into="jr-2-home", at=True)
    assert room.heard("jr-2-home").startswith("请马上拨打 119")
    assert "A0001" not in room.heard("jr-2-home")
    assert "A0001" in room.heard("guo")
    assert room.to(DESK) != []


def test_what_is_confidential_is_not_answered_in_a_group() -> None:
    room = Room()
    room.says("guo", "我不想活了", into="jr-2-home", at=True)
    assert room.to("jr-2-home") == []
    assert "12356" in room.heard("guo")
    assert room.to(DESK) != []


@pytest.mark.parametrize("kind", GENTLE)
def test_nobody_in_despair_is_asked_for_stars(kind: str) -> None:
    room = Room()
    room.says("guo", ALL[kind][0])
    room.says("chen", "接单 A0001")
    room.says("chen", "反馈 A0001 已有人陪着")
    assert "已有人陪着" in room.heard("guo")
    assert "分" not in room.heard("guo")
    assert "rating" not in room.asked("guo")
    room.passes(73 * HOUR)
    assert room.case().state is State.CLOSED
    assert room.to("guo") == []


def test_another_danger_a_moment_later_is_at_the_same_place() -> None:
    room = Room()
    room.says("new", "健仁小区3号楼着火了")
    room.says("new", "有人晕倒了")
    assert room.case("A0002").where.building == "3号楼"
    assert "您在哪里" not in room.heard("new")
    assert "健仁小区3号楼" in room.heard(DESK)


def test_small_words_of_somebody_in_danger_are_no_small_talk() -> None:
    room = Room()
    room.says("guo", "我不想活了，健仁小区3号楼")
    room.ear.teach("在家", "greeting")
    room.says("guo", "在家")
    assert "已告诉值班人员" in room.heard("guo")
    assert "在家" in room.heard(DESK)
    room.says("guo", "谢谢")
    assert "不客气" in room.heard("guo")
