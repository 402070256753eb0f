"""Knows where the name of a place begins: back over its characters to a verb, a pronoun, a label or a count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from nlu.lexica import words_of

OWN = frozenset({"的", "嘅"})
_LEAST = 2
_QUIET_LEAST = 4
_NUMBER_REACH = 4  # characters of a name before a number in it
_DIGITS = frozenset("0123456789")


class Names:
    """Finds the beginnings of names, with the lexicon of places."""

    def __init__(self, lexicon: Mapping[str, Any]) -> None:
        self._outside = frozenset("".join(lexicon["outside_names"].split()))
        self._inside = frozenset(words_of(lexicon["inside_names"]))
        self._before = frozenset(words_of(lexicon["before_names"])) | {
            count + counted for count in lexicon["counts"] for counted in lexicon["counted"]}  # fmt: skip
        self._before_ends = frozenset(word[-1] for word in self._before)
        self._trades = frozenset(lexicon["trades"])
        self._numbered = frozenset(lexicon["numbered"])
        self._soft = frozenset(lexicon["soft_ends"])
        self._soft_pairs = frozenset(words_of(lexicon["soft_pairs"]))
        self._quiet = re.compile(lexicon["quiet"])
        self._quiet_behind = frozenset(lexicon["quiet_behind"])
        self._no_place = frozenset(words_of(lexicon["no_places"]))

    def start(self, text: str, end: int, reach: int, *, own: bool = False) -> int:
        """Where the name that ends here begins; with `own`, back over one 的 too (卖凉粉的旁边)."""
        over = own and text[end - 1 : end] in OWN
        start = end - over
        least = max(0, start - reach)
        outside, before, ends = self._outside, self._before, self._before_ends
        while start > least:
            char = text[start - 1]
            if char in outside:
                if not self._belongs(text, start - 1):
                    break
            elif not char.isalpha():
                return self._with_number(text, start, end)
            if char in ends and not before.isdisjoint(
                (text[max(0, start - 2) : start], text[max(0, start - 3) : start])
            ):
                break
            start -= 1
        return self._with_trade(text, start, end) if over else start

    def soft(self, text: str, end: int) -> bool:
        """Whether names of places often end like this (前进里, 紫竹岗), which by itself says nothing yet."""
        pair = text[end - 2 : end]
        if end < _LEAST or pair in self._soft_pairs:
            return end >= _LEAST
        return text[end - 1] in self._soft and pair not in self._no_place

    def paired(self, text: str, end: int) -> bool:
        """Whether a name ends here in one of the words that names of places end in: 三中."""
        return text[max(0, end - 2) : end] in self._soft_pairs

    def confirmed(self, text: str, end: int, reach: int) -> int:
        """Where a name of such an end begins that stands right before a position or a number; `end` where none does."""
        last = end - (text[end - 1 : end] == " ")
        if not self.soft(text, last):
            return end
        start = self.start(text, last, reach)
        return start if last - start >= _LEAST else end

    def quiet(self, text: str, start: int, end: int) -> bool:
        """Whether a name of an end that says little is one: it is long, and fills its clause or all but its verb."""
        behind = text[end : end + 1]
        if end - start < _QUIET_LEAST or (behind.isalnum() and behind not in self._quiet_behind):
            return False
        return bool(self._quiet.search(text, max(0, start - 1), start))

    def over_number(self, text: str, start: int) -> int:
        """Over a number within a name, and what the name begins with: 阳光100小区, 未来1号小区."""
        first = start
        while first and text[first - 1] in _DIGITS:
            first -= 1
        if text[first : first + 1] not in _DIGITS or not "\u4e00" <= text[first - 1 : first] <= "\u9fff":
            return start
        before = self.start(text, first, _NUMBER_REACH)
        return before if first - before >= _LEAST else start

    def _belongs(self, text: str, at: int) -> bool:
        return text[at : at + 2] in self._inside or text[max(0, at - 1) : at + 1] in self._inside

    def _with_trade(self, text: str, start: int, end: int) -> int:
        """Over the verb of somebody's trade: 卖凉粉的, 开锁的; nothing but a 的 is no name."""
        if text[start - 1 : start] in self._trades and end - start >= _LEAST:
            return start - 1
        if text[start:end] in OWN:
            return start - 2 if start >= _LEAST and text[start - 2] in self._trades else end
        return start

    def _with_number(self, text: str, start: int, end: int) -> int:
        """Over the number that the name begins with: 105路终点站, G206国道."""
        if text[start : start + 1] not in self._numbered or text[start - 1] not in _DIGITS:
            return start
        while start and text[start - 1] in _DIGITS:
            start -= 1
        return start - (start > 0 and text[start - 1].isascii() and text[start - 1].isalpha())
