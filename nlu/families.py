"""Knows families of danger: which words stand for the same thing, and how near to each other such words must stand."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nlu.seeking import Seen, Way
from nlu.wordlists import WordLists

_ALTERNATIVES = re.compile(r"\{([^{}]*)\}")
_STEP = re.compile(r"([~>])(\d+)")
_STOP = re.compile("[。!?;]")
_OFTEN = 12  # a word of one character is met so much more often than a longer one
_MOST_PLACES = 40  # of one class of words in a text: more say nothing new, and time must stay bounded
_MOST_SPANS = 6  # of one family in a text

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Step:
    """The next class of words, how far from what was found before, and whether it must come after it."""

    words: int
    reach: int
    after: bool


@dataclass(frozen=True, slots=True)
class Family:
    """A class of words to begin with, and the steps that must all succeed.

    `classes` are all that take part; `rarest` is the one that the fewest texts have.
    """

    first: int
    steps: tuple[Step, ...]
    classes: frozenset[int]
    rarest: int

    def spans(self, text: str, places: Mapping[int, Sequence[Span]]) -> Iterator[Span]:
        """Where the family stands in a text, given where each class of words stands: the first few places only."""
        for _, span in zip(range(_MOST_SPANS), self._spans(text, places), strict=False):
            yield span

    def _spans(self, text: str, places: Mapping[int, Sequence[Span]]) -> Iterator[Span]:
        for begun in places[self.first]:
            span = begun
            for step in self.steps:
                joined = _joined(text, span, step, places[step.words])
                if joined is None:
                    break
                span = joined
            else:
                yield span


def _joined(text: str, span: Span, step: Step, places: Sequence[Span]) -> Span | None:
    """The span widened to the nearest place within reach and within the sentence."""
    start, end = span
    at = bisect_left(places, (end, 0))
    if at < len(places) and places[at][0] - end <= step.reach and not _STOP.search(text, end, places[at][0]):
        return start, places[at][1]
    if step.after:
        return None
    for before in range(at - 1, max(-1, at - 4), -1):
        left, right = places[before]
        if right <= start:
            near = start - right <= step.reach and not _STOP.search(text, right, start)
            return (left, end) if near else None
    return None


class Classes:
    """Named classes of words, and all words written out in the families themselves."""

    def __init__(self, classes: Mapping[str, str], lists: WordLists) -> None:
        self._lists = lists
        self._numbers: dict[str, int] = {}
        self._met: dict[int, float] = {}
        for name, words in classes.items():
            self._add(name, list(self._opened(words, classes)))

    def _opened(self, words: str, classes: Mapping[str, str]) -> Iterator[str]:
        for word in words.split():
            if word.startswith("@"):
                yield from self._opened(classes[word[1:]], classes)
            else:
                yield from written_out(word)

    def _add(self, name: str, words: Sequence[str]) -> int:
        number = self._numbers[name] = self._lists.add(words, told=False)
        self._met[number] = sum(_OFTEN if len(word) == 1 else 1 for word in words)
        return number

    def number(self, name: str) -> int:
        """The number of a class by its name, or of words written where a name could stand: 火|烟."""
        if name in self._numbers:
            return self._numbers[name]
        if name.isascii():
            raise KeyError(name)
        return self._add(name, [word for part in _parted(name) for word in written_out(part)])

    def rarest(self, numbers: Sequence[int]) -> int:
        """Which of some classes the fewest texts have a word of."""
        return min(numbers, key=lambda number: self._met[number])


def ways(families: Sequence[Family]) -> list[Way]:
    """What calls for each family: a word of every class, the rarest of which is asked for first."""
    return [(at, (family.rarest, *sorted(family.classes - {family.rarest}))) for at, family in enumerate(families)]


def places(text: str, seen: Seen, lists: WordLists, classes: frozenset[int]) -> dict[int, list[Span]]:
    """Where the words seen stand in a text, in order, for each of the classes asked for."""
    spans: dict[int, list[Span]] = {}
    for number in classes:
        found: list[Span] = []
        for which in lists.members[number].intersection(seen.words):
            word = lists.words[which]
            at, many = text.find(word), 0
            while at >= 0 and many < _MOST_PLACES:
                many += 1
                found.append((at, at + len(word)))
                at = text.find(word, at + 1)
        found.sort()
        spans[number] = found[:_MOST_PLACES]
    return spans


def _parted(words: str) -> list[str]:
    """Parted at bars that stand outside braces."""
    held = _ALTERNATIVES.sub(lambda found: found.group().replace("|", "\0"), words)
    return [part.replace("\0", "|") for part in held.split("|")]


def written_out(word: str) -> Iterator[str]:
    """All words a word with braces stands for: {叫|喊}不醒."""
    found = _ALTERNATIVES.search(word)
    if not found:
        yield word
        return
    for one in found.group(1).split("|"):
        yield from written_out(word[: found.start()] + one + word[found.end() :])


def read_family(written: str, classes: Classes) -> Family:
    """A family as the lexicon writes it: `blood ~8 notstop`, `calls >6 silent`, `fall >12 limb >8 sign`."""
    first, *rest = written.split()
    begun = classes.number(first)
    steps = []
    for how, name in zip(rest[::2], rest[1::2], strict=True):
        read = _STEP.fullmatch(how)
        if not read:
            raise ValueError(written)
        steps.append(Step(classes.number(name), int(read.group(2)), read.group(1) == ">"))
    numbers = [begun, *(step.words for step in steps)]
    return Family(begun, tuple(steps), frozenset(numbers), classes.rarest(numbers))
