"""Knows which rules of danger proved wrong too often to decide alone, by what they say of the training sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from nlu.gate import Gate
from nlu.reading import Reader

LEAST_RIGHT = 0.98
"""Of all sentences for which a rule decides, so many must speak of an emergency; else it is only a hint."""


def unsure_rules(sentences: Sequence[tuple[str, str]], reader: Reader) -> tuple[str, ...]:
    """The keys of the rules that are right less often, for sentences (text, label); rules never met stay sure."""
    gate = Gate()
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for text, label in sentences:
        (right if label == "emergency" else wrong).update(gate.deciding(reader.read(text).speech))
    return tuple(sorted(key for key in wrong if right[key] < LEAST_RIGHT * (right[key] + wrong[key])))
