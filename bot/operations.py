"""Knows the operator's commands: check, migrate, replay, verify-audit; each says in a sentence what it found."""

from __future__ import annotations

import sys

from bot import loading
from bot.app import CATALOGUES, KNOWLEDGE, WORDING, build
from bot.batch import Batch
from bot.clock import SystemClock
from bot.config import Config
from bot.wiring import not_served
from storage.store import Store
from storage.version import head


class OperationError(Exception):
    """What was asked cannot be done; the message is a sentence for whoever typed it."""


def say(text: str) -> None:
    """A line for whoever typed the command."""
    sys.stdout.write(f"{text}\n")


def check(config: Config) -> int:
    """The configuration was read without a problem; so are the files it names. Raises ConfigError."""
    catalogue = loading.catalogue(CATALOGUES / f"{config.facts.catalogue}.yml")
    loading.wording(WORDING)
    loading.knowledge(KNOWLEDGE)
    for line in not_served(config):
        say(line)
    items = sum(len(duty.items) for duty in catalogue.duties.values())
    town = config.town
    say(
        f"{town.name}: {len(town.units)} units, {len(town.people)} people, {len(town.groups)} groups, "
        f"{len(catalogue.duties)} duties with {items} items. Everything is in order."
    )
    return 0


def prepare(config: Config) -> Store:
    """The database at this version; an empty or older one is brought up to it. Raises OperationError."""
    store = Store(config.database.reveal())
    if not store.ready():
        migrate(config)
    return store


def migrate(config: Config) -> int:
    """Bring the database to this version's tables; a newer one is refused."""
    from storage.migrate import migrate as bring_up

    bring_up(config.database.reveal())
    say(f"the database is at revision {head()}")
    return 0


def replay(config: Config, number: int) -> int:
    """Serve a kept message once more. Raises OperationError when there is none, or it was served."""
    product, store = build(config), prepare(config)
    with store.reading() as reader:
        row = reader.inbox_row(number)
    if row is None:
        raise OperationError(f"no message {number}")
    if row.state != "failed":
        raise OperationError(f"message {number} was served already ({row.state})")
    result = Batch(store, product.desk, product.ear, SystemClock()).replay(row)
    if result.failed:
        raise OperationError(f"message {number} failed again; see the log")
    say(f"message {number} was served; its answer goes out with the running bot")
    return 0


def verify_audit(config: Config) -> int:
    """Check every case's chain; exit 1 where one is broken."""
    with Store(config.database.reveal()).reading() as reader:
        broken = reader.verify()
        known = len(reader.cases(limit=1_000_000))
    for line in broken:
        say(line)
    say(f"{known} cases, {len(broken)} broken chains")
    return 1 if broken else 0
