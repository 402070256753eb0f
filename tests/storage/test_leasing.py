"""Leases: taken, renewed, given back, over; errands live by them as letters do."""

from __future__ import annotations

from handlers.letters import Errand
from storage.store import Store
from storage.values import ErrandOutcome
from tests.storage.making import NOW, a_letter, later, write


def test_a_lease_is_held_renewed_and_given_back(store: Store) -> None:
    with store.transaction() as tx:
        assert tx.hold("clock", "one", NOW)
        assert not tx.hold("clock", "two", later(seconds=29))
        assert tx.hold("clock", "one", later(seconds=29))
        assert not tx.hold("clock", "two", later(seconds=58))
        assert tx.hold("poll:telegram", "two", NOW)
        tx.release("clock", "two")
        assert not tx.hold("clock", "two", later(seconds=58))
        tx.release("clock", "one")
        assert tx.hold("clock", "two", later(seconds=58), seconds=5)
        assert tx.hold("clock", "one", later(seconds=63))


def test_an_errand_is_tried_again_and_in_the_end_left(store: Store) -> None:
    write(store, errands=(Errand(kind="download", case="A0001", facts={"ref": "m1"}), Errand(kind="unlink")))
    with store.transaction() as tx:
        first, second = tx.claim_errands(NOW, "me", 9)
        assert (first.kind, first.case, first.facts, first.attempts) == ("download", "A0001", {"ref": "m1"}, 0)
        assert tx.claim_errands(NOW, "me", 9) == []
        retry = ErrandOutcome(id=first.id, state="retry", retry_at=later(minutes=1), error="503")
        tx.settle_errands([retry, ErrandOutcome(id=second.id, state="done")], NOW)
        assert tx.claim_errands(later(seconds=59), "me", 9) == []
        (again,) = tx.claim_errands(later(minutes=1), "me", 9)
        assert (again.id, again.attempts, again.facts) == (first.id, 1, {"ref": "m1"})
        tx.settle_errands([ErrandOutcome(id=first.id, state="dead", error="gone")], later(minutes=1))
        assert tx.claim_errands(later(days=9), "me", 9) == []


def test_an_errand_whose_runner_died_is_taken_over(store: Store) -> None:
    write(store, errands=(Errand(kind="download"),))
    with store.transaction() as tx:
        assert tx.claim_errands(NOW, "died", 9)
        assert tx.claim_errands(later(seconds=29), "heir", 9) == []
        assert tx.claim_errands(later(seconds=30), "heir", 9)[0].attempts == 1


def test_the_only_process_takes_everything_back_at_its_start(store: Store) -> None:
    write(store, letters=(a_letter("c", "1", chat="c"),), errands=(Errand(kind="download"),))
    with store.transaction() as tx:
        assert tx.hold("clock", "died", NOW)
        assert tx.claim_letters(NOW, "died", 9)
        assert tx.claim_errands(NOW, "died", 9)
    with store.transaction() as tx:
        tx.free_all(later(seconds=1))
        assert tx.hold("clock", "heir", later(seconds=1))
        assert [one.attempts for one in tx.claim_letters(later(seconds=1), "heir", 9)] == [1]
        assert [one.attempts for one in tx.claim_errands(later(seconds=1), "heir", 9)] == [1]
