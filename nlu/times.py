"""Knows how times are told: 昨天晚上十点多, 3月2号, 每天早上, 三天前, 18:30."""

from __future__ import annotations

from collections.abc import Iterator

from nlu.heads import Tries
from nlu.lexica import filled, read_lexicon
from nlu.spans import Found


class Times:
    """Finds expressions of time in even text."""

    def __init__(self) -> None:
        lexicon = read_lexicon("times")
        self._tries = Tries([filled(pattern, lexicon["parts"]) for pattern in lexicon["patterns"]])

    def warm(self) -> Iterator[None]:
        """Compile everything, one expression a step."""
        return self._tries.warm()

    def find(self, text: str) -> Iterator[Found]:
        """The times, from left to right."""
        for match in self._tries.matches(text):
            yield "time", match.start(), match.end()
