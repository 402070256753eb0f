"""Knows what is known without asking anybody: the configuration, and the memory as far as there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.config import Config
from bot.doctors.finding import Finding, broken, good, missing
from bot.operations import standing
from handlers.town import Directory
from storage.standing import Standing

LONG: Final = 7
"""Days without a word from a platform after which somebody should look."""
HOUR: Final = 3600

Addresses = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Known:
    """The town as it is now, with accounts by person and chats by group; `memory` says how the database stands."""

    config: Config
    now: datetime
    directory: Directory
    accounts: Addresses
    chats: Addresses
    doors: Standing
    memory: Finding

    def heard(self, platform: str, account: str = "") -> Finding:
        """When something last came in through a door: whether the platform finds the way to us at all."""
        last = self.doors.heard.get(f"{platform}:{account}")
        if last is None:
            return missing("heard.never")
        hours = max(int((self.now - last).total_seconds()) // HOUR, 0)
        return good("heard", hours=hours + 1) if hours < LONG * 24 else missing("heard.long", days=hours // 24)

    def groups_of(self, prefix: str) -> dict[str, tuple[str, ...]]:
        """Chats of groups whose address begins so → the group's names."""
        found: dict[str, tuple[str, ...]] = {}
        for group in self.directory.groups:
            for chat in self.chats.get(group.id, ()):
                if chat.startswith(prefix):
                    found[chat] = (*found.get(chat, ()), group.name)
        return found


def known(config: Config, now: datetime) -> Known:
    """What the configuration says, and over it what the database says."""
    nothing = Standing({}, {}, frozenset())
    store = None
    try:
        store = standing(config)
        if store is None:
            return Known(config, now, config.directory, config.accounts, config.chats, nothing, missing("memory.none"))
        with store.reading() as reader:
            accounts, chats = reader.addresses()
            found = Known(config, now, reader.directory(), accounts, chats, reader.standing(now), good("memory"))
    except Exception:  # whatever is wrong with it: the rest is still told
        away = broken("memory.away")
        return Known(config, now, config.directory, config.accounts, config.chats, nothing, away)
    finally:
        if store is not None:
            store.close()
    return found if found.directory.people else _by_file(found)


def _by_file(found: Known) -> Known:
    """A database in which the bot has never started: the town is still the file's."""
    config = found.config
    return Known(
        config, found.now, config.directory, config.accounts, config.chats, found.doors, missing("memory.empty")
    )
