"""Knows which pieces of writing a text must have before an expression can match it, so that most are not tried."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Any

Needed = tuple[frozenset[str], ...]
"""Sets of pieces, each one or two characters long; a text that can match has at least one piece of each set."""

_MOST_SETS = 3
_MOST_STRINGS = 160  # so many strings an expression may be written out into before a piece is cut off
_COMMON = frozenset(
    "的了人我不是在他她你们有一个这那里家上下来去没就都也还到着得给把被要会能说好大小老多天么什怎吗们楼电车门水"
)
_DEAREST = 120.0  # a set met more often than this is met by nearly every text


def needed(expression: str) -> Needed:
    """The sets for one expression, taken from the expression itself: what is not understood is never required."""
    parser = getattr(re, "_parser", None)  # the parser `re` itself uses; without it every expression is tried
    if parser is None:
        return ()
    found = _of_sequence(parser.parse(expression))
    sets = sorted({*found.sets, *_closed(found.strings)}, key=lambda one: (_met(one), sorted(one)))
    return tuple(one for one in sets if _met(one) <= _DEAREST)[:_MOST_SETS]


class Shortlist:
    """Which of many expressions a text can match at all, by the pieces it has."""

    def __init__(self, expressions: Sequence[str]) -> None:
        self._sets = [needed(expression) for expression in expressions]
        self._always = 0
        self._by_piece: dict[str, int] = {}
        for at, sets in enumerate(self._sets):
            if not sets:
                self._always |= 1 << at
            for piece in sets[0] if sets else ():
                self._by_piece[piece] = self._by_piece.get(piece, 0) | 1 << at

    def of(self, pieces: Set[str]) -> Iterator[int]:
        """The numbers of the expressions to try on a text with these pieces (`pieces_of`), in order."""
        by_piece = self._by_piece
        marked = self._always
        for piece in by_piece.keys() & pieces:
            marked |= by_piece[piece]
        while marked:
            lowest = marked & -marked
            marked ^= lowest
            at = lowest.bit_length() - 1
            if not any(one.isdisjoint(pieces) for one in self._sets[at][1:]):
                yield at


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of a part of an expression: all strings it can be (None: not to be told), and sets it needs."""

    strings: frozenset[str] | None
    sets: tuple[frozenset[str], ...] = ()


_ANYTHING = _Found(None)
_NOTHING = _Found(frozenset({""}))


def _met(one: frozenset[str]) -> float:
    """How often a set is met, roughly: the rarer, the more a text without it saves."""
    return sum(0.2 if len(piece) > 1 else 8 if piece in _COMMON else 1 for piece in one)


def _closed(strings: frozenset[str] | None) -> tuple[frozenset[str], ...]:
    """One piece of each string; no set where a string may be empty."""
    if not strings or "" in strings:
        return ()
    return (frozenset(min(_pieces(string), key=_price) for string in strings),)


def _pieces(string: str) -> list[str]:
    return [string] if len(string) == 1 else [string[at : at + 2] for at in range(len(string) - 1)]


def _price(piece: str) -> tuple[int, str]:
    return sum(char in _COMMON for char in piece), piece


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> _Found:
    strings: frozenset[str] | None = frozenset({""})
    sets: list[frozenset[str]] = []
    whole = True
    for operation, argument in items:
        found = _of_item(str(operation), argument)
        sets += found.sets
        if strings is not None and found.strings is not None and len(strings) * len(found.strings) <= _MOST_STRINGS:
            strings = frozenset(left + right for left in strings for right in found.strings)
            continue
        sets += _closed(strings)  # what comes next does not join on
        strings, whole = found.strings, False
        if strings is None:
            strings = frozenset({""})
    sets += () if whole else _closed(strings)
    return _Found(strings if whole else None, tuple(sets))


def _of_item(operation: str, argument: Any) -> _Found:
    match operation:
        case "LITERAL":
            return _Found(frozenset(chr(argument)))
        case "IN":
            return _of_class(argument)
        case "SUBPATTERN":
            return _of_sequence(argument[-1])
        case "BRANCH":
            return _of_branches(argument[1])
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return _of_repeat(*argument)
        case "ASSERT" | "ASSERT_NOT" | "AT":
            return _NOTHING  # it takes up no room: what stands on either side of it is neighbours
        case _:
            return _ANYTHING


def _of_class(items: Sequence[tuple[Any, Any]]) -> _Found:
    if all(str(operation) == "LITERAL" for operation, _ in items):
        return _Found(frozenset(chr(code) for _, code in items))
    return _ANYTHING


def _of_repeat(least: int, most: Any, items: Any) -> _Found:
    once = _of_sequence(items)
    if (least, most) == (1, 1):
        return once
    if (least, most) == (0, 1) and once.strings is not None:
        return _Found(once.strings | {""})
    return _Found(None, (*once.sets, *_closed(once.strings))) if least else _ANYTHING


def _of_branches(branches: Iterable[Iterable[tuple[Any, Any]]]) -> _Found:
    """The strings of all branches; else one set with a piece of every branch, where every branch needs one."""
    found = [_of_sequence(branch) for branch in branches]
    if all(one.strings is not None for one in found):
        strings = frozenset[str]().union(*(one.strings or () for one in found))
        return _Found(strings)
    rarest = [min([*one.sets, *_closed(one.strings)], key=_met, default=None) for one in found]
    if any(one is None for one in rarest):
        return _ANYTHING
    return _Found(None, (frozenset[str]().union(*(one for one in rarest if one)),))
