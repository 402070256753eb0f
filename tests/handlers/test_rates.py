"""One case adds to the rates what it says, and nothing more: a table of cases, and sums that can be taken apart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cases import Case, Reporter, State
from handlers.rates import COUNTS, NAMES, NOTHING, QUESTION, STAFF_PARTS, Tally, heard, overdue, rates, tally
from tests.handlers.town import AWAY as NOW


def hours(n: float) -> Any:
    return NOW + timedelta(hours=n)


def a_case(**more: Any) -> Case:
    given_ = {"number": "A0001", "duty": "d", "item": "i", "opened_at": NOW, "changed_at": NOW}
    return Case(**{**given_, **more})


def shares(counted: Tally) -> dict[str, tuple[int, int]]:
    """Name → (above, below the line), where anything is below."""
    return {name: (rate.n, rate.of) for name, rate in rates(counted).items() if rate.of}


CLOSED = {"state": State.CLOSED, "accept_due": hours(4), "due_at": hours(24), "accepted_at": hours(1)}
DONE = {**CLOSED, "fed_back_at": hours(20), "closed_at": hours(92)}
TABLE: dict[str, tuple[dict[str, Any], dict[str, tuple[int, int]]]] = {
    "solved on the spot": (
        {"state": State.FED_BACK, "accepted_at": NOW, "fed_back_at": NOW, "on_spot": True},
        {"closure_rate": (0, 1), "settled_at_front": (1, 1)},
    ),
    "just opened": ({"accept_due": hours(4)}, {"closure_rate": (0, 1), "settled_at_front": (0, 1)}),
    "withdrawn": ({**DONE, "state": State.WITHDRAWN}, {}),
    "merged": ({**DONE, "state": State.MERGED}, {}),
    "referred": ({**DONE, "state": State.REFERRED}, {}),
    "done and never rated": (
        DONE,
        {"response_rate": (1, 1), "closure_rate": (1, 1), "on_time": (1, 1), "settled_at_front": (0, 1),
         "rated": (0, 1)},
    ),
    "done late, not solved": (
        {**DONE, "fed_back_at": hours(25), "solved": False, "rating": 3},
        {"response_rate": (1, 1), "resolution_rate": (0, 1), "satisfaction": (0, 1), "closure_rate": (1, 1),
         "on_time": (0, 1), "settled_at_front": (0, 1), "rated": (1, 1)},
    ),
    "answered at once": (
        {"state": State.CLOSED, "closed_at": NOW}, {"closure_rate": (1, 1), "settled_at_front": (1, 1)}
    ),
    "shut in time": (
        {**CLOSED, "closed_at": hours(9), "shut": True},
        {"response_rate": (1, 1), "closure_rate": (1, 1), "on_time": (1, 1), "settled_at_front": (0, 1)},
    ),
    "shut late": (
        {**CLOSED, "closed_at": hours(30), "shut": True},
        {"response_rate": (1, 1), "closure_rate": (1, 1), "on_time": (0, 1), "settled_at_front": (0, 1)},
    ),
    "shut without a deadline": (
        {"state": State.CLOSED, "closed_at": NOW, "shut": True}, {"closure_rate": (1, 1), "settled_at_front": (0, 1)}
    ),
    "fed back, rated before it is closed": (
        {**CLOSED, "state": State.FED_BACK, "fed_back_at": hours(2), "solved": True, "rating": 4},
        {"response_rate": (1, 1), "resolution_rate": (1, 1), "satisfaction": (1, 1), "closure_rate": (0, 1),
         "settled_at_front": (0, 1)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_what_a_case_adds(name: str) -> None:
    facts, expected = TABLE[name]
    assert shares(tally(a_case(**facts))) == expected


def test_staff_are_never_the_residents_who_are_satisfied() -> None:
    case = a_case(**{**DONE, "solved": True, "rating": 5})
    assert shares(tally(case, resident=False)).keys() == {
        "response_rate", "closure_rate", "on_time", "settled_at_front"
    }  # fmt: skip


@pytest.mark.parametrize("parts", [(), ("reporter",), ("finder", "co_reporter"), ("on_behalf", "other_side")])
def test_a_case_has_a_voice(parts: tuple[str, ...]) -> None:
    assert heard(Reporter(case="A0001", person=f"p{n}", part=part, since=NOW) for n, part in enumerate(parts))


@pytest.mark.parametrize("part", sorted(STAFF_PARTS))
def test_a_case_of_staff_alone_has_none(part: str) -> None:
    assert not heard([Reporter(case="A0001", person="p", part=part, since=NOW)])


@pytest.mark.parametrize(
    ("facts", "now", "expected"),
    [
        ({"accept_due": hours(4)}, hours(3.9), {}),
        ({"accept_due": hours(4)}, hours(4), {"response_rate": (0, 1)}),
        ({"accept_due": hours(4), "accepted_at": hours(5)}, hours(9), {}),
        ({"due_at": hours(4)}, hours(4), {}),
        ({"due_at": hours(4)}, hours(5), {"on_time": (0, 1)}),
        ({"due_at": hours(4), "fed_back_at": hours(1), "state": State.FED_BACK}, hours(5), {}),
        ({"accept_due": hours(1), "due_at": hours(4)}, hours(5), {"response_rate": (0, 1), "on_time": (0, 1)}),
        ({"accept_due": hours(1), "due_at": hours(4), "state": State.CLOSED}, hours(5), {}),
        ({"accept_due": hours(1), "due_at": hours(4), "paused_at": hours(0)}, hours(5), {}),
    ],
)
def test_what_time_adds_to_an_open_case(facts: dict[str, Any], now: Any, expected: dict[str, tuple[int, int]]) -> None:
    assert shares(overdue(a_case(**facts), now)) == expected


def test_a_question_answered_at_once_is_settled_at_the_front() -> None:
    assert shares(QUESTION + tally(a_case())) == {"closure_rate": (0, 1), "settled_at_front": (1, 2)}


TALLIES = st.lists(st.integers(0, 9), min_size=len(COUNTS), max_size=len(COUNTS)).map(lambda counts: Tally(*counts))


@given(TALLIES, TALLIES, TALLIES)
def test_tallies_add_up_in_any_order(a: Tally, b: Tally, c: Tally) -> None:
    assert (a + b) + c == a + (c + b)
    assert a + NOTHING == a
    assert (a + b) - b == a


def test_every_rate_has_its_name_and_no_value_without_a_denominator() -> None:
    assert tuple(rates(NOTHING)) == NAMES
    assert {rate.value for rate in rates(NOTHING).values()} == {None}
    assert [name for name in COUNTS if getattr(Tally(*range(14)), name) != COUNTS.index(name)] == []
