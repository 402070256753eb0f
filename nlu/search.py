"""Knows how to find which of a few hundred short texts a question is about, and how sure that is."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from nlu.lexica import read_lexicon, words_of
from nlu.reading import Reader

_COMMON_SHARE = 0.25  # what 怎么 counts beside a telling pair of characters
_OWN_WORDS = 0.3  # how much it counts that little of the text found was left out by the question
_SATURATION = 1.2


class Lookup:
    """Finds texts by the pairs of characters they share with a question.

    A score near 1 means that nearly all telling pairs of the question are in the text; pairs no text has count against
    every text, so that a question about something else stays low.
    """

    def __init__(self, texts: Mapping[str, Sequence[str]], reader: Reader | None = None) -> None:
        """`texts` gives for each key the ways of asking or titles that lead to it."""
        self._reader = reader or Reader()
        self._common = frozenset(words_of(read_lexicon("search")["common"]))
        self._docs: list[tuple[str, Counter[str]]] = [
            (key, self._pairs(text)) for key, variants in texts.items() for text in variants if text.strip()
        ]
        frequency = Counter(pair for _, pairs in self._docs for pair in pairs)
        self._unknown = self._weight("", 0)
        self._weights = {pair: self._weight(pair, times) for pair, times in frequency.items()}
        self._holders: dict[str, list[int]] = {}
        for at, (_, pairs) in enumerate(self._docs):
            for pair in pairs:
                self._holders.setdefault(pair, []).append(at)
        self._sizes = [sum(self._weights[pair] for pair in pairs) for _, pairs in self._docs]

    def search(self, query: str, k: int = 3) -> list[tuple[str, float]]:
        """The k best keys with scores in 0..1, the best first."""
        asked = self._pairs(query)
        whole = sum(self._weights.get(pair, self._unknown_weight(pair)) for pair in asked)
        if not whole:
            return []
        shared: dict[int, float] = {}
        for pair in asked:
            for at in self._holders.get(pair, ()):
                shared[at] = shared.get(at, 0.0) + self._weights[pair]
        best: dict[str, float] = {}
        for at, weight in shared.items():
            key = self._docs[at][0]
            covered = weight / whole
            own = min(1.0, _SATURATION * weight / self._sizes[at])
            best[key] = max(best.get(key, 0.0), covered * (1 - _OWN_WORDS + _OWN_WORDS * own))
        return sorted(best.items(), key=lambda found: (-found[1], found[0]))[:k]

    def _pairs(self, text: str) -> Counter[str]:
        speech = "".join(char for char in self._reader.read(text[:500]).speech if char.isalnum())
        pairs = Counter(map("".join, zip(speech, speech[1:], strict=False)))
        return pairs or Counter(speech)

    def _unknown_weight(self, pair: str) -> float:
        return self._unknown * (_COMMON_SHARE if pair in self._common else 1.0)

    def _weight(self, pair: str, times: int) -> float:
        idf = math.log(1 + (len(self._docs) - times + 0.5) / (times + 0.5))
        return idf * (_COMMON_SHARE if pair in self._common else 1.0)
