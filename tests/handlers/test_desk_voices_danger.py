"""One danger told by many: the number first for each of them, one chain of alarms, never what is one person's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.handlers.room import DESK, Room


@pytest.fixture
def room() -> Room:
    return Room()


def inside(room: Room, number: str = "A0001") -> list[str]:
    """Who is in a case."""
    return [one.person for one in room.memory.all.reporters[number] if not one.parted]


def test_many_who_see_one_fire_alarm_once_and_the_desk_is_not_flooded(room: Room) -> None:
    room.says("zhang", "健仁小区3号楼着火了")
    before = len(room.sent)
    for n in range(19):
        room.says(f"r{n}", f"健仁小区3号楼着火了{'啊' * n}")
        assert room.heard(f"r{n}").startswith("请马上拨打 119"), "the number comes first, whoever told it before"
        assert "A0001" in room.heard(f"r{n}")
    desk = [one.letter for one in room.sent[before:] if one.letter.to == DESK]
    assert len(desk) == 6, "voices 2 to 5, then 10 and 20"
    assert all(letter.red and "又有人报告" in letter.text for letter in desk)
    assert [kind for kind in room.steps() if kind == "alarm"] == []
    assert list(room.memory.all.cases) == ["A0001"]


@pytest.mark.parametrize("words", ["有人晕倒了", "有人持刀", "孩子走失了", "我老公打我", "我不想活了", "孩子被打"])
def test_what_happens_to_one_person_is_never_joined(room: Room, words: str) -> None:
    for who in ("zhang", "guo"):
        room.says(who, f"健仁小区3号楼{words}")
    assert [inside(room, number) for number in ("A0001", "A0002")] == [["zhang"], ["guo"]]


def test_an_hour_later_it_is_another_fire(room: Room) -> None:
    room.says("zhang", "健仁小区3号楼着火了")
    room.passes(timedelta(hours=1, minutes=1))
    room.says("guo", "健仁小区3号楼着火了")
    assert len(room.memory.all.cases) == 2


def test_the_staircases_of_one_building_may_lie_in_several_micro_grids(room: Room) -> None:
    room.says("zhang", "健仁小区3号楼着火了")
    case = room.case()
    assert case.where.unit == "jr-2"
    room.memory.all.cases["A0001"] = replace(case, where=replace(case.where, unit="jr-2-m1"))
    room.says("guo", "健仁小区3号楼着火了")
    assert inside(room) == ["zhang", "guo"]
