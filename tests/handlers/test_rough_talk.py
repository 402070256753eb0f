"""Clumsy and hostile words: the answer reads well, offers what this reader may do, and moves no wrong case."""

from __future__ import annotations

import re

from handlers.commands.help import CIRCLES
from tests.handlers.room import DESK, MINUTE, Room
from tests.handlers.stubs import wording
from tests.handlers.test_desk_hands import reported

_FIELD = re.compile(r"\{(\w+)\}")


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


def test_a_number_given_with_the_place_is_read_by_nobody() -> None:
    room = Room()
    room.says("new", "着火了")
    room.says("new", "翠竹园后门 打13800001111")
    told = "\n".join(one.letter.text for one in room.sent if one.letter.to != "new")
    assert "翠竹园" in told
    assert "13800001111" not in told


def test_the_duty_desk_is_not_told_to_ask_the_duty_desk() -> None:
    room = reported()
    room.says("chen", "接单 A0001")
    assert "联系街道值班" not in room.heard("chen")
    assert "接管" in room.heard("chen")
    room.says("wu", "接单 A0001")
    assert "接管" not in room.heard("wu")


def test_every_sentence_for_a_circle_has_one_for_everybody_with_no_more_facts() -> None:
    sentences = wording().sentences
    for circle in ("refuse.dispatcher.", "refuse.staff."):
        for key in [key for key in sentences if key.startswith(circle)]:
            plain = "refuse." + key.removeprefix(circle)
            assert set(_FIELD.findall(sentences[key])) <= set(_FIELD.findall(sentences[plain])), key


def test_a_group_of_neighbours_becomes_no_work_group_by_a_word_left_out() -> None:
    room = Room()
    room.says("han", "绑定群 健仁第二网格", into="jr-2-home", at=True)
    assert not room.effects.bindings
    assert "居民群" in room.heard("jr-2-home")


def test_a_group_bound_twice_for_the_same_is_the_same_group() -> None:
    room = Room()
    room.says("han", "绑定群 健仁第二网格 居民群", into="jr-2-home", at=True)
    room.says("han", "绑定群 健仁第二网格 居民群", into="jr-2-home", at=True)
    assert not room.effects.groups
    assert [one.group for one in room.effects.bindings] == ["jr-2-home"]


def test_every_line_of_help_has_a_circle_that_sees_it() -> None:
    circles = {key.split(".")[1] for key in wording().sentences if key.startswith("help.") and key != "help.head"}
    assert circles - {"all"} <= set(CIRCLES)


def test_help_is_short_enough_to_be_read_on_a_phone() -> None:
    room = Room()
    for who, lines in (("zhang", 6), ("xie", 10), ("pan", 14), ("qin", 9), ("li", 22), ("chen", 30)):
        room.says(who, "帮助")
        told = [one for one in room.heard(who).split("\n") if "·" in one]
        assert len(told) <= lines, (who, len(told))


def test_a_name_left_out_is_not_looked_for() -> None:
    room = Room()
    room.says("han", "离岗 ：（）")
    assert "“”" not in room.heard("han")
