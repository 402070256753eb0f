"""What the address book of a platform says: who has left has no rights from then on, who is renamed keeps theirs."""

from __future__ import annotations

from handlers.town import DUTY_DESK
from tests.handlers.room import Room

FIRE_WIRE = "健仁小区3号楼楼道有人给电动车飞线充电"


def departs(room: Room, who: str) -> None:
    room.sends(who, "event", event="departed")


def test_who_left_the_corp_has_no_rights_and_the_duty_desk_is_told_with_the_cases() -> None:
    room = Room()
    room.says("zhang", FIRE_WIRE)
    room.says("li", "接单 A0001")
    departs(room, "li")
    assert not room.person("li").serving
    assert room.to("li") == []
    [told] = room.to(DUTY_DESK)
    assert told.red
    assert "李明" in told.text
    assert "A0001" in told.text
    assert "复岗 李明" in told.text
    before = room.steps()
    room.says("li", "反馈 A0001 已清走")
    assert room.steps() == before


def test_a_second_word_of_it_and_a_residents_leaving_change_nothing() -> None:
    room = Room()
    departs(room, "li")
    left_at = room.person("li").left_at
    departs(room, "li")
    assert room.letters == []
    assert room.person("li").left_at == left_at
    departs(room, "zhang")
    assert room.letters == []
    assert room.person("zhang").left_at is None


def test_a_new_userid_is_the_same_persons() -> None:
    room = Room()
    room.sends("li", "event", event="migrated", scene="li.ming")
    [bound] = room.effects.bindings
    assert bound.person == "li"
    assert bound.address.endswith(":li.ming")
    assert room.letters == []
