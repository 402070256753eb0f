"""Knows how many messages went into each chat in the last minute and hour, so that none too many is sent."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from typing import Final

from bot.doors import SendFailed

MINUTE: Final = 60.0
HOUR: Final = 3600.0
MANY: Final = 5000


class Pace:
    """A window of an hour for each chat. Time comes in as a number of seconds."""

    def __init__(self, per_minute: int, per_hour: int, now: Callable[[], float]) -> None:
        self._limits = ((MINUTE, per_minute), (HOUR, per_hour))
        self._now = now
        self._sent: defaultdict[str, deque[float]] = defaultdict(deque)

    def spend(self, chat: str) -> None:
        """Count one more message. Raises SendFailed with the time to wait when there may be none."""
        now, sent = self._now(), self._sent[chat]
        while sent and sent[0] <= now - HOUR:
            sent.popleft()
        for span, most in self._limits:
            if len(sent) >= most and sent[-most] > now - span:
                raise SendFailed("enough for this chat", retry_after=sent[-most] + span - now)
        sent.append(now)
        if len(self._sent) > MANY:
            self._forget(now)

    def _forget(self, now: float) -> None:
        for chat in [chat for chat, sent in self._sent.items() if not sent or sent[-1] <= now - HOUR]:
            del self._sent[chat]
