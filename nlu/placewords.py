"""Knows how places are described, known or not: roads and numbers, estates, buildings, landmarks, “next to …”."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nlu.addresses import Stretch, addresses, house_number, room_number
from nlu.heads import beginnings
from nlu.lexica import WordIndex, either, read_lexicon, words_of
from nlu.placechains import BOTH, Chains
from nlu.placecuts import Cuts
from nlu.placeforms import Forms
from nlu.placenames import Names
from nlu.placesiblings import Siblings
from nlu.spans import Found, without

_REACH = {"road_ends": 5, "estate_ends": 7, "admin_ends": 6, "landmarks": 6, "things": 0, "beside": 8, "spots": 0,
          "pointing": 0, "positions": 0, "plain_places": 0, "quiet_ends": 8}  # fmt: skip
"""How many characters before a word that ends a place's name may belong to the name."""

_DOUBTFUL = frozenset({"landmarks", "road_ends", "quiet_ends"})
_ADDRESS_REACH = 6
_SHORTEST_NAME = 2
_NUMBERED = {"road_ends": house_number, "estate_ends": room_number}
_CONFIRMED_REACH = 5
_TAILS = frozenset({"positions", "beside", "spots"})
_CONFIRMING = frozenset({"positions", "spots"})
_BEFORE = frozenset({"things", "pointing"})  # they tell that what stands before them is a place
_POINTED_LEAST = 3
_MADE = frozenset("挖建盖搭砌造改")
_ON = frozenset("里上边")  # a thing that something is on, in or beside tells a place
_ON_ROAD = frozenset("上边口旁中头尽")
_SIDES = frozenset("前后口下上边旁里外面头侧")
_NEXT_DOOR = "隔壁"
_AT = frozenset("在到去是")
_OFFICES = frozenset("局院所部队庭委")
_NOT_POINTED = frozenset("里关")  # 名字里那个, 第三关那个
_THING_REACH = 4
_LINES = frozenset({"地铁", "轻轨"})
_HOUSES = frozenset("家屋")
_NUMERALS = frozenset("0123456789零〇一二两三四五六七八九十百")


class PlaceWords:
    """Finds stretches of even text that describe a place: from the word that ends a name back to where it begins."""

    def __init__(self) -> None:
        lexicon = read_lexicon("places")
        self._names = Names(lexicon)
        self._chains = Chains(lexicon)
        self._forms = Forms(lexicon, self._names)
        self._cuts = Cuts(lexicon)
        self._siblings = Siblings(lexicon, self._names)
        self._shop_ends = frozenset(lexicon["shop_ends"])
        self._no_place = frozenset(words_of(lexicon["no_places"]))
        self._no_name = frozenset(words_of(lexicon["no_names"]))
        self._role = dict.fromkeys(words_of(lexicon["things"]), "things")
        for role in _REACH:
            self._role = dict.fromkeys(words_of(lexicon[role]), role) | self._role
        self._role = dict.fromkeys(self._forms.words, "form") | self._role
        self._plain = frozenset(words_of(lexicon["plain_places"]))
        self._vague = frozenset(words_of(lexicon["vague_places"]))
        self._lanes = frozenset(words_of(lexicon["lanes"]))
        self._words = WordIndex({word: word for word in [*self._role, *self._lanes, *words_of(lexicon["no_words"])]})
        behind = lexicon["not_behind"]
        other_words = {role: "|".join(filter(None, (behind.get(role), behind["any"]))) for role in _REACH}
        self._not_behind = {role: (beginnings(words), re.compile(words)) for role, words in other_words.items()}
        self._with_thing = re.compile(f"(?:的|里的|那个|这个)?{either(words_of(lexicon['things']))}")
        self._not_alone = re.compile(lexicon["not_alone"])
        self._shop = re.compile(lexicon["shop"])
        self._public = re.compile(either(words_of(lexicon["public_ground"])))

    def find(self, text: str, owners: Sequence[Found] = (), shops: Sequence[Found] = ()) -> list[Found]:
        """The places, left to right; at the homes of `owners` something may be; `shops` are called after persons."""
        stretches = list(self._named(text))
        if shops:
            stretches += [(start, end, "place") for _, start, end in shops]
        addressed = addresses(without(text, owners) if owners else text)
        if addressed:
            stretches += [self._with_name(text, one) for one in addressed]
        if owners:
            stretches += [self._home(text, one, stretches) for one in owners]
        doors = self._cuts.doors(text) if "0" in text or "1" in text else []
        if doors:
            stretches += [one for one in doors if all(one[1] <= start or one[0] >= end for start, end, _ in stretches)]
        relatives = self._siblings.relatives(text) if "着" in text and "那" in text else []
        if addressed or owners or shops or doors or relatives:
            stretches = sorted(stretches + relatives)
        if not stretches:
            return []
        joined = self._chains.joined(text, stretches)
        cut = [self._cuts.trimmed(text, _with_line(text, self._paired(text, one[0], one[1])), one[1]) for one in joined]
        return [("place", start, end) for start, end in self._siblings.completed(text, cut) if end - start > 1]

    def owns(self, text: str, end: int) -> bool:
        """Whether the home or the shop of the person named before `end` tells a place: 张伟家门口, 老杨家面馆."""
        return text[end : end + 1] in _HOUSES and bool(
            self._chains.goes_on(text, end + 1) or self._chains.goes_on(text, end) or self._shop.match(text, end)
        )

    def kept(self, text: str, person: Found) -> Found | None:
        """The shop that is called after a person: 老王烧饼店."""
        _, start, end = person
        last = self._cuts.shop(text, start, end)
        return ("place", start, last) if last > end else None

    def settled(self, text: str, places: Sequence[Found]) -> list[Found]:
        """The places without those that others of them make needless: told again in full, denied, or just the road."""
        words = [text[start:end] for _, start, end in places]
        if "不" not in text and self._vague.isdisjoint(words) and not _repeated(words):
            return list(places)
        told = dict(zip(places, words, strict=True))
        kept = [one for one in places if not self._forms.denied(text, one[1])] if "不" in text else places
        kept = [one for one in kept if told[one] not in self._vague] or kept[:1] or places
        together = ",".join({told[one] for one in kept})
        return [one for one in kept if together.count(told[one]) == 1 or _times(together, told[one]) == 1]

    def is_public(self, words: str) -> bool:
        """Whether the words name ground that anybody may walk on."""
        return bool(self._public.search(words))

    def _paired(self, text: str, start: int, end: int) -> int:
        """Back over the other place that something lies between: 水文站和老渡口之间."""
        if text[start - 1 : start] not in BOTH or not self._chains.between(text, start, end):
            return start
        first = self._names.confirmed(text, start - 1, _ADDRESS_REACH)
        return first if first < start - 1 else start

    def _named(self, text: str) -> Iterator[Stretch]:
        roles, lanes = self._role, self._lanes
        for at, end, word in self._words.spans(text):
            role = roles.get(word, "")
            if role == "form":
                yield from self._forms.at(text, at, end, word)
                continue
            if word in lanes and house_number(text, end) > end:
                role = "road_ends"
            if not role or text[end - 2 : end] in self._no_place or _their_road(text, at, end):
                continue
            heads, other_word = self._not_behind[role]
            if text[end : end + 1] in heads and other_word.match(text, end):
                if role != "spots":
                    continue
                role = "pointing"
            if role in _BEFORE:
                yield from self._at_thing(text, at, end) if role == "things" else self._pointed(text, at)
                continue
            start = self._start(text, at, role)
            if text[start:end] in self._no_name or (role in _DOUBTFUL and self._no_stretch(text, start, end, role)):
                continue
            if (
                start < at
                or (role == "landmarks" and self._spoken_of(text, at, end))
                or (word in self._plain and not _made(text, at, end) and not self._not_alone.match(text, at))
            ):
                kind = "place"
            else:
                kind = "tail" if role in _TAILS else "anchor"
            yield start, _NUMBERED[role](text, end) if role in _NUMBERED else end, kind

    def _no_stretch(self, text: str, start: int, end: int, role: str) -> bool:
        """Whether what ends in such a word is a line of buses, a stall just begun, or too quiet for a name."""
        if role == "landmarks":
            return text[end - 1] in self._shop_ends and self._cuts.run(text, start)
        return self._cuts.is_line(text, start, end) if role == "road_ends" else not self._names.quiet(text, start, end)

    def _start(self, text: str, at: int, role: str) -> int:
        if role in _CONFIRMING:
            return self._names.confirmed(text, at, _CONFIRMED_REACH)
        start = self._names.start(text, at, _REACH[role], own=role == "beside") if _REACH[role] else at
        if role == "estate_ends" and start and not text[start - 1 : start + 1].isalpha():
            return self._names.over_number(text, start)
        near = role == "landmarks" and text[max(0, start - 2) : start] == _NEXT_DOOR
        return start - 2 if near and text[start - 3 : start - 2] in _AT else start

    def _pointed(self, text: str, at: int) -> Iterator[Stretch]:
        """The name before a word that points at something in it: 西坝头那个变压器."""
        start = self._names.confirmed(text, at, _CONFIRMED_REACH)
        if text[at - 1] not in _NOT_POINTED and (at - start >= _POINTED_LEAST or self._names.paired(text, at)):
            yield start, at, "place"

    def _at_thing(self, text: str, at: int, end: int) -> Iterator[Stretch]:
        """A thing tells a place where a position follows; otherwise only the name before it does: 天润府滑梯."""
        if text[end : end + 1] in _ON or self._chains.goes_on(text, end):
            yield self._names.start(text, at, _THING_REACH), end, "anchor"
            return
        if text[end - 1] in _OFFICES:
            return
        start = self._names.confirmed(text, at, _CONFIRMED_REACH)
        if at - start >= _POINTED_LEAST:
            yield start, at, "place"

    def _spoken_of(self, text: str, start: int, end: int) -> bool:
        """Whether somebody is there (在客运中心等车), or a thing of it follows (幼儿园滑梯); not of short words."""
        if self._cuts.visited(text, start, end):
            return True
        if end - start <= _SHORTEST_NAME:
            return False
        return text[start - 1 : start] == "在" or bool(self._with_thing.match(text, end))

    def _with_name(self, text: str, address: Stretch) -> Stretch:
        """An address with the name right before it, though nothing says that it is one: 锦绣江南12栋."""
        start, end, kind = address
        first = self._names.confirmed(text, start, _ADDRESS_REACH)
        if kind == "place" and first == start:
            first = self._names.start(text, start, _ADDRESS_REACH)
            first = first if start - first >= _SHORTEST_NAME else start
        return first, end, "place" if first < start else kind

    def _home(self, text: str, owner: Found, stretches: Sequence[Stretch]) -> Stretch:
        """Somebody's home, with the village or the house number right before it."""
        _, start, end = owner
        near = [first for first, last, _ in stretches if last == start and last - first > 1]
        first = near[0] if near else self._names.confirmed(text, start, _CONFIRMED_REACH)
        return first, end + (not self._chains.goes_on(text, end)), "anchor"


def _with_line(text: str, start: int) -> int:
    """Over what kind of line a number is of: 地铁2号线花溪口站C口."""
    return start - 2 * (text[max(0, start - 2) : start] in _LINES and text[start : start + 1].isnumeric())


def _their_road(text: str, start: int, end: int) -> bool:
    """Whether a bare road is what the matter is about: 五队的路啥时候硬化, but 五队的路边."""
    return (
        text[start - 1 : end] == "的路"
        and text[start - 2 : start - 1] not in _SIDES
        and text[end : end + 1] not in _ON_ROAD
    )


def _made(text: str, start: int, end: int) -> bool:
    """Whether the place is yet to be made: 偷挖地下室."""
    return text[start - 1 : start] in _MADE and text[end : end + 1] != "的"


def _times(together: str, word: str) -> int:
    """How often the word stands there, not counting where a number is cut: 3号楼 is none of 13号楼."""
    times, at = 0, together.find(word)
    while at >= 0:
        end = at + len(word)
        times += not (_cut(together, at) or _cut(together, end))
        at = together.find(word, end)
    return times


def _cut(text: str, at: int) -> bool:
    """Whether a number goes on over this place."""
    return 0 < at < len(text) and text[at - 1] in _NUMERALS and text[at] in _NUMERALS


def _repeated(words: Sequence[str]) -> bool:
    """Whether one of the words stands in another, or twice among them."""
    together = ",".join(words)
    return any([together.count(word) > 1 for word in words])
