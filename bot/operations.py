"""Knows the operator's commands: check, migrate, replay, verify-audit; each says in a sentence what it found."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime

from bot import checking, hearing
from bot.app import build
from bot.batch import Batch
from bot.calendars import gaps
from bot.clock import SystemClock
from bot.config import Config
from bot.doors import Delivery, Rejected, Unreadable
from bot.wiring import hooks, not_served, secret_header
from handlers.incoming import Incoming
from storage.store import Store
from storage.version import head


class OperationError(Exception):
    """What was asked cannot be done; the message is a sentence for whoever typed it."""


def say(text: str) -> None:
    """A line for whoever typed the command."""
    sys.stdout.write(f"{text}\n")


def check(config: Config, now: datetime) -> int:
    """The configuration was read without a problem; so are the files it names. Raises ConfigError."""
    catalogue = checking.files(config)
    for line in (*not_served(config), *gaps(config.calendar, now.astimezone(config.zone).year)):
        say(line)
    sound = _ear_is_sound(config)
    items = sum(len(duty.items) for duty in catalogue.duties.values())
    town = config.town
    say(
        f"{town.name}: {len(town.units)} units, {len(town.people)} people, {len(town.groups)} groups, "
        f"{len(catalogue.duties)} duties with {items} items. "
        + ("Everything is in order." if sound else "The configuration is in order, the ear is not.")
    )
    return 0 if sound else 1


def _ear_is_sound(config: Config) -> bool:
    """Says which model will be heard with, where it is not simply the delivered one; False for a damaged one."""
    try:
        hears = hearing.at_start(config.nlu.learnt)
    except hearing.NotTrainedError as error:
        say(str(error))
        return True  # `make run` trains it by itself
    if hears.kind == "learnt":
        say(f"the ear: learnt here, version {hears.version}")
    if hears.reason:
        say(f"the ear: {hears.reason}")
    return not hears.reason


def prepare(config: Config) -> Store:
    """The database at this version; an empty or older one is brought up to it. Raises OperationError."""
    store = Store(config.database.reveal())
    if not store.ready():
        migrate(config)
    return store


def opened(config: Config) -> Store:
    """The database as it stands, which must be at this version. Raises OperationError."""
    store = Store(config.database.reveal())
    if not store.ready():
        raise OperationError("the database is not at this version: run `python -m bot migrate` first")
    return store


def standing(config: Config) -> Store | None:
    """The database at this version, to look into; None where there is none. Nothing is made."""
    store = Store(config.database.reveal())
    return store if store.lies_there() and store.ready() else None


def migrate(config: Config) -> int:
    """Bring the database to this version's tables; a newer one is refused."""
    from storage.migrate import MigrationError
    from storage.migrate import migrate as bring_up

    try:
        bring_up(config.database.reveal())
    except MigrationError as error:
        raise OperationError(str(error)) from error
    say(f"the database is at revision {head()}")
    return 0


def replay(config: Config, name: str) -> int:
    """Serve a kept message once more: “12” one that failed, “u12” one that could not be read. Raises OperationError."""
    product, store = build(config, hearing.at_start(config.nlu.learnt)), prepare(config)
    if not name.removeprefix("u").isdecimal():
        raise OperationError(f"{name} is no number of a message: expected 12, or u12 for one that could not be read")
    number = int(name.removeprefix("u"))
    batch = Batch(store, product.present(), SystemClock())
    if name.startswith("u"):
        return _read_again(config, store, batch, number)
    with store.reading() as reader:
        row = reader.inbox_row(number)
    if row is None:
        raise OperationError(f"no message {number}")
    if row.state != "failed":
        raise OperationError(f"message {number} was served already ({row.state})")
    if batch.replay(row).failed:
        raise OperationError(f"message {number} failed again; see the log")
    say(f"message {number} was served; its answer goes out with the running bot")
    return 0


def _read_again(config: Config, store: Store, batch: Batch, number: int) -> int:
    with store.reading() as reader:
        row = next((row for row in reader.unread(100_000) if row.id == number), None)
    if row is None:
        raise OperationError(f"no unreadable message u{number}")
    hook = next((hook for hook in hooks(config) if (hook.platform, hook.account) == (row.platform, row.account)), None)
    if hook is None:
        raise OperationError(f"its account {row.platform}:{row.account} is not configured")
    delivery = Delivery("POST", row.headers, secret_header(config), row.raw)
    try:
        found = hook.read(delivery, row.received_at)
    except (Rejected, Unreadable) as error:
        raise OperationError(f"message u{number} still cannot be read: {error}") from error
    results = batch.serve([replace(found, inline=False)]) if isinstance(found, Incoming) else []
    if any(isinstance(result, BaseException) or result.failed for result in results):
        raise OperationError(f"message u{number} was read and failed; see the log")
    with store.transaction() as tx:
        tx.drop_unread(number)
    say(f"message u{number} was served; its answer goes out with the running bot")
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
