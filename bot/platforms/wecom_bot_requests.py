"""Knows which frames of the long connection may still be answered: messages for a while, pressed cards for seconds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

ANSWERED_WITHIN: Final = 300.0
"""A stream ends six minutes after the message; what comes later than this goes as a message of its own."""
CHANGED_WITHIN: Final = 4.0
"""A card can be changed for five seconds after it was pressed."""
MANY: Final = 1000


class Requests:
    """Numbers of requests by chat, and by chat and card; none of them has to survive."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._asked: OrderedDict[str, list[tuple[str, float]]] = OrderedDict()
        self._pressed: OrderedDict[tuple[str, str], tuple[str, float]] = OrderedDict()

    def asked(self, chat: str, request: str) -> None:
        """A message has come that may be answered."""
        self._asked.setdefault(chat, []).append((request, self._now() + ANSWERED_WITHIN))
        while len(self._asked) > MANY:
            self._asked.popitem(last=False)

    def pressed(self, chat: str, card: str, request: str) -> None:
        """A card was pressed that may be changed."""
        self._pressed[chat, card] = request, self._now() + CHANGED_WITHIN
        while len(self._pressed) > MANY:
            self._pressed.popitem(last=False)

    def answerable(self, chat: str) -> str:
        """The one message of this chat that waits for an answer; “” where several do: nobody gets another's answer."""
        waiting = [request for request, until in self._asked.pop(chat, []) if until > self._now()]
        return waiting[0] if len(waiting) == 1 else ""

    def changeable(self, chat: str, card: str) -> str:
        """The request by which this card may be changed, once; “” when there is none any more."""
        request, until = self._pressed.pop((chat, card), ("", 0.0))
        return request if until > self._now() else ""
