"""A delivery is kept once, whoever brings it how often; what comes again is answered from what was stored."""

from __future__ import annotations

import threading

from handlers.effects import Effects
from storage.store import Store
from storage.values import Taken, Written
from tests.storage.making import NOW, at_once, later, report, said, serve, undone


def test_new_deliveries_are_told_from_repeats_in_the_order_they_came(store: Store) -> None:
    with store.transaction() as tx:
        first = tx.take_in([said(2), said(1)], NOW)
    assert [one.new for one in first] == [True, True]
    with store.transaction() as tx:
        again = tx.take_in([said(1), said(3), said(2)], NOW)
    assert [one.new for one in again] == [False, True, False]
    assert (again[0].id, again[2].id) == (first[1].id, first[0].id)


def test_the_same_key_of_another_account_is_another_delivery(store: Store) -> None:
    with store.transaction() as tx:
        taken = tx.take_in([said(1), said(1, account="gh_1"), said(1, platform="wecom")], NOW)
        again = tx.take_in([said(1, platform="wecom"), said(1)], NOW)
    assert [one.new for one in taken] == [True, True, True]
    assert [one.id for one in again] == [taken[2].id, taken[0].id]


def test_a_repeat_is_answered_from_the_stored_receipt(store: Store) -> None:
    with store.transaction() as tx:
        outcome = serve(tx, [said(1)])[0]
    with store.transaction() as tx:
        again = tx.take_in([said(1, "别的话")], later(seconds=5))
    text = outcome.effects.letters[0].text
    assert again == [Taken(id=outcome.inbox_id or 0, new=False, state="done", receipt=text)]


def test_a_repeat_within_its_own_batch_has_the_id_of_the_first(store: Store) -> None:
    with store.transaction() as tx:
        taken = tx.take_in([said(1), said(2), said(1), said(1)], NOW)
    assert [one.new for one in taken] == [True, True, False, False]
    assert taken[2] == taken[3] == Taken(id=taken[0].id, new=False)


def test_what_is_rolled_back_was_never_taken(store: Store) -> None:
    with undone(store) as tx:
        tx.take_in([said(1)], NOW)
    with store.transaction() as tx:
        assert tx.take_in([said(1)], NOW)[0].new


def test_an_empty_batch_takes_nothing(store: Store) -> None:
    with store.transaction() as tx:
        assert tx.take_in([], NOW) == []


def test_a_delivery_can_be_read_again(store: Store) -> None:
    incoming = said(1, quoted="m7", location=(33.38, 120.15))
    with store.transaction() as tx:
        number = tx.take_in([incoming], NOW)[0].id
    with store.reading() as reader:
        row = reader.inbox_row(number)
        assert reader.inbox_row(number + 1) is None
    assert row is not None
    assert row.incoming == incoming
    assert (row.state, row.received_at) == ("unread", NOW)


def test_what_failed_is_listed_until_it_is_served(store: Store) -> None:
    with store.transaction() as tx:
        outcome = serve(tx, [said(1), said(2)])[0]
        tx.flush([Written(effects=Effects(), inbox_id=outcome.inbox_id, state="failed", error="E")], NOW)
    with store.reading() as reader:
        assert [(row.id, row.error) for row in reader.failed()] == [(outcome.inbox_id, "E")]
    with store.transaction() as tx:
        tx.flush([Written(effects=Effects(), inbox_id=outcome.inbox_id)], NOW)
    with store.reading() as reader:
        assert reader.failed() == []


def test_what_cannot_be_read_is_kept_as_it_came(store: Store) -> None:
    raw = bytes(range(256))
    with store.transaction() as tx:
        number = tx.keep_unread(raw, platform="wechat", headers={"nonce": "1"}, now=NOW, error="KeyError")
    with store.reading() as reader:
        (row,) = reader.unread()
    assert (row.id, row.raw, row.headers, row.received_at, row.error) == (number, raw, {"nonce": "1"}, NOW, "KeyError")


def test_two_processes_that_get_the_same_delivery_serve_it_once(postgres_store: Store) -> None:
    """The second insert waits for the first to commit, and then finds its receipt."""
    other = Store(postgres_store.url)
    inside, go_on = threading.Event(), threading.Event()
    found: list[Taken] = []

    def first() -> None:
        with postgres_store.transaction() as tx:
            serve(tx, [said(1)])
            inside.set()
            assert go_on.wait(10)

    def second() -> None:
        assert inside.wait(10)
        threading.Timer(0.3, go_on.set).start()
        with other.transaction() as tx:
            found.extend(tx.take_in([said(1)], NOW))

    at_once(first, second)
    other.close()
    assert [(one.new, one.state) for one in found] == [(False, "done")]
    assert found[0].receipt.startswith("已登记")


def test_a_delivery_whose_first_server_failed_is_new_to_the_second(postgres_store: Store) -> None:
    other = Store(postgres_store.url)
    inside, go_on = threading.Event(), threading.Event()

    def first() -> None:
        with undone(postgres_store) as tx:
            tx.take_in([said(1)], NOW)
            inside.set()
            assert go_on.wait(10)

    def second() -> None:
        assert inside.wait(10)
        threading.Timer(0.2, go_on.set).start()
        report(other, 1)

    at_once(first, second)
    other.close()
    with postgres_store.reading() as reader:
        assert len(reader.cases()) == 1
