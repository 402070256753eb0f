"""Knows how to find which of a few hundred short texts a question is about, and how sure that is."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from nlu.lexica import WordIndex, either, read_lexicon, words_of
from nlu.reading import Reader

_LONGEST = 500
_UNKNOWN_SHARE = 0.6  # a pair no text has is half a sign of another subject, half only another way of saying it
_SINGLE_SHARE = 0.3  # a character by itself beside a pair
_OWN_WORDS = 0.25  # how much it counts that little of the text found was left out by the question
_SATURATION = 1.2
_SPREAD = 0.75  # shares of what is covered lie low; the desk's thresholds want the middle of the scale


class Lookup:
    """Finds texts by the characters and pairs of characters they share with a question.

    A score near 1 means that nearly all telling parts of the question are in the text; parts that no text has count
    against every text, so that a question about something else stays low.
    """

    def __init__(self, texts: Mapping[str, Sequence[str]], reader: Reader | None = None) -> None:
        """`texts` gives for each key the ways of asking or titles that lead to it."""
        self._reader = reader or Reader()
        lexicon = read_lexicon("search")
        self._cut = re.compile(rf"(?:{either(words_of(lexicon['asked']))}|[\W_])+")
        self._same = WordIndex({str(word): str(standard) for word, standard in lexicon["same"].items()})
        self._docs = [(key, self._parts(text)) for key, variants in texts.items() for text in variants if text.strip()]
        frequency = Counter(part for _, parts in self._docs for part in parts)
        self._weights = {part: self._weight(part, times) for part, times in frequency.items()}
        self._holders: dict[str, list[int]] = {}
        for at, (_, parts) in enumerate(self._docs):
            for part in parts:
                self._holders.setdefault(part, []).append(at)
        self._sizes = [sum(self._weights[part] for part in parts) for _, parts in self._docs]

    def search(self, query: str, k: int = 3) -> list[tuple[str, float]]:
        """The k best keys with scores in 0..1, the best first."""
        asked = self._parts(query)
        whole = sum(self._weights.get(part, self._weight(part, 0) * _UNKNOWN_SHARE) for part in asked)
        shared: dict[int, float] = {}
        for part in asked:
            for at in self._holders.get(part, ()):
                shared[at] = shared.get(at, 0.0) + self._weights[part]
        best: dict[str, float] = {}
        for at, weight in shared.items():
            own = min(1.0, _SATURATION * weight / self._sizes[at])
            score = (weight / whole) * (1 - _OWN_WORDS + _OWN_WORDS * own)
            key = self._docs[at][0]
            best[key] = max(best.get(key, 0.0), min(1.0, score) ** _SPREAD)
        return sorted(best.items(), key=lambda found: (-found[1], found[0]))[:k]

    def _parts(self, text: str) -> dict[str, None]:
        """What a text is about: characters and pairs of them, without the words of asking."""
        speech = self._same.replace(self._reader.read(text[:_LONGEST]).speech)
        parts: dict[str, None] = {}
        for piece in self._cut.split(speech):
            parts.update(dict.fromkeys(piece))
            parts.update(dict.fromkeys(map("".join, zip(piece, piece[1:], strict=False))))
        return parts

    def _weight(self, part: str, times: int) -> float:
        idf = math.log(1 + (len(self._docs) - times + 0.5) / (times + 0.5))
        return idf * (_SINGLE_SHARE if len(part) == 1 else 1.0)
