"""Knows which pieces of writing a text must have before an expression can match it, so that most are not tried."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

Needed = tuple[frozenset[str], ...]
"""Sets of pieces, each one or two characters long; a text that can match has at least one piece of each set."""

_MOST_SETS = 4
_MOST_WAYS = 24  # so many alternatives of one expression are looked at by themselves
_MOST_STRINGS = 160  # so many strings an expression may be written out into before a piece is cut off
_COMMON = frozenset(
    "的了人我不是在他她你们有一个这那里家上下来去没就都也还到着得给把被要会能说好大小老多天么什怎吗们楼电车门水"
)
_DEAREST = 120.0  # a set met more often than this is met by nearly every text


def needed(expression: str) -> list[Needed]:
    """The sets for each way one expression can match, taken from the expression itself.

    What is not understood is never required.
    """
    parser = getattr(re, "_parser", None)  # the parser `re` itself uses; without it every expression is tried
    return [()] if parser is None else list(dict.fromkeys(map(_sets, _ways(_looked_at(parser.parse(expression))))))


def _sets(way: Sequence[_Found]) -> Needed:
    found = _joined(way)
    dear = {one: _met(one) for one in {*found.sets, *_closed(found.strings)}}
    return tuple(sorted((one for one in dear if dear[one] <= _DEAREST), key=lambda one: (dear[one], sorted(one))))[
        :_MOST_SETS
    ]


def _ways(parts: Sequence[_Found]) -> list[Sequence[_Found]]:
    """The alternatives of an expression one by one, where they are not just strings: each has needs of its own."""
    for at, one in enumerate(parts):
        if one.branches and one.strings is None:
            before, after = parts[:at], parts[at + 1 :]
            ways = [way for branch in one.branches for way in _ways([*before, *branch, *after])]
            return ways if len(ways) <= _MOST_WAYS else [parts]
    return [parts]


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of a part of an expression: all strings it can be (None: not to be told), and sets it needs.

    `branches` are its alternatives, part by part.
    """

    strings: frozenset[str] | None
    sets: tuple[frozenset[str], ...] = ()
    branches: tuple[Sequence[_Found], ...] = ()


_ANYTHING = _Found(None)
_NOTHING = _Found(frozenset({""}))


def _met(one: frozenset[str]) -> float:
    """How often a set is met, roughly: the rarer, the more a text without it saves."""
    return sum(0.2 if len(piece) > 1 else 8 if piece in _COMMON else 1 for piece in one)


def _closed(strings: frozenset[str] | None) -> tuple[frozenset[str], ...]:
    """One piece of each string; no set where a string may be empty."""
    if not strings or "" in strings:
        return ()
    return (frozenset([min(_pieces(string), key=_price) for string in strings]),)


def _pieces(string: str) -> list[str]:
    return [string] if len(string) == 1 else [string[at : at + 2] for at in range(len(string) - 1)]


@cache
def _price(piece: str) -> tuple[int, str]:
    return sum(char in _COMMON for char in piece), piece


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> _Found:
    return _joined(_looked_at(items))


def _looked_at(items: Iterable[tuple[Any, Any]]) -> Sequence[_Found]:
    return [_of_item(str(operation), argument) for operation, argument in items]


def _joined(parts: Sequence[_Found]) -> _Found:
    """What is known of parts that follow each other."""
    strings: frozenset[str] | None = frozenset({""})
    sets: list[frozenset[str]] = []
    whole = True
    for found in parts:
        sets += found.sets
        if strings is not None and found.strings is not None and len(strings) * len(found.strings) <= _MOST_STRINGS:
            strings = frozenset([left + right for left in strings for right in found.strings])
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
    parts = tuple(_looked_at(branch) for branch in branches)
    found = [_joined(one) for one in parts]
    if all(one.strings is not None for one in found):
        strings = frozenset[str]().union(*(one.strings or () for one in found))
        return _Found(strings)
    rarest = [min([*one.sets, *_closed(one.strings)], key=_met, default=None) for one in found]
    if any(one is None for one in rarest):
        return _Found(None, (), parts)
    return _Found(None, (frozenset[str]().union(*(one for one in rarest if one)),), parts)
