"""Knows what the classifier looks at in a text: pieces of writing and of sound, concepts, a few outward cues."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from itertools import combinations

from nlu.lexica import WordIndex, pieces_of, read_lexicon, words_of
from nlu.pinyin import Sounds

BLOCKS: tuple[tuple[str, float, int], ...] = (
    ("chars", 1.0, 2),
    ("sounds", 0.2, 2),
    ("topics", 0.4, 1),
    ("acts", 0.2, 1),
    ("meetings", 0.3, 2),
    ("cues", 0.4, 1),
)
"""Name, weight and least number of sentences of each block of features; each block has length one by itself, so that a
long letter's many characters do not drown its few concepts."""

_CASE_NUMBER = re.compile(r"(?<![a-z0-9])[a-z]{1,3}\d{0,2}-?\d{4,}(?![0-9a-z])")
_CODED_PLACE = re.compile(r"(?<![a-z0-9])[a-z]\d{0,2}[市区县镇]县?")
_DIGITS = re.compile(r"\d+")
_MARKS = re.compile(r"[^\w§]+|_+")
_ASKING_ENDS = ("吗", "呢", "么", "没", "不", "没有")
_SPOKEN = re.compile("[吗呢吧啊呀嘛哦哈啦咯哎唉诶嗯俺恁嘅唔咗佢唦@/]|咋|阿拉|你们|我说")
_FORMAL = re.compile(
    "^(?:关于|投诉|反映|咨询|请求|恳请|希望|建议|举报|质疑|呼吁|要求|请问|盼|强烈|对|请)"
    "|的(?:建议|投诉|咨询|反映|问题|请求|诉求|疑问|意见)[!?。]*$|尊敬的|领导"
)
_TOPIC = "t_"  # the concepts that say what a text is about; the others say what it does and what is wrong
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
        concepts = self._concepts_of(speech, pieces or pieces_of(speech))
        topics = dict.fromkeys(name for name in concepts if name.startswith(_TOPIC))
        acts = dict.fromkeys(name for name in concepts if not name.startswith(_TOPIC))
        cues = dict.fromkeys(_cues(speech, bare))
        return Features((dict.fromkeys(bare) | _pairs(bare), _pairs(heard), topics, acts, _meetings(concepts), cues))

    def _concepts_of(self, speech: str, pieces: Set[str]) -> list[str]:
        """The concepts of a text, each once and in a fixed order."""
        return sorted({name for names in self._concepts.values(speech, pieces) for name in names.split()})


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


def _meetings(concepts: Iterable[str]) -> dict[str, None]:
    """Every two concepts of a text: a school asked about is a service, a school complained of is for its authority."""
    return dict.fromkeys(map("+".join, combinations(concepts, 2)))


def _cues(speech: str, bare: str) -> list[str]:
    cues = [f"length{sum(len(speech) > limit for limit in _LENGTHS)}"]
    if "?" in speech or speech.rstrip("!。. ").endswith(_ASKING_ENDS):
        cues.append("asks")
    if "§" in bare:
        cues.append("case number")
    if _CODED_PLACE.search(speech):
        cues.append("coded place")
    cues.append("spoken" if _SPOKEN.search(speech) else "written")
    formal = _FORMAL.search(speech)
    if formal:
        cues.append(f"formal {formal.group()[:2]}")
    return cues
