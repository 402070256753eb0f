"""Knows how to make writing even (width, case, invisible characters, numerals), with the way back to the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlu.script import Scripts

_WIDTH = {chr(0xFF01 + offset): chr(0x21 + offset) for offset in range(94)} | {"\u3000": " "}
_WIDE = re.compile(f"[{''.join(_WIDTH)}]")
_USUAL = re.compile("[\x20-\x7e\u4e00-\u9fff。、“”‘’…—·《》【】]*")
_BREAKS = dict.fromkeys(map(ord, "\n\t\r"), " ")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"})

_DIGITS = {"零": 0, "〇": 0, "○": 0, "一": 1, "壹": 1, "二": 2, "贰": 2, "两": 2, "三": 3, "叁": 3, "四": 4, "五": 5,
           "六": 6, "七": 7, "八": 8, "九": 9}  # fmt: skip
_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN_NUMBER = "[零〇○一壹二贰两三叁四五六七八九十百]"
# A Han numeral is a number where something countable of an address or a clock follows, or where it is read out digit
# by digit (七栋一零一); elsewhere (万一, 一起, 十分) it is part of a word and stays.
_COUNTED = re.compile(
    rf"第?({_HAN_NUMBER}+)(?=号|栋|幢|座|单元|室|房|层|楼|弄|支弄|排|组|巷|门|梯|街区|网格|#)"
    rf"|(?<![^栋幢座元楼])({_HAN_NUMBER}{{2,}})(?!{_HAN_NUMBER}|[个次天年月日点周万千位人])"
)
_MAY_COUNT = re.compile(f"{_HAN_NUMBER}[号栋幢座单室房层楼弄支排组巷门梯街网#]|[栋幢座元楼]{_HAN_NUMBER}")


@dataclass(frozen=True, slots=True)
class Plain:
    """An evened-out text; `starts[i]` and `ends[i]` say which stretch of the text as sent character `i` stands for."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where the stretch `start:end` of the even text lies in the text as sent."""
        return (self.starts[start], self.ends[end - 1]) if end > start else (0, 0)


def unchanged(text: str) -> Plain:
    """A text that is as it was sent."""
    return Plain(text, range(len(text)), range(1, len(text) + 1))


class Normaliser:
    """Makes texts even: folded width, lower case, simplified characters, nothing invisible."""

    def __init__(self, script: Scripts) -> None:
        self._script = script

    def plain(self, text: str) -> Plain:
        """The even text, character by character, with its way back."""
        folded = text
        for wide in set(_WIDE.findall(text)):
            folded = folded.replace(wide, _WIDTH[wide])
        if _USUAL.fullmatch(folded):
            even = self._script.to_simplified(folded).lower()
            if len(even) == len(text):
                return unchanged(even)
        chars, origin = _fold_unusual(folded)
        even = self._script.to_simplified(chars)
        return Plain(even, origin, [at + 1 for at in origin])


def _fold_unusual(text: str) -> tuple[str, list[int]]:
    """Compatibility forms (①, ㎡, 𝟙) opened up, invisible characters dropped; with the place each came from."""
    chars: list[str] = []
    origin: list[int] = []
    for at, char in enumerate(text):
        pieces = _folded(char)
        chars.append(pieces)
        origin += (at,) * len(pieces)
    return "".join(chars), origin


@lru_cache(maxsize=8192)
def _folded(char: str) -> str:
    pieces = unicodedata.normalize("NFKC", char).lower()
    pieces = pieces.translate(_BREAKS)  # a line break parts words as a space does
    return "".join(piece for piece in pieces if unicodedata.category(piece) not in _INVISIBLE)


def han_number(word: str) -> int:
    """The value of a Han numeral, positional (二十一, 一百零三) or read out (二零一)."""
    if not any(char in _UNITS for char in word):
        return int("".join(str(_DIGITS[char]) for char in word))
    total, pending = 0, 0
    for char in word:
        if char in _UNITS:
            total += (pending or (0 if total else 1)) * _UNITS[char]
            pending = 0
        else:
            pending = _DIGITS[char]
    # 一百二 is spoken for 120, but 一百零二 is 102.
    if pending and word[-2:-1] == "百":
        pending *= 10
    return total + pending


def with_digits(plain: Plain) -> Plain:
    """The same text with the Han numerals of addresses as digits: 第三栋 → 3栋, 七栋一零一 → 7栋101."""
    if not _MAY_COUNT.search(plain.text):
        return plain
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    kept = 0
    for match in _COUNTED.finditer(plain.text):
        _copy(plain, kept, match.start(), (pieces, starts, ends))
        numeral = match.group(1) or match.group(2)
        digits = str(han_number(numeral))
        if len(numeral) > 1 and numeral[0] in "零〇○" and not any(char in _UNITS for char in numeral):
            digits = digits.rjust(len(numeral), "0")
        start, end = plain.original(match.start(), match.end())
        pieces.append(digits)
        starts.extend([start] * len(digits))
        ends.extend([end] * len(digits))
        kept = match.end()
    if not pieces:
        return plain
    _copy(plain, kept, len(plain.text), (pieces, starts, ends))
    return Plain("".join(pieces), starts, ends)


def _copy(plain: Plain, start: int, end: int, into: tuple[list[str], list[int], list[int]]) -> None:
    pieces, starts, ends = into
    pieces.append(plain.text[start:end])
    starts.extend(plain.starts[start:end])
    ends.extend(plain.ends[start:end])
