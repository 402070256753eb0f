"""Knows how places are described, known or not: roads and numbers, estates, buildings, landmarks, “next to …”."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nlu.addresses import Stretch, addresses, house_number, room_number
from nlu.heads import beginnings
from nlu.lexica import WordIndex, either, read_lexicon, words_of
from nlu.placechains import Chains
from nlu.placeforms import Forms
from nlu.placenames import Names
from nlu.spans import Found

_REACH = {"road_ends": 5, "estate_ends": 7, "admin_ends": 6, "landmarks": 6, "things": 0, "beside": 8, "spots": 0,
          "positions": 0, "plain_places": 0, "quiet_ends": 8}  # fmt: skip
"""How many characters before a word that ends a place's name may belong to the name."""

_ADDRESS_REACH = 6
_SHORTEST_NAME = 2
_NUMBERED = {"road_ends": house_number, "estate_ends": room_number}
_CONFIRMED_REACH = 5
_TAILS = frozenset({"positions", "beside", "spots"})
_CONFIRMING = frozenset({"positions", "spots"})


class PlaceWords:
    """Finds stretches of even text that describe a place: from the word that ends a name back to where it begins."""

    def __init__(self) -> None:
        lexicon = read_lexicon("places")
        self._names = Names(lexicon)
        self._chains = Chains(lexicon)
        self._forms = Forms(lexicon, self._names)
        self._no_place = frozenset(words_of(lexicon["no_places"]))
        self._no_name = frozenset(words_of(lexicon["no_names"]))
        self._role: dict[str, str] = {}
        for role in _REACH:
            self._role = dict.fromkeys(words_of(lexicon[role]), role) | self._role
        self._role = dict.fromkeys(self._forms.words, "form") | self._role
        self._plain = frozenset(words_of(lexicon["plain_places"]))
        self._vague = frozenset(words_of(lexicon["vague_places"]))
        self._lanes = frozenset(words_of(lexicon["lanes"]))
        self._words = WordIndex({word: word for word in [*self._role, *self._lanes]})
        behind = lexicon["not_behind"]
        other_words = {role: "|".join(filter(None, (behind.get(role), behind["any"]))) for role in _REACH}
        self._not_behind = {role: (beginnings(words), re.compile(words)) for role, words in other_words.items()}
        self._public = re.compile(either(words_of(lexicon["public_ground"])))

    def find(self, text: str) -> list[Found]:
        """The places, from left to right."""
        stretches = list(self._named(text))
        addressed = addresses(text)
        if addressed:
            stretches += [self._with_name(text, one) for one in addressed]
            stretches.sort()
        if not stretches:
            return []
        return [("place", start, end) for start, end, _ in self._chains.joined(text, stretches)]

    def settled(self, text: str, places: Sequence[Found]) -> list[Found]:
        """The places without those that others of them make needless: told again in full, denied, or just the road."""
        words = [text[start:end] for _, start, end in places]
        if "不" not in text and self._vague.isdisjoint(words) and not _repeated(words):
            return list(places)
        told = dict(zip(places, words, strict=True))
        kept = [one for one in places if not self._forms.denied(text, one[1])] if "不" in text else places
        kept = [one for one in kept if told[one] not in self._vague] or kept[:1] or places
        together = ",".join({told[one] for one in kept})
        return [one for one in kept if together.count(told[one]) == 1]

    def is_public(self, words: str) -> bool:
        """Whether the words name ground that anybody may walk on."""
        return bool(self._public.search(words))

    def _named(self, text: str) -> Iterator[Stretch]:
        roles, lanes = self._role, self._lanes
        for at, end, word in self._words.spans(text):
            role = roles.get(word, "")
            if role == "form":
                yield from self._forms.at(text, at, end, word)
                continue
            if word in lanes and house_number(text, end) > end:
                role = "road_ends"
            if not role or text[end - 2 : end] in self._no_place:
                continue
            heads, other_word = self._not_behind[role]
            if text[end : end + 1] in heads and other_word.match(text, end):
                continue
            start = self._start(text, at, role)
            if text[start:end] in self._no_name or (role == "quiet_ends" and not self._names.quiet(text, start, end)):
                continue
            kind = self._kind(word, role, named=start < at or _stayed(text, at, end, role))
            yield start, _NUMBERED[role](text, end) if role in _NUMBERED else end, kind

    def _kind(self, word: str, role: str, *, named: bool) -> str:
        if word in self._plain or (named and role != "things"):
            return "place"
        return "tail" if role in _TAILS else "anchor"

    def _start(self, text: str, at: int, role: str) -> int:
        if role in _CONFIRMING:
            return self._names.confirmed(text, at, _CONFIRMED_REACH)
        return self._names.start(text, at, _REACH[role], own=role == "beside") if _REACH[role] else at

    def _with_name(self, text: str, address: Stretch) -> Stretch:
        """An address with the name right before it, though nothing says that it is one: 锦绣江南12栋."""
        start, end, kind = address
        first = self._names.confirmed(text, start, _ADDRESS_REACH)
        if kind == "place" and first == start:
            first = self._names.start(text, start, _ADDRESS_REACH)
            first = first if start - first >= _SHORTEST_NAME else start
        return first, end, "place" if first < start else kind


def _stayed(text: str, start: int, end: int, role: str) -> bool:
    """Whether somebody or something is said to be there: 在客运中心等车; of shorter words too much is said so."""
    return role == "landmarks" and end - start > _SHORTEST_NAME and text[start - 1 : start] == "在"


def _repeated(words: Sequence[str]) -> bool:
    """Whether one of the words stands in another, or twice among them."""
    together = ",".join(words)
    return any([together.count(word) > 1 for word in words])
