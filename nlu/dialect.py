"""Knows which words of dialect, and which common slips, stand for which standard word."""

from __future__ import annotations

import re

from nlu.lexica import WordIndex, read_lexicon
from nlu.seeking import Seen
from nlu.wordlists import WordLists


class Standardiser:
    """Turns even, simplified text into standard speech; the result is for deciding, it has no way back to the words."""

    def __init__(self, lists: WordLists) -> None:
        lexicon = read_lexicon("dialect")
        self._words = WordIndex({str(word): str(standard) for word, standard in lexicon["words"].items()})
        self._dialect = lists.add(map(str, lexicon["words"]))
        self._characters = str.maketrans({str(char): str(word) for char, word in lexicon["characters"].items()})
        self._unusual = re.compile(f"[{re.escape(''.join(map(chr, self._characters)))}]")

    def standard(self, text: str, seen: Seen) -> str:
        """The text in standard speech; `seen` is what it has of the word lists."""
        if self._dialect in seen.classes:
            text = self._words.replace(text)
        return text.translate(self._characters) if self._unusual.search(text) else text
