"""Knows a town for the doctor: a memory in a file, everybody with an account and every group with a chat."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot import doctor
from bot.clock import SystemClock
from bot.config import Config
from bot.config_platforms import Platforms
from bot.doctors.known import known
from bot.secret import Secret
from handlers.ports import Clock
from storage.store import Store
from tests.product import make_tables, product

RULES = product().desk.rules


def town(folder: Path, **platforms: Any) -> Config:
    """All that Telegram reaches is bound; what is on is given."""
    config = product().config
    accounts = {person: (f"telegram::{n}",) for n, person in enumerate(config.town.people, 1)}
    chats = {group: (f"telegram::-{n}",) for n, group in enumerate(config.town.groups, 1)}
    database = Secret(f"sqlite:///{folder}/doctor.db")
    return replace(config, platforms=Platforms(**platforms), accounts=accounts, chats=chats, database=database)


def remember(config: Config) -> Store:
    """The memory after a first start."""
    url = config.database.reveal()
    make_tables(url)
    store = Store(url)
    with store.transaction() as tx:
        tx.sync_directory(config.directory, config.accounts, config.chats)
    return store


def marks(config: Config, *, live: bool = False, clock: Clock | None = None) -> set[str]:
    """What was found, as `mark key`, over all sections; every line can be said."""
    ours = clock or SystemClock()
    sections = asyncio.run(doctor.examine(known(config, ours.now()), RULES.wording, ours, live))
    assert all(section.lines(RULES.wording) for section in sections)
    return {f"{one.mark} {one.key}" for section in sections for one in section.findings}
