"""吹哨报到: departments are called, come, help or cannot; their clock; what they may know; what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import whistling
from handlers.cases import State, Task, TaskKind, TaskState
from handlers.commands import whistle
from handlers.turn import Turn
from tests.handlers.room import DESK, HOUR, MINUTE, MORNING, Room
from tests.handlers.test_desk_hands import WIRE, taken
from tests.handlers.test_passing import QUARREL, refused
from tests.handlers.town import town

CALL = "吹哨 A0001 综合执法局 请来看看线，电话13900001111"


def called(words: str = CALL, case: str = WIRE, by: str = "li") -> Room:
    """A room in which a whistle has been blown."""
    room = taken(case, by)
    room.says(by, words)
    assert "whistle" in room.steps()
    return room


def joins(room: Room) -> list[Task]:
    """The tasks of whistles."""
    return [task for task in room.memory.all.tasks["A0001"] if task.kind is TaskKind.JOIN]


# -- calling -----------------------------------------------------------------------------------------------------------


def test_a_department_is_called_in_its_group_and_the_lead_stays() -> None:
    room = called()
    (task,) = joins(room)
    assert (task.n, task.holder, task.state, task.due_at) == (2, "enforcement", TaskState.CALLED, room.now + 24 * HOUR)
    case = room.case()
    assert (case.state, case.lead, case.lead_person) == (State.HANDLING, "jr-2", "li")
    assert case.whistle_due == task.due_at
    (card,) = room.to("enforcement-group")
    assert "电动车飞线充电" in card.text
    assert "看看线" not in card.text
    assert [button.label for button in card.buttons] == ["报到", "协办不了"]
    assert "李明请你们：请来看看线" in room.heard("lin")
    assert "139" not in room.heard("lin")
    assert "您还是主办" in room.heard("li")
    assert room.to("zhang") == []


def test_several_departments_are_called_at_once_those_without_a_group_in_private() -> None:
    room = called("吹哨 A0001 综合执法局、城市管理办，派出所 一起来")
    assert [task.holder for task in joins(room)] == ["enforcement", "city_mgmt", "police"]
    assert [task.n for task in joins(room)] == [2, 3, 4]
    for who in ("luo", "liang", "lin"):
        assert "李明请你们：一起来" in room.heard(who)


@pytest.mark.parametrize(
    ("text", "holders", "what"),
    [
        ("综合执法局 物业不配合", ("enforcement",), "物业不配合"),
        ("综合执法局，物业 一起来", ("enforcement", "property"), "一起来"),
        ("综合执法局", ("enforcement",), ""),
        ("综合执法局、综合执法局 来", ("enforcement",), "来"),
        ("综合执法：快来", ("enforcement",), "快来"),
        ("综合执法局，消防通道堵了", ("enforcement",), "消防通道堵了"),
        ("消防通道堵了", (), "消防通道堵了"),
        ("消防 通道堵了", ("fire",), "通道堵了"),
        ("快来人", (), "快来人"),
        ("", (), ""),
    ],
)
def test_departments_are_read_from_the_beginning(text: str, holders: tuple[str, ...], what: str) -> None:
    assert whistle.departments(text, town()) == (holders, what)


@pytest.mark.parametrize(("start", "hours"), [("", 24), ("攻坚 ", 4), ("攻坚哨：", 4)])
def test_the_clock_is_the_whistles(start: str, hours: int) -> None:
    room = called(f"吹哨 A0001 {start}综合执法局 来")
    assert joins(room)[0].due_at == room.now + hours * HOUR


def test_in_danger_a_department_comes_within_half_an_hour() -> None:
    room = taken("健仁小区3号楼着火了", "chen")
    room.says("chen", "吹哨 A0001 派出所 维持秩序")
    assert joins(room)[0].due_at == room.now + 30 * MINUTE
    assert room.to("liang")[0].red


def test_without_a_department_the_items_helpers_are_offered() -> None:
    room = taken()
    room.presses("li", "吹哨")
    labels = [button.label for button in room.to("li")[0].buttons]
    helpers = room.rules.catalogue.item(room.case().duty, room.case().item).helpers
    assert labels == [room.rules.town.name_of(helper) for helper in helpers][:5]
    room.presses("li", labels[0])
    assert [task.holder for task in joins(room)] == [helpers[0]]
    assert room.asked("li") == []


def test_the_offer_may_be_answered_with_another_name_and_keeps_the_words() -> None:
    room = taken()
    room.says("li", "吹哨 A0001 现场线路很乱")
    assert "叫哪个部门" in room.heard("li")
    room.says("li", "综合执法局")
    assert [task.holder for task in joins(room)] == ["enforcement"]
    assert "现场线路很乱" in room.heard("lin")


def test_a_confidential_case_calls_only_who_may_know_and_never_in_a_group() -> None:
    room = taken(QUARREL, "wang")
    assert refused(room, "wang", "吹哨 A0001 城市管理办 来") == "not_theirs_to_know"
    helper = room.rules.catalogue.item(room.case().duty, room.case().item).helpers[0]
    room.says("wang", f"吹哨 A0001 {room.rules.town.name_of(helper)} 请一起谈")
    (task,) = joins(room)
    assert task.holder == helper
    assert not [letter for letter in room.letters if letter.to in room.rules.town.groups]
    assert all("婆媳吵架" not in letter.text for letter in room.letters)


@pytest.mark.parametrize(
    ("who", "words", "reason"),
    [
        ("zhao", CALL, "held"),
        ("sun", CALL, "not_yours"),
        ("zhang", CALL, "staff_only"),
        ("xie", CALL, "no_right"),
        ("li", "吹哨 A9999 综合执法局 来", "unknown_case"),
    ],
)
def test_who_may_not_whistle(who: str, words: str, reason: str) -> None:
    assert refused(taken(), who, words) == reason


def test_nobody_is_called_twice_nor_the_lead_itself() -> None:
    room = called()
    assert refused(room, "li", CALL) == "whistle_again"
    assert refused(room, "li", "吹哨 A0001 派出所、综合执法局 来") == "whistle_again"
    room.says("li", "转办 A0001 派出所 归派出所")
    room.says("liang", "接单 A0001")
    assert refused(room, "liang", "吹哨 A0001 派出所 来") == "whistle_lead"


# -- coming and helping ------------------------------------------------------------------------------------------------


def test_who_reports_in_reads_the_matter_and_the_place_not_the_words() -> None:
    room = called()
    room.passes(HOUR)
    room.presses("lin", "报到", into="enforcement-group")
    (task,) = joins(room)
    assert (task.state, task.person, task.reported_at) == (TaskState.REPORTED_IN, "lin", room.now)
    assert room.case().whistle_due is None
    assert "综合执法局林勇已报到" in room.heard("li")
    told = room.heard("lin")
    assert "健仁小区3号楼" in told
    assert "李明" in told
    for secret in ("2单元", "501", "门口有人", "138"):
        assert secret not in told
    assert room.to("enforcement-group") == []
    entry = room.history()[-1]
    assert (entry.step, entry.role, entry.facts["holder"]) == ("report_in", "helper", "enforcement")
    room.says("lin", "查进度 A0001")
    assert "2单元" not in room.heard("lin")
    assert refused(room, "lin", "报到 A0001") == "reported_in"


def test_without_a_number_the_only_call_is_meant() -> None:
    room = called()
    room.says("lin", "我的待办")
    assert "协办 A0001 电动车飞线充电" in room.heard("lin")
    room.says("lin", "报到")
    room.says("lin", "我的待办")
    assert "已报到，主办李明" in room.heard("lin")
    room.says("lin", "协办完成 线已拆，住户电话13900001111")
    (task,) = joins(room)
    assert (task.state, task.done_at) == (TaskState.DONE, room.now)
    assert "综合执法局协办完成：线已拆" in room.heard("li")
    assert "139" not in room.heard("li")
    assert room.case().state is State.HANDLING
    assert refused(room, "lin", "协办完成 A0001 又拆了") == "not_yours"
    assert refused(room, "lin", "协办完成 又拆了") == "nothing_fits"
    room.says("lin", "我的待办")
    assert "没有待办" in room.heard("lin")


def test_the_button_asks_for_the_words() -> None:
    room = called()
    room.says("lin", "报到 A0001")
    room.presses("lin", "协办完成")
    assert "协办做了什么" in room.heard("lin")
    room.says("lin", "已经拆掉了")
    assert joins(room)[0].state is TaskState.DONE
    assert room.history()[-1].note.reveal() == "已经拆掉了"


def test_words_of_danger_in_an_answer_about_the_work_open_no_new_case() -> None:
    room = called()
    room.says("lin", "报到 A0001")
    room.presses("lin", "协办完成")
    room.says("lin", "现场差点着火了，已经处理")
    assert joins(room)[0].state is TaskState.DONE
    assert list(room.memory.all.cases) == ["A0001"]


def test_who_cannot_help_says_why_to_lead_and_dispatchers() -> None:
    room = called()
    room.presses("lin", "协办不了", into="enforcement-group")
    assert "为什么协办不了" in room.heard("lin")
    room.says("lin", "这是供电的事")
    assert joins(room)[0].state is TaskState.DECLINED
    assert "综合执法局协办不了：这是供电的事" in room.heard("li")
    assert "这是供电的事" in room.heard(DESK)
    assert room.case().whistle_due is None
    room.says("li", CALL)
    assert [(task.n, task.state) for task in joins(room)] == [(2, TaskState.DECLINED), (3, TaskState.CALLED)]


@pytest.mark.parametrize("word", ["报到", "协办完成", "协办不了"])
@pytest.mark.parametrize(
    ("who", "reason"), [("li", "no_right"), ("luo", "not_yours"), ("sun", "not_yours"), ("zhang", "staff_only")]
)
def test_who_was_not_called_cannot_answer(word: str, who: str, reason: str) -> None:
    assert refused(called(), who, f"{word} A0001") == reason


def test_the_result_ends_the_helping() -> None:
    room = called()
    room.says("lin", "报到 A0001")
    room.says("li", "反馈 A0001 已拆除")
    (task,) = joins(room)
    assert (task.state, task.done_at) == (TaskState.DONE, room.now)
    assert "协办到此结束" in room.heard("lin")
    assert "已拆除" not in room.heard("lin")
    assert room.case().state is State.FED_BACK


def test_a_case_taken_back_needs_nobody_any_more() -> None:
    room = called()
    room.says("zhang", "撤回 A0001")
    assert joins(room)[0].state is TaskState.DONE
    assert "不用再来" in room.heard("lin")
    assert room.case().whistle_due is None


# -- the clock ---------------------------------------------------------------------------------------------------------


def fired(room: Room) -> list[str]:
    """Who is told when the clock looks at the whistle now."""
    turn = Turn(room.rules, room.memory.cases(["A0001"]), room.now)
    whistling.fire(turn, room.case())
    effects = turn.effects()
    room.memory.keep(effects)
    return [letter.to for letter in effects.letters]


def test_who_does_not_report_in_is_told_of_once_and_stays_visible() -> None:
    room = called()
    room.now += 23 * HOUR
    assert fired(room) == []
    room.now += HOUR
    assert fired(room) == ["li", DESK]
    assert room.history()[-1].step == "remind"
    assert room.case().whistle_due is None
    assert fired(room) == []
    room.says("li", "我的待办")
    assert "超时没报到：综合执法局" in room.heard("li")
    room.says("li", "查进度 A0001")
    assert "超时没报到：综合执法局" in room.heard("li")
    room.says("lin", "报到 A0001")
    room.says("li", "我的待办")
    assert "没报到" not in room.heard("li")


def test_a_second_whistle_is_told_of_without_the_first_again() -> None:
    room = called()
    room.now += 24 * HOUR
    assert len(fired(room)) == 2
    room.says("li", "吹哨 A0001 攻坚 派出所 来")
    assert room.case().whistle_due == room.now + 4 * HOUR
    room.now += 4 * HOUR
    turn = Turn(room.rules, room.memory.cases(["A0001"]), room.now)
    whistling.fire(turn, room.case())
    (line,) = [letter.text for letter in turn.effects().letters if letter.to == "li"]
    assert "派出所" in line
    assert "综合执法" not in line


def _task(n: int, state: TaskState, due: int | None, kind: TaskKind = TaskKind.JOIN) -> Task:
    at: datetime | None = None if due is None else MORNING + timedelta(hours=due)
    return Task(case="A0001", n=n, kind=kind, state=state, holder=f"d{n}", called_at=MORNING, due_at=at)


DUE = st.none() | st.integers(0, 48)
ONE = st.builds(_task, st.integers(2, 9), st.sampled_from(TaskState), DUE, st.sampled_from(TaskKind))
TASKS = st.lists(ONE)


@given(TASKS, st.integers(0, 60))
def test_what_is_overdue_is_called_and_past_and_the_next_is_the_soonest(tasks: list[Task], hours: int) -> None:
    now = MORNING + timedelta(hours=hours)
    late = whistling.overdue_tasks(tasks, now)
    assert all(t.kind is TaskKind.JOIN and t.state is TaskState.CALLED and t.due_at and t.due_at <= now for t in late)
    due, later = whistling.next_due(tasks), whistling.next_due(tasks, now)
    assert bool(late) is (due is not None and due <= now)
    assert later is None or (later > now and due is not None and due <= later)
    came = [replace(task, state=TaskState.REPORTED_IN) for task in tasks]
    assert whistling.overdue_tasks(came, now) == []
    assert whistling.next_due(came) is None


def test_who_was_whistled_and_gets_the_case_need_not_report_in_any_more() -> None:
    room = called()
    room.says("li", "转办 A0001 综合执法局 归你们")
    assert room.case().lead == "enforcement"
    assert [task.state for task in joins(room)] == [TaskState.DONE]
    room.passes(25 * HOUR)
    assert "whistle" not in [entry.facts.get("what") for entry in room.memory.entries["A0001"]]
