"""Dialogues about one's own data: anonymity, reading it, erasing it now or when the last case has closed."""

from __future__ import annotations

from handlers.cases import State
from tests.handlers.room import HOUR, Room
from tests.handlers.test_desk_hands import reported, taken

ERASE = "删除我的数据"


def test_without_a_name_the_handler_is_told_not_to_ask() -> None:
    room = Room()
    room.says("zhang", "匿名")
    room.says("zhang", "健仁小区3号楼楼道有人飞线充电")
    assert room.memory.all.reporters["A0001"][0].anonymous
    room.says("li", "接单 A0001")
    assert "不愿留名" in room.heard("li")


def test_anonymity_said_later_counts_for_what_is_open_and_is_told_to_who_has_it() -> None:
    room = taken()
    room.says("zhang", "我要匿名")
    assert room.memory.all.reporters["A0001"][0].anonymous
    assert "不愿留名" in room.heard("li")


def test_the_name_of_a_reporter_reaches_nobody() -> None:
    room = taken()
    room.says("li", "反馈 A0001 已劝离")
    room.says("zhang", "已解决 5")
    assert not [one.letter for one in room.sent if "张桂兰" in one.letter.text]


def test_my_data_is_an_errand_and_comes_to_me_alone() -> None:
    room = reported()
    room.says("zhang", "我的数据")
    (errand,) = room.effects.errands
    assert errand.kind == "export"
    assert errand.facts == {"person": "zhang", "address": "wechat:room:zhang"}
    assert "马上发给您本人" in room.heard("zhang")


def test_erasing_is_asked_about_and_then_done_at_once() -> None:
    room = Room()
    room.says("zhang", "你好")
    room.says("zhang", ERASE)
    assert "不能恢复" in room.heard("zhang")
    assert room.memory.erased == []
    room.says("zhang", "确认")
    assert room.memory.erased == ["zhang"]
    assert "已删除" in room.heard("zhang")


def test_not_erasing_by_any_word_of_no() -> None:
    for no in ("不用", "取消", "取消吧", "不删", "算了"):
        room = reported()
        room.says("zhang", ERASE)
        room.says("zhang", no)
        assert "没有删除" in room.heard("zhang"), no
        assert room.case().state is State.ASSIGNED, "to call off erasing takes back no case"
        assert room.memory.erased == []


def test_a_yes_to_something_else_erases_nothing() -> None:
    room = reported()
    room.says("zhang", ERASE)
    room.passes(20 * HOUR)
    room.says("zhang", "好的")
    assert room.memory.erased == []
    assert "erase_when_closed" not in room.person("zhang").tags
    room.says("zhang", ERASE)
    room.says("zhang", "先别报了")
    room.says("zhang", "是")
    assert "erase_when_closed" not in room.person("zhang").tags


def test_while_a_case_is_open_what_it_needs_is_kept_and_said_so() -> None:
    room = taken()
    room.says("zhang", ERASE)
    assert "A0001" in room.heard("zhang")
    assert "办结前要保留" in room.heard("zhang")
    room.says("zhang", "确认")
    assert "办结后就自动删除" in room.heard("zhang")
    assert room.memory.erased == []
    room.says("li", "反馈 A0001 已劝离")
    room.says("zhang", "已解决 5")
    assert room.memory.erased == ["zhang"]


def test_taking_the_last_case_back_erases_too() -> None:
    room = reported()
    room.says("zhang", ERASE)
    room.says("zhang", "确认")
    room.says("zhang", "撤回 A0001")
    assert room.memory.erased == ["zhang"]


def test_silence_erases_too() -> None:
    room = taken()
    room.says("zhang", ERASE)
    room.says("zhang", "确认")
    room.says("li", "反馈 A0001 已劝离")
    room.passes(73 * HOUR)
    assert room.memory.erased == ["zhang"]


def test_every_open_case_must_have_closed_first() -> None:
    room = taken()
    room.says("zhang", "健仁小区5号楼门禁坏了")
    room.says("zhang", ERASE)
    room.says("zhang", "确认")
    room.says("li", "反馈 A0001 已劝离")
    room.says("zhang", "已解决 5")
    assert room.memory.erased == []
    room.says("zhang", "撤回 A0002")
    assert room.memory.erased == ["zhang"]


def test_silence_in_one_case_leaves_what_another_needs() -> None:
    room = taken()
    room.says("zhang", "健仁小区5号楼门禁坏了")
    room.says("zhang", ERASE)
    room.says("zhang", "确认")
    room.says("li", "反馈 A0001 已劝离")
    blind = room.desk.wake(room.memory.cases(["A0001"]), "A0001", room.now + 73 * HOUR)
    assert blind.cases[0].state is State.CLOSED
    assert blind.erased == (), "not to have been told of other cases is not to have none"
    room.passes(73 * HOUR)
    assert room.case("A0001").state is State.CLOSED
    assert room.memory.erased == []


def test_a_confidential_case_is_invisible_to_those_who_do_not_handle_it() -> None:
    room = Room()
    room.says("guo", "健仁小区3号楼婆媳吵架")
    for who in ("li", "han", "xie", "pan", "lin", "zhang"):
        room.says(who, "查进度 A0001")
        assert "没找到 A0001" in room.heard(who)
    room.says("wang", "查进度 A0001")
    assert "婆媳吵架" not in room.heard("wang"), "the words are for who took it"
    room.says("wang", "接单 A0001")
    assert "婆媳吵架" in room.heard("wang")


def test_a_supervisor_sees_how_an_ordinary_case_stands_and_no_words() -> None:
    room = reported()
    room.says("xie", "查进度 A0001")
    assert "已派给" in room.heard("xie")
    assert "2单元" not in room.heard("xie")
