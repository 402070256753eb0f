"""Knows runs of digits as people write and say them: spaced, dashed, in Han numerals (幺三八), in pieces."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

HAN_DIGIT = "零〇○一幺壹二贰三叁四肆五伍六陆七柒八捌九玖"
_HAN_VALUES = "0001112233445566778899"
DIGIT = f"0-9{HAN_DIGIT}"
"""What a digit can be written as, to stand in a class of an expression."""

DIGITS = frozenset(f"0123456789{HAN_DIGIT}")
_ASCII = str.maketrans(HAN_DIGIT, _HAN_VALUES)
_BETWEEN = " ,、.·_~()—–-"
_RUN = re.compile(rf"[{DIGIT}](?:[{_BETWEEN}]{{0,2}}[{DIGIT}]){{6,}}")
_ASCII_DIGITS = frozenset("0123456789")
_WORD = re.compile("一[直下般个起样定些次天]|[一二三四五六七八九][楼栋幢单点个户]")
_QUIET = frozenset(" -—–")


@dataclass(frozen=True, slots=True)
class Run:
    """Digits that stand together: in ASCII, with the place of each in the text; `cuts` are the offsets of pieces."""

    text: str
    digits: str
    at: Sequence[int]
    cuts: Sequence[int]

    def cut(self, offset: int) -> bool:
        """Whether a piece ends and another begins there (or the run itself does)."""
        where = bisect_left(self.cuts, offset)
        return where < len(self.cuts) and self.cuts[where] == offset

    def stretch(self, start: int, end: int) -> tuple[int, int]:
        """Where the digits `start:end` stand in the text."""
        return self.at[start], self.at[end - 1] + 1

    def sizes(self, start: int, end: int) -> tuple[int, ...]:
        """How long the pieces from `start` to `end` are, both of them cuts."""
        cuts = self.cuts[bisect_left(self.cuts, start) : bisect_left(self.cuts, end) + 1]
        return tuple(after - before for before, after in zip(cuts, cuts[1:], strict=False))

    def joints(self, start: int, end: int) -> set[str]:
        """The characters that part the pieces from `start` to `end`."""
        first, last = self.stretch(start, end)
        return set(self.text[first:last]) - DIGITS

    def quiet(self, start: int, end: int) -> bool:
        """Whether nothing but spaces and dashes part the pieces: lists and sums have commas and points."""
        return self.joints(start, end) <= _QUIET


def in_ascii(words: str) -> str:
    """Digits in whatever writing as ASCII digits: 幺三八 → 138."""
    return words.translate(_ASCII)


def runs(text: str) -> Iterator[Run]:
    """The runs of seven digits or more."""
    for found in _RUN.finditer(text):
        start, end = found.span()
        words = found.group()
        if words.isdecimal():
            yield Run(text, words, range(start, end), (0, end - start))
            continue
        at = [place for place in range(start, end) if text[place] in DIGITS]
        digits = "".join([text[place] for place in at])
        yield Run(text, in_ascii(digits), at, (0, *_cuts(text, at, digits), len(at)))


def _cuts(text: str, at: Sequence[int], digits: str) -> Iterator[int]:
    """Where something stands between, where the writing changes (…6019二哥), before a last 一 of a word (…八一直)."""
    last = len(at) - 1
    for offset in range(1, len(at)):
        ascii_here, ascii_before = digits[offset] in _ASCII_DIGITS, digits[offset - 1] in _ASCII_DIGITS
        if (
            at[offset] - at[offset - 1] > 1
            or ascii_here != ascii_before
            or offset == last
            and _WORD.match(text, at[last])
        ):
            yield offset
