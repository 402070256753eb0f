"""Dialogues of reporting: one sentence is enough, only what is missing is asked, bubbles join, doubt is said aloud."""

from __future__ import annotations

from datetime import timedelta

from handlers.cases import State
from tests.handlers.room import HOUR, MINUTE, Room

WIRE = "健仁小区3号楼楼道有人给电动车飞线充电，怕着了"
SECOND = timedelta(seconds=1)


def test_one_sentence_is_enough() -> None:
    room = Room()
    room.says("zhang", WIRE)
    heard = room.heard("zhang")
    for said in ("A0001", "安全隐患排查", "电动车飞线充电", "健仁小区3号楼", "健仁第二网格", "今天13:00前", "改"):
        assert said in heard
    assert room.case().state is State.ASSIGNED
    assert room.case().lead == "jr-2"
    card = room.heard("jr-2-work")
    assert "A0001" in card
    assert "健仁小区3号楼" in card
    assert room.steps() == ["open", "assign"]


def test_without_a_place_it_is_recorded_and_only_the_place_is_asked_for() -> None:
    room = Room()
    room.says("new", "楼道有人飞线充电")
    assert "已登记 A0001" in room.heard("new")
    assert "在哪里" in room.heard("new")
    assert room.to("jr-2-work") == []
    assert room.case().state is State.COLLECTED
    room.says("new", "健仁小区3号楼")
    assert "健仁小区3号楼" in room.heard("new")
    assert "健仁第二网格" in room.heard("new")
    assert room.case().lead == "jr-2"
    assert "A0001" in room.heard("jr-2-work")
    assert room.steps() == ["open", "move", "assign"]


def test_a_building_number_alone_means_the_one_where_the_speaker_lives() -> None:
    room = Room()
    room.says("zhang", "3号楼门禁坏了")
    assert room.case().where.unit == "jr-2"
    room.says("new", "3号楼门禁坏了")
    assert room.case("A0002").state is State.COLLECTED
    assert "“3号楼”" in room.heard("new"), "what was said is not asked for as if it had not been"
    room.says("new", "健仁小区的")
    room.says("new", "健仁小区3号楼")
    assert room.case("A0002").where.unit == "jr-2"


def test_a_pin_answers_where() -> None:
    room = Room()
    room.says("new", "楼道有人飞线充电")
    room.pins("new", 33.3803, 120.1502)
    assert room.case().lead == "jr-2"
    assert room.case().where.point == (33.3803, 120.1502)
    assert "place" not in room.asked("new")


def test_a_pin_outside_the_town_is_asked_about_once_more_and_then_kept() -> None:
    room = Room()
    room.says("new", "楼道有人飞线充电")
    room.pins("new", 31.2, 121.5)
    assert "没对上" in room.heard("new")
    room.pins("new", 31.2, 121.5)
    assert "记下了" in room.heard("new")
    assert room.case().state is State.ASSIGNED
    assert room.case().lead == "grid_center"


def test_not_knowing_where_is_accepted() -> None:
    room = Room()
    room.says("new", "楼道有人飞线充电")
    room.says("new", "不知道")
    assert "没关系" in room.heard("new")
    assert room.case().state is State.ASSIGNED
    assert room.asked("new") == []


def test_who_is_known_to_live_here_and_knows_no_place_goes_to_their_community() -> None:
    room = Room()
    room.says("zhang", "楼道有人飞线充电")
    room.says("zhang", "说不清")
    assert room.case().lead == "jr"
    assert "健仁社区" in room.heard("zhang")
    assert "A0001" in room.heard("han")


def test_the_place_is_asked_for_twice_at_most() -> None:
    room = Room()
    room.says("new", "楼道有人飞线充电")
    room.says("new", "翠竹园")
    assert "翠竹园" in room.heard("new")
    assert "没对上" in room.heard("new")
    room.says("new", "就是翠竹园5号楼")
    assert "没对上" not in room.heard("new")
    assert room.case().state is State.ASSIGNED
    assert "翠竹园5号楼" in room.case().where.text.reveal()
    assert "place" not in room.asked("new")


def test_a_place_said_in_two_goes_is_whole() -> None:
    room = Room()
    room.says("new", "楼道有人飞线充电")
    room.ear.teach("健仁小区", "info_registration", confidence=0.2, places=())
    room.says("new", "健仁小区")
    room.says("new", "健仁小区3号楼2单元501室")
    assert room.case().lead == "jr-2"
    assert "2单元501室" in room.heard("new")
    assert "2单元" not in room.heard("jr-2-work")


def test_nobody_says_where_and_after_ten_minutes_the_case_goes_out_as_it_is() -> None:
    room = Room()
    room.says("zhang", "楼道有人飞线充电")
    room.passes(9 * MINUTE)
    assert room.case().state is State.COLLECTED
    room.passes(2 * MINUTE)
    assert room.case().state is State.ASSIGNED
    assert room.case().lead == "jr"
    assert "健仁社区" in room.heard("zhang"), "who deals with it now is told"
    room.says("zhang", "健仁小区3号楼")
    assert room.case().lead == "jr-2", "the answer may come late"
    assert "A0001" in room.heard("jr-2-work")


def test_a_new_matter_in_the_middle_opens_its_own_case_and_the_question_comes_again() -> None:
    room = Room()
    room.says("new", "楼道有人飞线充电")
    room.says("new", "健仁小区10号楼路灯坏了")
    assert "已登记 A0002" in room.heard("new")
    assert "刚才的 A0001" in room.heard("new")
    assert room.case("A0002").where.building == "10号楼"
    assert not room.case("A0001").where.known
    room.says("new", "健仁小区3号楼")
    assert room.case("A0001").where.building == "3号楼"
    assert room.case("A0002").where.building == "10号楼"


def test_talk_in_the_middle_is_answered_and_the_question_stays() -> None:
    room = Room()
    room.says("new", "楼道有人飞线充电")
    room.says("new", "帮助")
    assert "查进度" in room.heard("new")
    room.says("new", "谢谢")
    assert "不客气" in room.heard("new")
    room.says("new", "健仁小区3号楼")
    assert room.case().where.building == "3号楼"


def test_bubbles_place_first_then_the_matter() -> None:
    room = Room()
    for gap in (30 * SECOND, 10 * MINUTE):
        room.says("zhang", "在健仁小区3号楼门口")
        assert "那里有什么事" in room.heard("zhang")
        room.passes(gap)
        room.says("zhang", "路灯坏了")
        (case,) = (case for case in room.memory.all.cases.values() if case.open)
        assert case.where.building == "3号楼"
        assert "健仁小区3号楼" in room.heard("zhang")
        room.says("zhang", "撤回")


def test_half_a_place_and_then_the_matter_asks_for_the_other_half() -> None:
    room = Room()
    room.says("new", "3号楼")
    room.says("new", "路灯坏了")
    assert "“3号楼”" in room.heard("new")
    room.says("new", "健仁小区3号楼")
    assert room.case().where.unit == "jr-2"


def test_a_place_alone_belongs_to_the_case_that_has_none() -> None:
    room = Room()
    room.says("new", "楼道有人飞线充电")
    room.says("new", "不知道")
    room.says("new", "健仁小区3号楼")
    assert room.case().lead == "jr-2"
    room.says("new", "3号楼一楼")
    assert "已补充到 A0001" in room.heard("new")


def test_words_too_vague_for_out_of_scope_are_not_turned_away() -> None:
    room = Room()
    for words in ("帮我看看", "那个"):
        room.ear.teach(words, "out_of_scope")
    room.says("zhang", "帮我看看")
    assert "没听明白" in room.heard("zhang")
    room.says("zhang", "那个")
    assert "已转人工" in room.heard("zhang")
    room = Room()
    room.ear.teach("5号楼也有", "out_of_scope", confidence=0.5)
    room.says("zhang", "健仁小区3号楼路灯坏了")
    room.says("zhang", "5号楼也有")
    assert "已补充到 A0001" in room.heard("zhang")


def test_bubbles_matter_first_then_the_place() -> None:
    room = Room()
    room.says("new", "路灯坏了")
    room.passes(30 * SECOND)
    room.says("new", "在健仁小区3号楼门口")
    assert room.case().where.building == "3号楼"
    assert list(room.memory.all.cases) == ["A0001"]


def test_bubbles_that_lie_further_apart_do_not_join() -> None:
    room = Room()
    for gap, joins in ((2 * MINUTE, True), (3 * MINUTE, False)):
        room.says("zhang", "健仁小区3号楼那个东西")
        room.passes(gap)
        room.says("zhang", "路灯坏了")
        assert room.case(f"A000{1 if joins else 2}").where.known is joins
        room.says("zhang", "撤回")


def test_a_command_or_an_answer_just_before_is_no_part_of_a_report() -> None:
    room = Room()
    room.says("zhang", "健仁小区3号楼路灯坏了")
    room.says("zhang", "没有")
    assert "不用照片" in room.heard("zhang")
    room.says("zhang", "查进度")
    room.says("zhang", "楼道有人飞线充电")
    assert room.case("A0002").words.reveal() == "楼道有人飞线充电"


def test_danger_in_two_bubbles_is_danger() -> None:
    room = Room()
    room.ear.teach("我妈一个人在家", "special_care", confidence=0.3)
    room.ear.teach("叫不醒", "special_care", confidence=0.3)
    room.ear.teach("我妈一个人在家\n叫不醒", "emergency", emergency_type="medical")
    room.says("zhang", "我妈一个人在家")
    room.passes(20 * SECOND)
    room.says("zhang", "叫不醒")
    assert room.heard("zhang").startswith("请马上拨打 120")


def test_no_three_but_five() -> None:
    room = Room()
    room.says("zhang", "健仁小区3号楼楼道有人飞线充电")
    room.says("zhang", "不是3号楼 是健仁小区5号楼")
    assert "健仁小区5号楼" in room.heard("zhang")
    assert "3号楼" not in room.heard("zhang")
    assert room.case().where.building == "5号楼"
    assert room.case().where.room.reveal() == ""
    assert "地点：健仁小区5号楼" in room.heard("jr-2-work")
    assert list(room.memory.all.cases) == ["A0001"]


def test_a_corrected_place_in_another_grid_moves_the_case() -> None:
    room = Room()
    room.says("zhang", "健仁小区3号楼楼道有人飞线充电")
    room.says("zhang", "说错了，是健仁小区9号楼")
    assert room.case().lead == "jr-1"
    assert "A0001" in room.heard("jr-1-work")
    edits = [letter for letter in room.to("jr-2-work") if letter.kind == "edit"]
    assert [letter.follow_up for letter in edits] == ["A0001 已转健仁第一网格处理。"]
    assert edits[0].buttons == ()


def test_more_words_soon_after_are_added_to_the_case() -> None:
    room = Room()
    room.says("zhang", "健仁小区3号楼楼道有人飞线充电")
    room.says("li", "接单 A0001")
    room.ear.teach("一共三辆车，都在一楼", "safety_hazard", confidence=0.6)
    room.says("zhang", "一共三辆车，都在一楼")
    assert "已补充到 A0001" in room.heard("zhang")
    assert "一共三辆车" in room.case().words.reveal()
    assert "一共三辆车" in room.heard("li")


def test_the_same_matter_again_is_no_second_case_but_another_building_is() -> None:
    room = Room()
    room.says("zhang", "健仁小区3号楼路灯坏了")
    room.passes(2 * HOUR)
    room.says("zhang", "健仁小区3号楼的路灯还是不亮，路灯")
    assert list(room.memory.all.cases) == ["A0001"]
    room.says("zhang", "健仁小区5号楼路灯坏了")
    assert list(room.memory.all.cases) == ["A0001", "A0002"]
    room.says("zhang", "翠竹园路灯坏了")
    assert list(room.memory.all.cases) == ["A0001", "A0002", "A0003"]


def test_a_vulnerable_person_makes_green_yellow_and_never_red() -> None:
    room = Room()
    room.ear.teach(
        "健仁小区3号楼坐轮椅的老人家门口路灯坏了", "public_facilities", item="street_lamp",
        flags=frozenset({"vulnerable"}),
    )  # fmt: skip
    room.says("zhang", "健仁小区3号楼坐轮椅的老人家门口路灯坏了")
    assert room.case().colour == "yellow"


def test_what_needs_no_place_speaks_of_none() -> None:
    room = Room()
    room.says("zhang", "建议多装几个充电棚")
    assert "已登记 A0001" in room.heard("zhang")
    assert "地点" not in room.heard("zhang")
    assert room.case().duty == "public_opinion"
