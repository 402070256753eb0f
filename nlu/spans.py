"""Knows how found stretches become spans of the text as sent, and which of two overlapping ones stays."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from nlu.normalise import Plain
from nlu.understanding import Span

Found = tuple[str, int, int]
"""A kind and a stretch `start:end` of the even text."""


def spans_of(text: str, plain: Plain, found: Iterable[Found]) -> tuple[Span, ...]:
    """The spans in order of appearance; where two overlap, the one found first stays."""
    taken: list[tuple[int, int, str]] = []
    starts, ends = plain.starts, plain.ends
    for kind, start, end in found:
        if end <= start:
            continue
        first, last = starts[start], ends[end - 1]
        at = bisect_left(taken, (first,))
        if (at == len(taken) or last <= taken[at][0]) and (not at or taken[at - 1][1] <= first):
            taken.insert(at, (first, last, kind))
    return tuple([Span(kind, first, last, text[first:last]) for first, last, kind in taken])
