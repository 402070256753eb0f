"""What the gazetteer promises below the building: entrances and rooms, the narrowest claim first, none doubled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.gazetteer import claims
from nlu.households import Door, Households, said
from nlu.normalise import Normaliser
from nlu.overlaps import barren, overlaps
from nlu.places import Gazetteer
from nlu.script import Scripts

ENTRIES = (
    ("g", ("健仁小区1-8号楼", "人民路12号")),
    ("m1", ("健仁小区1-3号楼", "健仁小区4号楼1-2单元", "健仁小区5号楼101-602室", "健仁小区6号楼一、三单元")),
    ("m2", ("健仁小区4号楼3-4单元", "5号楼103-604室", "健仁小区6号楼2单元201-402室", "人民路12号1单元")),
    ("h", ("丽景花园", "八一路1-9号", "三一重工")),
    ("k", ("丽景花园A座1-2单元", "丽景花园12栋5室", "康宁苑4号楼", "康宁苑9号楼1单元")),
    ("k2", ("康宁苑9号楼2单元",)),
)
TOWN = Gazetteer.from_entries(ENTRIES, {"健仁小区": ["健仁苑", "八区"]})


@pytest.mark.parametrize(
    ("text", "units", "claimed"),
    [
        ("健仁小区4号楼2单元301漏水", ("m1",), True),
        ("健仁苑四号楼二单元三零一", ("m1",), True),
        ("健仁小区4-3-301", ("m2",), True),
        ("健仁小区4栋第3单元5楼", ("g",), True),
        ("健仁小区4号楼4单元门禁坏了", ("m2",), True),
        ("健仁小区4号楼5单元", ("g",), True),  # nobody's entrance: whoever has the building
        ("健仁小区4号楼301", ("g",), True),  # the entrance was not said
        ("健仁小区4号楼", ("g",), True),
        ("健仁小区5号楼602室", ("m1",), True),
        ("健仁小区5号楼2单元301", ("m1",), True),
        ("健仁小区5号楼304", ("m2",), True),
        ("健仁小区5号楼3楼304室", ("m2",), True),
        ("健仁小区5号楼702", ("g",), True),
        ("健仁小区5号楼1单元", ("g",), True),
        ("健仁小区6号楼3单元", ("m1",), True),
        ("健仁小区6号楼2单元302", ("m2",), True),
        ("健仁小区6号楼2单元", ("g",), True),
        ("健仁小区6号楼302", ("g",), True),
        ("健仁小区3号楼1单元", ("g", "m1"), True),  # two claim the whole building: the desk knows which is within which
        ("健仁小区", ("g", "m1", "m2"), False),
        ("人民路12号1单元", ("m2",), True),
        ("人民路12号", ("g",), True),
        ("丽景花园A座2单元", ("k",), True),
        ("丽景花园A座3单元", ("h",), True),
        ("丽景花园12栋5室", ("k",), True),
        ("丽景花园", ("h", "k"), False),
        ("康宁苑9号楼2单元101", ("k2",), True),
        ("康宁苑9号楼", ("k", "k2"), False),  # claimed only in parts
        ("康宁苑9号楼3单元", ("k", "k2"), False),
        ("4号楼2单元", ("m1", "k"), True),  # without its estate: every estate with such a building
        ("4号楼", ("g", "k"), True),
        ("9号楼1单元", ("k",), True),
        ("9号楼", ("k", "k2"), True),
    ],
)
def test_the_narrowest_claim_is_meant(text: str, units: tuple[str, ...], claimed: bool) -> None:
    place = TOWN.find(text)[0]
    assert (place.units, place.claimed) == (units, claimed)


def test_a_building_without_its_estate_is_given_one_for_each_unit() -> None:
    place = TOWN.find("4号楼2单元301")[0]
    assert dict(zip(place.units, place.estates, strict=True)) == {"m1": "健仁小区", "k": "康宁苑"}
    assert (place.building, place.room) == ("4号楼", "2单元301")


@pytest.mark.parametrize("text", ["{}门口", "我在{}门口", "就是{}那里"])
@pytest.mark.parametrize(("name", "unit"), [("三一重工", "h"), ("八一路3号", "h"), ("八区", "g")])
def test_names_with_numerals_are_found_wherever_they_stand(text: str, name: str, unit: str) -> None:
    assert TOWN.find(text.format(name))[0].units[:1] == (unit,)


@pytest.mark.parametrize(
    ("places", "others", "shared"),
    [
        (["健仁小区4号楼1-2单元"], ["健仁小区4号楼3-4单元"], []),
        (["健仁小区4号楼1-2单元"], ["健仁小区4号楼2-4单元"], ["健仁小区4号楼2单元"]),
        (["健仁小区4号楼1-2单元"], ["健仁小区4号楼201-402室"], ["健仁小区4号楼1-2单元201-402室"]),
        (["健仁小区4号楼101-602室"], ["健仁小区4号楼103-604室"], []),
        (["健仁小区4号楼101-604室"], ["健仁小区4号楼503-1206室"], ["健仁小区4号楼503-604室"]),
        (["健仁小区4号楼1-2单元"], ["健仁小区5号楼1-2单元"], []),
        (["健仁小区4号楼1-2单元"], ["健仁小区1-8号楼"], ["健仁小区4号楼1-2单元"]),
        (["健仁小区4号楼101室"], ["健仁小区"], ["健仁小区4号楼101室"]),
        (["一号公馆3栋1单元"], ["1号公馆三栋1单元"], ["一号公馆3号楼1单元"]),
    ],
)
def test_households_claimed_twice(places: list[str], others: list[str], shared: list[str]) -> None:
    assert [place for _, _, place in overlaps([("a", places), ("b", others)])] == shared


def test_what_claims_nothing() -> None:
    places = ["健仁小区8-1号楼", "健仁小区4号楼305-501室", "健仁小区4号楼3-1单元", " ", "健仁小区4号楼", "老年大学"]
    assert barren([("a", places)]) == [("a", place) for place in places[:4]]


@pytest.mark.parametrize(
    ("room", "door"),
    [
        ("2单元501", Door(2, 501)),
        ("2-501", Door(2, 501)),
        ("501室", Door(None, 501)),
        ("2单元5楼501室", Door(2, 501)),
        ("3单元", Door(3, None)),
        ("5室", Door(None, 5)),
        ("12层", Door(None, None)),
        ("", Door(None, None)),
    ],
)
def test_a_door_as_people_say_it(room: str, door: Door) -> None:
    assert said(room) == door


RANGES = st.tuples(st.integers(1, 9), st.integers(1, 9)).map(lambda ends: (min(ends), max(ends)))
BLOCKS = st.one_of(
    st.builds(Households, RANGES),
    st.builds(lambda f, d: Households(floors=f, doors=d), RANGES, RANGES),
    st.builds(Households, RANGES, RANGES, RANGES),
)


@given(BLOCKS, BLOCKS, st.integers(1, 9), st.integers(1, 9), st.integers(1, 9))
def test_what_two_blocks_share_is_what_both_hold(
    one: Households, other: Households, entrance: int, floor: int, number: int
) -> None:
    door = Door(entrance, floor * 100 + number)
    assert one.shared(other).hold(door) == (one.hold(door) and other.hold(door))
    assert one.shared(other) == other.shared(one)


@given(BLOCKS)
def test_a_block_reads_as_it_is_shown(block: Households) -> None:
    [claim] = claims([("a", [f"健仁小区4号楼{block}"])], Normaliser(Scripts()))
    assert (claim.name, claim.numbers, claim.households) == ("健仁小区", ("4",), block)


def test_a_large_town_takes_a_gazetteer_again() -> None:
    """A thousand grids of ten places: every one of them is found, alone and among its like."""
    letters = "东南西北中上下前后左春夏秋冬梅兰竹菊松柏龙凤虎鹤金银铜铁山海"
    names = [f"{a}{b}{c}新村" for a in letters[:10] for b in letters for c in letters]
    entries = [(f"g{i}", [f"{name}1-8号楼" for name in names[i * 9 : i * 9 + 9]]) for i in range(1000)]
    town = Gazetteer.from_entries(entries, {})
    assert all(town.find(f"我在{places[4]}")[0].units == (unit,) for unit, places in entries[::100])
