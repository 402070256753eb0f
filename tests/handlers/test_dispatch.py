"""To whom a case goes first and why: the pair that is asked, the reasons kept and shown, the negative list."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import dispatch, reasons
from handlers.cases import Case, State, Where
from handlers.catalogue import Catalogue, Item
from handlers.effects import Effects
from handlers.rules import RefusalError
from handlers.town import Town
from handlers.turn import Turn
from handlers.working_set import WorkingSet
from tests.handlers.ear import ScriptedEar
from tests.handlers.room import MORNING, Room
from tests.handlers.stubs import catalogue, rules, wording
from tests.handlers.test_desk_hands import WIRE, reported, taken
from tests.handlers.town import town
from tests.house import modules

UNITS = ("", "jr", "jr-1", "jr-2", "jr-2-m1", "lg", "lg-2", "yl")
ITEMS = [item for duty in catalogue().duties.values() for item in duty.items.values()]
BARRED = sorted({key for point in catalogue().negative_list for key in point.items})


def away(room: Room, *people: str) -> None:
    """These people are away for a week, from now on."""
    until = room.now + timedelta(days=7)
    changed = {who: replace(room.rules.town.people[who], away_until=until) for who in people}
    fit(room, replace(room.rules.town, people={**room.rules.town.people, **changed}))


def fit(room: Room, new: Town) -> None:
    """The room in another town."""
    room.rules = replace(room.rules, town=new)
    room.desk = room.desk.fitted(room.rules)
    room.memory.town = new
    room.memory.all.people.update({who: person for who, person in new.people.items() if who in room.memory.all.people})


def turn(stock: Catalogue | None = None) -> Turn:
    """A turn of the clock in the small town, perhaps with another catalogue."""
    fixed = rules(ScriptedEar())
    return Turn(replace(fixed, catalogue=stock or fixed.catalogue), WorkingSet(), MORNING)


def case_of(item: Item, unit: str = "jr-2") -> Case:
    """A collected case of an item somewhere."""
    where = Where(unit=unit, known=bool(unit))
    return Case(number="A0001", duty=item.duty, item=item.key, where=where, opened_at=MORNING, changed_at=MORNING)


# -- the pair ----------------------------------------------------------------------------------------------------------


def test_two_hands_of_the_grid_are_asked_and_the_card_says_who_and_why() -> None:
    room = reported()
    assert room.case().assignees == ("li", "zhao")
    assert "派给：李明、赵强（地点属健仁第二网格）" in room.heard("jr-2-work")


def test_who_has_less_to_do_is_asked_first() -> None:
    room = taken()
    room.says("guo", "健仁小区5号楼门禁坏了")
    assert room.case("A0002").assignees == ("zhao", "li")


def test_within_a_batch_what_has_its_result_is_no_load_any_more() -> None:
    ws, case = WorkingSet(), replace(case_of(ITEMS[0]), lead_person="li", state=State.HANDLING)
    ws.after(Effects(cases=(case,)))
    assert ws.loads["li"] == 1
    ws.after(Effects(cases=(replace(case, state=State.FED_BACK, fed_back_at=MORNING),)))
    assert ws.loads["li"] == 0


def test_nobody_who_is_away_is_asked() -> None:
    room = Room()
    away(room, "li")
    room.says("zhang", WIRE)
    assert room.case().assignees == ("zhao",)
    assert "派给：赵强（" in room.heard("jr-2-work")


def test_when_all_are_away_the_grid_head_covers_and_reads_the_card_in_private() -> None:
    room = Room()
    away(room, "li", "zhao")
    room.says("zhang", WIRE)
    assert room.case().assignees == ("han",)
    assert "A0001" in room.heard("jr-2-work")
    assert "电动车飞线充电" in room.heard("han")
    assert "138" not in room.heard("han")
    room.presses("han", "接单")
    assert room.case().lead_person == "han"


def test_with_the_head_away_as_well_the_duty_desk_hears_of_what_has_no_group() -> None:
    room = Room()
    away(room, "wu", "yang")
    fit(room, replace(room.rules.town, groups={k: g for k, g in room.rules.town.groups.items() if k != "lg-1-work"}))
    grid = replace(case_of(next(i for i in ITEMS if i.hand == "grid"), "lg-1"), lead="lg-1")
    asking = Turn(room.rules, WorkingSet(), room.now)
    assert dispatch.pair(asking, grid) == ()
    dispatch.assign(asking, grid, dispatch.Lead("lg-1", "grid", "place.grid"))
    assert [letter.to for letter in asking.out.letters] == ["duty-desk"]


LOADS = st.dictionaries(st.sampled_from(["li", "zhao", "han"]), st.integers(0, 9))


@given(LOADS, st.sets(st.sampled_from(["li", "zhao"])))
def test_the_pair_is_there_and_the_less_loaded_stands_first(loads: dict[str, int], gone: set[str]) -> None:
    room = Room()
    away(room, *gone)
    asking = Turn(room.rules, WorkingSet(loads=loads), room.now)
    found = dispatch.pair(asking, replace(case_of(ITEMS[0]), lead="jr-2"))
    assert 1 <= len(found) <= dispatch.PAIR
    assert not set(found) & gone
    assert [loads.get(who, 0) for who in found] == sorted(loads.get(who, 0) for who in found)


# -- what is kept and told ---------------------------------------------------------------------------------------------


def test_a_dispatch_keeps_rule_inputs_and_certainty_and_no_word() -> None:
    room = reported()
    facts = room.history()[1].facts
    helpers = " ".join(catalogue().item(room.case().duty, room.case().item).helpers)
    assert facts == {
        "rule": "place.grid", "lead": "jr-2", "level": "grid", "unit": "jr-2", "item": room.case().item,
        "confidence": f"{room.case().confidence:.2f}", "source": "gazetteer", "assignees": "li zhao",
        "helpers": helpers,
    }  # fmt: skip
    assert 0 < room.case().confidence <= 1


def test_why_tells_everything_but_the_words() -> None:
    room = reported()
    room.says("zhao", "为什么 A0001")
    told = room.heard("zhao")
    for part in ("地点属健仁第二网格", "电动车飞线充电", "把握", "地名表", "李明、赵强", "可以吹哨"):
        assert part in told
    assert "2单元" not in told


@pytest.mark.parametrize(("who", "reason"), [("wu", "not_yours"), ("zhang", "staff_only"), ("guo", "staff_only")])
def test_who_may_not_know_is_not_told_why(who: str, reason: str) -> None:
    room = reported()
    room.says(who, "为什么 A0001")
    assert [refusal.reason for refusal in room.effects.refusals] == [reason]
    assert "网格" not in room.heard(who)


def test_why_before_the_place_is_known() -> None:
    room = Room()
    room.says("new", "有人乱倒垃圾")
    room.says("chen", "为什么 A0001")
    assert "还没派单" in room.heard("chen")


def sources() -> Iterator[tuple[str, Case, str]]:
    grid = case_of(next(item for item in ITEMS if item.hand == "grid"))
    yield "home", replace(grid, rule="home.community", where=Where()), "home"
    yield "nothing", replace(grid, rule="place.unknown", where=Where()), "none"
    yield "pin", replace(grid, where=Where(unit="jr-2", known=True, point=(33.38, 120.15))), "pin"
    yield "words", replace(grid, where=Where(unit="jr-2", known=True, estate="健仁小区")), "gazetteer"
    both = Where(unit="jr-2", known=True, estate="健仁小区", point=(33.38, 120.15))
    yield "words and a pin", replace(grid, where=both), "gazetteer"


@pytest.mark.parametrize(("case", "expected"), [pytest.param(c, e, id=name) for name, c, e in sources()])
def test_where_the_place_comes_from(case: Case, expected: str) -> None:
    assert reasons.source(case) == expected
    assert f"source.{expected}" in wording().sentences


def _rules_in_code() -> set[str]:
    """Every rule with which the desk makes a Lead; an f-string stands for the hands of the catalogue."""
    found: set[str] = set()
    for module in modules("handlers"):
        for node in ast.walk(module.tree):
            named = isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Lead"
            if not named or not isinstance(node, ast.Call) or len(node.args) < 3:
                continue
            said = (part.value for part in ast.walk(node.args[2]) if isinstance(part, ast.Constant))
            found |= {word for word in said if isinstance(word, str)}
    return (found - {"item.", ""}) | {"item.department", "item.service"}


def test_every_rule_has_a_sentence() -> None:
    found = {rule for rule in _rules_in_code() if "." in rule or rule in ("by_hand", "raised")}
    assert {"place.grid", "negative.department", "overdue.level", "returned.back", "by_hand", "raised"} <= found
    assert [rule for rule in found if f"why.{rule}" not in wording().sentences] == []


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.key)
def test_every_choice_names_a_desk_of_the_town_and_a_rule_with_a_sentence(item: Item) -> None:
    asking = turn()
    units, departments = asking.rules.town.units, asking.rules.town.departments
    for unit in UNITS:
        lead = dispatch.choose(asking, case_of(item, unit))
        assert f"why.{lead.rule}" in wording().sentences
        assert lead.level == ("street" if lead.holder in departments else units[lead.holder].level)


# -- the negative list -------------------------------------------------------------------------------------------------


def _given_to_the_grid(keys: list[str]) -> Catalogue:
    """A catalogue that wrongly gives these items to the grid."""
    stock = catalogue()
    duties = {
        key: replace(duty, items={k: replace(i, hand="grid") if k in keys else i for k, i in duty.items.items()})
        for key, duty in stock.duties.items()
    }
    return replace(stock, duties=duties)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("key", BARRED)
def test_what_the_list_bars_goes_to_no_unit_even_if_the_catalogue_were_wrong(key: str, unit: str) -> None:
    asking = turn(_given_to_the_grid(BARRED))
    item = next(i for d in asking.rules.catalogue.duties.values() for i in d.items.values() if i.key == key)
    lead = dispatch.choose(asking, case_of(item, unit))
    assert (lead.holder, lead.rule) == (item.department, "negative.department")
    centre = {"grid_center": town().departments["grid_center"]}
    bare = replace(asking.rules, town=replace(asking.rules.town, departments=centre))
    lead = dispatch.choose(Turn(bare, WorkingSet(), MORNING), case_of(item, unit))
    assert lead.holder == "grid_center"


def test_the_list_is_carried_whole() -> None:
    points = catalogue().negative_list
    assert [point.id for point in points] == list(range(1, 11))
    assert catalogue().barred("theft") == points[1]
    assert catalogue().sign_in("叫网格员去罚款") == points[0]
    assert catalogue().barred("ebike_wiring") is None
    assert catalogue().sign_in("去看一下") is None


@pytest.mark.parametrize("holder", ["jr-1", "jr-2", "jr"])
@pytest.mark.parametrize("key", BARRED)
def test_nobody_can_give_it_to_a_unit_by_hand(key: str, holder: str) -> None:
    item = next(item for item in ITEMS if item.key == key)
    with pytest.raises(RefusalError) as refused:
        dispatch.guard(turn(), case_of(item), holder)
    assert refused.value.reason == "negative_item"
    dispatch.guard(turn(), case_of(item), item.department)


@pytest.mark.parametrize("sign", [word for point in catalogue().negative_list for word in point.words])
def test_a_note_with_a_sign_goes_to_no_unit(sign: str) -> None:
    grid = case_of(next(item for item in ITEMS if item.hand == "grid"))
    with pytest.raises(RefusalError) as refused:
        dispatch.guard(turn(), grid, "jr-1", f"请去{sign}")
    assert refused.value.reason == "negative_note"
    dispatch.guard(turn(), grid, "enforcement", f"请去{sign}")
    dispatch.guard(turn(), grid, "jr-1", "请去看一下")


def test_a_barred_item_climbs_to_the_centre_not_to_the_community() -> None:
    item = next(item for item in ITEMS if item.key == BARRED[0])
    lead = dispatch.above(turn(), replace(case_of(item), lead="jr-2", state=State.ASSIGNED))
    assert lead is not None
    assert lead.holder == "grid_center"
