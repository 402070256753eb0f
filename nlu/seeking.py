"""Knows how the words of all lists are sought: in one text by its pieces, in many texts at once by NumPy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nlu.lexica import pieces_of

Ints = npt.NDArray[np.int64]
Way = tuple[int, tuple[int, ...]]
"""A number that is called where a text has a word of each of these classes; the first is the one least met."""

_PIECE = 2  # words that are no longer are pieces themselves
_CHAR_BITS = 21
_TEXT_AT = 32  # in a number that tells a text and what it has, the text stands from this bit on
_WHAT = (1 << _TEXT_AT) - 1


@dataclass(frozen=True, slots=True)
class Seen:
    """What one text has, by numbers and in order: words, the classes of them that are told, and what they call for."""

    words: Sequence[int]
    classes: Sequence[int]
    called: Sequence[int]


@dataclass(frozen=True, slots=True)
class Sought:
    """What is sought: words, the classes of each word, which classes are told, and the ways to call for something."""

    words: Sequence[str]
    classes: Sequence[Sequence[int]]
    told: Set[int]
    ways: Sequence[Way]

    def told_of(self) -> list[list[int]]:
        """The classes of each word that are told."""
        return [[one for one in classes if one in self.told] for classes in self.classes]

    def ways_of(self) -> list[list[int]]:
        """For each word the ways, by their place, that ask for it or for one of its kin first."""
        first: dict[int, list[int]] = {}
        for at, (_, classes) in enumerate(self.ways):
            for one in classes[:1]:
                first.setdefault(one, []).append(at)
        return [[at for one in classes for at in first.get(one, ())] for classes in self.classes]

    def always(self) -> list[int]:
        """What every text calls for."""
        return sorted({number for number, classes in self.ways if not classes})


class OneByOne:
    """Seeks in one text: a word that is no piece of it is looked for where the text has the word's first two."""

    def __init__(self, sought: Sought) -> None:
        self._pieces: dict[str, int] = {}
        self._begun: dict[str, list[tuple[int, str]]] = {}
        for number, word in enumerate(sought.words):
            if len(word) > _PIECE:
                self._begun.setdefault(word[:_PIECE], []).append((number, word))
            else:
                self._pieces[word] = number
        self._whole, self._heads = frozenset(self._pieces), frozenset(self._begun)  # two sets are met quickly
        self._told = {word: told for word, told in enumerate(sought.told_of()) if told}
        self._always = sought.always()
        kin: dict[int, set[int]] = {}
        for word, classes in enumerate(sought.classes):
            for one in classes:
                kin.setdefault(one, set()).add(word)
        ways = [(number, [frozenset(kin[one]) for one in classes[1:]]) for number, classes in sought.ways]
        self._ways = {word: [ways[at] for at in some] for word, some in enumerate(sought.ways_of()) if some}

    def of(self, text: str) -> Seen:
        """What the text has."""
        pieces, begun, told = pieces_of(text), self._begun, self._told
        words = {self._pieces[piece] for piece in self._whole & pieces}
        words.update([number for head in self._heads & pieces for number, word in begun[head] if word in text])
        classes = {one for word in words if word in told for one in told[word]}
        return Seen(sorted(words), sorted(classes), self._called(words))

    def _called(self, words: Set[int]) -> list[int]:
        found = {*self._always}
        for word in self._ways.keys() & words:
            for number, others in self._ways[word]:
                if number not in found:
                    for one in others:
                        if one.isdisjoint(words):
                            break
                    else:
                        found.add(number)
        return sorted(found)


class Together:
    """Seeks in many texts at once: character by character, and only where a word can still go on."""

    def __init__(self, sought: Sought) -> None:
        self._steps = list(_steps(sought.words))
        self._classes = _Rows(sought.classes)
        self._told = _Rows(sought.told_of())
        self._ways = _Rows(sought.ways_of())
        self._numbers = np.array([number for number, _ in sought.ways], np.int64)
        self._always = np.array(sought.always(), np.int64)
        # Where a way asks for fewer classes than others, the rest is a class beyond all, which every text has.
        self._beyond = max([one for some in sought.classes for one in some], default=-1) + 1
        most = max([len(classes) for _, classes in sought.ways], default=0)
        asked = [(*classes, *[self._beyond] * (most - len(classes))) for _, classes in sought.ways]
        self._asked = np.array(asked, np.int64).reshape(len(asked), most)

    def of(self, texts: Sequence[str]) -> list[Seen]:
        """What each text has."""
        words = self._words(texts)
        always = (np.arange(len(texts))[:, None] << _TEXT_AT | self._always).ravel()
        called = _once(np.concatenate((self._called(words, len(texts)), always)))
        split = [_by_text(one, len(texts)) for one in (words, _once(self._told.of(words)), called)]
        return [Seen(*one) for one in zip(*split, strict=True)]

    def _words(self, texts: Sequence[str]) -> Ints:
        """Which words stand in which texts. Between two texts stands what is in no word."""
        written = "\0".join([*texts, ""])
        codes = np.frombuffer(written.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
        of_text = np.repeat(np.arange(len(texts)) << _TEXT_AT, [len(text) + 1 for text in texts])
        at, so_far = np.arange(len(codes)), np.zeros(len(codes), np.int64)
        found = []
        for steps, ends in self._steps:
            sought = so_far << _CHAR_BITS | codes.take(at, mode="clip")
            reached = steps.searchsorted(sought)
            on = np.flatnonzero(steps.take(reached, mode="clip") == sought)
            if not len(on):
                break
            so_far, at = reached[on], at[on] + 1
            word = ends[so_far]
            found.append((of_text[at - 1] | word)[word >= 0])
        return _once(np.concatenate([np.zeros(0, np.int64), *found]))

    def _called(self, words: Ints, texts: int) -> Ints:
        has = np.zeros((texts, self._beyond + 1), np.bool_)
        has[:, -1] = True
        classes = self._classes.of(words)
        has[classes >> _TEXT_AT, classes & _WHAT] = True
        ways = self._ways.of(words)
        text, way = ways >> _TEXT_AT, ways & _WHAT
        holds = has[text[:, None], self._asked[way]].all(axis=1)
        return (text << _TEXT_AT | self._numbers[way])[holds]


class _Rows:
    """Rows of numbers, of different lengths, that follow each other in one array."""

    def __init__(self, rows: Sequence[Sequence[int]]) -> None:
        self._lengths = np.array([len(row) for row in rows], np.int64)
        self._starts = np.cumsum(self._lengths) - self._lengths
        self._all = np.array([one for row in rows for one in row], np.int64)

    def of(self, found: Ints) -> Ints:
        """For each row that is found in a text, what stands in it as found in that text."""
        row = found & _WHAT
        lengths = self._lengths[row]
        ends = np.cumsum(lengths)
        at = np.arange(ends[-1] if len(ends) else 0) + np.repeat(self._starts[row] + lengths - ends, lengths)
        return np.repeat(found & ~_WHAT, lengths) | self._all[at]


def _steps(words: Sequence[str]) -> Iterator[tuple[Ints, Ints]]:
    """For the first, second … character of words: what can be reached from what was, and the word that ends there."""
    lengths = np.array([len(word) for word in words], np.int64)
    written = np.array(words, dtype=np.str_)
    codes = written.view(np.uint32).reshape(len(words), -1).astype(np.int64)
    so_far = np.zeros(len(words), np.int64)
    for at in range(codes.shape[1]):
        left = np.flatnonzero(lengths > at)
        steps, reached = np.unique(so_far[left] << _CHAR_BITS | codes[left, at], return_inverse=True)
        ends = np.full(len(steps), -1)
        ends[reached[lengths[left] == at + 1]] = left[lengths[left] == at + 1]
        so_far[left] = reached
        yield steps, ends


def _once(found: Ints) -> Ints:
    """Sorted, each once."""
    found.sort()
    first = np.ones(len(found), np.bool_)
    np.not_equal(found[1:], found[:-1], out=first[1:])
    return found[first]


def _by_text(found: Ints, texts: int) -> list[list[int]]:
    bounds = found.searchsorted(np.arange(texts + 1) << _TEXT_AT).tolist()
    what = (found & _WHAT).tolist()
    return [what[start:end] for start, end in zip(bounds, bounds[1:], strict=False)]
