"""Knows how much one member was sent of late: WeCom drops what is too much, and takes the same words for a repeat."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import Final

MINUTE: Final = 60.0
HOUR: Final = 3600.0
MEMBERS: Final = 10_000
"""So many members are remembered, those written to last."""
AIR: Final = 0.1
"""Seconds more than the platform asks for: its clock is not ours."""


class MemberPace:
    """Counts what each member was sent within a minute and an hour. Time comes in as a number of seconds."""

    def __init__(self, per_minute: int, per_hour: int) -> None:
        self._limits = ((MINUTE, per_minute), (HOUR, per_hour))
        self._keep = max(per_minute, per_hour)
        self._sent: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, member: str, now: float) -> float:
        """Seconds until one more is let through; 0 for at once."""
        sent = self._sent.get(member)
        if sent is None:
            return 0.0
        waits = [sent[-most] + span + AIR - now for span, most in self._limits if len(sent) >= most]
        return max(0.0, *waits) if waits else 0.0

    def sent(self, member: str, now: float) -> None:
        """One more has left."""
        times = self._sent.setdefault(member, deque(maxlen=self._keep))
        times.append(now)
        self._sent.move_to_end(member)
        while len(self._sent) > MEMBERS:
            self._sent.popitem(last=False)


class SameWords:
    """Tells a repeat of ours from the same words said anew, which WeCom would swallow as a repeat."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._said: OrderedDict[tuple[str, int], tuple[int, float]] = OrderedDict()

    def check(self, member: str, words: str, letter: int, now: float) -> bool:
        """Whether WeCom shall look for a repeat: not where another letter has just said the same."""
        before = self._said.get((member, hash(words)))
        other = before is not None and before[0] != letter and now - before[1] <= self._seconds
        return self._seconds > 0 and not other

    def said(self, member: str, words: str, letter: int, now: float) -> None:
        """These words have left."""
        key = (member, hash(words))
        self._said[key] = (letter, now)
        self._said.move_to_end(key)
        while len(self._said) > MEMBERS:
            self._said.popitem(last=False)
