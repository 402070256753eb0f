"""What every test of the memory stands on: the same store on SQLite and, where it is found, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store
from storage.tables import metadata
from tests.left_out import leave_out
from tests.postgres import postgres_url, prepared_database

__all__ = ["postgres_url"]

CLEAN = "; ".join(
    [
        *(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)),
        "SELECT setval('case_numbers', 1, false)",
    ]
)
"""Empties every table: much quicker than a new database. Row numbers go on."""


def make_tables(url: str) -> None:
    """All tables, once, in the database that the others are copied from."""
    store = Store(url)
    store.create()
    store.close()


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """A store in a SQLite file."""
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    store.create()
    yield store
    store.close()


@pytest.fixture
def postgres_store() -> Iterator[Store]:
    """A store on PostgreSQL; left out where PostgreSQL is not installed."""
    with prepared_database(make_tables, CLEAN) as url:
        if url is None:
            leave_out("postgres", "its programs were not found")
        store = Store(url)
        yield store
        store.close()


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Store:
    """A fresh, empty store, on each of the two."""
    found: Store = request.getfixturevalue(f"{request.param}_store")
    return found
