"""Knows how the words of all lists are sought: in one text by its pieces, in many texts at once by NumPy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np
import numpy.typing as npt

from nlu.lexica import pieces_of

Ints = npt.NDArray[np.int64]
Way = tuple[int, tuple[int, ...]]
"""A number that is called where a text has a word of each of these classes; the first is the one least met."""

_PIECE = 2
_CHAR_BITS = 21
_TEXT_AT = 32  # in a number that tells a text and what it has, the text stands from this bit on
_WHAT = (1 << _TEXT_AT) - 1


@dataclass(frozen=True, slots=True)
class Seen:
    """What one text has, by numbers and in order: words, the classes of them that are told, and what they call for."""

    words: Sequence[int]
    classes: Sequence[int]
    called: Sequence[int]


@dataclass(frozen=True)
class Sought:
    """What is sought: words, the words of each class, which classes are told, and the ways to call for something."""

    words: Sequence[str]
    members: Sequence[Set[int]]
    told: Set[int]
    ways: Sequence[Way]

    @cached_property
    def classes(self) -> list[list[int]]:
        """The classes of each word."""
        classes: list[list[int]] = [[] for _ in self.words]
        for number, members in enumerate(self.members):
            for word in members:
                classes[word].append(number)
        return classes

    @cached_property
    def told_of(self) -> list[list[int]]:
        """The classes of each word that are told."""
        return [[one for one in classes if one in self.told] for classes in self.classes]

    @cached_property
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
    """Seeks in one text: the words of which a text has the first two characters are looked for.

    A text meets few of very many words, so what is looked at must lie close together: words that begin alike are
    written next to each other, and classes are the bits of one number.
    """

    def __init__(self, sought: Sought) -> None:
        numbers = sorted(range(len(sought.words)), key=sought.words.__getitem__)
        words = "\0".join([sought.words[number] for number in numbers]).split("\0")
        self._begun = {head: (at, tuple(some)) for head, at, some in _by_head(words)}
        bits = {one: 1 << at for at, one in enumerate({one for _, classes in sought.ways for one in classes[1:]})}
        ways = [(number, sum(bits[one] for one in classes[1:])) for number, classes in sought.ways]
        asked = [sum(bits.get(one, 0) for one in classes) for classes in sought.classes]
        self._about = [
            (number, tuple(sought.told_of[number]), asked[number], tuple(ways[at] for at in sought.ways_of[number]))
            for number in numbers
        ]
        self._always = sought.always()

    def of(self, text: str) -> Seen:
        """What the text has."""
        found = [
            self._about[at]
            for start, words in filter(None, map(self._begun.get, pieces_of(text)))
            for at, word in enumerate(words, start)
            if word in text
        ]
        numbers: list[int] = []
        classes: set[int] = set()
        there, ways = 0, list[tuple[int, int]]()
        for number, told, asked, first in found:
            numbers.append(number)
            classes.update(told)
            there |= asked
            ways += first
        called = {number for number, others in ways if others & there == others}
        return Seen(sorted(numbers), sorted(classes), sorted(called.union(self._always)))


def _by_head(words: Sequence[str]) -> Iterator[tuple[str, int, Sequence[str]]]:
    """The first two characters of words that are in order, where words with these begin, and the words."""
    start = 0
    for head, some in groupby(words, key=lambda word: word[:_PIECE]):
        alike = list(some)
        yield head, start, alike
        start += len(alike)


class Together:
    """Seeks in many texts at once: character by character, and only where a word can still go on."""

    def __init__(self, sought: Sought) -> None:
        (codes, self._begins), *self._steps = _steps(sought.words)
        self._first = np.full(codes[-1] + 2, -1, np.int64)  # the last is for all characters that begin no word
        self._first[codes] = np.arange(len(codes))
        self._classes = _Rows(sought.classes)
        self._told = _Rows(sought.told_of)
        self._ways = _Rows(sought.ways_of)
        self._numbers = np.array([number for number, _ in sought.ways], np.int64)
        self._always = np.array(sought.always(), np.int64)
        # Where a way asks for fewer classes than others, the rest is a class beyond all, which every text has.
        self._beyond = len(sought.members)
        most = max([len(classes) for _, classes in sought.ways], default=0)
        asked = [(*classes, *[self._beyond] * (most - len(classes))) for _, classes in sought.ways]
        self._asked = np.array(asked, np.int64).reshape(len(asked), most)

    def of(self, texts: Sequence[str]) -> list[Seen]:
        """What each text has."""
        words = self._words(texts)
        always = (np.arange(len(texts))[:, None] << _TEXT_AT | self._always).ravel()
        called = once(np.concatenate((self._called(words, len(texts)), always)))
        split = [_by_text(one, len(texts)) for one in (words, once(self._told.of(words)), called)]
        return [Seen(*one) for one in zip(*split, strict=True)]

    def _words(self, texts: Sequence[str]) -> Ints:
        """Which words stand in which texts. Between two texts stands what is in no word."""
        written = "\0".join([*texts, ""])
        codes = np.frombuffer(written.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
        of_text = np.repeat(np.arange(len(texts)) << _TEXT_AT, [len(text) + 1 for text in texts])
        begun = self._first.take(codes, mode="clip")
        at = np.flatnonzero(begun >= 0)
        so_far = begun[at]
        word, at = self._begins[so_far], at + 1
        found = [(of_text[at - 1] | word)[word >= 0]]
        for steps, ends in self._steps:
            sought = so_far << _CHAR_BITS | codes.take(at, mode="clip")
            reached = steps.searchsorted(sought)
            on = np.flatnonzero(steps.take(reached, mode="clip") == sought)
            if not len(on):
                break
            so_far, at = reached[on], at[on] + 1
            word = ends[so_far]
            found.append((of_text[at - 1] | word)[word >= 0])
        return once(np.concatenate(found))

    def _called(self, words: Ints, texts: int) -> Ints:
        has = np.zeros((texts, self._beyond + 1), np.bool_)
        has[:, -1] = True
        classes = self._classes.of(words)
        has[classes >> _TEXT_AT, classes & _WHAT] = True
        ways = self._ways.of(words)
        text, way = ways >> _TEXT_AT, ways & _WHAT
        holds = np.flatnonzero(has[text[:, None], self._asked[way]].all(axis=1))
        called: Ints = text[holds] << _TEXT_AT | self._numbers[way[holds]]
        return called


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
        rows: Ints = np.repeat(found & ~_WHAT, lengths) | self._all[at]
        return rows


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


def once(found: Ints) -> Ints:
    """Numbers sorted, each once; sorts what it is given."""
    found.sort()
    first = np.ones(len(found), np.bool_)
    np.not_equal(found[1:], found[:-1], out=first[1:])
    return found[first]


def _by_text(found: Ints, texts: int) -> list[list[int]]:
    bounds = found.searchsorted(np.arange(texts + 1) << _TEXT_AT).tolist()
    what = (found & _WHAT).tolist()
    return [what[start:end] for start, end in zip(bounds, bounds[1:], strict=False)]
