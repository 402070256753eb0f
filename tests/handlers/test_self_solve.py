"""Dialogues of 自办: one message, one line back, no group, nobody asked; and what may be shown of a result (可公开)."""

from __future__ import annotations

import pytest

from handlers.cases import FINDER, State
from tests.handlers.room import HOUR, Room
from tests.handlers.test_desk_hands import reported, taken

JUNK = "自办 健仁小区3号楼有人乱倒垃圾，已清理"


def test_one_message_with_a_picture_is_all_of_it() -> None:
    room = Room()
    room.shows("li", "after.jpg", caption=JUNK)
    case = room.case()
    assert (case.state, case.lead, case.lead_person) == (State.FED_BACK, "jr-2", "li")
    assert room.heard("li").startswith("A0001 自办已记")
    assert room.heard("li").endswith("健仁小区3号楼。")
    assert {letter.to for letter in room.letters} == {"li"}
    assert room.steps() == ["open", "assign", "solve_on_spot"]
    assert [reporter.part for reporter in room.memory.all.reporters["A0001"]] == [FINDER]
    assert len(room.heard("li").splitlines()) == 1


def test_after_three_days_it_is_closed_and_nobody_hears() -> None:
    room = Room()
    room.shows("li", "after.jpg", caption=JUNK)
    room.passes(73 * HOUR)
    assert room.case().state is State.CLOSED
    assert (room.case().solved, room.case().rating) == (None, 0)
    assert room.letters == []


@pytest.mark.parametrize("who", ["li", "han"])
def test_without_place_and_meaning_it_is_still_taken(who: str) -> None:
    room = Room()
    room.says(who, "自办 帮老人提了菜")
    case = room.case()
    assert case.state is State.FED_BACK
    assert case.where.unit == room.person(who).unit
    assert case.duty == "public_opinion"
    assert room.asked(who) == []


def test_a_picture_the_item_wants_is_asked_for_once_and_joins_the_case() -> None:
    room = Room()
    room.says("li", JUNK)
    assert room.case().state is State.FED_BACK
    assert "请补一张" in room.heard("li")
    room.shows("li", "after.jpg")
    assert len(room.case().photos) == 1
    assert room.asked("li") == []
    room.says("li", "自办 健仁小区5号楼有人乱倒垃圾，已清理")
    room.says("li", "没有")
    assert "不用照片也行" in room.heard("li")


@pytest.mark.parametrize("at", [True, False])
def test_in_the_group_it_is_answered_in_private_alone(at: bool) -> None:
    room = Room()
    room.says("li", "自办：健仁小区3号楼路灯坏了，已换灯泡", into="jr-2-work", at=at)
    assert room.to("jr-2-work") == []
    assert "A0001 自办已记" in room.heard("li")


def test_what_is_over_raises_no_alarm() -> None:
    room = Room()
    room.says("li", "自办 健仁小区3号楼着火，明火已扑灭")
    assert room.to("chen") == []
    assert not room.case().emergency


def test_a_residents_case_of_the_own_grid_is_solved_without_being_taken() -> None:
    room = reported()
    room.says("li", "自办 A0001 已劝离并拆线")
    assert "解决了吗" in room.heard("zhang")
    assert room.case().lead_person == "li"
    assert "solve_on_spot" in room.steps()
    assert room.memory.all.tasks["A0001"][0].person == "li"
    room.says("zhang", "已解决 5")
    assert room.case().solved is True


def test_a_residents_case_that_wants_a_picture_waits_for_it() -> None:
    room = reported("健仁小区3号楼有人乱倒垃圾")
    room.says("li", "自办 A0001 已清理")
    assert room.case().state is State.ASSIGNED
    room.shows("li", "after.jpg")
    assert room.case().state is State.FED_BACK
    assert room.steps()[-1] == "solve_on_spot"


def test_who_has_taken_it_feeds_back_with_the_same_word() -> None:
    room = taken()
    room.says("li", "自办 A0001 已劝离")
    assert room.steps()[-1] == "feed_back"


@pytest.mark.parametrize(
    ("who", "words", "reason"),
    [("sun", "自办 A0001 已劝离", "not_yours"), ("zhao", "自办 A0001 已劝离", "state.handling"),
     ("lin", "自办 已清理", "no_power"), ("xie", "自办 已清理", "no_power"), ("li", "自办", "self_solve_empty"),
     ("li", "自办 A0009 已清理", "unknown_case"), ("zhang", "自办 A0001 已清理", "staff_only")],
)  # fmt: skip
def test_what_cannot_be_solved_so_changes_nothing(who: str, words: str, reason: str) -> None:
    room = taken()
    before = room.case()
    room.says(who, words)
    assert [refusal.reason for refusal in room.effects.refusals] == [reason]
    assert room.case() == before
    assert list(room.memory.all.cases) == ["A0001"]


def test_own_finds_are_not_among_the_cases_one_speaks_in() -> None:
    room = Room()
    room.says("li", JUNK)
    room.says("li", "没有")
    room.says("li", "查进度")
    assert "A0001" not in room.heard("li")
    room.says("li", "已解决 5")
    assert room.case().state is State.FED_BACK
    room.says("li", "健仁小区3号楼有人乱倒垃圾")
    assert "A0002" in room.memory.all.cases, "a caller's matter is no addition to one's own find"


# -- 可公开 ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("note", "result", "public"),
    [("已劝离并拆除 可公开", "已劝离并拆除", True), ("可公开，已劝离", "已劝离", True),
     ("已劝离（照片可公开）", "已劝离", True),
     ("已劝离，不公开", "已劝离", False), ("已劝离 照片不可公开", "已劝离", False),
     ("账目可公开查询", "账目可公开查询", False),
     ("可公开", "已处理，见照片。", True)],
)  # fmt: skip
def test_the_word_marks_the_pictures_and_leaves_the_note(note: str, result: str, public: bool) -> None:
    room = taken()
    room.shows("li", "after.jpg", caption=f"反馈 A0001 {note}")
    assert room.case().result.reveal() == result
    assert [photo.public for photo in room.memory.all.photos["A0001"]] == [public]
    assert ("public" in room.history()[-1].facts) is public
    assert "公开" not in room.heard("zhang") or "账目" in note


@pytest.mark.parametrize(("label", "public"), [("照片可公开", True), ("不公开", False)])
@pytest.mark.parametrize("press", [True, False])
def test_without_the_word_it_is_asked_once(label: str, press: bool, public: bool) -> None:
    room = taken()
    room.shows("li", "after.jpg", caption="反馈 A0001 已劝离")
    assert "可以给居民群看吗" in room.heard("li")
    if press:
        room.presses("li", label)
    else:
        room.says("li", label)
    assert [photo.public for photo in room.memory.all.photos["A0001"]] == [public]
    assert room.asked("li") == []


def test_where_no_group_may_see_anything_it_is_not_asked() -> None:
    room = taken("健仁小区3号楼婆媳吵架", by="wang")
    room.shows("wang", "after.jpg", caption="反馈 A0001 双方和好")
    assert "publish" not in room.asked("wang")


def test_feeding_back_in_the_group_by_quoting_the_card() -> None:
    room = taken()
    room.memory.all.quoted[("telegram:room:jr-2-work", "m1")] = "A0001"
    room.says("li", "反馈 已劝离", into="jr-2-work", quoted="m1")
    assert room.case().state is State.FED_BACK
