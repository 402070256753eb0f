"""The burden of a worker is counted from what really reached them and what they really did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.cases import State
from handlers.effects import Effects
from handlers.letters import Letter
from storage.rates_burden import Burden
from storage.store import Store
from storage.values import LetterOutcome, Written
from tests.storage.making import NOW, a_case, a_letter, later, said, settle_in, write

ZONE = ZoneInfo("Asia/Shanghai")
LI = "telegram::1001"
END = later(days=2)
STAFF = {"li": ("jr-2-work",), "wu": ()}


def burden(store: Store, since: datetime = NOW, until: datetime = END) -> Mapping[str, Burden]:
    with store.reading() as reader:
        return reader.burden(later(days=9), since, until, zone=ZONE, people=STAFF)


def send(store: Store, letter: Letter, at: datetime, ref: str = "r") -> None:
    write(store, at, letters=(letter,))
    with store.transaction() as tx:
        sent = tx.claim_letters(at, "me", 9)
        tx.settle_letters([LetterOutcome(id=one.id, state="sent", ref=ref) for one in sent], at)
        for one in sent:
            tx.release(f"lane:{one.chat}", "me")


def test_nothing_is_asked_of_anybody(store: Store) -> None:
    settle_in(store)
    assert burden(store) == {"li": Burden(), "wu": Burden()}
    assert Burden().per_case is None


def test_letters_to_a_worker_and_to_their_group(store: Store) -> None:
    settle_in(store)
    night = datetime(2026, 3, 2, 22, 0, tzinfo=ZONE)
    send(store, a_letter("li"), later(hours=1))
    send(store, a_letter("li"), night)
    send(store, a_letter("jr-2-work", kind="card", case="A0001"), later(hours=1), "card")
    send(store, a_letter("jr-2-work", kind="edit", case="A0001"), later(hours=2), "card")  # in place: nothing rang
    send(store, a_letter("jr-2-work", kind="edit", case="A0001"), later(hours=3), "line")
    send(store, a_letter("li"), later(days=3))
    write(store, letters=(a_letter("li"),))  # never sent
    assert burden(store) == {"li": Burden(private=2, night=1, group=2), "wu": Burden()}
    assert burden(store, night, later(days=9))["li"] == Burden(private=2, night=1)


def test_taps_and_words(store: Store) -> None:
    settle_in(store)
    heard = [
        said(1, "接单 A0001", sender=LI),
        said(2, '{"kind":"press"}', sender=LI),  # words about a tap are no tap
        said(3, "", kind="press", button="accept:A0001", sender=LI),
        said(4, "", kind="event", event="unblocked", sender=LI),
    ]
    with store.transaction() as tx:
        for one, mark in zip(heard, tx.take_in(heard, NOW), strict=True):
            tx.flush([Written(effects=Effects(), inbox_id=mark.id, person="li")], NOW)
            assert one.sender == LI
    assert burden(store)["li"] == Burden(taps=1, said=2)


def test_cases_in_their_hands(store: Store) -> None:
    settle_in(store)
    done = {"state": State.CLOSED, "lead_person": "li"}
    write(
        store,
        cases=(
            a_case("A0001", lead_person="li"),
            a_case("A0002", **done, closed_at=later(days=1)),
            a_case("A0003", **done, opened_at=later(days=-9), closed_at=later(days=-8)),  # over before
            a_case("A0004", lead_person="li", opened_at=later(days=2)),  # not yet
            a_case("A0005", **done, opened_at=later(days=-9), closed_at=later(days=3)),  # closed afterwards
            a_case("A0006", lead_person="zhao"),
        ),
    )
    found = burden(store)
    assert found == {"li": Burden(led=3, closed=1), "wu": Burden()}
    assert Burden(taps=2, said=4, led=3).per_case == 2.0


def test_what_is_taken_at_night_is_counted(store: Store) -> None:
    """NOW is nine in the morning: fourteen hours later it is night, four hours later it is day."""
    settle_in(store)
    taken = {"A0001": later(hours=14), "A0002": later(hours=4), "A0003": None}
    write(store, cases=tuple(a_case(n, lead_person="li", accepted_at=at) for n, at in taken.items()))
    assert burden(store)["li"].night_cases == 1
    assert burden(store, later(hours=15), later(days=9))["li"].night_cases == 0
