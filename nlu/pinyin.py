"""Knows how characters sound, roughly: enough to see that a slip of voice input and the word meant sound the same."""

from __future__ import annotations

import codecs
import re

from nlu.lexica import read_lexicon

_LEVEL_ONE_ROWS = range(0xB0, 0xD8)  # GB 2312 orders its 3,755 common characters by sound
_CELLS = range(0xA1, 0xFF)
_PRIVATE = 0xE000


class Sounds:
    """Writes a text by sound: one private-use character for each syllable, without tones and regional contrasts."""

    def __init__(self) -> None:
        starts = {mark[0]: _blurred(mark[1:]) for mark in read_lexicon("syllables")["starts"].split()}
        codes = {syllable: chr(_PRIVATE + at) for at, syllable in enumerate(sorted(set(starts.values())))}
        self._table: dict[int, str] = {}
        code = ""
        for char in _common_characters():
            code = codes[starts[char]] if char in starts else code
            self._table[ord(char)] = code

    def write(self, text: str) -> str:
        """The text with every common character replaced by its syllable."""
        return text.translate(self._table)


def _common_characters() -> str:
    pairs = (bytes((row, cell)) for row in _LEVEL_ONE_ROWS for cell in _CELLS)
    return "".join(codecs.decode(pair, "gb2312", "ignore") for pair in pairs)


def _blurred(syllable: str) -> str:
    """Many speakers do not part zh from z, l from n, -ng from -n; voice input writes down what they say."""
    syllable = re.sub("^([zcs])h", r"\1", syllable)
    syllable = re.sub("^n(?=.)", "l", syllable)
    return re.sub("(?<=[ie])ng$", "n", syllable)
