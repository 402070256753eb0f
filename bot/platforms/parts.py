"""Knows how a letter becomes parts that a platform takes: clean text, cut or split to length, sent once each."""

from __future__ import annotations

import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from bot.secret import describe

ELLIPSIS: Final = "…"
REMEMBERED: Final = 1000
ONE_UNIT: Final = 0xFFFF

Photos = Callable[[str], Awaitable[bytes]]
"""Loads the bytes of a stored photo by its id; raises OSError when it is gone."""

_log = logging.getLogger(__name__)

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without what XML and JSON cannot carry: control characters and lone surrogates."""
    return _UNPRINTABLE.sub("", text)


def cut_bytes(text: str, limit: int) -> str:
    """The text in at most `limit` bytes of UTF-8, cut at a character and marked with “…”."""
    raw = text.encode()
    if len(raw) <= limit:
        return text
    return raw[: limit - len(ELLIPSIS.encode())].decode(errors="ignore") + ELLIPSIS


def cut_chars(text: str, limit: int) -> str:
    """The text in at most `limit` characters, marked with “…” when cut."""
    return text if len(text) <= limit else text[: limit - 1] + ELLIPSIS


def units(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts."""
    return len(text) + sum(1 for character in text if ord(character) > ONE_UNIT)


def split_units(text: str, limit: int) -> list[str]:
    """The text in pieces of at most `limit` UTF-16 units, at line ends where there are any."""
    pieces: list[str] = []
    while units(text) > limit:
        head = _head(text, limit)
        line = head.rfind("\n")
        cut = line + 1 if line > 0 else len(head)
        pieces.append(text[:cut].rstrip("\n"))
        text = text[cut:]
    return [piece for piece in (*pieces, text) if piece.strip()]


def _head(text: str, limit: int) -> str:
    """The longest beginning of at most `limit` UTF-16 units."""
    head = text[:limit]
    while units(head) > limit:
        head = head[: len(head) - max(1, (units(head) - limit) // 2)]
    return head


async def load(photos: Photos, wanted: Sequence[str]) -> list[bytes]:
    """The photos that are still there: a lost picture must not hold up the words."""
    found: list[bytes] = []
    for photo in wanted:
        try:
            found.append(await photos(photo))
        except OSError as error:
            _log.warning("a photo could not be read: %s", describe(error))
    return found


class Progress:
    """Remembers which parts of a letter have left, so that a retry does not repeat them. A crash may repeat one."""

    def __init__(self) -> None:
        self._left: OrderedDict[int, list[str]] = OrderedDict()

    async def send(self, letter: int, parts: Sequence[Callable[[], Awaitable[str]]]) -> list[str]:
        """Send what has not left yet, in order; the references of all parts. A failure passes through."""
        refs = self._left.setdefault(letter, [])
        while len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
        for part in parts[len(refs) :]:
            refs.append(await part())
        self._left.pop(letter, None)
        return refs
