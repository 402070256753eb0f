"""Knows how a story gets its stage: SQLite in memory, and a fresh PostgreSQL for those told on both stores."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from bot.app import stage
from bot.clock import FakeClock
from tests import postgres
from tests.left_out import leave_out
from tests.product import make_tables, product
from tests.stories.story import Story

START = datetime.fromisoformat("2026-03-02T09:00+08:00")


@pytest.fixture
def story() -> Iterator[Story]:
    """A story in memory."""
    made = stage(product(), FakeClock(START))
    yield Story(made)
    made.store.close()


@pytest.fixture(params=["sqlite", "postgres"])
def anywhere(request: pytest.FixtureRequest) -> Iterator[Story]:
    """The same story on both stores."""
    if request.param == "sqlite":
        yield from _told("sqlite://")
        return
    with postgres.prepared_database(make_tables) as url:
        if url is None:
            leave_out("postgres", "its programs were not found")
        yield from _told(url)


def _told(url: str) -> Iterator[Story]:
    made = stage(product(), FakeClock(START), url)
    yield Story(made)
    made.store.close()
