"""Knows how much one member was sent of late: WeCom drops what is too much, and takes the same words for a repeat."""

from __future__ import annotations

from collections import OrderedDict

from bot.platforms.chat_pace import CHATS, HOUR, MINUTE, ChatPace


class MemberPace(ChatPace):
    """How much one member is sent within a minute and an hour."""

    def __init__(self, per_minute: int, per_hour: int) -> None:
        super().__init__((MINUTE, per_minute), (HOUR, per_hour))


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
        while len(self._said) > CHATS:
            self._said.popitem(last=False)
