"""Knows which letters are counted before they leave: those into chats that take only so much, by their platforms."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from bot.doors import Platform
from bot.secret import describe
from storage.values import Charge, Meter, Outgoing

_log = logging.getLogger(__name__)


@runtime_checkable
class Metered(Protocol):
    """A platform on whose chats there is a limit that all processes share."""

    lane_prefix: str

    def charge(self, letter: Outgoing) -> Charge | None:
        """The messages that a letter becomes, at most; None where its chat has no limit."""


def meter_of(platforms: Sequence[Platform]) -> Meter | None:
    """What a letter takes, whosever it is; None where nothing is counted."""
    metered = {one.lane_prefix: one for one in platforms if isinstance(one, Metered)}

    def meter(letter: Outgoing) -> Charge | None:
        found = next((one for prefix, one in metered.items() if letter.chat.startswith(prefix)), None)
        try:
            return found.charge(letter) if found is not None else None
        except Exception as error:  # one odd letter must not keep all others: whoever sends it will say what is wrong
            _log.error("letter %d cannot be measured: %s", letter.id, describe(error))
            return None

    return meter if metered else None
