"""Knows how well stretches of a text are found: recall of the exact words, recall of most of them, false finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlu.measuring.sets import SPAN_KINDS, Example
from nlu.understanding import Span, Understanding

_ENOUGH = 0.5
"""Two stretches are the same when the part they share is at least half of what both cover."""


@dataclass(frozen=True, slots=True)
class SpanScore:
    """What became of one kind of span: how many there were, found exactly, found mostly; how many finds are false."""

    kind: str
    wanted: int
    exact: int
    mostly: int
    found: int
    false: int


def score_spans(examples: Sequence[Example], heard: Sequence[Understanding]) -> list[SpanScore]:
    """The score of each kind."""
    return [_score(kind, examples, heard) for kind in SPAN_KINDS]


def _score(kind: str, examples: Sequence[Example], heard: Sequence[Understanding]) -> SpanScore:
    wanted = exact = mostly = found = false = 0
    for example, one in zip(examples, heard, strict=True):
        spans = [span for span in one.spans if span.kind == kind]
        words = example.spans.get(kind, ())
        places = [place for word in words for place in _places(example.text, word)]
        wanted += len(words)
        found += len(spans)
        exact += sum(any(span.text == word for span in spans) for word in words)
        mostly += sum(any(_share(span, *at) >= _ENOUGH for span in spans for at in _places(example.text, word))
                      for word in words)  # fmt: skip
        false += sum(not any(_share(span, *at) > 0 for at in places) for span in spans)
    return SpanScore(kind, wanted, exact, mostly, found, false)


def _places(text: str, word: str) -> list[tuple[int, int]]:
    """Every stretch at which a word stands in a text."""
    starts = [at for at in range(len(text) - len(word) + 1) if text.startswith(word, at)]
    return [(at, at + len(word)) for at in starts]


def _share(span: Span, start: int, end: int) -> float:
    shared = min(span.end, end) - max(span.start, start)
    return max(0, shared) / (max(span.end, end) - min(span.start, start))
