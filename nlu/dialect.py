"""Knows which words of dialect, and which common slips, stand for which standard word."""

from __future__ import annotations

import re
from collections.abc import Set

from nlu.lexica import WordIndex, read_lexicon


class Standardiser:
    """Turns even, simplified text into standard speech; the result is for deciding, it has no way back to the words."""

    def __init__(self) -> None:
        lexicon = read_lexicon("dialect")
        self._words = WordIndex({str(word): str(standard) for word, standard in lexicon["words"].items()})
        self._characters = str.maketrans({str(char): str(word) for char, word in lexicon["characters"].items()})
        self._unusual = re.compile(f"[{re.escape(''.join(map(chr, self._characters)))}]")

    def standard(self, text: str, pieces: Set[str]) -> str:
        """The text in standard speech; `pieces` are its characters and pairs of characters."""
        if self._words.touches(text, pieces):
            text = self._words.replace(text)
        return text.translate(self._characters) if self._unusual.search(text) else text
