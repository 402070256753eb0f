"""Dialogues of residents' commands: how it stands, urging, taking back, and buttons that are too old."""

from __future__ import annotations

import pytest

from handlers.cases import State
from tests.handlers.room import HOUR, Room
from tests.handlers.test_desk_hands import reported, taken


def test_status_of_the_only_case_with_what_can_be_done() -> None:
    room = reported()
    room.says("zhang", "查进度")
    assert "A0001（电动车飞线充电）：已派给健仁第二网格" in room.heard("zhang")
    assert [button.label for button in room.to("zhang")[0].buttons] == ["催办", "撤回"]


def test_status_of_nothing() -> None:
    room = Room()
    room.says("zhang", "我的事")
    assert "没有在办的事" in room.heard("zhang")


def test_status_of_several() -> None:
    room = reported()
    room.says("zhang", "健仁小区5号楼门禁坏了")
    room.says("zhang", "进度")
    assert "A0001" in room.heard("zhang")
    assert "A0002" in room.heard("zhang")


def test_status_in_ones_own_words_and_by_description() -> None:
    room = reported()
    room.says("zhang", "健仁小区5号楼门禁坏了")
    room.says("zhang", "门禁的事到哪一步了")
    assert room.memory.all.cases.keys() == {"A0001", "A0002"}
    room.ear.teach("那个门禁到哪一步了", "case_status")
    room.says("zhang", "那个门禁到哪一步了")
    assert "A0002" in room.heard("zhang")
    assert "A0001" not in room.heard("zhang")


def test_status_by_number_is_for_those_who_have_a_right_to_it() -> None:
    room = reported()
    room.says("guo", "查进度 A0001")
    assert "没找到 A0001" in room.heard("guo")
    assert "飞线" not in room.heard("guo")
    room.says("zhang", "a0001 查进度")
    assert "已派给" in room.heard("zhang")
    room.says("guo", "查进度 A0077")
    assert "没找到 A0077" in room.heard("guo")


def test_urging_reaches_who_handles_it_once_in_twelve_hours() -> None:
    room = taken()
    room.says("zhang", "催办")
    assert "已催办 A0001" in room.heard("zhang")
    assert "居民催办：A0001" in room.heard("li")
    room.passes(11 * HOUR)
    room.says("zhang", "催办")
    assert "12小时内已经催过" in room.heard("zhang")
    assert room.to("li") == []
    room.passes(1 * HOUR)
    room.says("zhang", "催一下")
    assert "居民催办" in room.heard("li")


def test_asking_why_not_yet_urges_the_only_case() -> None:
    room = taken()
    room.says("zhang", "怎么还没人来")
    assert "居民催办" in room.heard("li")


def test_urging_before_anybody_took_it_reaches_those_who_could() -> None:
    room = reported()
    room.says("zhang", "催办 A0001")
    assert "居民催办" in room.heard("li") + room.heard("jr-2-work")


def test_urging_with_several_asks_which() -> None:
    room = reported()
    room.says("zhang", "健仁小区5号楼门禁坏了")
    room.says("zhang", "催办")
    assert "哪一件" in room.heard("zhang")
    room.says("zhang", "第一个")
    assert "已催办 A0002" in room.heard("zhang")


def test_taking_back_before_a_result() -> None:
    room = taken()
    room.says("zhang", "撤回")
    assert room.case().state is State.WITHDRAWN
    assert "已撤回" in room.heard("zhang")
    assert "居民已撤回" in room.heard("li")
    (edit,) = room.to("jr-2-work")
    assert edit.buttons == ()
    assert "已撤回" in edit.text


def test_taking_back_what_no_group_has_seen_tells_no_group() -> None:
    room = Room()
    room.says("zhang", "有人占道摆摊")
    assert room.case().state is State.COLLECTED
    room.says("zhang", "撤回")
    assert room.to("enforcement-group") == []
    assert room.asked("zhang") == []


def test_taking_back_after_the_result_is_refused() -> None:
    room = taken()
    room.says("li", "反馈 A0001 已劝离")
    room.says("zhang", "撤回 A0001")
    assert "已经反馈结果" in room.heard("zhang")


@pytest.mark.parametrize("words", ["先别报了 物业刚来人", "不用来了，自己弄好了"])
def test_holding_back_asks_whether_to_take_it_back(words: str) -> None:
    room = reported()
    room.says("zhang", words)
    assert "要撤回 A0001 吗" in room.heard("zhang")
    assert room.case().state is State.ASSIGNED
    room.says("zhang", "嗯 取消")
    assert room.case().state is State.WITHDRAWN


def test_holding_back_and_going_on_after_all() -> None:
    room = reported()
    room.says("zhang", "先别报了")
    room.says("zhang", "不用")
    assert "继续办" in room.heard("zhang")
    assert room.case().state is State.ASSIGNED


@pytest.mark.parametrize("yes", ["是", "好的", "撤回", "取消", "取消吧", "对"])
def test_every_yes_to_taking_back(yes: str) -> None:
    room = reported()
    room.says("zhang", "健仁小区5号楼门禁坏了")
    room.says("zhang", "先别报了")
    room.says("zhang", yes)
    assert room.case("A0002").state is State.WITHDRAWN
    assert room.case("A0001").state is State.ASSIGNED


@pytest.mark.parametrize("words", ["改天再说", "取消的公交什么时候恢复", "反馈一下路灯坏了", "接单", "催收电话怎么办"])
def test_what_only_looks_like_a_command(words: str) -> None:
    room = reported()
    before = room.case()
    room.says("zhang", words)
    assert room.case().state is before.state
    assert room.case().urged_at is None
    assert room.effects.refusals == ()


@pytest.mark.parametrize(
    "action", ["accept:A0001", "nothing:A0001", "pick:A0001:mediate_yes", "pick::erase_yes", ":", "x"]
)
def test_old_and_forged_buttons_are_refused(action: str) -> None:
    room = reported()
    room.acts("guo", action)
    assert len(room.effects.refusals) == 1
    assert room.effects.cases == ()


def test_a_button_of_somebody_elses_case_does_nothing() -> None:
    room = reported()
    for action in ("withdraw:A0001", "urge:A0001", "correct:A0001", "feed_back:A0001", "acknowledge:A0001"):
        room.acts("guo", action)
        assert len(room.effects.refusals) == 1, action
        assert "飞线" not in room.heard("guo")
    assert room.case().state is State.ASSIGNED


def test_a_button_of_a_case_that_went_on_says_how_it_stands() -> None:
    room = taken()
    room.says("li", "反馈 A0001 已劝离")
    room.acts("zhang", "urge:A0001")
    assert "已经反馈结果" in room.heard("zhang")
    room.acts("zhang", "correct:A0001")
    assert "已经反馈结果" in room.heard("zhang")


def test_wrong_with_nothing_open_is_not_refused_in_the_language_of_machines() -> None:
    room = Room()
    room.says("zhang", "不对")
    assert room.heard("zhang") != ""


def test_solved_by_itself_before_anybody_came_may_be_taken_back() -> None:
    room = reported()
    room.says("zhang", "已经解决了")
    assert "要撤回 A0001 吗" in room.heard("zhang")
    room.says("zhang", "是")
    assert room.case().state is State.WITHDRAWN


def test_never_mind_instead_of_a_place_asks_whether_to_take_it_back() -> None:
    room = Room()
    room.says("new", "楼道有人飞线充电")
    room.says("new", "算了")
    assert "要撤回 A0001 吗" in room.heard("new")
    room.says("new", "不用")
    assert "继续办" in room.heard("new")
    room.says("new", "健仁小区3号楼")
    assert room.case().lead == "jr-2"
