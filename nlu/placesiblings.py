"""Knows what a place goes on with (三组, （南区）5栋), and that a like number behind it is a place too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from nlu.lexica import filled
from nlu.placenames import Names

_Stretch = tuple[int, int]
_BRACKET_REACH = 8
_NAME_REACH = 6
_NUMERALS = frozenset("0123456789零〇一二两三四五六七八九十百")


class Siblings:
    """Completes places that have been found, with the lexicon of places."""

    def __init__(self, lexicon: Mapping[str, Any], names: Names) -> None:
        parts = lexicon["parts"]
        self._names = names
        self._behind, self._bracket, self._bracketed, self._relative = (
            re.compile(filled(lexicon[name], parts))
            for name in ("goes_on", "bracket_behind", "bracket_before", "relative")
        )
        self._kinds = [
            (re.compile(filled(entry["of"], parts)), re.compile(filled(entry["like"], parts)))
            for entry in lexicon["siblings"]
        ]

    def completed(self, text: str, places: list[_Stretch]) -> list[_Stretch]:
        """The places with what goes on behind them, those in brackets as one, and their siblings by number alone."""
        whole = [self._grown(text, start, end) for start, end in places]
        if ")" in text:
            whole = list(self._joined(text, whole))
        numbered = [one for one in whole if one[1] < len(text) and not _NUMERALS.isdisjoint(text[one[0] : one[1]])]
        like = list(self._siblings(text, whole, numbered)) if numbered else []
        return sorted(whole + like) if like else whole

    def relatives(self, text: str) -> list[tuple[int, int, str]]:
        """Ends told by what is beside them: 挨着茶馆的那一头."""
        return [(*one.span(), "place") for one in self._relative.finditer(text)]

    def _grown(self, text: str, start: int, end: int) -> _Stretch:
        """With the group, the floor or the room right behind: 北关村 + 三组, 地下车库 + -2层A086."""
        more = self._behind.match(text, end) if text[end : end + 1] in _NUMERALS or text[end : end + 1] == "-" else None
        return start, more.end() if more else end

    def _joined(self, text: str, places: list[_Stretch]) -> Iterator[_Stretch]:
        """Places around a part in brackets as one, with the name before it: 望江苑(南区)5栋门口."""
        past = 0
        for at, (start, end) in enumerate(places):
            if start < past:
                continue
            behind = self._bracket.match(text, end)
            past = self._past(behind, places[at + 1 :]) if behind else end
            yield start if behind else self._before_bracket(text, start), past

    def _past(self, bracket: re.Match[str], later: list[_Stretch]) -> int:
        """Where the place ends that a part in brackets belongs to: behind the room or the place that follows it."""
        follows = [last for first, last in later if first == bracket.end()]
        return max([bracket.end("room"), *follows]) if follows or bracket["room"] else bracket.start()

    def _before_bracket(self, text: str, start: int) -> int:
        """Where the place begins with the name before a part in brackets, which by itself says nothing yet."""
        bracket = self._bracketed.search(text, max(0, start - _BRACKET_REACH), start)
        if not bracket:
            return start
        first = self._names.confirmed(text, bracket.start(), _NAME_REACH)
        return first if first < bracket.start() else start

    def _siblings(self, text: str, places: list[_Stretch], numbered: list[_Stretch]) -> Iterator[_Stretch]:
        """Numbers of the kind that a place before them ends in: …28号三楼 … 四楼."""
        for of, like in self._kinds:
            known = next((end for start, end in numbered if of.search(text, start, end)), 0)
            for one in like.finditer(text, known) if known else ():
                if all(one.end() <= start or one.start() >= end for start, end in places):
                    yield one.span()
