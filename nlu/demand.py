"""Knows what is wanted (consult, help, complain, report, suggest), which item of a duty, and what else is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import cast

from nlu.lexica import read_lexicon
from nlu.reading import Reader, Reading
from nlu.seeking import Seen
from nlu.understanding import Demand
from nlu.wordlists import WordLists, called, classes_of

Cues = Mapping[str, Sequence[tuple[str, Sequence[str]]]]
"""For each label the items it can mean, each with the words that speak for it."""


class Demands:
    """What is wanted, by label: the same question is a consultation of a service and a report of a hazard."""

    def __init__(self) -> None:
        lexicon = read_lexicon("demand")
        self._signs = {name: re.compile(words) for name, words in lexicon["signs"].items()}
        self._labels = lexicon["labels"]

    def of(self, speech: str, label: str) -> Demand:
        """The demand of a text, given its label."""
        entry = self._labels.get(label, {"default": "report", "consider": ()})
        for name in entry["consider"]:
            if self._holds(name, speech):
                return cast(Demand, name.removeprefix("strict_"))
        return cast(Demand, entry["default"])

    def _holds(self, name: str, speech: str) -> bool:
        # A question about something broken (“路灯坏了找谁”) is a report in the form of a question.
        return bool(self._signs[name].search(speech)) and not (
            name == "strict_consult" and self._signs["trouble"].search(speech)
        )


class Items:
    """Which item of its duties a text means, by the words the catalogue gives."""

    def __init__(self, cues: Cues, reader: Reader) -> None:
        written = {label: [(item, _both_ways(words, reader)) for item, words in items] for label, items in cues.items()}
        self._items = {label: _ItemWords(items, reader.lists) for label, items in written.items()}

    def of(self, reading: Reading, label: str, emergency_type: str = "none") -> str:
        """The item whose words are found most and longest, or "" where none is.

        An emergency takes the item of its type, a petition the item `petition`: there the words are a help for people.
        """
        fixed = emergency_type if label == "emergency" else label
        items = self._items.get(label)
        if items is None:
            return ""
        if label in {"emergency", "petition"} and fixed in items.names:
            return fixed
        return items.best(reading)


class _ItemWords:
    """The items of one label; each of their words is a class of words by itself."""

    def __init__(self, items: Sequence[tuple[str, Sequence[str]]], lists: WordLists) -> None:
        self.names = tuple(item for item, _ in items)
        self._words = [(len(word), at) for at, (_, words) in enumerate(items) for word in words]
        numbers = [lists.add([word]) for _, words in items for word in words]
        self._numbers = range(numbers[0], numbers[-1] + 1) if numbers else range(0)

    def best(self, reading: Reading) -> str:
        """The item whose words are found most and longest, as written or in standard speech; of equals the first."""
        found = classes_of(reading.seen, self._numbers)
        if reading.told is not reading.seen:
            found = [*{*found, *classes_of(reading.told, self._numbers)}]
        lengths: dict[int, int] = {}
        for which in found:
            length, at = self._words[which]
            lengths[at] = lengths.get(at, 0) + length
        return self.names[min(lengths, key=lambda at: (-lengths[at], at))] if lengths else ""


class Flags:
    """What a message shows beside its label."""

    def __init__(self, lists: WordLists | None = None) -> None:
        self._signs = [(str(name), re.compile(words)) for name, words in read_lexicon("flags").items()]
        self._lists = lists or WordLists()
        self._tries = self._lists.shortlist([sign.pattern for _, sign in self._signs])

    def of(self, speech: str, seen: Seen | None = None) -> frozenset[str]:
        """The flags of one text; `seen` is what it has of the word lists, where that is known already."""
        tried = (self._signs[at] for at in called(seen or self._lists.of(speech), self._tries))
        return frozenset(name for name, sign in tried if sign.search(speech))


def _both_ways(words: Sequence[str], reader: Reader) -> tuple[str, ...]:
    """Words as the catalogue writes them and in standard speech, since a text is looked at in both ways."""
    readings = [reader.read(str(word)) for word in words]
    return tuple(dict.fromkeys(form for one in readings for form in (one.plain.text, one.speech) if form))
