"""Dialogues at the edges: people who left, queues, edits that add, pictures in groups, a worker who reports as well."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers import cards
from handlers.cases import State, Where
from handlers.raw import RawText
from handlers.turn import Turn
from handlers.working_set import WorkingSet
from tests.handlers.room import DESK, HOUR, MINUTE, MORNING, Room
from tests.handlers.test_desk_hands import reported, taken


def test_a_worker_who_feeds_back_about_a_fire_reports_no_new_one() -> None:
    room = Room()
    room.says("guo", "健仁小区3号楼着火了")
    room.says("chen", "接单 A0001")
    room.says("chen", "反馈 A0001 3号楼着火点已扑灭")
    assert room.case().state is State.FED_BACK
    room.says("guo", "没解决")
    room.says("guo", "要")
    room.says("chen", "接单 A0001")
    room.says("chen", "反馈")
    room.says("chen", "又有东西着火了，已经灭掉")
    assert list(room.memory.all.cases) == ["A0001"]
    room.says("li", "3号楼着火了")
    assert room.case("A0002").emergency == "fire", "a worker may report a fire like anybody"


def test_who_has_left_leaves_the_case_to_others_and_the_head_is_told() -> None:
    room = taken()
    ws = room.memory.cases(["A0001"])
    effects = room.desk.left(ws, "A0001", room.now)
    (case,) = effects.cases
    assert (case.state, case.lead, case.lead_person) == (State.ASSIGNED, "jr-2", "")
    heads = [letter for letter in effects.letters if letter.to == "han"]
    assert "原办理人已离岗" in heads[0].text
    closed = replace(room.case(), state=State.CLOSED)
    assert not room.desk.left(WorkingSet(cases={"A0001": closed}), "A0001", room.now)


def test_the_place_in_the_queue_is_not_made_up() -> None:
    room = Room()
    room.ear.teach("我排到第几了", "case_status")
    room.says("zhang", "人工")
    room.says("zhang", "我排到第几了")
    assert "看不到排队人数" in room.heard("zhang")
    room.says("guo", "我排到第几了")
    assert "看不到排队人数" in room.heard("guo")
    assert room.case().open
    assert list(room.memory.all.cases) == ["A0001"]


def test_wait_a_moment_is_granted() -> None:
    room = reported()
    room.says("zhang", "等一下")
    assert "慢慢说" in room.heard("zhang")
    assert room.case().words.reveal().count("\n") == 0


def test_an_edit_that_changes_no_place_adds_its_words() -> None:
    room = reported("健仁小区3号楼路灯坏了")
    room.says("zhang", "健仁小区3号楼路灯坏了，一闪一闪的", edited=True)
    assert "一闪一闪" in room.case().words.reveal()
    assert list(room.memory.all.cases) == ["A0001"]
    room.says("guo", "健仁小区5号楼门禁坏了", edited=True)
    assert room.case("A0002").item == "door_access", "an edit of nothing is a message"


def test_the_same_matter_after_the_result_is_told_how_to_say_it_is_not_solved() -> None:
    room = taken()
    room.says("li", "反馈 A0001 已劝离")
    room.says("zhang", "健仁小区3号楼又在飞线充电")
    assert "没解决" in room.heard("zhang")
    assert list(room.memory.all.cases) == ["A0001"]


def test_pictures_said_to_nobody_in_a_group_are_not_looked_at() -> None:
    room = Room()
    room._turn("li", "jr-2-work", kind="photo")
    assert room.letters == []


def test_a_worker_who_reports_and_takes_their_own_case_hears_once_a_turn() -> None:
    room = Room()
    room.says("li", "健仁小区3号楼楼道有人飞线充电")
    room.says("li", "接单 A0001")
    assert "归您办了" in room.heard("li")
    room.says("li", "反馈 A0001 已劝离")
    assert "居民怎么说" in room.heard("li")
    room.says("li", "已解决 5")
    assert room.case().state is State.CLOSED
    assert (room.case().solved, room.case().rating) == (None, 0), "a worker is no resident of the case"


def test_entering_again_is_not_welcomed_again() -> None:
    room = Room()
    room.sends("new", "event", event="enter")
    assert "小格" in room.heard("new")
    room.sends("new", "event", event="enter")
    assert room.letters == []


def test_a_batch_that_could_not_be_read_is_admitted() -> None:
    room = Room()
    room.sends("new", "event", event="unreadable_batch")
    assert "已转人工" in room.heard("new")


def test_an_export_that_is_ready_is_read_to_its_owner() -> None:
    room = Room()
    room.sends("zhang", "fetched", event="export", text=RawText("我们这里有您的这些记录：……"))
    assert "这些记录" in room.heard("zhang")


def test_a_dangerous_meaning_chosen_by_number_keeps_the_words_that_were_meant() -> None:
    room = Room()
    words = "健仁小区3号楼楼上有响动"
    room.ear.teach(words, "public_security", confidence=0.5, runner_up="emergency", runner_up_confidence=0.48)
    room.says("zhang", words)
    room.says("zhang", "2")
    assert room.heard("zhang").startswith("请马上拨打")
    assert words in room.case().words.reveal()
    assert words in room.heard(DESK)


def test_status_by_a_number_in_a_sentence() -> None:
    room = reported()
    room.says("zhang", "A0001到哪一步了")
    assert "已派给" in room.heard("zhang")
    room.says("guo", "A0001到哪一步了")
    assert "没找到" in room.heard("guo")


def test_a_pin_after_a_report_without_a_place_is_its_place_even_when_the_question_is_gone() -> None:
    room = Room()
    room.says("new", "楼道有人飞线充电")
    room.says("new", "不知道")
    room.pins("new", 33.3803, 120.1502)
    assert room.case().where.unit == "jr-2"


def test_words_that_come_while_somebody_handles_a_place_reach_them() -> None:
    room = taken()
    room.says("zhang", "不是3号楼 是健仁小区5号楼")
    assert "健仁小区5号楼" in room.heard("li")
    assert room.case().lead_person == "li"


def test_reopening_by_button_a_third_time_is_refused() -> None:
    room = taken()
    for _ in range(2):
        room.says("li", "反馈 A0001 已劝离")
        room.says("zhang", "没解决")
        room.presses("zhang", "要返工")
        room.says("li", "接单 A0001")
    room.says("li", "反馈 A0001 已劝离")
    room.presses("zhang", "要返工")
    assert "用不了" in room.heard("zhang")
    assert room.case().state is State.FED_BACK


def test_privacy_on_telegram_says_that_messages_go_abroad() -> None:
    room = Room()
    room.says("zhang", "隐私")
    assert "境外" not in room.heard("zhang")


def test_a_resident_of_nowhere_in_a_town_whose_catalogue_sends_the_unknown_to_the_centre() -> None:
    room = Room()
    room.says("new", "楼道有人飞线充电")
    room.passes(11 * MINUTE)
    assert room.case().lead == "grid_center"
    assert "A0001" in "\n".join(one.letter.text for one in room.sent if one.letter.to == "chen")


def test_a_pin_after_the_result_moves_nothing() -> None:
    room = Room()
    room.says("new", "楼道有人飞线充电")
    room.says("new", "不知道")
    room.says("chen", "接单 A0001")
    room.says("chen", "反馈 A0001 已处理")
    room.pins("new", 33.3803, 120.1502)
    assert room.case().state is State.FED_BACK
    assert not room.case().where.known


def test_correcting_after_the_result_is_too_late_and_no_accident() -> None:
    room = reported()
    room.says("zhang", "改")
    room.says("zhang", "事情")
    room.says("li", "接单 A0001")
    room.says("li", "反馈 A0001 已处理")
    room.says("zhang", "健仁小区3号楼路灯坏了")
    assert room.case("A0002").item == "street_lamp"


def test_a_person_of_the_duty_desk_in_danger_hears_once() -> None:
    room = Room()
    room.says("chen", "健仁小区3号楼着火了")
    assert room.heard("chen").startswith("请马上拨打 119")
    assert [letter.people for letter in room.to(DESK)] == [("pan",)]


# -- what stands on cards ----------------------------------------------------------------------------------------------


def turn() -> Turn:
    """A look of the clock, for what only needs rules and a moment."""
    return Turn(Room().rules, WorkingSet(), MORNING)


@pytest.mark.parametrize(
    ("hours", "said"),
    [(9, "今天18:00前"), (15.5, "明天0:30前"), (24, "明天9:00前"), (72, "3月5日9:00前"), (0.25, "今天9:15前")],
)
def test_moments_as_people_say_them(hours: float, said: str) -> None:
    assert cards.when(turn(), MORNING + hours * HOUR) == said


def test_no_moment_is_as_soon_as_possible() -> None:
    assert cards.when(turn(), None) == "尽快"


@pytest.mark.parametrize(
    ("text", "estate", "building", "room", "said"),
    [
        ("健仁小区3号楼2单元", "健仁小区", "3号楼", "2单元", "健仁小区3号楼2单元"),
        ("3号楼楼道", "健仁小区", "3号楼", "", "健仁小区3号楼楼道"),
        ("三号楼", "健仁小区", "3号楼", "", "健仁小区3号楼"),
        ("", "健仁小区", "3号楼", "501室", "健仁小区3号楼501室"),
        ("菜场门口", "健仁小区", "", "", "健仁小区（菜场门口）"),
        ("老王家楼下", "", "", "", "老王家楼下"),
    ],
)
def test_the_full_place_says_nothing_twice(text: str, estate: str, building: str, room: str, said: str) -> None:
    where = Where(text=RawText(text), estate=estate, building=building, room=RawText(room), unit="jr-2", known=True)
    case = replace(reported().case(), where=where)
    assert cards.full_place(turn(), case) == said
