"""Knows the close calls of the labelling guide: which of two labels that lie close together certain words speak for."""

from __future__ import annotations

import re

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

    def prefer(self, speech: str, scores: Scores) -> str:
        """The label to take, the first one where no rule says otherwise."""
        needed = self._needs.get(scores.label)
        if needed and not needed.search(speech):
            return scores.runner_up
        if scores.confidence - scores.runner_up_confidence < self._margin:
            for words, label in self._rules.get(frozenset((scores.label, scores.runner_up)), ()):
                if words.search(speech):
                    return label
        return scores.label
