"""Knows the close calls of the labelling guide: which of two labels that lie close together certain words speak for."""

from __future__ import annotations

import re
from dataclasses import replace

from nlu.lexica import read_lexicon
from nlu.model import Scores


class Tiebreaks:
    """Decides between the two best labels where they lie close and a rule for the pair has its words in the text."""

    def __init__(self) -> None:
        lexicon = read_lexicon("tiebreaks")
        self._margin = float(lexicon["margin"])
        self._needs = {str(label): re.compile(words) for label, words in lexicon["needs"].items()}
        self._rules: dict[frozenset[str], list[tuple[re.Pattern[str], str]]] = {}
        for rule in lexicon["rules"]:
            self._rules.setdefault(frozenset(rule["pair"]), []).append((re.compile(rule["find"]), rule["then"]))

    def settle(self, speech: str, scores: Scores) -> Scores:
        """The scores as they came, or with the second label first where the words of the text say so."""
        needed = self._needs.get(scores.label)
        if needed and not needed.search(speech):
            rest = max(1 - scores.confidence, scores.runner_up_confidence)
            return _turned(scores, scores.runner_up_confidence / rest if rest else 0.0, 0.0)
        if scores.confidence - scores.runner_up_confidence < self._margin:
            for words, label in self._rules.get(frozenset((scores.label, scores.runner_up)), ()):
                if words.search(speech):
                    return scores if label == scores.label else _turned(scores, scores.confidence)
        return scores


def _turned(scores: Scores, confidence: float, other: float | None = None) -> Scores:
    return replace(
        scores,
        label=scores.runner_up,
        confidence=confidence,
        runner_up=scores.label,
        runner_up_confidence=scores.runner_up_confidence if other is None else other,
    )
