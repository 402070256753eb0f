"""Knows how to open either store so that what was committed survives a power cut and a writer never loses its turn."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

BUSY_MS = 5_000
"""How long SQLite waits for another process (a backup, a shell) before it says that the database is locked."""

_TRANSIENT_STATES = frozenset({"40001", "40P01", "55P03", "57P01", "57P02", "57P03", "53300"})
"""PostgreSQL: serialization failure, deadlock, lock not available, shutdown (three kinds), too many connections."""


def make_engine(url: str, *, reading: bool = False) -> Engine:
    """An engine of the right kind for the URL; with `reading` its connections refuse to write.

    Raises ValueError for a store this bot does not know.
    """
    parsed = make_url(url)
    if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
        return _memory_engine(parsed) if in_memory(parsed) else _sqlite_engine(parsed, reading)
    if parsed.drivername == "postgresql+psycopg":
        return _postgresql_engine(parsed, reading)
    raise ValueError(f"unknown kind of database: {parsed.drivername}; expected sqlite or postgresql+psycopg")


def in_memory(url: URL) -> bool:
    """Whether the URL names a SQLite database without a file."""
    return url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")


def ensure_folder(url: str) -> None:
    """Make the folder in which a SQLite file is to lie."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not in_memory(parsed):
        Path(parsed.database or "").parent.mkdir(parents=True, exist_ok=True)


def lies_there(url: str) -> bool:
    """Whether there may be a database: a SQLite file that is not there is not made by looking."""
    parsed = make_url(url)
    return parsed.get_backend_name() != "sqlite" or in_memory(parsed) or Path(parsed.database or "").exists()


def copy_out(engine: Engine, path: Path) -> None:
    """Write what a SQLite engine holds into a new file of its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    source, target = engine.raw_connection(), sqlite3.connect(path)
    try:
        held: Any = source.driver_connection
        held.backup(target)
    finally:
        target.close()
        source.close()


def transient(error: BaseException) -> bool:
    """Whether the same work may succeed in a NEW transaction: deadlock, serialization, lost connection, SQLite busy."""
    if isinstance(error, PoolTimeoutError):
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        # The low byte is the primary code; disk full or an I/O error is not helped by trying again at once.
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    state = getattr(cause, "sqlstate", None)
    if state is None:
        # psycopg reports a server that is gone, or not yet there, as an OperationalError without a state.
        return type(cause).__name__ == "OperationalError"
    return state in _TRANSIENT_STATES or state.startswith("08")


def _memory_engine(url: URL) -> Engine:
    """One connection shared by all threads; the Store lets one of them in at a time."""
    engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare_memory)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _sqlite_engine(url: URL, reading: bool) -> Engine:
    engine = create_engine(url, pool_size=5 if reading else 1, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare_reader if reading else _prepare_file)
    event.listen(engine, "begin", _begin_deferred if reading else _begin_immediate)
    return engine


def _postgresql_engine(url: URL, reading: bool) -> Engine:
    wishes = {
        "timezone": "UTC",  # so that moments come back as aware UTC
        "synchronous_commit": "on",  # whatever the server's default: acknowledged means on disk
        "lock_timeout": "10s",  # a lock that nobody gives back becomes a transient trouble
        "default_transaction_read_only": "on" if reading else "off",
    }
    options = " ".join(f"-c {name}={value}" for name, value in wishes.items())
    return create_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_size=2,
        max_overflow=3,
        pool_timeout=10,
        pool_use_lifo=True,
        connect_args={"options": options, "connect_timeout": 5, "application_name": "xiaoge"},
    )


def _prepare_memory(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_immediate
    connection.execute("PRAGMA foreign_keys = ON")


def _prepare_file(connection: sqlite3.Connection, record: Any) -> None:
    _prepare_memory(connection, record)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA journal_size_limit = 67108864")
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}
    if found != wanted:
        connection.close()
        raise RuntimeError(f"SQLite would not promise to keep what it acknowledges: wanted {wanted}, got {found}")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch the file to its write-ahead log; SQLite does not wait for others who do the same just now, so we do."""
    end = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.005)
        else:
            return


def _prepare_reader(connection: sqlite3.Connection, record: Any) -> None:
    _prepare_file(connection, record)
    connection.execute("PRAGMA query_only = ON")


def _begin_immediate(connection: Connection) -> None:
    # A deferred BEGIN that turns into a write fails at once with SQLITE_BUSY_SNAPSHOT, whatever the busy_timeout.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
