"""Knows which characters an expression can begin with, so that it is tried only where a text has one of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

_DIGITS = frozenset("0123456789")
_WIDEST = 4000  # characters of a range, beyond which an expression is said to begin with anything

Heads = tuple[frozenset[str] | None, bool]
"""The characters a part can begin with (None: any), and whether it may match nothing at all."""


def beginnings(expression: str) -> frozenset[str]:
    """The characters a match of the expression can begin with; what can begin with anything is refused."""
    heads, empty = _of_sequence(_parsed(expression))
    if heads is None or empty:
        raise ValueError(f"it can begin with anything: {expression[:80]}")
    return heads


class Tries:
    """Many expressions over one text, in one pass; of those that fit at one place, the first given is taken.

    What is tried at a character is compiled when a text first has it: all together would cost a start 0.3 s.
    """

    def __init__(self, expressions: Sequence[str]) -> None:
        by_char: dict[str, list[str]] = {}
        for expression in expressions:
            for char in beginnings(expression):
                by_char.setdefault(char, []).append(expression)
        self._sources = {char: "|".join(some) for char, some in by_char.items()}
        self._compiled: dict[str, Callable[[str, int], re.Match[str] | None]] = {}
        self._tries: dict[str, Callable[[str, int], re.Match[str] | None]] = {}

    def warm(self) -> Iterator[None]:
        """Compile everything, one expression a step."""
        for char in self._sources:
            if char not in self._tries:
                self._try_at(char)
                yield

    def _try_at(self, char: str) -> Callable[[str, int], re.Match[str] | None]:
        source = self._sources[char]
        if source not in self._compiled:
            self._compiled[source] = re.compile(source).match
        return self._tries.setdefault(char, self._compiled[source])

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """The matches from left to right, none within another."""
        tries, sources = self._tries, self._sources
        past = 0
        for at, char in enumerate(text):
            if char in sources and at >= past:
                match = (tries[char] if char in tries else self._try_at(char))(text, at)
                if match:
                    yield match
                    past = match.end()


def _parsed(expression: str) -> Iterable[tuple[Any, Any]]:
    parser: Any = re._parser  # type: ignore[attr-defined]  # the parser that `re` itself uses
    parsed: Iterable[tuple[Any, Any]] = parser.parse(expression)
    return parsed


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> Heads:
    heads: frozenset[str] = frozenset()
    for operation, argument in items:
        own, empty = _of_item(str(operation), argument)
        if own is None:
            return None, empty
        heads |= own
        if not empty:
            return heads, False
    return heads, True


def _of_item(operation: str, argument: Any) -> Heads:
    match operation:
        case "LITERAL":
            return frozenset(chr(argument)), False
        case "IN":
            return _of_class(argument), False
        case "SUBPATTERN":
            return _of_sequence(argument[-1])
        case "BRANCH":
            return _of_branches([_of_sequence(branch) for branch in argument[1]])
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            heads, empty = _of_sequence(argument[2])
            return heads, empty or not argument[0]
        case "ASSERT" | "ASSERT_NOT" | "AT":
            return frozenset(), True
        case _:
            return None, False


def _of_branches(branches: Sequence[Heads]) -> Heads:
    if any(heads is None for heads, _ in branches):
        return None, False
    return frozenset[str]().union(*(heads or () for heads, _ in branches)), any(empty for _, empty in branches)


def _of_class(items: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    heads: set[str] = set()
    for operation, argument in items:
        if str(operation) == "LITERAL":
            heads.add(chr(argument))
        elif str(operation) == "RANGE" and argument[1] - argument[0] < _WIDEST:
            heads.update(map(chr, range(argument[0], argument[1] + 1)))
        elif str(operation) == "CATEGORY" and str(argument) == "CATEGORY_DIGIT":
            heads |= _DIGITS
        else:
            return None
    return frozenset(heads)
