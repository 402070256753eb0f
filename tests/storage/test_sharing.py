"""Many processes, one PostgreSQL: each letter, errand and lease is one process's at a time."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest

from handlers.letters import Errand
from storage.store import Store
from storage.values import ErrandOutcome, LetterOutcome
from tests.storage.making import NOW, a_letter, at_once, later, write

LANES = 6
EACH = 20


@pytest.fixture
def two_stores(postgres_store: Store) -> Iterator[tuple[Store, Store]]:
    """Two processes' views of one database."""
    other = Store(postgres_store.url)
    yield postgres_store, other
    other.close()


def courier(url: str, owner: str, lanes: int) -> list[tuple[str, int]]:
    """Sends until nothing is left: (lane, letter) in the order of sending."""
    store = Store(url)
    done: list[tuple[str, int]] = []
    idle = 0
    while idle < 20:
        with store.transaction() as tx:
            letters = tx.claim_letters(NOW, owner, lanes)
        idle = 0 if letters else idle + 1
        time.sleep(0.002)
        done += [(letter.chat, letter.id) for letter in letters]
        with store.transaction() as tx:
            tx.settle_letters([LetterOutcome(id=letter.id, state="sent") for letter in letters], NOW)
    store.close()
    return done


def test_processes_send_every_letter_once_and_in_order(postgres_store: Store) -> None:
    letters = [a_letter(f"c{n % LANES}", str(n), chat=f"c{n % LANES}", case="A0001") for n in range(LANES * EACH)]
    write(postgres_store, letters=tuple(letters))
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        jobs = [pool.submit(courier, postgres_store.url, f"process {n}", LANES // 2) for n in range(2)]
        journals = [job.result() for job in jobs]
    everything = [number for journal in journals for _, number in journal]
    assert Counter(everything).most_common(1)[0][1] == 1
    assert len(everything) == LANES * EACH
    lanes = [{lane for lane, _ in journal} for journal in journals]
    assert lanes[0].isdisjoint(lanes[1]), "a lane is one process's as long as it sends there"
    for journal in journals:
        for lane in lanes[0] | lanes[1]:
            numbers = [number for where, number in journal if where == lane]
            assert numbers == sorted(numbers)


def test_two_open_transactions_claim_disjoint_letters(two_stores: tuple[Store, Store]) -> None:
    first, second = two_stores
    write(first, letters=tuple(a_letter(f"c{n}", chat=f"c{n}") for n in range(10)))
    with first.transaction() as one, second.transaction() as two:
        mine = {letter.chat for letter in one.claim_letters(NOW, "one", 4)}
        yours = {letter.chat for letter in two.claim_letters(NOW, "two", 4)}
    assert len(mine) == len(yours) == 4
    assert mine.isdisjoint(yours)


def test_a_lane_is_not_entered_while_another_process_sends_there(two_stores: tuple[Store, Store]) -> None:
    first, second = two_stores
    write(first, letters=(a_letter("c", "1", chat="c", case="A0001"), a_letter("c", "2", chat="c", case="A0002")))
    with first.transaction() as tx:
        assert len(tx.claim_letters(NOW, "one", 9)) == 1
    with second.transaction() as tx:
        assert tx.claim_letters(later(seconds=29), "two", 9) == []
        assert len(tx.claim_letters(later(seconds=30), "two", 9)) == 1


def test_errands_are_shared_out(two_stores: tuple[Store, Store]) -> None:
    first, second = two_stores
    write(first, errands=tuple(Errand(kind="download", facts={"n": str(n)}) for n in range(10)))
    with first.transaction() as one, second.transaction() as two:
        mine = {errand.id for errand in one.claim_errands(NOW, "one", 4)}
        yours = {errand.id for errand in two.claim_errands(NOW, "two", 10)}
        two.settle_errands([ErrandOutcome(id=number, state="done") for number in yours], NOW)
    assert (len(mine), len(yours)) == (4, 6)
    assert mine.isdisjoint(yours)


def test_a_singleton_has_one_holder(two_stores: tuple[Store, Store]) -> None:
    held: list[str] = []

    def contend(store: Store, owner: str) -> None:
        for second in range(40):
            with store.transaction() as tx:
                if tx.hold("clock", owner, later(seconds=second), seconds=1000):
                    held.append(owner)

    at_once(lambda: contend(two_stores[0], "one"), lambda: contend(two_stores[1], "two"))
    assert len(held) == 40
    assert len(set(held)) == 1


def folder(url: str) -> list[str]:
    """Takes out what is together until nothing is left."""
    store = Store(url)
    done: list[str] = []
    for _ in range(30):
        with store.transaction() as tx:
            done += [told.case for crowd in tx.take_crowds(NOW) for told in crowd.told]
        time.sleep(0.002)
    store.close()
    return done


def test_what_is_told_together_is_taken_once_while_couriers_send(postgres_store: Store) -> None:
    letters = [
        a_letter(f"c{n % LANES}", str(n), chat=f"c{n % LANES}", kind="card", case=f"A{n:04}")
        for n in range(LANES * EACH)
    ]
    write(postgres_store, letters=tuple(letters))
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as pool:
        takers = [pool.submit(folder, postgres_store.url) for _ in range(2)]
        sender = pool.submit(courier, postgres_store.url, "courier", LANES)
        taken = [number for taker in takers for number in taker.result()]
        assert sender.result() == [], "a lone card may be sent; these are never alone"
    assert sorted(taken) == [f"A{n:04}" for n in range(LANES * EACH)]
