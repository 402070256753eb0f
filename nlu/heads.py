"""Knows which characters an expression can begin with, so that it is tried only where a text has one of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
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


def seconds(expression: str, char: str) -> frozenset[str] | None:
    """The characters a match that begins with this one can go on with; None where it can go on with any, or end."""
    heads, _, over = _behind(_kept(expression), char)
    return None if over else heads


class Tries:
    """Many expressions over one text, in one pass; of those that fit at one place, the first given is taken.

    They are tried where a text has two characters that one of them can begin with.

    What is tried at a character is compiled when a text first has it: all together would cost a start 0.3 s.
    """

    def __init__(self, expressions: Sequence[str]) -> None:
        by_char: dict[str, list[str]] = {}
        for expression in expressions:
            for char in beginnings(expression):
                by_char.setdefault(char, []).append(expression)
        self._sources = {char: "|".join(some) for char, some in by_char.items()}
        self._by_char = by_char
        self._ways: dict[str, frozenset[str] | None] = {}
        self._compiled: dict[str, Callable[[str, int], re.Match[str] | None]] = {}
        self._tries: dict[str, Callable[[str, int], re.Match[str] | None]] = {}

    def warm(self) -> Iterator[None]:
        """Compile everything, one expression a step."""
        for char in self._sources:
            if char not in self._tries:
                self._ways_of(char)
                self._try_at(char)
                yield

    def _ways_of(self, char: str) -> frozenset[str] | None:
        ways = [seconds(one, char) for one in self._by_char[char]]
        known = [heads for heads in ways if heads is not None]
        return self._ways.setdefault(char, frozenset[str]().union(*known) if len(known) == len(ways) else None)

    def _try_at(self, char: str) -> Callable[[str, int], re.Match[str] | None]:
        source = self._sources[char]
        if source not in self._compiled:
            self._compiled[source] = re.compile(source).match
        return self._tries.setdefault(char, self._compiled[source])

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """The matches from left to right, none within another."""
        tries, sources, seconds = self._tries, self._sources, self._ways
        past = 0
        for at, char in enumerate(text):
            if char in sources and at >= past:
                ways = seconds[char] if char in seconds else self._ways_of(char)
                if ways is not None and text[at + 1 : at + 2] not in ways:
                    continue
                match = (tries[char] if char in tries else self._try_at(char))(text, at)
                if match:
                    yield match
                    past = match.end()


def _parsed(expression: str) -> Iterable[tuple[Any, Any]]:
    parser: Any = re._parser  # type: ignore[attr-defined]  # the parser that `re` itself uses
    parsed: Iterable[tuple[Any, Any]] = parser.parse(expression)
    return parsed


@cache
def _kept(expression: str) -> Sequence[tuple[Any, Any]]:
    """Parsed once, for those that are asked again with every character; all of them would take 5 MB."""
    return list(_parsed(expression))


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


_Behind = tuple[frozenset[str] | None, bool, bool]
"""What can stand behind a first character, whether a part may match nothing before it, whether it may end with it."""


def _behind(items: Sequence[tuple[Any, Any]], char: str) -> _Behind:
    """Of parts that follow each other: the first that can begin with the character, and what comes behind it."""
    together: frozenset[str] | None = frozenset()
    ends = False
    for at, (operation, argument) in enumerate(items):
        heads, empty, over = _behind_item(str(operation), argument, char)
        if over:
            rest, over = _of_sequence(items[at + 1 :])
            heads = None if heads is None or rest is None else heads | rest
            ends = ends or over
        together = None if heads is None or together is None else together | heads
        if not empty:
            return together, False, ends
    return together, True, ends


def _behind_item(operation: str, argument: Any, char: str) -> _Behind:
    nothing: frozenset[str] = frozenset()
    match operation:
        case "LITERAL":
            return nothing, False, chr(argument) == char
        case "IN":
            heads = _of_class(argument)
            return nothing, False, heads is None or char in heads
        case "SUBPATTERN":
            return _behind(list(argument[-1]), char)
        case "BRANCH":
            ways = [_behind(list(branch), char) for branch in argument[1]]
            known = [heads for heads, _, _ in ways if heads is not None]
            heads = nothing.union(*known) if len(known) == len(ways) else None
            return heads, any(empty for _, empty, _ in ways), any(over for _, _, over in ways)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, body = argument
            heads, empty, over = _behind(list(body), char)
            if over and most > 1:
                again, _ = _of_sequence(body)
                heads = None if heads is None or again is None else heads | again
            return heads, empty or not least, over and least <= 1
        case "ASSERT" | "ASSERT_NOT" | "AT":
            return nothing, True, False
        case _:
            return None, False, True
