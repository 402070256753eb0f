"""Where things are in the shipped town: households, firms, areas; the grid gets the case, the micro-grid is counted."""

from __future__ import annotations

import pytest

from handlers import geometry, places
from handlers.town import Person
from tests.product import product
from tests.stories.story import State, Story

TOWN = product().config.town


def unit_of(text: str, near: str = "") -> str:
    """The unit that the real ear and the desk find for a sentence."""
    return places.where(product().ear.understand([(text, "")])[0].alone, Person(id="new"), TOWN, near).unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("健仁小区3号楼2单元301的下水道堵了", "jr-2-m1"),
        ("健仁小区4号楼2单元301的下水道堵了", "jr-2-m1"),
        ("健仁花园四栋三单元楼道灯不亮", "jr-2-m2"),
        ("健仁小区4号楼楼道灯不亮", "jr-2"),
        ("健仁小区楼道灯不亮", "jr"),
        ("健仁小区10号楼楼道灯不亮", "jr-1"),
        ("龙港花园5号楼602室漏水", "lg-1-m1"),
        ("龍港花園5號樓604室漏水", "lg-1-m2"),
        ("龙港花园5号楼漏水", "lg-1"),
        ("龙港花园12号楼漏水", "lg-2"),
    ],
)
def test_households_lead_to_their_micro_grid(text: str, unit: str) -> None:
    assert unit_of(text) == unit


@pytest.mark.parametrize(
    "text",
    ["创新大厦门口停满了车", "在创新大厦A座1203室上班", "高新产业园食堂油烟大", "产业园的路灯坏了", 
     "科创路12号门口乱停车", "高新园3号楼工资没发", "我们公司在创新大厦8楼，消防通道堵了"],
)  # fmt: skip
def test_a_dedicated_grid_is_found_by_its_buildings_and_what_people_call_them(text: str) -> None:
    assert TOWN.units["qs-park"].kind == "dedicated"
    assert unit_of(text) == "qs-park"


def test_areas_hold_their_own_centre_and_no_other_grids() -> None:
    mapped = [unit for unit in TOWN.units.values() if unit.area]
    assert [unit.id for unit in mapped] == ["jr-2", "qs-park"]
    for unit in mapped:
        held = [
            other.id
            for other in TOWN.units.values()
            if other.level == "grid" and other.center and geometry.holds(unit.area, other.center)
        ]
        assert held == [unit.id]


def test_the_grid_gets_what_a_micro_grid_claims(story: Story) -> None:
    story.says("王大爷", "健仁小区4号楼3单元有人在楼道里给电动车飞线充电")
    case = story.case()
    assert (case.state, case.lead, case.where.unit) == (State.ASSIGNED, "jr-2", "jr-2-m2")
    story.hears("王大爷", "健仁第二网格")
    story.hears("第二网格工作群", "A0001")
    assert not any("微格" in shown.letter.text for shown in story.all)


def test_the_same_matter_said_less_exactly_is_no_second_case(story: Story) -> None:
    story.says("王大爷", "健仁小区4号楼3单元有人在楼道里给电动车飞线充电")
    story.passes("3h")
    story.says("王大爷", "健仁小区4号楼有人在楼道里给电动车飞线充电")
    assert [case.number for case in story.cases()] == ["A0001"]


def test_a_pin_in_the_park_goes_to_the_dedicated_grid(story: Story) -> None:
    story.says("马小军", "有人在楼道里给电动车飞线充电")
    story.sends_location("马小军", 33.3700, 120.1479)
    assert story.case().lead == "qs-park"
