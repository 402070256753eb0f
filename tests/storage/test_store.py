"""Both stores keep their promises: durable, one writer at a time, readers that cannot write, errors told apart."""

from __future__ import annotations

import sqlite3
import threading
from functools import partial
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from storage import engine
from storage.engine import make_engine
from storage.store import Store
from tests.storage.making import NOW, a_case, at_once, later, report, said, settle_in, write


def pragma(store: Store, name: str) -> object:
    with store._writing.connect() as connection:
        return connection.execute(text(f"PRAGMA {name}")).scalar_one()


def test_sqlite_is_opened_so_that_nothing_acknowledged_is_lost(sqlite_store: Store) -> None:
    assert pragma(sqlite_store, "journal_mode") == "wal"
    assert pragma(sqlite_store, "synchronous") == 2
    assert pragma(sqlite_store, "foreign_keys") == 1
    assert pragma(sqlite_store, "busy_timeout") == engine.BUSY_MS


def test_postgresql_is_opened_so_that_nothing_acknowledged_is_lost(postgres_store: Store) -> None:
    with postgres_store._writing.connect() as connection:
        found = [connection.execute(text(f"SHOW {name}")).scalar_one() for name in ("synchronous_commit", "timezone")]
        level = connection.execute(text("SHOW transaction_isolation")).scalar_one()
    assert found == ["on", "UTC"]
    assert level == "read committed"


def test_a_sqlite_that_keeps_no_promise_is_refused() -> None:
    """A store that has no write-ahead log (here: one in memory, opened as if it were a file)."""
    with pytest.raises(RuntimeError, match="acknowledges"):
        engine._prepare_file(sqlite3.connect(":memory:"), None)


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://x/y", "sqlite+aiosqlite:///x.db"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="expected sqlite or postgresql"):
        make_engine(url)


def test_readers_cannot_write(store: Store) -> None:
    with store.reading() as reader, pytest.raises(DBAPIError, match=r"readonly|read-only"):
        reader._connection.execute(text("DELETE FROM settings"))


def test_a_reader_sees_what_was_committed_before_it_began(store: Store) -> None:
    report(store, 1)
    with store.transaction() as tx:
        tx.set_setting("x", "new")
        with store.reading() as reader:
            assert reader.get_setting("x", "old") == "old"
            assert len(reader.cases()) == 1
    with store.reading() as reader:
        assert reader.get_setting("x") == "new"


def test_writers_wait_for_each_other(store: Store) -> None:
    """SQLite would refuse at once a writer that began as a reader: BEGIN IMMEDIATE, always."""
    other = Store(store.url)

    def work(mine: Store, start: int) -> None:
        for n in range(15):
            report(mine, start + n)

    at_once(lambda: work(store, 0), lambda: work(other, 100))
    other.close()
    with store.reading() as reader:
        assert len({case.number for case in reader.cases()}) == 30
        assert reader.verify() == []


def test_a_new_file_can_be_opened_by_many_at_once(tmp_path: Path) -> None:
    """SQLite's switch to the write-ahead log fails at once while another connection makes it."""

    def fresh(name: str) -> None:
        start.wait(10)
        connection = sqlite3.connect(tmp_path / name, isolation_level=None)
        engine._prepare_file(connection, None)
        connection.close()

    start = threading.Barrier(4)
    for n in range(30):
        at_once(*(partial(fresh, f"{n}.db") for _ in range(4)))


def report_from(store: Store, n: int) -> None:
    report(store, n)


def test_a_store_in_memory_is_shared_by_threads_and_used_one_at_a_time() -> None:
    store = Store("sqlite://")
    assert not store.ready()
    store.create()
    assert store.ready()
    settle_in(store)
    at_once(*(partial(report_from, store, n) for n in range(8)))
    with store.reading() as reader:
        assert len(reader.cases()) == 8
        with pytest.raises(RuntimeError, match="one connection"), store.transaction():
            pass
    store.close()


def test_the_folder_of_a_file_is_made(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'var' / 'deep' / 'x.db'}")
    store.create()
    assert store.ready()
    store.close()


def wrapped(error: BaseException) -> DBAPIError:
    return OperationalError("SELECT 1", {}, error)


def sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("trouble")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (wrapped(psycopg.errors.DeadlockDetected()), True),
        (wrapped(psycopg.errors.SerializationFailure()), True),
        (wrapped(psycopg.errors.LockNotAvailable()), True),
        (wrapped(psycopg.errors.AdminShutdown()), True),
        (wrapped(psycopg.OperationalError("connection refused")), True),
        (psycopg.errors.ConnectionFailure(), True),
        (PoolTimeoutError(), True),
        (wrapped(sqlite_error(sqlite3.SQLITE_BUSY)), True),
        (wrapped(sqlite_error(sqlite3.SQLITE_BUSY | 2 << 8)), True),
        (sqlite_error(sqlite3.SQLITE_LOCKED), True),
        (wrapped(sqlite_error(sqlite3.SQLITE_FULL)), False),
        (wrapped(sqlite_error(sqlite3.SQLITE_IOERR)), False),
        (wrapped(psycopg.errors.DiskFull()), False),
        (wrapped(psycopg.errors.UniqueViolation()), False),
        (ValueError(), False),
    ],
)
def test_what_is_worth_a_new_transaction_is_told_apart(error: BaseException, again: bool) -> None:
    store = Store("sqlite://")
    assert store.transient(error) is again
    store.close()


def test_a_database_that_another_process_keeps_locked_is_a_transient_trouble(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'x.db'}")
    store.create()
    with store._writing.connect() as connection:
        connection.execute(text("PRAGMA busy_timeout = 50"))
    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DBAPIError) as caught, store.transaction():
        pass
    assert store.transient(caught.value)
    other.execute("ROLLBACK")
    other.close()
    report(store, 1)
    store.close()


def test_a_connection_that_was_cut_is_a_transient_trouble(postgres_store: Store) -> None:
    """The server ends our session in the middle of a transaction; the next one works."""
    other = Store(postgres_store.url)

    def cut_off() -> None:
        with postgres_store.transaction() as tx:
            tx.take_in([said(1)], NOW)
            mine = tx._connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            with other._writing.begin() as connection:
                connection.execute(text("SELECT pg_terminate_backend(:mine)"), {"mine": mine})
            tx.take_in([said(2)], NOW)

    with pytest.raises(DBAPIError) as caught:
        cut_off()
    other.close()
    assert postgres_store.transient(caught.value)
    assert report(postgres_store, 1)


def test_a_deadlock_is_a_transient_trouble_for_one_of_the_two(postgres_store: Store) -> None:
    """Our own locks are sorted; here two transactions load one after the other, as they should not."""
    numbers = [report(postgres_store, n) for n in range(2)]
    other = Store(postgres_store.url)
    both = threading.Barrier(2)
    troubles: list[BaseException] = []

    def cross(store: Store, first: str, second: str) -> None:
        try:
            with store.transaction() as tx:
                tx.load_cases([first], NOW)
                both.wait(10)
                tx.load_cases([second], NOW)
        except DBAPIError as error:
            troubles.append(error)

    at_once(lambda: cross(postgres_store, *numbers), lambda: cross(other, *reversed(numbers)))
    other.close()
    assert len(troubles) == 1
    assert postgres_store.transient(troubles[0])


def test_statements_are_counted(store: Store) -> None:
    before = store.statements()
    with store.reading() as reader:
        reader.case("A0001")
        reader.cases()
    assert store.statements() - before == 2 + store.sqlite, "SQLite is told BEGIN as well"
    write(store, now=later(hours=1), cases=(a_case(),))
    assert store.statements() > before + 2


def test_what_was_made_in_memory_can_be_kept_in_a_file(tmp_path: Path) -> None:
    made, file = Store("sqlite://"), tmp_path / "new" / "town.db"
    made.create()
    with made.transaction() as tx:
        tx.set_setting("colour", "green")
    made.copy_out(file)
    with pytest.raises(FileExistsError):
        made.copy_out(file)
    kept = Store(f"sqlite:///{file}")
    assert kept.ready()
    with kept.reading() as reader:
        assert reader.get_setting("colour") == "green"
    for store in (made, kept):
        store.close()
