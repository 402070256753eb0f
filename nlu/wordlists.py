"""Knows the word lists of the ear: dialect, danger, concepts, items, flags; all of them are sought in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from threading import Lock

from nlu.needed import needed
from nlu.seeking import OneByOne, Seen, Sought, Together, Way

_LITTLE = 200  # characters; so little is sooner looked at text by text


class WordLists:
    """Lists that those who decide hand in when they are made; what a text has of them is told in numbers.

    A class is a list of words that stand for the same thing. A call is a number for what needs a word of each of some
    classes, in one of several ways. What the ways are is asked when a text first comes: to find out takes its time.
    """

    def __init__(self) -> None:
        self.words: list[str] = []
        self.members: list[set[int]] = []
        """The words of each class, by their place in `words`."""
        self._numbers: dict[str, int] = {}
        self._sets: dict[frozenset[str], int] = {}
        self._told: set[int] = set()
        self._how_many_calls = 0
        self._ways: list[Way] = []
        self._owed: list[Callable[[], Iterable[Way]]] = []
        self._lock = Lock()
        self._sought = Sought((), (), frozenset(), ())
        self._alone: OneByOne | None = None
        self._together: Together | None = None

    def add(self, words: Iterable[str], *, told: bool = True) -> int:
        """A class of words; its number. Classes that are added one after the other have numbers in a row.

        What is not `told` of each text is there only to call for something.
        """
        number = len(self.members)
        if told:
            self._told.add(number)
        self.members.append({self._number(word) for word in words})
        self._alone = self._together = None
        return number

    def _number(self, word: str) -> int:
        if word not in self._numbers:
            self._numbers[word] = len(self.words)
            self.words.append(word)
        return self._numbers[word]

    def calls(self, count: int, ways: Callable[[], Iterable[Way]]) -> range:
        """The numbers of so many calls; the ways to each, counted from 0, are asked for when they are needed."""
        numbers = range(self._how_many_calls, self._how_many_calls + count)
        self._how_many_calls += count
        self._owed.append(lambda: [(numbers[at], classes) for at, classes in ways()])
        self._alone = self._together = None
        return numbers

    def shortlist(self, expressions: Sequence[str]) -> range:
        """The numbers that are called where a text can match these expressions at all."""
        return self.calls(len(expressions), lambda: self._needs(expressions))

    def of(self, text: str) -> Seen:
        """What one text has of all lists."""
        return self.of_all([text])[0]

    def of_all(self, texts: Sequence[str]) -> list[Seen]:
        """What each of some texts has of all lists."""
        if sum(map(len, texts)) <= _LITTLE:
            alone = self._alone or self._settled()
            return [alone.of(text) for text in texts]
        if self._together is None:
            self._settled()
            self._together = Together(self._sought)
        return self._together.of(texts)

    def _settled(self) -> OneByOne:
        """Everything as it was handed in, ready for texts."""
        with self._lock:
            if self._alone is None:
                while self._owed:
                    self._ways += self._owed.pop(0)()
                self._sought = Sought(self.words, self.members, self._told, self._ways)
                self._alone = OneByOne(self._sought)
            return self._alone

    def _needs(self, expressions: Sequence[str]) -> Iterable[Way]:
        return [
            (at, tuple(self._set(one) for one in sets))
            for at, expression in enumerate(expressions)
            for sets in needed(expression)
        ]

    def _set(self, pieces: frozenset[str]) -> int:
        if pieces not in self._sets:
            self._sets[pieces] = self.add(pieces, told=False)
        return self._sets[pieces]


def called(seen: Seen, numbers: range) -> list[int]:
    """Which of these calls a text makes, counted from 0."""
    first, last = numbers.start, numbers.stop
    return [one - first for one in seen.called if first <= one < last]


def classes_of(seen: Seen, numbers: range) -> list[int]:
    """Which of these classes a text has a word of, counted from 0."""
    first, last = numbers.start, numbers.stop
    return [one - first for one in seen.classes if first <= one < last]
