"""The batch of design.md step 5: repeats, numbers, failures kept apart, and a number of statements that stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import pytest

from bot.batch import Batch, Result
from bot.clock import FakeClock
from bot.present import Present
from handlers.desk import Desk, Flow
from handlers.discovery import all_commands, all_flows, all_readers
from handlers.incoming import Incoming
from handlers.raw import RawText
from handlers.turn import Turn
from nlu.understanding import Understanding
from storage.store import Store, Tx
from tests import postgres
from tests.left_out import leave_out
from tests.product import make_tables, product
from tests.storage.making import take_over

NOW = datetime.fromisoformat("2026-03-02T09:00+08:00")
ELDER = "健仁小区5号楼独居老人没人照顾"
"""Two people who say so do not mean the same: each is a case of its own."""


def _store(kind: str) -> Iterator[Store]:
    if kind == "sqlite":
        store = Store("sqlite://")
        store.create()
        yield store
        store.close()
        return
    with postgres.prepared_database(make_tables) as url:
        if url is None:
            leave_out("postgres", "its programs were not found")
        store = Store(url)
        yield store
        store.close()


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store on each of the two, with the town in it."""
    for found in _store(request.param):
        with found.transaction() as tx:
            people = [(p, (f"telegram::{p.id}",)) for p in product().config.town.people.values()]
            take_over(tx, people)
        yield found


def _batch(store: Store, flows: Mapping[str, Flow] | None = None) -> Batch:
    made = product()
    desk = Desk(made.desk.rules, all_commands(), {**all_flows(), **(flows or {})}, all_readers())
    return Batch(store, Present(desk, made.ear), FakeClock(NOW))


def _said(n: int, words: str = ELDER, who: str = "") -> Incoming:
    address = f"wechat:gh:{who or n}"
    return Incoming(
        platform="wechat", account="gh", key=f"k{n}", sender=address, chat=address, inline=True, text=RawText(words),
        said_at=NOW,
    )  # fmt: skip


def _results(found: list[Result | BaseException]) -> list[Result]:
    assert not [one for one in found if isinstance(one, BaseException)]
    return [one for one in found if isinstance(one, Result)]


def test_statements_do_not_depend_on_the_number_of_messages(store: Store) -> None:
    batch, counted = _batch(store), []
    _results(batch.serve([_said(1)]))
    first = 100
    for size in (1, 8, 64):
        before = store.statements()
        _results(batch.serve([_said(first + n) for n in range(size)]))
        counted.append(store.statements() - before)
        first += size
    assert len(set(counted)) == 1, counted
    assert counted[0] <= 32


def test_a_repeat_is_answered_from_its_receipt(store: Store) -> None:
    batch = _batch(store)
    (first,) = _results(batch.serve([_said(1)]))
    again, within, other = _results(batch.serve([_said(1), _said(2), _said(2)]))
    assert (again.repeat, again.receipt) == (True, first.receipt)
    assert (other.repeat, other.receipt, other.inbox) == (True, within.receipt, within.inbox)
    with store.reading() as reader:
        assert [case.number for case in reader.cases()] == ["A0001", "A0002"]


def test_messages_of_one_batch_see_each_other(store: Store) -> None:
    batch = _batch(store)
    _results(batch.serve([_said(1, "有人在楼道里给电动车飞线充电", "a"), _said(2, "健仁小区三号楼", "a")]))
    with store.reading() as reader:
        (case,) = reader.cases()
    assert case.where.building == "3号楼"


def test_numbers_have_no_gaps_while_the_process_lives(store: Store) -> None:
    batch = _batch(store)
    _results(batch.serve([_said(n, "你好" if n % 2 else ELDER) for n in range(10)]))
    _results(batch.serve([_said(n) for n in range(10, 13)]))
    with store.reading() as reader:
        assert [case.number for case in reader.cases()] == [f"A{n:04}" for n in range(1, 9)]


def _broken(turn: Turn, heard: Understanding, label: str) -> None:
    if "炸" in heard.text:
        raise RuntimeError("a flow breaks")
    all_flows()["report"](turn, heard, label)


def test_a_crash_in_a_flow_stays_with_its_message(store: Store) -> None:
    batch = _batch(store, {"answer": _broken, "report": _broken})
    found = _results(batch.serve([_said(1), _said(2, f"炸 {ELDER}"), _said(3)]))
    assert [one.failed for one in found] == [False, True, False]
    assert "已转人工" in found[1].receipt
    with store.reading() as reader:
        assert len(reader.cases()) == 2
        (row,) = reader.failed()
        alarms = [letter for letter in reader.letters_of() if letter.to == "duty-desk"]
    assert row.id == found[1].inbox
    assert str(row.id) in alarms[0].text
    assert "炸" not in alarms[0].text

    whole = _batch(store)
    assert not whole.replay(row).failed
    with store.reading() as reader:
        assert len(reader.cases()) == 3
        assert reader.failed() == []


def test_a_batch_that_cannot_be_written_is_served_one_by_one(store: Store) -> None:
    def doubled(turn: Turn, heard: Understanding, label: str) -> None:
        all_flows()["report"](turn, heard, label)
        if "炸" in heard.text:  # an entry that stands in the history already: the flush fails, not the decision
            turn.out.entries.append(turn.out.entries[-1])

    batch = _batch(store, {"answer": doubled, "report": doubled})
    found = _results(batch.serve([_said(1), _said(2, f"炸 {ELDER}"), _said(3)]))
    assert [one.failed for one in found] == [False, True, False]
    with store.reading() as reader:
        assert len(reader.cases()) == 2
        assert len(reader.failed()) == 1


class Wavering(Store):
    """A SQLite store whose next commits fail, as when the file is locked or the disk stumbles."""

    failures = 0

    class Stumble(Exception):
        """What a failing commit raises."""

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """A transaction that is rolled back as long as failures are left."""
        with super().transaction() as tx:
            yield tx
            if self.failures:
                self.failures -= 1
                raise self.Stumble

    def transient(self, error: BaseException) -> bool:
        """Worth a new transaction."""
        return isinstance(error, self.Stumble)


def test_a_number_of_a_rolled_back_transaction_is_never_given_twice() -> None:
    store = Wavering("sqlite://")
    store.create()
    batch = _batch(store)
    for n in range(12):  # a greeting reserves a number and leaves it unused
        store.failures = 0 if n % 2 else n % 4
        _results(batch.serve([_said(n, ELDER if n % 2 else "你好")]))
    with store.reading() as reader:
        cases = reader.cases()
        assert len({case.number for case in cases}) == len(cases) == 6
        assert all(len(reader.reporters(case.number)) == 1 for case in cases)
        assert reader.verify() == []
    store.close()
