"""Knows how found stretches become spans of the text as sent, and which of two overlapping ones stays."""

from __future__ import annotations

from collections.abc import Iterable

from nlu.normalise import Plain
from nlu.understanding import Span

Found = tuple[str, int, int]
"""A kind and a stretch `start:end` of the even text."""


def spans_of(text: str, plain: Plain, found: Iterable[Found]) -> tuple[Span, ...]:
    """The spans in order of appearance; where two overlap, the one found first stays."""
    taken: list[Span] = []
    for kind, start, end in found:
        if end <= start:
            continue
        first, last = plain.original(start, end)
        if all(last <= span.start or first >= span.end for span in taken):
            taken.append(Span(kind, first, last, text[first:last]))
    return tuple(sorted(taken, key=lambda span: span.start))
