"""Dialogues of doubt and of mending: two meanings, choices by number or label, 改, an edit, photos around the words."""

from __future__ import annotations

import pytest

from handlers.cases import State
from tests.handlers.room import HOUR, MINUTE, Room

BOTH = "健仁小区3号楼楼道堆东西"


def doubtful() -> Room:
    """A room in which something of two meanings has been said."""
    room = Room()
    room.ear.teach(BOTH, "safety_hazard", confidence=0.46, runner_up="urban_order", runner_up_confidence=0.44)
    room.says("zhang", BOTH)
    return room


def test_doubt_is_said_aloud_with_few_choices() -> None:
    room = doubtful()
    heard = room.heard("zhang")
    assert "1. 报安全隐患" in heard
    assert "2. 反映乱占、乱停、乱搭" in heard
    assert "3. 都不是，找人工" in heard
    assert room.memory.all.cases == {}


@pytest.mark.parametrize("answer", ["1", "一", "第一个", "报安全隐患", "报安全隐患。", "①", "１", "1."])
def test_the_first_choice_by_number_or_label(answer: str) -> None:
    room = doubtful()
    room.says("zhang", answer)
    assert room.case().duty == "safety_hazard"
    assert room.case().where.building == "3号楼"
    assert BOTH in room.case().words.reveal()


def test_the_second_choice_by_button() -> None:
    room = doubtful()
    room.presses("zhang", "反映乱占、乱停、乱搭")
    assert room.case().duty == "urban_order"


@pytest.mark.parametrize("answer", ["3", "都不是，找人工"])
def test_none_of_them_means_a_person_with_the_first_words(answer: str) -> None:
    room = doubtful()
    room.says("zhang", answer)
    assert room.case().item == "human_desk"
    assert BOTH in room.case().words.reveal()


def test_still_unclear_means_a_person_with_the_first_words() -> None:
    room = doubtful()
    room.says("zhang", "唉说不好")
    assert room.case().item == "human_desk"
    assert BOTH in room.case().words.reveal()
    assert room.asked("zhang") == []


def test_a_clear_answer_instead_of_a_choice_is_its_own_case() -> None:
    room = doubtful()
    room.says("zhang", "健仁小区3号楼路灯坏了")
    assert room.case().item == "street_lamp"


def test_a_button_pressed_twice_is_stale() -> None:
    room = doubtful()
    room.presses("zhang", "报安全隐患")
    room.presses("zhang", "报安全隐患")
    assert "用不了" in room.heard("zhang")
    assert list(room.memory.all.cases) == ["A0001"]


def test_correcting_the_place() -> None:
    room = Room()
    room.says("zhang", "健仁小区3号楼路灯坏了")
    room.says("zhang", "改")
    for word in ("地点", "事情", "撤回"):
        assert word in room.heard("zhang"), "an inline answer has no buttons"
    room.says("zhang", "地点")
    assert "正确的地点" in room.heard("zhang")
    room.says("zhang", "健仁小区5号楼")
    assert "健仁小区5号楼" in room.heard("zhang")
    assert "3号楼" not in room.heard("zhang"), "the wrong place is gone"
    assert room.case().where.building == "5号楼"


def test_correcting_the_matter_changes_duty_hands_and_clocks() -> None:
    room = Room()
    room.says("zhang", "健仁小区3号楼路灯坏了")
    assert room.case().lead == "city_mgmt"
    room.presses("zhang", "改")
    room.presses("zhang", "事情")
    room.says("zhang", "是楼道有人飞线充电")
    case = room.case()
    assert (case.duty, case.item, case.colour, case.lead) == ("safety_hazard", "ebike_wiring", "yellow", "jr-2")
    assert "电动车飞线充电" in room.heard("zhang")
    assert "健仁第二网格" in room.heard("zhang")
    assert list(room.memory.all.cases) == ["A0001"]


def test_correcting_may_mean_taking_back() -> None:
    room = Room()
    room.says("zhang", "健仁小区3号楼路灯坏了")
    room.says("zhang", "不对")
    room.says("zhang", "撤回")
    assert room.case().state is State.WITHDRAWN


def test_correcting_with_several_cases_asks_which() -> None:
    room = Room()
    room.says("zhang", "健仁小区3号楼路灯坏了")
    room.says("zhang", "健仁小区3号楼门禁坏了")
    room.says("zhang", "改")
    assert "1. A0002" in room.heard("zhang")
    room.says("zhang", "2")
    assert "A0001 哪里不对" in room.heard("zhang")


def test_an_edited_message_corrects_its_case() -> None:
    room = Room()
    room.says("zhang", "健仁小区3号楼路灯坏了")
    room.says("zhang", "健仁小区5号楼路灯坏了", edited=True)
    assert list(room.memory.all.cases) == ["A0001"]
    assert room.case().where.building == "5号楼"


def test_a_photo_before_the_words_waits_for_them() -> None:
    room = Room()
    room.shows("zhang", "a.jpg", "b.jpg")
    assert "照片收到" in room.heard("zhang")
    room.says("zhang", "健仁小区3号楼路灯坏了")
    assert [photo.ref for photo in room.memory.all.photos["A0001"]] == ["a.jpg", "b.jpg"]
    assert "照片" not in room.heard("zhang"), "it is not asked for once more"
    assert [errand.kind for errand in room.effects.errands] == ["download", "download"]


def test_a_photo_and_a_pin_before_the_words_are_both_kept() -> None:
    room = Room()
    room.shows("new", "a.jpg")
    room.pins("new", 33.3803, 120.1502)
    room.shows("new", "b.jpg")
    room.says("new", "路灯坏了")
    assert [photo.ref for photo in room.memory.all.photos["A0001"]] == ["a.jpg", "b.jpg"]
    assert room.case().where.unit == "jr-2"


def test_a_pin_before_the_words_is_their_place() -> None:
    room = Room()
    room.pins("new", 33.3803, 120.1502)
    assert "位置收到" in room.heard("new")
    room.says("new", "楼道有人飞线充电")
    assert room.case().lead == "jr-2"


def test_a_photo_after_the_report_belongs_to_it_and_goes_to_the_handler_only() -> None:
    room = Room()
    room.says("zhang", "健仁小区3号楼楼道有人飞线充电")
    room.shows("zhang", "a.jpg")
    assert "已放进 A0001" in room.heard("zhang")
    room.says("li", "接单 A0001")
    assert len(room.to("li")[0].photos) == 1
    room.shows("zhang", "b.jpg")
    assert len(room.to("li")[0].photos) == 1
    assert room.to("jr-2-work") == []


def test_a_photo_with_words_is_a_report_with_a_photo() -> None:
    room = Room()
    room.shows("zhang", "a.jpg", caption="健仁小区3号楼路灯坏了")
    assert room.case().photos != ()
    assert "拍张照片" not in room.heard("zhang")


def test_a_photo_with_words_that_answer_a_question_is_kept() -> None:
    room = Room()
    room.says("new", "楼道有人飞线充电")
    room.shows("new", "a.jpg", caption="健仁小区3号楼门口")
    assert room.case().where.building == "3号楼"
    assert len(room.case().photos) == 1


def test_a_photo_with_doubtful_words_is_kept_for_the_case_to_come() -> None:
    room = Room()
    room.ear.teach(BOTH, "safety_hazard", confidence=0.46, runner_up="urban_order", runner_up_confidence=0.44)
    room.shows("zhang", "a.jpg", caption=BOTH)
    room.says("zhang", "1")
    assert len(room.case().photos) == 1


def test_a_photo_in_an_answer_to_nothing_waits_no_longer_than_a_while() -> None:
    room = Room()
    room.shows("zhang", "a.jpg")
    room.says("zhang", "不用了")
    assert "不用" in room.heard("zhang")
    room.passes(HOUR)
    room.says("zhang", "健仁小区3号楼路灯坏了")
    assert room.case().photos == ()


def test_no_photo_is_fine_by_word_and_by_button() -> None:
    for how in ("没有", "拍不了"):
        room = Room()
        room.says("zhang", "健仁小区3号楼路灯坏了")
        room.says("zhang", how)
        assert "不用照片也行" in room.heard("zhang")
    room.passes(MINUTE)
    room.says("zhang", "健仁小区5号楼路灯坏了")
    room.presses("zhang", "没有照片")
    assert "不用照片也行" in room.heard("zhang")
