"""Knows how found stretches become spans of the text as sent, and which of two overlapping ones stays."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from nlu.normalise import Plain
from nlu.understanding import Span

Found = tuple[str, int, int]
"""A kind and a stretch `start:end` of the even text."""

_Taken = tuple[int, int, str]


def without(text: str, found: Iterable[Found]) -> str:
    """The text with what was found put out of the way: 每天早上 does not begin the name of a place."""
    for _, start, end in found:
        text = f"{text[:start]}{',' * (end - start)}{text[end:]}"
    return text


def spans_of(text: str, plain: Plain, found: Iterable[Found]) -> tuple[Span, ...]:
    """The spans in order of appearance; of two that overlap the first found stays, but a place may hold a person."""
    taken: list[_Taken] = []
    inside: list[_Taken] = []
    starts, ends = plain.starts, plain.ends
    for kind, start, end in found:
        if end <= start:
            continue
        first, last = starts[start], ends[end - 1]
        at = bisect_left(taken, (first,))
        if (at == len(taken) or last <= taken[at][0]) and (not at or taken[at - 1][1] <= first):
            taken.insert(at, (first, last, kind))
        elif kind == "person" and _held(taken[max(0, at - 1) : at + 1], first, last):
            inside.append((first, last, kind))
    if inside:
        taken = sorted({*taken, *inside}, key=lambda one: (one[0], -one[1]))
    return tuple([Span(kind, first, last, text[first:last]) for first, last, kind in taken])


def _held(near: Sequence[_Taken], first: int, last: int) -> bool:
    """Whether one of the spans is a place that holds the stretch and more: 张伟家门口."""
    return any(kind == "place" and start <= first and last < end for start, end, kind in near)
