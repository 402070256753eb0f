"""Knows which characters a text must have before an expression can match it, so that most expressions are not tried."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

Needed = tuple[frozenset[str], ...]
"""Sets of characters; a text that can match has at least one character of each."""

_MOST_SETS = 3
_COMMON = frozenset(
    "的了人我不是在他她你们有一个这那里家上下来去没就都也还到着得给把被要会能说好大小老多天么什怎吗们楼电车门水"
)
_LARGEST_SET = 120  # a set of more characters is met by nearly every text


def needed(expression: str) -> Needed:
    """The sets for one expression, taken from the expression itself: what is not understood is never required."""
    parser = getattr(re, "_parser", None)  # the parser `re` itself uses; without it every expression is tried
    if parser is None:
        return ()
    sets = sorted(_of_sequence(parser.parse(expression)), key=_met)
    return tuple(one for one in sets if len(one) <= _LARGEST_SET)[:_MOST_SETS]


def _met(one: frozenset[str]) -> tuple[int, list[str]]:
    """How often a set is met, roughly: the rarer, the more a text without it saves."""
    return sum(8 if char in _COMMON else 1 for char in one), sorted(one)


class Shortlist:
    """Which of many expressions a text can match at all, by the characters it has."""

    def __init__(self, expressions: Sequence[str]) -> None:
        self._sets = [needed(expression) for expression in expressions]
        self._always = 0
        self._by_character: dict[str, int] = {}
        for at, sets in enumerate(self._sets):
            if not sets:
                self._always |= 1 << at
            for char in sets[0] if sets else ():
                self._by_character[char] = self._by_character.get(char, 0) | 1 << at

    def of(self, text: str) -> Iterator[int]:
        """The numbers of the expressions to try, in order."""
        characters = frozenset(text)
        by_character = self._by_character
        marked = self._always
        for char in characters:
            marked |= by_character.get(char, 0)
        while marked:
            lowest = marked & -marked
            marked ^= lowest
            at = lowest.bit_length() - 1
            if not any(one.isdisjoint(characters) for one in self._sets[at][1:]):
                yield at


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> list[frozenset[str]]:
    found: list[frozenset[str]] = []
    for operation, argument in items:
        found += _of_item(str(operation), argument)
    return found


def _of_item(operation: str, argument: Any) -> list[frozenset[str]]:
    match operation:
        case "LITERAL":
            return [frozenset(chr(argument))]
        case "IN":
            return _of_class(argument)
        case "SUBPATTERN":
            return _of_sequence(argument[-1])
        case "BRANCH":
            return _of_branches(argument[1])
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return _of_sequence(argument[2]) if argument[0] else []
        case _:
            return []  # what may be looked for around a match, any character, ends of the text: nothing is required


def _of_class(items: Sequence[tuple[Any, Any]]) -> list[frozenset[str]]:
    if all(str(operation) == "LITERAL" for operation, _ in items):
        return [frozenset(chr(code) for _, code in items)]
    return []


def _of_branches(branches: Iterable[Iterable[tuple[Any, Any]]]) -> list[frozenset[str]]:
    """One set that has a character of every branch; nothing where one branch requires nothing."""
    rarest = [min(_of_sequence(branch), key=_met, default=frozenset[str]()) for branch in branches]
    return [frozenset[str]().union(*rarest)] if all(rarest) else []
