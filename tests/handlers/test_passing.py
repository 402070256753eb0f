"""How a case changes hands: undone, passed on, given back, sent up; what is refused changes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.cases import State, TaskState
from handlers.steps import Step
from tests.handlers.room import HOUR, MINUTE, Room
from tests.handlers.test_desk_hands import reported, taken

QUARREL = "健仁小区3号楼婆媳吵架"
ILLEGAL = "健仁小区3号楼占道摆摊"


def refused(room: Room, who: str, words: str) -> str:
    """Why these words are refused; nothing changes, one sentence is said."""
    before, steps = room.case(), room.steps()
    room.says(who, words)
    assert room.case() == before
    assert room.steps() == steps
    assert len(room.to(who)) == 1
    (refusal,) = room.effects.refusals
    return refusal.reason


# -- 撤销接单 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["撤销接单 A0001", "放回 A0001", "放回", "A0001 放回"])
def test_within_ten_minutes_a_case_is_put_back_and_the_resident_hears_nothing(words: str) -> None:
    room = taken()
    room.passes(9 * MINUTE)
    room.says("li", words)
    case = room.case()
    assert (case.state, case.lead, case.lead_person, case.accepted_at) == (State.ASSIGNED, "jr-2", "", None)
    assert room.memory.all.tasks["A0001"][0].state is TaskState.CALLED
    assert room.to("zhang") == []
    assert "派给：李明、赵强" in room.heard("jr-2-work")
    room.says("zhao", "接单 A0001")
    assert "赵强已接单" in room.heard("zhang")


def test_a_case_put_back_late_is_not_sent_up_at_once() -> None:
    room = reported()
    room.passes(4 * HOUR - MINUTE)
    room.says("li", "接单 A0001")
    room.passes(5 * MINUTE)
    room.says("li", "放回 A0001")
    room.passes(9 * MINUTE)
    assert room.case().lead == "jr-2"
    room.passes(2 * MINUTE)
    assert room.case().lead == "jr"


def test_what_has_no_group_is_put_before_the_hands_again() -> None:
    room = taken(QUARREL, "wang")
    room.says("wang", "放回 A0001")
    assert room.case().state is State.ASSIGNED
    assert "已放回" in room.heard("wang")


def test_an_emergency_put_back_calls_the_desk_again() -> None:
    room = reported("健仁小区3号楼着火了")
    room.says("chen", "收到 A0001")
    room.says("chen", "接单 A0001")
    room.says("chen", "放回 A0001")
    assert room.case().acknowledged_by == ""
    room.passes(6 * MINUTE)
    assert "alarm" in room.steps()


@pytest.mark.parametrize(
    ("minutes", "who", "reason"),
    [(11, "li", "release_late"), (1, "zhao", "held"), (1, "sun", "not_yours"), (1, "han", "held"),
     (1, "zhang", "staff_only"), (1, "chen", "no_right"), (1, "lin", "not_yours")],
)  # fmt: skip
def test_who_may_not_put_back(minutes: int, who: str, reason: str) -> None:
    room = taken()
    room.passes(minutes * MINUTE)
    assert refused(room, who, "放回 A0001") == reason


def test_what_nobody_took_cannot_be_put_back() -> None:
    assert refused(reported(), "li", "放回 A0001") == "state.assigned"


# -- 转办 --------------------------------------------------------------------------------------------------------------


def test_to_a_colleague_it_stays_in_the_unit_and_the_note_is_read_in_private() -> None:
    room = taken()
    room.says("li", "转办 A0001 赵强 他今天在3号楼，电话13900001111")
    case = room.case()
    assert (case.state, case.lead, case.lead_person, case.assignees) == (State.ASSIGNED, "jr-2", "", ("zhao",))
    assert "李明转给您：他今天在3号楼" in room.heard("zhao")
    assert "139" not in room.heard("zhao")
    assert "在3号楼" not in room.heard("jr-2-work")
    assert [letter.kind for letter in room.to("jr-2-work")] == ["edit"]
    assert room.to("zhang") == []
    room.presses("zhao", "接单")
    assert room.case().lead_person == "zhao"


def test_to_a_department_the_reporter_hears_it_and_the_clock_of_taking_runs_anew() -> None:
    room = taken()
    due = room.case().due_at
    room.passes(2 * HOUR)
    room.says("li", "转办 A0001 综合执法局 需要现场执法")
    case = room.case()
    assert (case.lead, case.level, case.came_from, case.rule) == ("enforcement", "street", "jr-2", "by_hand")
    assert case.assignees == ("lin",)
    assert (case.due_at, case.accept_due) == (due, room.now + 4 * HOUR)
    assert "综合执法局" in room.heard("zhang")
    assert "A0001" in room.heard("enforcement-group")
    assert "现场执法" not in room.heard("enforcement-group")
    assert "李明转给您：需要现场执法" in room.heard("lin")
    entry = room.history()[-1]
    assert (entry.step, entry.role, entry.note.reveal()) == ("hand_over", "lead", "需要现场执法")
    assert (entry.facts["before"], entry.facts["lead"]) == ("jr-2", "enforcement")


AIMS = {
    "孙伟": "jr-1", "健仁第一网格": "jr-1", "第二网格一微格": "", "龙港社区": "lg", "盐龙街道": "grid_center",
    "罗斌": "city_mgmt",
}  # fmt: skip
ACTIONS = ("release", "hand_over", "give_back", "raise_up", "whistle", "report_in", "contribute", "decline")


@pytest.mark.parametrize(("aim", "lead"), AIMS.items())
def test_every_kind_of_aim_becomes_a_desk(aim: str, lead: str) -> None:
    room = taken()
    room.says("li", f"转办 A0001 {aim} 归那边管")
    assert room.case().lead == (lead or "jr-2")
    assert room.case().state is (State.ASSIGNED if lead else State.HANDLING)


@pytest.mark.parametrize(
    ("who", "words", "reason"),
    [
        ("li", "转办 A0001", "hand_over_empty"),
        ("li", "转办 A0001 赵强", "hand_over_empty"),
        ("li", "转办 A0001 无名氏 他管", "unknown_name"),
        ("li", "转办 A0001 李明 我自己", "to_oneself"),
        ("li", "转办 A0001 健仁第二网格 就在这里", "has_it"),
        ("li", "转办 A0001 谢国安 看看", "not_a_desk"),
        ("li", "转办 A0001 王芳 调解", "not_a_desk"),
        ("li", "转办 A0001 吕慧 调解", "is_away"),
        ("li", "转办 A0001 盐都区 看看", "not_a_desk"),
        ("li", "转办 A0001 孙伟 去把棚子强拆了", "negative_note"),
        ("zhao", "转办 A0001 孙伟 归他管", "held"),
        ("sun", "转办 A0001 孙伟 归我管", "not_yours"),
        ("wu", "转办 A0001 孙伟 归他管", "not_yours"),
        ("zhang", "转办 A0001 孙伟 归他管", "staff_only"),
        ("xie", "转办 A0001 孙伟 归他管", "no_right"),
        ("li", "转办 A9999 孙伟 归他管", "unknown_case"),
    ],
)
def test_what_may_not_be_passed_on(who: str, words: str, reason: str) -> None:
    assert refused(taken(), who, words) == reason


def test_a_grid_head_and_a_dispatcher_may_pass_on_what_another_took() -> None:
    for who in ("han", "chen"):
        room = taken()
        room.says(who, "转办 A0001 孙伟 他那边近")
        assert room.case().lead == "jr-1"


def test_the_negative_list_is_named_with_the_department() -> None:
    room = taken(ILLEGAL, "lin")
    assert refused(room, "lin", "转办 A0001 孙伟 去看看") == "negative_item"
    assert "不承担处罚" in room.heard("lin")
    assert "综合执法局" in room.heard("lin")


def test_a_confidential_case_goes_only_to_those_who_may_have_it() -> None:
    room = taken(QUARREL, "wang")
    assert refused(room, "wang", "转办 A0001 城市管理办 看看") == "not_theirs_to_know"
    room.says("wang", "转办 A0001 网格化服务中心 请值班另派")
    assert room.case().lead == "grid_center"


# -- 退回 --------------------------------------------------------------------------------------------------------------


def test_the_first_time_it_goes_back_to_who_handed_it_over_with_the_reason() -> None:
    room = taken()
    room.says("li", "转办 A0001 综合执法局 需要执法")
    room.says("lin", "退回 A0001 这是消防的事")
    case = room.case()
    assert (case.lead, case.returned, case.rule, case.state) == ("jr-2", 1, "returned.back", State.ASSIGNED)
    assert "综合执法局退回：这是消防的事" in room.heard("li")
    assert "消防" not in room.heard("jr-2-work")
    assert room.to("zhang") == []
    entry = room.history()[-1]
    assert (entry.step, entry.note.reveal()) == ("return", "这是消防的事")
    assert (entry.facts["before"], entry.facts["lead"], entry.facts["why"]) == ("enforcement", "jr-2", "words")


def test_what_the_bot_assigned_goes_back_to_the_centre() -> None:
    room = reported()
    room.says("li", "退回 A0001 不在我网格")
    assert (room.case().lead, room.case().rule) == ("grid_center", "returned.centre")
    assert "健仁第二网格退回：不在我网格" in room.heard("chen")


def test_the_centre_has_nowhere_to_give_it_back_to() -> None:
    room = Room()
    room.says("new", "有人乱倒垃圾")
    room.says("new", "不知道")
    assert room.case().lead == "grid_center"
    assert refused(room, "chen", "退回 A0001 不清楚") == "return_nowhere"


def test_the_second_time_the_dispatchers_decide_and_nobody_else() -> None:
    room = taken()
    room.says("li", "转办 A0001 综合执法局 需要执法")
    room.says("lin", "退回 A0001 不归我们")
    room.says("zhao", "退回 A0001 也不归我们")
    case = room.case()
    assert (case.lead, case.returned) == ("grid_center", 2)
    assert "请值班定" in room.heard("chen")
    assert refused(room, "chen", "退回 A0001 再退") == "returned_enough"
    room.says("chen", "转办 A0001 综合执法局 就由你们办")
    assert (room.case().lead, room.case().returned, room.case().came_from) == ("enforcement", 2, "grid_center")
    assert refused(room, "lin", "退回 A0001 还是不归我们") == "returned_enough"
    assert refused(room, "lin", "转办 A0001 孙伟 请他看看") == "returned_enough"
    assert refused(room, "lin", "上报 A0001 请上级定") == "returned_enough"


def test_the_button_in_the_group_asks_for_the_reason_in_private() -> None:
    room = reported()
    room.presses("li", "不归我管", into="jr-2-work")
    assert room.to("jr-2-work") == []
    assert "为什么退回" in room.heard("li")
    assert [b.label for b in room.to("li")[0].buttons] == ["不在我这片", "不是我们的事", "情况说不清"]
    room.presses("li", "不在我这片")
    assert room.history()[-1].facts["why"] == "place"
    assert room.case().lead == "grid_center"
    assert "已转网格化服务中心处理" in room.heard("jr-2-work") or room.to("jr-2-work")
    assert room.asked("li") == []


def test_the_reason_may_be_said_in_words_and_not_much_later() -> None:
    room = reported()
    room.says("li", "退回 A0001")
    room.says("li", "那栋楼归第一网格")
    assert room.history()[-1].note.reveal() == "那栋楼归第一网格"
    room = reported()
    room.says("li", "退回 A0001")
    room.passes(HOUR)
    room.says("li", "健仁小区5号楼门禁坏了")
    assert room.case().returned == 0


@pytest.mark.parametrize(
    ("who", "reason"),
    [("zhao", "held"), ("sun", "not_yours"), ("zhang", "staff_only"), ("chen", "no_right"), ("xie", "no_right")],
)
def test_who_may_not_give_back(who: str, reason: str) -> None:
    assert refused(taken(), who, "退回 A0001 不归我管") == reason


def test_a_reason_pressed_after_the_case_has_moved_changes_nothing() -> None:
    room = reported()
    room.says("li", "退回 A0001")
    room.says("zhao", "接单 A0001")
    before = room.case()
    room.presses("li", "不在我这片")
    assert room.case() == before
    assert [refusal.reason for refusal in room.effects.refusals] == ["held"]
    room.presses("li", "不在我这片")
    assert [refusal.reason for refusal in room.effects.refusals] == ["stale_button"]


# -- 上报 --------------------------------------------------------------------------------------------------------------


def test_one_level_up_and_then_the_dispatchers() -> None:
    room = taken()
    room.says("li", "上报 A0001 要几家一起办")
    case = room.case()
    assert (case.lead, case.level, case.rule, case.came_from) == ("jr", "community", "raised", "jr-2")
    assert "健仁第二网格上报：要几家一起办" in room.heard("han")
    assert "健仁社区" in room.heard("zhang")
    room.says("han", "上报 A0001 社区也办不了")
    assert room.case().lead == "grid_center"
    assert "社区也办不了" in room.heard("chen")
    assert refused(room, "chen", "上报 A0001 再上一级") == "raise_top"


@pytest.mark.parametrize(
    ("who", "words", "reason"),
    [("li", "上报 A0001", "raise_empty"), ("zhao", "上报 A0001 难办", "held"), ("sun", "上报 A0001 难办", "not_yours"),
     ("zhang", "上报 A0001 难办", "staff_only"), ("chen", "上报 A0001 难办", "no_right")],
)  # fmt: skip
def test_what_may_not_be_sent_up(who: str, words: str, reason: str) -> None:
    assert refused(taken(), who, words) == reason


def test_a_worker_who_reports_with_that_word_reports() -> None:
    room = taken()
    room.says("li", "上报 健仁小区5号楼门禁坏了")
    assert room.case().state is State.HANDLING
    assert "A0002" in room.memory.all.cases


# -- buttons, and what was there before --------------------------------------------------------------------------------


def test_the_buttons_fit_and_do_what_they_say() -> None:
    room = reported()
    (card,) = room.to("jr-2-work")
    assert [button.label for button in card.buttons] == ["接单", "不归我管"]
    room.presses("li", "接单", into="jr-2-work")
    (own,) = room.to("li")
    asking = ["问居民"] if "button.ask" in room.rules.wording.sentences else []
    assert [button.label for button in own.buttons] == ["反馈", "吹哨", "退回", *asking]
    room.presses("li", "退回")
    assert "为什么退回" in room.heard("li")


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("who", ["sun", "wu", "zhang", "guo"])
def test_a_button_forwarded_to_a_stranger_does_nothing(action: str, who: str) -> None:
    room = taken()
    before = room.case()
    room.acts(who, f"{action}:A0001")
    assert room.case() == before
    (refusal,) = room.effects.refusals
    assert refusal.reason in ("not_yours", "staff_only")


@pytest.mark.parametrize("action", ["accept", "release", "hand_over", "give_back", "raise_up", "whistle"])
def test_a_button_of_a_closed_case_is_stale_and_says_so(action: str) -> None:
    room = taken()
    room.says("li", "反馈 A0001 已处理")
    room.says("zhang", "已解决 5")
    before = room.case()
    room.acts("li", f"{action}:A0001")
    assert room.case() == before
    assert [refusal.reason for refusal in room.effects.refusals] == ["state.closed"]


def test_who_has_left_is_not_missed_by_the_whistle_alone() -> None:
    room = taken()
    room.says("li", "吹哨 A0001 综合执法局 来一趟")
    room.says("lin", "报到 A0001")
    gone = replace(room.rules.town.people["lin"], active=False)
    room.rules = replace(room.rules, town=replace(room.rules.town, people={**room.rules.town.people, "lin": gone}))
    room.desk = room.desk.fitted(room.rules)
    effects = room.desk.left(room.memory.cases(["A0001"]), "A0001", room.now)
    assert effects.cases == ()
    assert [(task.state, task.person) for task in effects.tasks] == [(TaskState.CALLED, "")]
    assert room.case().lead_person == "li"


def test_the_steps_of_a_long_way_are_all_in_history() -> None:
    room = taken()
    for who, words in (("li", "放回 A0001"), ("zhao", "接单 A0001"), ("zhao", "上报 A0001 难"), ("han", "接单 A0001")):
        room.says(who, words)
    steps = [Step.OPEN, Step.ASSIGN, Step.ACCEPT, Step.RELEASE, Step.ACCEPT, Step.RAISE, Step.ACCEPT]
    assert room.steps() == [step.value for step in steps]
