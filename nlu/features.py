"""Knows what the classifier looks at in a text: pieces of writing and of sound, concepts, a few outward cues."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from nlu.lexica import read_lexicon, words_of
from nlu.pinyin import Sounds
from nlu.seeking import Seen, once
from nlu.wordlists import WordLists, classes_of

BLOCKS: tuple[tuple[str, float, int], ...] = (
    ("chars", 1.0, 4),
    ("sounds", 0.2, 8),
    ("topics", 0.4, 1),
    ("acts", 0.2, 1),
    ("meetings", 0.3, 4),
    ("cues", 0.4, 1),
)
"""Name, weight and least number of sentences of each block of features; each block has length one by itself, so that a
long letter's many characters do not drown its few concepts."""

_CODE = re.compile(r"[a-z\d]")  # without one of these there is no number, neither of a case nor of a place
_CASE_NUMBER = re.compile(r"(?<![a-z0-9])[a-z]{1,3}\d{0,2}-?\d{4,}(?![0-9a-z])")
_CODED_PLACE = re.compile(r"(?<![a-z0-9])[a-z]\d{0,2}[市区县镇]县?")
_DIGITS = re.compile(r"\d+")
_MARKS = re.compile(r"[^\w§]+|_+")
_ASKING_ENDS = ("吗", "呢", "么", "没", "不", "没有")
_SPOKEN = re.compile("[吗呢吧啊呀嘛哦哈啦咯哎唉诶嗯俺恁嘅唔咗佢唦@/]|咋|阿拉|你们|我说")
_FORMAL_START = re.compile("关于|投诉|反映|咨询|请求|恳请|希望|建议|举报|质疑|呼吁|要求|请问|盼|强烈|对|请")
_FORMAL = re.compile("的(?:建议|投诉|咨询|反映|问题|请求|诉求|疑问|意见)[!?。]*$|尊敬的|领导")
_TOPIC = "t_"  # the concepts that say what a text is about; the others say what it does and what is wrong
_LENGTHS = (4, 8, 16, 40, 90)

Keys = npt.NDArray[np.int64]
_CHAR_BITS = 21
BLOCK_AT = 2 * _CHAR_BITS
"""Where in a feature's number its block stands: below it are two characters, or whatever else the block is of."""
TEXT_AT = BLOCK_AT + 3
"""Where the number of the text stands."""
_NUMBERS = {name: at << BLOCK_AT for at, (name, *_) in enumerate(BLOCKS)}
_SOUNDS, _TOPICS, _ACTS, _MEETINGS, _CUES = (
    _NUMBERS[name] for name in ("sounds", "topics", "acts", "meetings", "cues")
)
_ASKS, _CASE, _CODED, _IS_SPOKEN, _WRITTEN = range(10, 15)  # below them the length, above them two characters
_START, _END = "\x02", "\x03"  # marks that stand in no text


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one text: what it says and how that sounds, character by character, and all others as numbers.

    `bare` and `heard` begin and end with a mark of their own, so that a pair of characters knows where it stands;
    `concepts` are there for those who want names.
    """

    bare: str
    heard: str
    concepts: tuple[str, ...]
    others: tuple[int, ...]


class Featuriser:
    """Takes features from texts in standard simplified speech (`Standardiser`)."""

    def __init__(self, lists: WordLists | None = None) -> None:
        self._sounds = Sounds()
        self._lists = lists or WordLists()
        concepts = read_lexicon("concepts")
        self._names = sorted(concepts)
        numbers = [self._lists.add([word.lower() for word in words_of(concepts[name])]) for name in self._names]
        self._concepts = range(numbers[0], numbers[-1] + 1)
        self._own = [(_TOPICS if name.startswith(_TOPIC) else _ACTS) | at for at, name in enumerate(self._names)]

    def features(self, speech: str, seen: Seen | None = None) -> Features:
        """The features of one text; `seen` is what it has of the word lists, where that is known already."""
        bare = _bare(speech)
        found = classes_of(seen or self._lists.of(speech), self._concepts)
        own = [self._own[at] for at in found]
        # Every two concepts: a school asked about is a service, a school complained of is for its authority.
        meetings = [_MEETINGS | one << _CHAR_BITS | other for one, other in combinations(found, 2)]
        names = self._names
        return Features(
            bare,
            self._sounds.write(bare),
            tuple([names[at] for at in found]),
            (*own, *meetings, *_cues(speech, bare)),
        )


def written_out(batch: Sequence[Features]) -> Keys:
    """All features of some texts as numbers, sorted, each once a text: text, block and what it is, from the top bit."""
    written = "".join([*[one.bare for one in batch], *[one.heard for one in batch]])
    codes = np.frombuffer(written.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64).reshape(2, -1)
    pairs = codes[:, :-1] << _CHAR_BITS | codes[:, 1:]
    pairs[1] |= _SOUNDS
    chars, others = codes[0], np.array([number for one in batch for number in one.others])
    if len(batch) > 1:
        texts = np.arange(len(batch)) << TEXT_AT
        of = np.repeat(texts, [len(one.bare) for one in batch])
        # Where one text ends and the next begins there is no pair.
        pairs = (pairs | of[:-1])[:, chars[:-1] != ord(_END)]
        chars = chars | of
        others |= np.repeat(texts, [len(one.others) for one in batch])
    return once(np.concatenate((chars, pairs.ravel(), others)))


def _bare(speech: str) -> str:
    """The text without what only this one message has: its numbers, its marks, which of many places it names."""
    if _CODE.search(speech):
        speech = _CASE_NUMBER.sub("§", speech)
        speech = _CODED_PLACE.sub(" ", speech)
        speech = _DIGITS.sub("0", speech)
    return f"{_START}{_MARKS.sub(' ', speech).strip()}{_END}"


def _cues(speech: str, bare: str) -> list[int]:
    cues = [_CUES | bisect_left(_LENGTHS, len(speech))]
    if "?" in speech or speech.rstrip("!。. ").endswith(_ASKING_ENDS):
        cues.append(_CUES | _ASKS)
    if "§" in bare:
        cues.append(_CUES | _CASE)
    if _CODED_PLACE.search(speech):
        cues.append(_CUES | _CODED)
    cues.append(_CUES | (_IS_SPOKEN if _SPOKEN.search(speech) else _WRITTEN))
    formal = _FORMAL_START.match(speech) or _FORMAL.search(speech)
    if formal:
        first, second, *_ = *map(ord, formal.group()), 0
        cues.append(_CUES | first << _CHAR_BITS | second)
    return cues
