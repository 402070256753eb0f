"""Knows how to keep a resident's own words from slipping into a log, a card or a metric."""

from __future__ import annotations


class RawText:
    """Words as a person wrote them. Not a `str`: printing shows `***`, only `reveal()` hands the words out.

    Which modules may call `reveal()` is listed by a house rule (tests/test_house_rules.py).
    """

    __slots__ = ("_words",)

    def __init__(self, words: str = "") -> None:
        self._words = words

    def reveal(self) -> str:
        """The words themselves, for a reader who has the right."""
        return self._words

    def __repr__(self) -> str:
        return "***"

    def __bool__(self) -> bool:
        return bool(self._words)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RawText) and other._words == self._words

    def __hash__(self) -> int:
        return hash(self._words)
