"""Knows what is done when WeCom says at a letter that its reader is not in the corp any more."""

from __future__ import annotations

import logging
from typing import Final

from bot.doors import Window
from bot.secret import describe
from handlers.incoming import Incoming
from handlers.ports import Clock
from storage.values import Outgoing

NO_SUCH_MEMBER: Final = 60111

_log = logging.getLogger(__name__)


async def departed(window: Window, clock: Clock, letter: Outgoing, address: str) -> None:
    """Tell the desk of a member who has left, as the event of the address book would."""
    gone = Incoming(
        platform="wecom", key=f"departed:{letter.id}", sender=address, chat=address, kind="event", event="departed",
        said_at=clock.now(),
    )  # fmt: skip
    try:
        await window.serve(gone)
    except Exception as error:
        _log.error("a member who has left was not told of: %s", describe(error))
