"""Knows whether training data are many voices or few: near-duplicates, growth of vocabulary, words that give away."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from nlu.corpus import Sentence
from nlu.lexica import pieces_of
from nlu.normalise import Normaliser
from nlu.script import Scripts

ALIKE = 0.8
"""Two sentences that share more of their pairs of characters than this are the same sentence twice."""

TOLD = 0.85
"""A sentence that shares more than this with one of a frozen set has been learnt by heart."""

_COMMON = 0.35
_RARE = 0.02
_QUARTERS = 4
_PAIR = 2

Pairs = frozenset[str]


@dataclass(frozen=True, slots=True)
class Alike:
    """Two sentences that are nearly the same, by their places in the lists compared."""

    one: int
    other: int
    share: float


@dataclass(frozen=True, slots=True)
class Giveaway:
    """A word that stands in much of one label and hardly anywhere else: the label would be learnt as a keyword."""

    label: str
    word: str
    inside: float
    outside: float


class Evened:
    """Texts as sets of pairs of characters, without what voices do not differ in: marks, digits, width, script."""

    def __init__(self) -> None:
        self._normaliser = Normaliser(Scripts())

    def text(self, text: str) -> str:
        """The text evened out; what holds no word (stickers, marks, a number alone) stays as it is."""
        plain = self._normaliser.plain(text).text
        even = "".join("0" if char.isdigit() else char for char in plain if char.isalnum())
        return even if sum(char.isalpha() for char in even) >= _PAIR else text

    def pairs(self, text: str) -> Pairs:
        """Its pairs of characters, the ends counted too, so that one character more or less shows."""
        even = self.text(text)
        if even == text and not any(char.isalpha() for char in text):
            return frozenset({text})
        framed = f"^{even}$"
        return frozenset(map("".join, zip(framed, framed[1:], strict=False)))


def alike(texts: Sequence[Pairs], more_than: float = ALIKE) -> list[Alike]:
    """Every two that are nearly the same. Only those that share one of their rarest pairs are compared at all."""
    prefixes = _prefixes(texts, more_than)
    seen: dict[str, list[int]] = defaultdict(list)
    found: list[Alike] = []
    for at, (pairs, rarest) in enumerate(zip(texts, prefixes, strict=True)):
        for other in sorted({other for pair in rarest for other in seen[pair]}):
            share = _share(pairs, texts[other])
            if share > more_than:
                found.append(Alike(other, at, share))
        for pair in rarest:
            seen[pair].append(at)
    return found


def alike_across(known: Sequence[Pairs], others: Sequence[Pairs], more_than: float = TOLD) -> list[Alike]:
    """Of `known` and `others`, every two that are nearly the same."""
    both = [*known, *others]
    return [
        Alike(one.one, one.other - len(known), one.share)
        for one in alike(both, more_than)
        if one.one < len(known) <= one.other
    ]


def _prefixes(texts: Sequence[Pairs], more_than: float) -> list[list[str]]:
    """Of each text so many of its rarest pairs that two nearly the same texts must have one of them in common."""
    frequency = Counter(pair for pairs in texts for pair in pairs)
    ordered = (sorted(pairs, key=lambda pair: (frequency[pair], pair)) for pairs in texts)
    return [pairs[: len(pairs) - math.ceil(more_than * len(pairs)) + 1] for pairs in ordered]


def _share(one: Pairs, other: Pairs) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if one or other else 1.0


def two_labels(sentences: Sequence[Sentence], even: Callable[[str], str]) -> dict[str, set[str]]:
    """Texts that stand under several labels; nobody could learn which."""
    labels: dict[str, set[str]] = defaultdict(set)
    for sentence in sentences:
        labels[even(sentence.text)].add(sentence.label)
    return {text: found for text, found in labels.items() if len(found) > 1}


def growth(texts: Sequence[Pairs]) -> list[float]:
    """New pairs of characters per 1,000 sentences, quarter by quarter, in an order drawn once and always the same.

    A language always has words left; templates run out of them.
    """
    shuffled = Random(0).sample(texts, len(texts))
    size = -(-len(texts) // _QUARTERS) or 1
    seen: set[str] = set()
    rates: list[float] = []
    for start in range(0, size * _QUARTERS, size):
        quarter, before = shuffled[start : start + size], len(seen)
        seen.update(pair for pairs in quarter for pair in pairs)
        rates.append((len(seen) - before) / max(1, len(quarter)) * 1000)
    return rates


def giveaways(sentences: Sequence[Sentence]) -> list[Giveaway]:
    """Words of two characters in more than 35 % of a label's sentences and in fewer than 2 % of the others."""
    holds = Counter(sentence.label for sentence in sentences)
    inside: Counter[tuple[str, str]] = Counter()
    whole: Counter[str] = Counter()
    for sentence in sentences:
        words = {piece for piece in pieces_of(sentence.text) if len(piece) == _PAIR and piece.isalpha()}
        whole.update(words)
        inside.update((sentence.label, word) for word in words)
    found: list[Giveaway] = []
    for (label, word), times in inside.items():
        share, rest = times / holds[label], len(sentences) - holds[label]
        outside = (whole[word] - times) / max(1, rest)
        if share > _COMMON and outside < _RARE:
            found.append(Giveaway(label, word, share, outside))
    return sorted(found, key=lambda one: -one.inside)
