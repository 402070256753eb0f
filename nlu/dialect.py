"""Knows which words of dialect, and which common slips, stand for which standard word."""

from __future__ import annotations

from collections.abc import Set

from nlu.lexica import WordIndex, read_lexicon


class Standardiser:
    """Turns even, simplified text into standard speech; the result is for deciding, it has no way back to the words."""

    def __init__(self) -> None:
        lexicon = read_lexicon("dialect")
        self._words = WordIndex({str(word): str(standard) for word, standard in lexicon["words"].items()})
        self._characters = str.maketrans({str(char): str(word) for char, word in lexicon["characters"].items()})

    def standard(self, text: str, pieces: Set[str]) -> str:
        """The text in standard speech; `pieces` are its characters and pairs of characters."""
        return (self._words.replace(text) if self._words.touches(pieces) else text).translate(self._characters)
