"""Clumsy and hostile words: what each is answered reads well, offers what this reader may do, and moves no wrong case."""

from __future__ import annotations

from tests.handlers.room import DESK, MINUTE, Room
from tests.handlers.test_desk_hands import reported


def test_a_wait_of_hours_is_told_in_hours() -> None:
    room = Room()
    room.says("guo", "健仁小区3号楼着火了")
    for _ in range(10):
        room.passes(15 * MINUTE)
    assert "已过2小时无人确认" in room.heard(DESK)
    assert "150分钟" not in room.heard(DESK)


def test_a_pin_is_read_to_the_metre() -> None:
    room = Room()
    room.pins("zhang", 33.380312345678, 120.150212345678)
    room.says("zhang", "着火了")
    assert "33.38031,120.15021" in room.heard(DESK)
    assert "33.380312" not in room.heard(DESK)


def test_somebody_in_despair_is_not_asked_for_an_address_like_a_lamp() -> None:
    room = Room()
    room.says("new", "不想活了")
    room.says("new", "路灯坏了")
    assert "还差个地点" not in room.heard("new")
    assert "不方便可以不说" in room.heard("new")


def test_staff_are_not_sent_to_what_residents_look_up() -> None:
    room = Room()
    room.says("li", "接单 A0099")
    assert "请核对编号" in room.heard("li")
    room.says("li", "接单")
    assert "查进度" not in room.heard("li")
    room.says("zhang", "催办 A0099")
    assert "查进度" in room.heard("zhang")


def test_not_solved_before_there_is_a_result_is_answered_with_how_it_stands() -> None:
    room = reported()
    room.says("zhang", "没解决！！")
    assert "A0001" in room.heard("zhang")


def test_who_is_to_come_back_is_asked_for_by_name() -> None:
    room = Room()
    room.says("pan", "复岗")
    assert "谁复岗" in room.heard("pan")
