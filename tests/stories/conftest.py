"""Knows how a story gets its stage: SQLite in memory, a fresh PostgreSQL, or the playground in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bot.app import stage
from bot.clock import FakeClock
from tests import postgres
from tests.browser import launched
from tests.left_out import leave_out
from tests.product import make_tables, product
from tests.stories.playground_pages import real_town, served
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a module; each has its own context."""
    with launched() as browser:
        yield browser


@pytest.fixture
def base_url(tmp_path: Path) -> Iterator[str]:
    """The address of the playground with a fresh sample town behind it: the real desk, ear and memory."""
    with served(lambda: real_town(tmp_path)) as base:
        yield base
