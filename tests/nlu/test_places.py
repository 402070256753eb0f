"""Knows what the gazetteer promises: one place in many spellings, the grids it can mean, and doubled claims."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.places import Gazetteer, overlaps
from nlu.understanding import PlaceFound
from tests.nlu.conftest import ALIASES, ENTRIES

TOWN = Gazetteer.from_entries(ENTRIES, ALIASES)


def first(text: str) -> PlaceFound:
    return TOWN.find(text)[0]


@pytest.mark.parametrize(
    "words",
    ["3号楼", "三号楼", "3栋", "3幢", "第三栋", "三座", "３号楼", "3 号楼".replace(" ", ""), "三號樓", "3#楼", "03栋"],
)
def test_one_building_in_many_spellings(words: str) -> None:
    place = first(f"健仁小区{words}楼道里很黑")
    assert (place.units, place.estate, place.building) == (("jr-2",), "健仁小区", "3号楼")


@pytest.mark.parametrize("name", ["健仁小区", "健仁苑", "老健仁", "健仁", "健仁小區"])
def test_one_estate_by_many_names(name: str) -> None:
    place = first(f"{name}十一栋有人吵架")
    assert (place.units, place.estate, place.building) == (("jr-1",), "健仁小区", "11号楼")


@pytest.mark.parametrize(
    ("text", "building", "room"),
    [
        ("健仁小区3号楼2单元501", "3号楼", "2单元501"),
        ("健仁小区3-2-501", "3号楼", "2-501"),
        ("健仁3栋二单元", "3号楼", "2单元"),
        ("健仁小区3号楼501室", "3号楼", "501室"),
        ("丽景花园b座1203室", "B座", "1203室"),
    ],
)
def test_rooms_are_kept_apart(text: str, building: str, room: str) -> None:
    place = first(text)
    assert (place.building, place.room) == (building, room)
    assert place.text == text


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("健仁小区垃圾没人收", ("jr-1", "jr-2")),  # an estate without a building: all its grids
        ("新华小区5号楼", ("xh-1",)),  # the whole estate belongs to one grid
        ("健仁小区99号楼", ("jr-1", "jr-2")),  # no such building: any of the estate's grids may know
        ("3号楼", ("jr-2", "xh-2")),  # a building without its estate: every grid with such a building
        ("20号楼", ()),
        ("人民路12号", ("jr-2",)),
        ("人民路13号的井盖", ("jr-1",)),
        ("人民路", ("jr-1", "jr-2")),
        ("建军路五号", ("xh-1",)),
        ("大公园的长椅", ("jr-2",)),
        ("健仁幼儿园对面", ("jr-1",)),
        ("粮油店旁边", ()),
    ],
)
def test_units(text: str, units: tuple[str, ...]) -> None:
    assert first(text).units == units


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("健仁小区门口", True),
        ("人民公园", True),
        ("路口的红绿灯", True),
        ("健仁小区3号楼门口", False),
        ("健仁小区3号楼2单元501", False),
    ],
)
def test_public_ground(text: str, public: bool) -> None:
    assert first(text).public_ground is public


def test_floors_and_persons_are_no_buildings() -> None:
    assert TOWN.find("三楼的张阿姨") == ()


def test_two_grids_claiming_one_place() -> None:
    doubled = overlaps(
        [
            ("a", ["健仁小区1-8号楼", "人民路"]),
            ("b", ["健仁小区八、9栋", "人民路12号", "老年大学"]),
            ("c", ["老年大学"]),
        ]
    )
    assert doubled == [("a", "b", "健仁小区8号楼"), ("a", "b", "人民路12号"), ("b", "c", "老年大学")]


def test_neighbouring_claims_do_not_overlap() -> None:
    assert overlaps(ENTRIES) == []


def test_an_empty_gazetteer_knows_nothing() -> None:
    assert Gazetteer.from_entries((), {}).find("3号楼")[0].units == ()


@given(st.text(alphabet="健仁小区三3号楼栋单元路12门口，0a人民-民 ") | st.text())
def test_places_are_substrings(text: str) -> None:
    assert all(place.text in text and place.text for place in TOWN.find(text))
