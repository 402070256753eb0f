"""Who may do and see what: every role against every kind of case and every step, denied unless the table says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers import rights
from handlers.cases import Case, Reporter, Task, TaskKind, TaskState, Where
from handlers.rights import Power
from handlers.steps import Actor
from handlers.town import Person, Role
from tests.handlers.town import town

NOW = datetime(2026, 3, 2, tzinfo=UTC)
TOWN = town()
LEAD, WORKER, DEPARTMENT, DISPATCHER, SUPERVISOR = "lead", "grid_worker", "department", "dispatcher", "supervisor"


def case(unit: str, lead: str, *, confidential: bool = False, lead_person: str = "") -> Case:
    """A case at a place, led by somebody."""
    return Case(
        number="A0001", duty="d", item="i", opened_at=NOW, changed_at=NOW, where=Where(unit=unit, known=bool(unit)),
        lead=lead, lead_person=lead_person, confidential=confidential,
    )  # fmt: skip


CASES = {
    "grid": case("jr-2", "jr-2"),
    "secret of the grid": case("jr-2", "jr-2", confidential=True),
    "community": case("jr-2", "jr"),
    "department": case("jr-2", "enforcement"),
    "secret of the mediators": case("jr-2", "justice_office", confidential=True),
    "centre": case("jr-2", "grid_center", confidential=True),
    "nowhere": case("", "jr"),
    "nobody": case("jr-2", ""),
}

# Who has which capacities; who is not named in a line has none.
CAPACITIES: dict[str, dict[str, set[str]]] = {
    "grid": {
        "li": {LEAD, WORKER}, "zhao": {LEAD, WORKER}, "han": {LEAD, WORKER}, "chen": {DISPATCHER}, "xie": {SUPERVISOR},
    },
    "secret of the grid": {"li": {LEAD}, "zhao": {LEAD}, "chen": {DISPATCHER}},
    "community": {
        "li": {WORKER}, "zhao": {WORKER}, "han": {LEAD, WORKER}, "chen": {DISPATCHER}, "xie": {SUPERVISOR},
    },
    "department": {
        "li": {WORKER}, "zhao": {WORKER}, "han": {WORKER}, "lin": {LEAD, DEPARTMENT}, "chen": {DISPATCHER},
        "xie": {SUPERVISOR},
    },
    "secret of the mediators": {
        "wang": {LEAD}, "lv": {LEAD}, "song": {LEAD, DEPARTMENT}, "chen": {DISPATCHER},
    },
    "centre": {"chen": {LEAD, DISPATCHER}},
    "nowhere": {"han": {LEAD}, "chen": {DISPATCHER}, "xie": {SUPERVISOR}},
    "nobody": {"li": {WORKER}, "zhao": {WORKER}, "han": {WORKER}, "chen": {DISPATCHER}, "xie": {SUPERVISOR}},
}  # fmt: skip


def held(who: Person, what: Case, *, speaks: str = "") -> set[str]:
    """The capacities of a person in a case; `speaks` is the part in which they report it."""
    spoken = [Reporter(case=what.number, person=who.id, part=speaks, since=NOW)] if speaks else []
    return {actor.value for actor in rights.actors(who, what, spoken, TOWN)}


@pytest.mark.parametrize("kind", CASES)
def test_capacities_by_role_and_scope(kind: str) -> None:
    found = {who: held(person, CASES[kind]) for who, person in TOWN.people.items()}
    assert found == {who: CAPACITIES[kind].get(who, set()) for who in TOWN.people}


@pytest.mark.parametrize("who", TOWN.people)
def test_who_has_left_has_no_capacity_but_their_own_reports(who: str) -> None:
    gone = replace(TOWN.people[who], active=False)
    for what in CASES.values():
        assert held(gone, what) == set()
        assert held(gone, replace(what, lead_person=who)) == set()
        assert held(gone, what, speaks="reporter") == {"reporter"}


@pytest.mark.parametrize("role", Role)
def test_a_role_in_another_community_has_nothing_in_a_case_here(role: Role) -> None:
    elsewhere = Person(id="x", roles=frozenset({role}), unit="lg-1")
    for kind, what in CASES.items():
        overseers = {Role.DISPATCHER: {DISPATCHER}, Role.SUPERVISOR: {SUPERVISOR}}
        expected = overseers.get(role, set()) if kind == "nowhere" else set()
        assert held(elsewhere, what) == expected, kind


@pytest.mark.parametrize("part", ["reporter", "co_reporter", "on_behalf"])
def test_a_reporter_is_a_reporter_in_any_case(part: str) -> None:
    for what in CASES.values():
        assert held(TOWN.people["guo"], what, speaks=part) == {"reporter"}


def test_the_other_side_of_a_quarrel_is_no_reporter() -> None:
    for what in CASES.values():
        assert held(TOWN.people["guo"], what, speaks="other_side") == set()


def test_who_took_a_case_leads_it_wherever_they_belong() -> None:
    assert held(TOWN.people["sun"], replace(CASES["grid"], lead_person="sun")) == {LEAD}
    assert held(TOWN.people["guo"], replace(CASES["grid"], lead_person="guo")) == set(), "a resident leads nothing"


def test_a_department_without_a_name_is_not_everybodys() -> None:
    nameless = Person(id="x", roles=frozenset({Role.DEPARTMENT}), unit="yl")
    assert held(nameless, CASES["nobody"]) == set()


def test_a_mediator_of_another_community_does_not_mediate_here() -> None:
    far = Person(id="x", roles=frozenset({Role.MEDIATOR}), unit="lg")
    near = Person(id="y", roles=frozenset({Role.MEDIATOR}), unit="jr")
    assert held(far, CASES["secret of the mediators"]) == set()
    assert held(near, CASES["secret of the mediators"]) == {LEAD}


SEES_WORDS = {"grid": {"chen"}, "secret of the mediators": {"chen"}, "centre": {"chen"}, "department": {"chen"}}


@pytest.mark.parametrize("who", TOWN.people)
def test_the_words_are_for_dispatchers_and_for_who_took_the_case(who: str) -> None:
    person = TOWN.people[who]
    for kind, readers in SEES_WORDS.items():
        capacity = rights.actors(person, CASES[kind], (), TOWN)
        assert rights.sees_words(capacity, person, CASES[kind]) is (who in readers)
        taken = replace(CASES[kind], lead_person=who)
        capacity = rights.actors(person, taken, (), TOWN)
        assert rights.sees_words(capacity, person, taken) is (person.staff or who in readers)


@pytest.mark.parametrize("who", TOWN.people)
def test_how_a_case_stands_is_for_its_hands_and_for_supervisors_where_it_is_no_secret(who: str) -> None:
    person = TOWN.people[who]
    for what in CASES.values():
        capacity = rights.actors(person, what, (), TOWN)
        overseer = who in ("xie", "pan") and not what.confidential
        assert rights.sees_status(capacity, person, what, TOWN) is (bool(capacity) or overseer)


def test_a_supervisor_of_another_part_of_town_sees_nothing() -> None:
    far = Person(id="x", roles=frozenset({Role.SUPERVISOR}), unit="lg")
    assert not rights.sees_status(frozenset(), far, CASES["grid"], TOWN)


def test_whose_cases_lie_before_whom() -> None:
    desks = {who: rights.desks(person) for who, person in TOWN.people.items()}
    assert desks["li"] == ("jr-2",)
    assert desks["chen"] == ("yl", "grid_center")
    assert desks["wang"] == ("yl", "justice_office")
    assert desks["guo"] == ()
    assert rights.desks(replace(TOWN.people["li"], active=False)) == ()


def test_every_capacity_is_reached_by_somebody() -> None:
    found = {name for line in CAPACITIES.values() for names in line.values() for name in names} | {"reporter"}
    assert found == {actor.value for actor in Actor} - {"bot", "clock", "helper"}, "who helps is told by the tasks"


def test_who_is_whistled_for_helps_until_it_is_done() -> None:
    called = Task(case="A0001", n=2, kind=TaskKind.JOIN, holder="enforcement", called_at=NOW)
    states = {TaskState.CALLED: {"helper"}, TaskState.REPORTED_IN: {"helper"}, TaskState.DONE: set()}
    for state, expected in {**states, TaskState.DECLINED: set()}.items():
        task = replace(called, state=state)
        for who, person in TOWN.people.items():
            found = {actor.value for actor in rights.actors(person, CASES["grid"], (), TOWN, [task])}
            assert found == CAPACITIES["grid"].get(who, set()) | (expected if who == "lin" else set())
    lead = replace(called, kind=TaskKind.LEAD)
    assert not rights.helps(TOWN.people["lin"], lead)


@pytest.mark.parametrize("power", Power)
@pytest.mark.parametrize("role", Role)
def test_powers_by_role_and_scope(power: Power, role: Role) -> None:
    """Every role, over its own unit, one below, one beside and one above; whoever has left holds nothing."""
    may = role in rights.POWERS[power]
    person = Person(id="x", roles=frozenset({role}), unit="jr")
    over = {
        unit: rights.holds(person, power, unit, TOWN) for unit in ("jr", "jr-2", "jr-2-m1", "lg", "lg-1", "yl", "yd")
    }
    assert over == {unit: may and unit.startswith("jr") for unit in over}
    assert not rights.holds(replace(person, unit=""), power, "jr", TOWN), "who belongs nowhere has no part of town"
    assert not rights.holds(replace(person, left_at=NOW), power, "jr", TOWN)


def test_no_power_is_a_residents_or_a_volunteers() -> None:
    assert not {Role.RESIDENT, Role.VOLUNTEER} & frozenset().union(*rights.POWERS.values())
    assert set(rights.POWERS) == set(Power)


def test_a_head_stands_in_for_a_secret_case_only_when_all_its_hands_are_away() -> None:
    away = {who: replace(TOWN.people[who], away_until=NOW + timedelta(days=1)) for who in ("li", "zhao")}
    empty = replace(TOWN, people={**TOWN.people, **away})
    han, secret = TOWN.people["han"], CASES["secret of the grid"]
    assert not rights.actors(han, secret, (), TOWN, now=NOW)
    assert rights.actors(han, secret, (), empty, now=NOW) == {Actor.LEAD}
    assert not rights.actors(han, secret, (), empty, now=NOW + timedelta(days=2))
