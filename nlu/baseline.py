"""Knows a makeshift for the trained model: labels by plain words alone, never sure, so that the bot asks back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from nlu.demand import Cues
from nlu.features import Features
from nlu.lexica import pieces_of, read_lexicon, words_of
from nlu.model import Scores
from nlu.understanding import EMERGENCY_TYPES, LABELS

SURE = 0.5
"""Of what has words that speak for it: enough to be offered."""
RIVAL = 0.45
"""Of the second: so near to the first that a desk must ask which of the two is meant."""
STRANGE = 0.1
"""Of a text in which nothing is known."""

_WORDLESS = "out_of_scope"
_CONCEPT = 2  # a concept speaks as loudly as a word of three characters


class Baseline:
    """Scores texts as a trained model does, with nothing learnt: for the time until there is a sound model again.

    The rules of danger stand before it as before every model; it raises no alarm of its own.
    """

    emergency_threshold = 1.1
    unsure_rules: frozenset[str] = frozenset()

    def __init__(self, cues: Cues) -> None:
        self._labels = {
            concept: label for label, concepts in read_lexicon("baseline").items() for concept in words_of(concepts)
        }
        self._words: dict[str, list[tuple[frozenset[str], str, str]]] = {}
        for label, items in cues.items():
            for word, item in {word: item for item, words in items for word in words if len(word) > 1}.items():
                pairs = frozenset(map("".join, zip(word, word[1:], strict=False)))
                self._words.setdefault(word[:2], []).append((pairs, label, item))

    def scores(self, batch: Sequence[Features]) -> list[Scores]:
        """The label for which most words speak, and the next."""
        return [self._score(features) for features in batch]

    def emergency_types(self, asked: Sequence[tuple[Features, Mapping[str, float]]]) -> list[str]:
        """The type of each emergency for which most words speak; of those the rules found, where they found some."""
        return [self._type(features, spoken_for) for features, spoken_for in asked]

    def _type(self, features: Features, spoken_for: Mapping[str, float]) -> str:
        votes: dict[str, float] = dict(spoken_for)
        for length, label, item in self._found(features):
            if label == "emergency" and item in EMERGENCY_TYPES and (not spoken_for or item in spoken_for):
                votes[item] = votes.get(item, 0) + length
        return max(votes, key=votes.__getitem__, default="medical")

    def _score(self, features: Features) -> Scores:
        votes: dict[str, int] = {}
        for concept in (name for name in features.concepts if name in self._labels):
            label = self._labels[concept]
            votes[label] = votes.get(label, 0) + _CONCEPT
        for length, label, _ in self._found(features):
            votes[label] = votes.get(label, 0) + length
        ranked = sorted(votes, key=lambda label: (-votes[label], LABELS.index(label)))
        first = next((label for label in ranked if label != "emergency"), "safety_hazard" if ranked else _WORDLESS)
        # Danger of which no rule speaks is a story, a shop, a question: it is offered, never decided.
        others = ("emergency",) if "emergency" in votes else (*ranked, "public_opinion", _WORDLESS)
        second = next(label for label in others if label != first)
        sure, rival = (SURE, RIVAL) if ranked else (STRANGE, STRANGE)
        return Scores(first, sure, second, rival, sure if "emergency" in votes else 0.0)

    def _found(self, features: Features) -> Iterator[tuple[int, str, str]]:
        """Words of the catalogue that stand in a text, or whose pairs all do: how long, for which label and item."""
        chars = pieces_of(features.bare)
        for head in self._words.keys() & chars:
            yield from ((len(pairs), label, item) for pairs, label, item in self._words[head] if pairs <= chars)
