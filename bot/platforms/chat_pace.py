"""Knows how much may still leave into a chat that takes only so much, counting what other processes sent there too."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Sequence
from typing import Final

from storage.values import Sendings

MINUTE: Final = 60.0
HOUR: Final = 3600.0
CHATS: Final = 10_000
"""So many chats are remembered, those written to last."""
AIR: Final = 0.1
"""Seconds more than a platform asks for: its clock is not ours."""


class ChatPace:
    """Counts what this process sent into each chat, within each of some spans. Time comes in as a number of seconds."""

    def __init__(self, *limits: tuple[float, int], air: float = AIR) -> None:
        self._limits = limits
        self._air = air
        self._keep = max(most for _, most in limits)
        self._sent: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, chat: str, now: float, elsewhere: Sequence[Sendings] = ()) -> float:
        """Seconds until one more is let through; 0 for at once."""
        sent: Sequence[float] = self._sent.get(chat, ())
        if elsewhere:
            sent = sorted([*sent, *moments(elsewhere, now)])
        waits = [sent[-most] + span + self._air - now for span, most in self._limits if len(sent) >= most]
        return max(0.0, *waits) if waits else 0.0

    def sent(self, chat: str, now: float) -> None:
        """One more has left."""
        times = self._sent.setdefault(chat, deque(maxlen=self._keep))
        times.append(now)
        self._sent.move_to_end(chat)
        while len(self._sent) > CHATS:
            self._sent.popitem(last=False)


def moments(elsewhere: Sequence[Sendings], now: float) -> list[float]:
    """When other processes sent, a moment for each message, as seconds of our own clock."""
    return [now - one.ago for one in elsewhere for _ in range(one.messages)]
