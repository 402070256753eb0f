"""Which matter a name means, and what follows from another one: colour, secrecy, cards."""

from __future__ import annotations

import pytest

from handlers import relabelling
from handlers.cases import TaskState
from tests.handlers.room import Room
from tests.handlers.stubs import catalogue
from tests.handlers.test_whistling import called, joins

WIRE = "健仁小区3号楼有人飞线充电"


@pytest.mark.parametrize(
    "key", [(duty.key, item) for duty in catalogue().duties.values() for item in duty.items]
)  # fmt: skip
def test_every_item_is_found_by_its_whole_name(key: tuple[str, str]) -> None:
    item = catalogue().item(*key)
    found = relabelling.find(item.name, catalogue())
    assert found is not None
    assert catalogue().item(*found).name == item.name
    assert relabelling.nearest(item.name, catalogue())[0] == found


def test_a_duty_means_its_default_item() -> None:
    for duty in catalogue().duties.values():
        found = relabelling.find(duty.name, catalogue())
        assert found is not None
        assert duty.name in (catalogue().duties[found[0]].name, catalogue().item(*found).name)


@pytest.mark.parametrize("text", ["", "天", "从没听说过的东西"])
def test_what_fits_nothing_is_none_and_has_three_nearest(text: str) -> None:
    assert relabelling.find(text, catalogue()) is None
    assert len(set(relabelling.nearest(text, catalogue()))) == 3


def test_a_case_that_becomes_secret_leaves_the_group_without_a_word() -> None:
    room = Room()
    room.says("zhang", WIRE)
    assert "A0001" in room.heard("jr-2-work")
    room.says("chen", "改类 A0001 家庭婚姻纠纷")
    assert room.case().confidential
    assert "群里不再显示" in room.heard("jr-2-work")
    assert "家庭" not in room.heard("jr-2-work")


def test_a_reporter_who_corrects_the_matter_never_lowers_red() -> None:
    room = Room()
    room.says("zhang", WIRE)
    room.says("chen", "升级 A0001 红 冒烟")
    room.says("zhang", "改 A0001")
    room.says("zhang", "事情")
    room.says("zhang", "路灯坏了")
    assert "relabel" in room.steps()
    assert (room.case().item, room.case().colour) == ("street_lamp", "red")


def test_what_a_human_raised_stays_and_what_nobody_raised_follows() -> None:
    room = Room()
    room.says("zhang", WIRE)
    room.says("chen", "改类 A0001 路灯不亮")
    assert room.case().colour == "green"
    room.says("chen", "升级 A0001 黄 学校门口")
    room.says("chen", "改类 A0001 门禁道闸损坏")
    assert (room.case().colour, room.case().coloured_by) == ("yellow", "chen")


def test_who_was_whistled_to_another_matter_learns_nothing_of_a_secret_one() -> None:
    room = called()
    room.says("chen", "改类 A0001 家庭婚姻纠纷")
    assert all(task.state is TaskState.DONE for task in joins(room))
    assert room.case().whistle_due is None
    room.says("lin", "我的待办")
    assert "家庭" not in room.heard("lin")
    assert "没有待办" in room.heard("lin")
