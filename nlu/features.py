"""Knows what the classifier looks at in a text: pieces of writing and of sound, concepts, a few outward cues."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass

from nlu.lexica import WordIndex, pieces_of, read_lexicon, words_of
from nlu.pinyin import Sounds

BLOCKS: tuple[tuple[str, float, int], ...] = (
    ("chars", 1.0, 2),
    ("sounds", 0.35, 2),
    ("concepts", 0.35, 1),
    ("cues", 0.3, 1),
)
"""Name, weight and least number of sentences of each block of features; each block has length one by itself, so that a
long letter's many characters do not drown its few concepts."""

_CASE_NUMBER = re.compile(r"(?<![a-z0-9])[a-z]{1,3}\d{0,2}-?\d{4,}(?![0-9a-z])")
_CODED_PLACE = re.compile(r"(?<![a-z0-9])[a-z]\d{0,2}[市区县镇]县?")
_DIGITS = re.compile(r"\d+")
_MARKS = re.compile(r"[^\w§]+|_+")
_ASKING_ENDS = ("吗", "呢", "么", "没", "不", "没有")
_LENGTHS = (4, 8, 16, 40, 90)


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one text, block by block in the order of `BLOCKS`; each feature once."""

    blocks: tuple[dict[str, None], ...]


class Featuriser:
    """Takes features from texts in standard simplified speech (`Standardiser`)."""

    def __init__(self) -> None:
        self._sounds = Sounds()
        self._concepts = _concept_index()

    def features(self, speech: str, pieces: Set[str] | None = None) -> Features:
        """The features of one text; `pieces` are its characters and pairs, where they are known already."""
        bare = _bare(speech)
        heard = self._sounds.write(bare)
        concepts = {
            name: None for names in self._concepts.values(speech, pieces or pieces_of(speech)) for name in names.split()
        }
        return Features(
            (dict.fromkeys(bare) | _pairs(bare), _pairs(heard), concepts, dict.fromkeys(_cues(speech, bare)))
        )


def _concept_index() -> WordIndex:
    concepts: dict[str, list[str]] = {}
    for name, words in read_lexicon("concepts").items():
        for word in words_of(words):
            concepts.setdefault(word.lower(), []).append(name)
    return WordIndex({word: " ".join(names) for word, names in concepts.items()})


def _bare(speech: str) -> str:
    """The text without what only this one message has: its numbers, its marks, which of many places it names."""
    text = _CASE_NUMBER.sub("§", speech)
    text = _CODED_PLACE.sub(" ", text)
    text = _DIGITS.sub("0", text)
    return f"\x02{_MARKS.sub(' ', text).strip()}\x03"


def _pairs(text: str) -> dict[str, None]:
    return dict.fromkeys(map("".join, zip(text, text[1:], strict=False)))


def _cues(speech: str, bare: str) -> list[str]:
    cues = [f"length{sum(len(speech) > limit for limit in _LENGTHS)}"]
    if "?" in speech or speech.rstrip("!。. ").endswith(_ASKING_ENDS):
        cues.append("asks")
    if "§" in bare:
        cues.append("case number")
    return cues
