"""A way back is taken once, by whoever asks first, within its time; a repeated delivery brings none."""

from __future__ import annotations

import threading

from sqlalchemy import func, select

from storage.post_tables import returns
from storage.returns import LASTING
from storage.store import Store
from tests.storage.making import NOW, later, said

HERE = said(1).chat


def test_each_way_is_taken_once_the_oldest_first(store: Store) -> None:
    with store.transaction() as tx:
        tx.take_in([said(1, way="https://x/1"), said(2, way="https://x/2", chat=HERE), said(3, chat=HERE)], NOW)
        tx.take_in([said(1, way="https://x/again")], NOW)
    for way in ("https://x/1", "https://x/2", "", ""):
        with store.transaction() as tx:
            assert tx.take_way(HERE, later(minutes=1)) == way


def test_a_way_belongs_to_its_chat_and_ends(store: Store) -> None:
    with store.transaction() as tx:
        tx.take_in([said(1, way="https://x/1")], NOW)
        assert tx.take_way("wecom-bot::other", NOW) == ""
        assert tx.take_way(HERE, NOW + LASTING) == ""
        tx.take_in([said(2, way="https://x/2", chat=HERE)], NOW + LASTING)
    with store.transaction() as tx:
        assert tx._connection.execute(select(func.count()).select_from(returns)).scalar_one() == 1, (
            "the old one is gone"
        )


def test_two_who_take_at_once_never_get_the_same(store: Store) -> None:
    with store.transaction() as tx:
        tx.take_in([said(n, way=f"https://x/{n}", chat=HERE) for n in range(1, 7)], NOW)
    taken: list[str] = []

    def take() -> None:
        for _ in range(3):
            with store.transaction() as tx:
                taken.append(tx.take_way(HERE, NOW))

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    got = [way for way in taken if way]
    assert len(got) == len(set(got)), "nobody gets what another has"
    assert all(len(taken) == 6 for _ in threads)
