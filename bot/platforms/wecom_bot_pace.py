"""Knows how many messages may still go into a chat of the 智能机器人, so that none too many is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.doors import SendFailed
from bot.platforms.chat_pace import HOUR, MINUTE, ChatPace
from storage.values import Sendings


class Pace:
    """So many a minute and an hour into each chat. Time comes in as a number of seconds."""

    def __init__(self, per_minute: int, per_hour: int, now: Callable[[], float]) -> None:
        self._pace = ChatPace((MINUTE, per_minute), (HOUR, per_hour), air=0.0)
        self._now = now

    def spend(self, chat: str, elsewhere: Sequence[Sendings] = ()) -> None:
        """Count one more message. Raises SendFailed with the time to wait when there may be none."""
        wait = self._pace.wait(chat, self._now(), elsewhere)
        if wait > 0:
            raise SendFailed("enough for this chat", retry_after=wait)
        self._pace.sent(chat, self._now())
