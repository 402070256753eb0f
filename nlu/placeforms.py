"""Knows ways to tell a place without a word that ends its name: 房号11-2303, 住前进里, 外墙刷成粉色的那栋."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from nlu.addresses import Stretch
from nlu.lexica import filled, words_of
from nlu.placenames import Names

_NAME_REACH = 8
_FAR = 14  # so many characters before “的那栋” may describe it
_DENIAL_REACH = 6
_NAMING = frozenset({"homes", "called"})


class Forms:
    """Places that a word before them announces, or that are described by how they look."""

    def __init__(self, lexicon: Mapping[str, Any], names: Names) -> None:
        self._names = names
        self._kinds: dict[str, str] = {}
        for kind in ("labels", "homes", "mine", "called", "looks", "once"):
            self._kinds |= dict.fromkeys(words_of(lexicon[kind]), kind)
        parts = lexicon["parts"]
        self._label, self._door, self._name, self._lived, self._look, self._denial, self._before, self._quoted = (
            re.compile(filled(lexicon[name], parts))
            for name in ("label", "door", "home", "lived", "look", "denial", "before", "quoted")
        )
        self._no_homes = frozenset(words_of(lexicon["no_homes"]))
        self.words = frozenset(self._kinds)

    def at(self, text: str, start: int, end: int, word: str) -> Iterator[Stretch]:
        """The place that the word `start:end` announces or ends."""
        kind = self._kinds[word]
        if kind == "looks":
            look = self._look.search(text, max(0, start - _FAR), start)
            if look:
                yield look.start(1), end, "place"
            return
        if kind == "once":
            building = self._before.match(text, end)
            if building:
                yield start, building.end(1), "place"
            return
        number = (self._label if kind == "labels" else self._door).match(text, end)
        if number:
            yield number.start(1), number.end(1), "place"
        elif kind == "called" and (quoted := self._quoted.match(text, end)):
            yield quoted.start(1), quoted.end(1), "place"
        elif kind in _NAMING:
            name = self._name.match(text, end) or self._lived.search(text, max(0, start - _NAME_REACH), start)
            yield from self._home(text, name, sure=kind == "called")

    def denied(self, text: str, start: int) -> bool:
        """Whether the place that begins here is said not to be the one."""
        return bool(self._denial.search(text, max(0, start - _DENIAL_REACH), start))

    def _home(self, text: str, name: re.Match[str] | None, *, sure: bool) -> Iterator[Stretch]:
        """The name behind “住在”, or between 在 and 住: as a whole, and of a kind that names of places have."""
        if not name or name[1] in self._no_homes:
            return
        first, last = name.span(1)
        if self._names.start(text, last, _NAME_REACH) <= first and (sure or self._names.soft(text, last)):
            yield first, last, "place"
