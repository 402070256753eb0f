"""Where a case is: homes that narrow a building number, ladders that widen it, pins, mending, and coarse showing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers import places
from handlers.cases import Where
from handlers.raw import RawText
from handlers.town import Town, Unit
from nlu.understanding import PlaceFound, Understanding
from tests.handlers.ear import ScriptedEar
from tests.handlers.town import town

TOWN = town()
ZHANG, GUO, NEW = TOWN.people["zhang"], TOWN.people["guo"], TOWN.people["new"]
EAR = ScriptedEar()


def heard(*found: PlaceFound) -> Understanding:
    """Words with these places in them."""
    return Understanding("…", "public_facilities", 0.9, "", 0.0, places=found)


def said(text: str, who: str = "new") -> Where:
    """The place of a sentence, for somebody."""
    return places.where(EAR.alone(text), TOWN.people[who], TOWN)


def test_an_estate_and_a_building_lead_to_one_grid() -> None:
    where = said("健仁小区3号楼2单元501室有人飞线")
    assert (where.unit, where.estate, where.building, where.room.reveal(), where.known) == (
        "jr-2", "健仁小区", "3号楼", "2单元501室", True,
    )  # fmt: skip


@pytest.mark.parametrize(("who", "unit"), [("zhang", "jr-2"), ("guo", "jr-2"), ("huang", "lg-1"), ("new", "")])
def test_a_building_alone_is_the_one_where_the_speaker_lives(who: str, unit: str) -> None:
    """Their own grid, else their community; nobody knows for who lives nowhere."""
    where = said("3号楼有人飞线", who)
    assert (where.unit, where.known) == (unit, bool(unit))


def test_several_grids_of_one_community_are_that_community() -> None:
    where = places.where(heard(PlaceFound("健仁小区", ("jr-1", "jr-2"), estate="健仁小区")), NEW, TOWN)
    assert (where.unit, where.known) == ("jr", True)


def test_grids_of_two_communities_are_nowhere() -> None:
    where = places.where(heard(PlaceFound("3号楼", ("jr-2", "lg-1"))), NEW, TOWN)
    assert (where.unit, where.known) == ("", False)
    assert where.text.reveal() == "3号楼"


def test_a_micro_grid_lies_in_its_grid() -> None:
    assert places.common(["jr-2-m1"], TOWN) == "jr-2-m1"
    assert places.common(["jr-2-m1", "jr-2"], TOWN) == "jr-2"
    assert places.common(["jr-2-m1", "jr-1"], TOWN) == "jr"
    assert places.common([], TOWN) == ""


MICRO = replace(TOWN, units={
    **TOWN.units, **{key: Unit(id=key, name=key, level="micro", parent=key[:4]) for key in ("jr-2-m2", "lg-1-m1")}
})  # fmt: skip


@pytest.mark.parametrize(
    ("units", "claimed", "unit"),
    [
        (("jr-2", "jr-2-m1"), True, "jr-2-m1"),  # both claim it: the one within the other
        (("jr-2-m1", "jr-2"), True, "jr-2-m1"),
        (("jr-2", "jr-2-m1", "jr"), True, "jr-2-m1"),
        (("jr-2-m1",), True, "jr-2-m1"),
        (("jr-2", "jr-2-m1"), False, "jr-2"),  # each has a part of it: what they have in common
        (("jr-2-m1", "jr-2-m2"), True, "jr-2"),
        (("jr-2", "jr-2-m1", "jr-1"), True, "jr"),
        (("jr-2-m1", "lg-1-m1"), True, ""),
    ],
)
def test_the_innermost_unit_that_claims_a_place_has_it(units: tuple[str, ...], claimed: bool, unit: str) -> None:
    found = PlaceFound("健仁小区4号楼", units, estate="健仁小区", building="4号楼", claimed=claimed)
    where = places.where(heard(found), NEW, MICRO)
    assert (where.unit, where.known) == (unit, bool(unit))


@pytest.mark.parametrize(
    ("near", "unit"),
    [("jr-2", "jr-2-m1"), ("jr-2-m1", "jr-2-m1"), ("jr-2-m2", "jr-2-m1"), ("jr-3", "jr-2-m1"), ("lg-1-m1", "lg-1"),
     ("lg-2", "lg-1"), ("yl", ""), ("yd", "")],
)  # fmt: skip
def test_a_building_alone_is_the_one_in_the_micro_grid_the_grid_or_the_community(near: str, unit: str) -> None:
    found = PlaceFound("3号楼", ("jr-2", "jr-2-m1", "lg-1"), building="3号楼", estates=("甲", "甲", "乙"), claimed=True)
    where = places.where(heard(found), NEW, MICRO, near)
    assert (where.unit, where.estate) == (unit, {"j": "甲", "l": "乙", "": ""}[unit[:1]])


def test_places_are_the_same_whichever_unit_of_the_grid_has_them() -> None:
    building = Where(unit="jr-2", building="4号楼", known=True)
    assert places.same(building, replace(building, unit="jr-2-m1", room=RawText("2单元")), TOWN)
    assert not places.same(building, replace(building, unit="jr-1"), TOWN)
    assert not places.same(building, replace(building, building="5号楼"), TOWN)
    assert not places.same(Where(), building, TOWN)


def test_a_group_never_sees_the_micro_grid() -> None:
    assert places.coarse(Where(unit="jr-2-m1", known=True), "exact", TOWN) == "健仁第二网格"


def test_units_that_are_not_of_this_town_are_unknown() -> None:
    assert not places.where(heard(PlaceFound("别处", ("nowhere",))), NEW, TOWN).known


def test_of_two_places_the_more_precise_known_one_counts() -> None:
    where = places.where(
        heard(
            PlaceFound("翠竹园", ()),
            PlaceFound("健仁小区", ("jr-2",), estate="健仁小区"),
            PlaceFound("健仁小区5号楼", ("jr-2",), estate="健仁小区", building="5号楼"),
        ),
        NEW,
        TOWN,
    )
    assert where.building == "5号楼"


def test_no_place_is_no_place() -> None:
    assert places.where(heard(), ZHANG, TOWN) == Where()


@pytest.mark.parametrize(
    ("point", "unit"),
    [((33.3803, 120.1502), "jr-2"), ((33.3826, 120.1489), "jr-1"), ((33.3875, 120.1594), "lg-1"), ((31.2, 121.5), "")],
)
def test_a_pin_lies_in_the_grid_with_the_nearest_centre_or_outside(point: tuple[float, float], unit: str) -> None:
    where = places.at_point(point, TOWN)
    assert (where.unit, where.known, where.point) == (unit, bool(unit), point)


def square(south: float, west: float, side: float = 1.0) -> tuple[tuple[float, float], ...]:
    """Corners of a square, in thousandths of a degree north and east of a corner of the town."""
    at = [(south, west), (south + side, west), (south + side, west + side), (south, west + side)]
    return tuple((33.38 + lat / 1000, 120.15 + lon / 1000) for lat, lon in at)


def mapped(**areas: tuple[tuple[float, float], ...]) -> Town:
    """The town with areas for some units (`_` for `-`)."""
    units = dict(TOWN.units)
    for key, corners in areas.items():
        unit = key.replace("_", "-")
        units[unit] = replace(units[unit], area=corners)
    return replace(TOWN, units=units)


MAPPED = mapped(
    yl=square(-9, -9, 30), jr=square(0, 0, 9), jr_1=square(2, 2, 4), jr_2=square(4, 4, 4), jr_2_m1=square(5, 5)
)


@pytest.mark.parametrize(
    ("north", "east", "unit"),
    [
        (5.5, 5.5, "jr-2-m1"),
        (5, 5, "jr-2-m1"),  # its very corner
        (7, 7, "jr-2"),
        (3, 3, "jr-1"),
        (8.5, 0.5, "jr"),  # in the community, in no grid of it
        (7.5, 9.5, "lg-1"),  # in no area but the street's: the nearest centre of a grid that has no area
        (-80, 0, ""),
    ],
)
def test_a_pin_lies_in_the_smallest_area_that_holds_it(north: float, east: float, unit: str) -> None:
    where = places.at_point((33.38 + north / 1000, 120.15 + east / 1000), MAPPED)
    assert (where.unit, where.known, where.public_ground) == (unit, bool(unit), bool(unit))


def test_of_two_grids_that_hold_a_pin_the_smaller_one_counts() -> None:
    town = mapped(jr_1=square(0, 0, 6), jr_2=square(1, 1, 2), lg_1=square(0, 0, 3))
    assert places.at_point((33.382, 120.152), town).unit == "jr-2"


def test_a_grid_whose_area_lies_elsewhere_is_chosen_only_when_no_other_is_near() -> None:
    far = square(50, 50)
    beside_jr_2 = (33.3803, 120.1502)
    assert places.at_point(beside_jr_2, mapped(jr_2=far)).unit == "jr-1"
    assert places.at_point(beside_jr_2, mapped(jr_2=far, jr_1=far)).unit == "lg-1"
    assert places.at_point(beside_jr_2, mapped(jr_2=far, jr_1=far, lg_1=far)).unit == "jr-2"


def test_a_town_without_centres_knows_no_pin() -> None:
    bare = town()
    bare = type(bare)(**{name: getattr(bare, name) for name in bare.__dataclass_fields__ if name != "units"}, units={})
    assert not places.at_point((33.38, 120.15), bare).known


def test_a_place_said_in_two_goes() -> None:
    first, second = Where(text=RawText("健仁小区"), estate="健仁小区"), said("健仁小区3号楼")
    both = places.merge(first, second)
    assert (both.unit, both.estate, both.building) == ("jr-2", "健仁小区", "3号楼")
    pinned = places.merge(Where(text=RawText("楼后面")), places.at_point((33.3803, 120.1502), TOWN))
    assert (pinned.unit, pinned.text.reveal()) == ("jr-2", "楼后面")
    vague = places.merge(second, Where(text=RawText("靠里那个门")))
    assert (vague.unit, vague.building) == ("jr-2", "3号楼")
    assert vague.text.reveal() == "健仁小区3号楼 靠里那个门"


def test_what_was_wrong_leaves_only_the_grid() -> None:
    where = places.wrong(said("健仁小区3号楼2单元501室"))
    assert (where.unit, where.building, where.room.reveal(), where.text.reveal(), where.point) == (
        "jr-2", "", "", "", None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("detail", "public", "shown"),
    [
        ("estate", False, "健仁小区"),
        ("building", False, "健仁小区3号楼"),
        ("exact", False, "健仁小区"),
        ("exact", True, "健仁小区3号楼"),
        ("estate", True, "健仁小区"),
    ],
)
def test_a_group_sees_a_place_as_coarse_as_its_item(detail: str, public: bool, shown: str) -> None:
    where = Where(
        text=RawText("老王家楼下"), unit="jr-2", estate="健仁小区", building="3号楼", room=RawText("501室"),
        public_ground=public, known=True,
    )  # fmt: skip
    assert places.coarse(where, detail, TOWN) == shown


def test_without_names_of_the_gazetteer_a_group_sees_the_unit_or_nothing() -> None:
    assert places.coarse(Where(unit="jr-2", text=RawText("老王家")), "building", TOWN) == "健仁第二网格"
    assert places.coarse(Where(text=RawText("老王家")), "exact", TOWN) == ""
