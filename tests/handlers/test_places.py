"""Where a case is: homes that narrow a building number, ladders that widen it, pins, mending, and coarse showing."""

from __future__ import annotations

import pytest

from handlers import places
from handlers.cases import Where
from handlers.raw import RawText
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
