"""The rates say what they count, and never count the unrated as satisfied."""

from __future__ import annotations

from typing import Any

from handlers.cases import State
from handlers.effects import Answered
from handlers.rates import Rate
from storage.store import Store
from tests.storage.making import NOW, a_case, later, write

LATE = later(days=3)


def rates(store: Store, **span: Any) -> dict[str, tuple[int, int]]:
    with store.reading() as reader:
        return {name: (rate.n, rate.of) for name, rate in reader.rates(LATE, **span).items()}


def test_where_nothing_is_due_there_is_no_rate(store: Store) -> None:
    with store.reading() as reader:
        found = reader.rates(NOW)
    assert set(found) == {
        "response_rate", "resolution_rate", "satisfaction", "closure_rate", "on_time", "settled_at_front", "rated"
    }  # fmt: skip
    assert set(found.values()) == {Rate(value=None, of=0, n=0)}
    write(store, cases=(a_case(),))
    with store.reading() as reader:
        found = reader.rates(NOW)
    assert found["response_rate"].value is None, "its deadline has not passed"
    assert found["closure_rate"] == Rate(value=0.0, of=1, n=0)


def closed(number: str, **more: Any) -> Any:
    given = {"state": State.CLOSED, "fed_back_at": later(hours=20), "closed_at": later(hours=92)}
    return a_case(number, **{**given, **more})


def test_the_rates_of_a_small_town(store: Store) -> None:
    hour, day = later(hours=1), later(hours=30)
    write(
        store,
        cases=(
            closed("A0001", accepted_at=hour, solved=True, rating=5),
            closed("A0002", accepted_at=later(hours=5), solved=False, rating=2, fed_back_at=day),
            closed("A0003", accepted_at=hour),  # silence: unrated
            closed("A0004", accept_due=None, due_at=None, fed_back_at=None, closed_at=NOW),  # answered at once
            a_case("A0005"),  # nobody came, and it is late
            a_case("A0006", state=State.FED_BACK, accepted_at=hour, fed_back_at=hour, rating=4, solved=True),
            a_case("A0007", accept_due=later(days=9), due_at=later(days=9)),  # not due yet
            a_case("A0008", state=State.WITHDRAWN),
            a_case("A0009", state=State.MERGED, merged_into="A0001"),
        ),
        answered=(Answered(at=NOW, person="p", duty="legal_policy", answer="x", unit="", channel=""),),
    )
    assert rates(store) == {
        "response_rate": (3, 5),
        "resolution_rate": (2, 3),
        "satisfaction": (2, 3),
        "closure_rate": (4, 7),
        "on_time": (2, 4),
        "settled_at_front": (2, 8),
        "rated": (2, 3),
    }


def test_the_rates_of_a_span(store: Store) -> None:
    write(store, cases=(closed("A0001"), closed("A0002", opened_at=later(days=-40))))
    assert rates(store, since=NOW)["closure_rate"] == (1, 1)
    assert rates(store, until=NOW)["closure_rate"] == (1, 1)
    assert rates(store, since=later(days=-50), until=later(days=1))["closure_rate"] == (2, 2)
    assert rates(store, since=later(days=1))["closure_rate"] == (0, 0)
