"""Knows how a letter becomes parts that a platform takes: clean text, cut or split to length, sent once each."""

from __future__ import annotations

import asyncio
import logging
import re
import unicodedata
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from bot.secret import describe

ELLIPSIS: Final = "…"
REMEMBERED: Final = 1000
ONE_UNIT: Final = 0xFFFF

Photos = Callable[[str], Awaitable[bytes]]
"""Loads the bytes of a stored photo by its id; raises OSError when it is gone."""

Size = Callable[[str], int]
"""How a platform counts the length of a text."""

_log = logging.getLogger(__name__)

_STOPS: Final = "。！？；，,.!?;"
_INNER: Final = ".,:/-"
"""What may stand inside a number: 3.5, 1,000, 14:30, 11/22, 0515-00000100."""
_JOINER: Final = "\u200d"
_SKINS: Final = ("\U0001f3fb", "\U0001f3ff")
_FLAGS: Final = ("\U0001f1e6", "\U0001f1ff")
_TAGS: Final = ("\U000e0020", "\U000e007f")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without what XML and JSON cannot carry: control characters and lone surrogates."""
    return _UNPRINTABLE.sub("", text)


def cut_bytes(text: str, limit: int) -> str:
    """The text in at most `limit` bytes of UTF-8, marked with “…” when cut."""
    return _short(text, limit, _bytes)


def cut_chars(text: str, limit: int) -> str:
    """The text in at most `limit` characters, marked with “…” when cut."""
    return _short(text, limit, len)


def split_bytes(text: str, limit: int) -> list[str]:
    """The text in pieces of at most `limit` bytes of UTF-8."""
    return _split(text, limit, _bytes)


def split_units(text: str, limit: int) -> list[str]:
    """The text in pieces of at most `limit` UTF-16 units."""
    return _split(text, limit, units)


def units(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts."""
    return len(text) + sum(1 for character in text if ord(character) > ONE_UNIT)


def _bytes(text: str) -> int:
    return len(text.encode())


def _short(text: str, limit: int, size: Size) -> str:
    if size(text) <= limit:
        return text
    end = _fitting(text, limit - size(ELLIPSIS), size)
    return text[: _before(text, end) or end] + ELLIPSIS


def _split(text: str, limit: int, size: Size) -> list[str]:
    """At line ends, else behind a sentence, else anywhere but inside a character or a number."""
    pieces: list[str] = []
    while size(text) > limit:
        end = _end(text, _fitting(text, limit, size))
        pieces.append(text[:end].rstrip("\n"))
        text = text[end:].lstrip("\n")
    return [piece for piece in (*pieces, text) if piece.strip()]


def _fitting(text: str, limit: int, size: Size) -> int:
    """How many characters fit: no character is larger than four of any unit, none is smaller than one."""
    low, high = limit // 4, min(limit, len(text))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle]) <= limit else (low, middle - 1)
    return low


def _end(text: str, most: int) -> int:
    """Where to end a piece of at most so many characters."""
    line = text.rfind("\n", 1, most + 1)
    if line > 0:
        return line + 1
    sentence = next((at for at in range(most, most // 2, -1) if text[at - 1] in _STOPS and not _one(text, at)), 0)
    return sentence or _before(text, most) or most


def _before(text: str, at: int) -> int:
    """The nearest place up to `at` where nothing is parted; 0 where there is none but within one endless number."""
    for belongs in (_one, _glued):
        place = at
        while place > 0 and belongs(text, place):
            place -= 1
        if place > 0:
            break
    return place


def _one(text: str, at: int) -> bool:
    """Whether a cut here would part a character, a number, a time or a word of Latin letters."""
    if not 0 < at < len(text):
        return False
    last, following = _figure(text, at - 1), _figure(text, at)
    if last and following:
        return True
    inner = text[at - 1] in _INNER and following and _figure(text, at - 2)
    return _glued(text, at) or inner or (last and text[at] in _INNER and _figure(text, at + 1))


def _figure(text: str, at: int) -> bool:
    """Whether a digit or a Latin letter stands there."""
    character = text[at] if 0 <= at < len(text) else ""
    return character.isdecimal() or (character.isascii() and character.isalnum())


def _glued(text: str, at: int) -> bool:
    """Whether two code points make one character that people see: accents, joined emoji, flags."""
    if not 0 < at < len(text):
        return False
    last, following = text[at - 1], text[at]
    if _FLAGS[0] <= following <= _FLAGS[1]:
        flags = 0
        while flags < at and _FLAGS[0] <= text[at - 1 - flags] <= _FLAGS[1]:
            flags += 1
        return flags % 2 == 1
    marks = unicodedata.category(following).startswith("M") or _SKINS[0] <= following <= _SKINS[1]
    return marks or _JOINER in (last, following) or _TAGS[0] <= following <= _TAGS[1]


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
    """Remembers which parts of a letter have left, so that a retry does not repeat them. A crash may repeat one.

    `between` is how many seconds lie between two parts, where a platform takes only so many messages into one chat.
    """

    def __init__(self, between: float = 0.0, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._left: OrderedDict[int, list[str]] = OrderedDict()
        self._between = between
        self._pause = pause

    async def send(self, letter: int, parts: Sequence[Callable[[], Awaitable[str]]]) -> list[str]:
        """Send what has not left yet, in order; the references of all parts. A failure passes through."""
        refs = self._left.setdefault(letter, [])
        while len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
        for n, part in enumerate(parts[len(refs) :]):
            if n and self._between:
                await self._pause(self._between)
            refs.append(await part())
        self._left.pop(letter, None)
        return refs
