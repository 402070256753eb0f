"""Dialogues of lists and notes: 我的待办 with whistles, 网格待办 by part of the town and in pages, 批注."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.cases import State, Task, TaskKind, TaskState
from handlers.command import Call
from handlers.commands import unit_tasks
from handlers.rights import Power, holds
from tests.handlers.room import HOUR, Room
from tests.handlers.stubs import rules
from tests.handlers.test_desk_hands import reported, taken


def whistled() -> Room:
    """A room in which a department has been called to help."""
    room = taken()
    join = Task(case="A0001", n=2, kind=TaskKind.JOIN, holder="enforcement", called_at=room.now,
                due_at=room.now + 24 * HOUR)  # fmt: skip
    room.memory.all.tasks["A0001"] = (*room.memory.all.tasks["A0001"], join)
    return room


def many(n: int = 12) -> Room:
    """A grid with so many open cases."""
    room = reported()
    first = room.case()
    for i in range(2, n + 1):
        number = f"A{i:04d}"
        due = room.now + i * HOUR
        room.memory.all.cases[number] = replace(first, number=number, due_at=due, accept_due=due)
        room.memory.entries[number] = list(room.memory.entries["A0001"])
    return room


def test_who_was_called_to_help_has_it_in_their_list() -> None:
    room = whistled()
    room.says("lin", "我的待办")
    assert "协办 A0001 电动车飞线充电：明天9:00前报到" in room.heard("lin")
    assert room.to("lin")[0].buttons == ()
    task = room.memory.all.tasks["A0001"][1]
    room.memory.all.tasks["A0001"] = (room.memory.all.tasks["A0001"][0], replace(task, state=TaskState.DONE))
    room.says("lin", "我的待办")
    assert "没有待办" in room.heard("lin")


def test_what_a_colleague_has_taken_is_not_in_my_list() -> None:
    room = taken()
    room.says("zhao", "我的待办")
    assert "没有待办" in room.heard("zhao")
    room.says("li", "我的待办")
    assert "A0001" in room.heard("li")


def test_what_is_overdue_is_marked_and_comes_first() -> None:
    room = taken()
    room.passes(100 * HOUR)
    room.says("zhang", "健仁小区5号楼门禁坏了")
    room.says("li", "我的待办")
    lines = room.heard("li").splitlines()
    assert lines[1].startswith("【超时】")
    assert "A0002" in lines[2]


def test_what_rests_is_not_overdue_before_it_goes_on() -> None:
    room = taken()
    room.says("li", "暂停 A0001 等材料 3天")
    room.memory.all.cases["A0001"] = replace(room.case(), due_at=room.now + HOUR)
    room.now += 2 * HOUR
    room.says("li", "我的待办")
    assert "A0001 电动车飞线充电 已暂停" in room.heard("li")
    assert "超时" not in room.heard("li")


def test_a_long_list_is_cut_counted_and_has_few_buttons() -> None:
    room = many()
    room.says("li", "我的待办")
    heard = room.heard("li")
    assert heard.count("飞线") == 10
    assert "待接单12件" in heard
    assert len(room.to("li")[0].buttons) == 6
    assert all(len(button.label) <= 10 for button in room.to("li")[0].buttons)
    assert max(map(len, heard.splitlines())) <= 45


def test_the_unit_list_has_pages() -> None:
    room = many()
    room.says("li", "网格待办")
    assert room.heard("li").count("飞线") == 10
    assert "下一页回“网格待办 健仁第二网格 2”" in room.heard("li")
    room.says("li", "网格待办 健仁第二网格 2")
    assert room.heard("li").count("飞线") == 2
    room.says("li", "网格待办 9")
    assert room.heard("li").count("飞线") == 2
    room.says("sun", "网格待办")
    assert "现在没有没办完的事" in room.heard("sun")


def test_a_supervisor_reads_a_masked_list() -> None:
    room = reported()
    room.says("zhang", "健仁小区3号楼婆媳吵架")
    room.says("xie", "网格待办 盐龙街道")
    heard = room.heard("xie")
    assert "A0001" in heard
    assert "A0002" not in heard, "nothing confidential"
    assert "501" not in heard
    assert room.to("xie")[0].buttons == ()


@pytest.mark.parametrize(
    ("who", "name", "reason"),
    [("li", "健仁第一网格", "no_power"), ("li", "龙港第一网格", "no_power"), ("lin", "城市管理办", "no_power"),
     ("lin", "健仁第二网格", "no_power"), ("wang", "", "no_power"), ("han", "龙港第一网格", "no_power"),
     ("chen", "没有这个网格", "unknown_name"), ("li", "综合执法局", "no_power")],
)  # fmt: skip
def test_other_parts_of_the_town_are_closed(who: str, name: str, reason: str) -> None:
    room = reported()
    room.says(who, f"网格待办 {name}")
    assert [refusal.reason for refusal in room.effects.refusals] == [reason]
    assert "A0001" not in room.heard(who)


@pytest.mark.parametrize(
    ("who", "name", "holder"),
    [("li", "", "jr-2"), ("han", "", "jr"), ("han", "健仁第一网格", "jr-1"), ("lin", "", "enforcement"),
     ("chen", "", "yl"), ("chen", "综合执法局", "enforcement"), ("chen", "龙港社区", "lg"), ("xie", "", "yl"),
     ("pan", "综合执法局", "enforcement")],
)  # fmt: skip
def test_what_is_loaded_is_what_may_be_read(who: str, name: str, holder: str) -> None:
    town = rules(Room().ear).town
    found = unit_tasks.needed(town.people[who], Call(rest=name), town)
    assert found == unit_tasks.below(holder, town)
    assert holder in found
    assert ("enforcement" in found) is (holder in ("yl", "enforcement"))


def test_nothing_is_loaded_for_who_may_not_read_it() -> None:
    town = rules(Room().ear).town
    for person in town.people.values():
        for holder in (*town.units, *town.departments):
            found = unit_tasks.needed(person, Call(rest=holder), town)
            assert not found or holds(person, Power.UNIT_LIST, town.unit_of(holder), town), (person.id, holder)


# -- 批注 --------------------------------------------------------------------------------------------------------------


def test_a_supervisors_note_reaches_the_lead_and_the_dispatchers_redacted() -> None:
    room = taken()
    room.says("xie", "批注 A0001 请今天内回访，找13812345678")
    for reader in ("li", "chen"):
        assert "谢国安批注：请今天内回访" in room.heard(reader)
        assert "138" not in room.heard(reader)
    assert {letter.to for letter in room.letters} == {"xie", "li", "chen"}
    assert room.steps()[-1] == "comment"
    room.says("xie", "查进度 A0001")
    assert "501" not in room.heard("xie")


def test_before_anybody_has_it_the_hands_read_the_note() -> None:
    room = reported()
    room.says("chen", "批注 A0001 尽快去")
    assert "尽快去" in room.heard("li")
    assert "尽快去" in room.heard("zhao")
    assert room.to("zhang") == room.to("jr-2-work") == []


@pytest.mark.parametrize(
    ("who", "words", "reason"),
    [("li", "批注 A0001 我看看", "no_right"), ("xie", "批注 A0001", "comment_empty"),
     ("xie", "批注 尽快", "comment_empty"),
     ("xie", "批注 A0009 尽快", "unknown_case"), ("zhang", "批注 A0001 快点", "staff_only")],
)  # fmt: skip
def test_who_may_not_comment(who: str, words: str, reason: str) -> None:
    room = taken()
    room.says(who, words)
    assert [refusal.reason for refusal in room.effects.refusals] == [reason]
    assert room.case().state is State.HANDLING
    assert "comment" not in room.steps()


def test_what_is_confidential_is_not_a_supervisors() -> None:
    room = reported("健仁小区3号楼婆媳吵架")
    room.says("xie", "批注 A0001 尽快调解")
    assert [refusal.reason for refusal in room.effects.refusals] == ["not_yours"]
