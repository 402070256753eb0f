"""Knows how places are described, known or not: roads and numbers, estates, buildings, landmarks, “next to …”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.addresses import addresses, house_number
from nlu.lexica import WordIndex, either, read_lexicon, words_of
from nlu.spans import Found

_REACH = {"road_ends": 5, "estate_ends": 7, "admin_ends": 6, "landmarks": 6, "beside": 8, "positions": 0,
          "plain_places": 0}  # fmt: skip
"""How many characters before a word that ends a place's name may belong to the name."""

_BESIDE_REACH = _REACH["beside"]
_ADDRESS_REACH = 6
_SHORTEST_NAME = 2
_TAILS = frozenset({"positions", "beside"})
_JOINTS = frozenset(
    {
        "的",
        " ",
        "",
        "嘅",
        "里的",
        "上的",
        "边的",
        "内的",
        "外的",
        "后的",
        "前的",
        "下的",
        "那",
        "那个",
        "那条",
        "那家",
        "嗰",
    }
)
_OWN = frozenset({"的", "嘅"})
_BOTH = frozenset({"和", "跟", "与", "同", "、"})
_MEETING = re.compile("路口|街口|交叉|交界|交汇|之间|中间|当中")
_MEETS_WITHIN = 6
_MOST_FOLLOWERS = 4

Stretch = tuple[int, int, str]
"""Start, end, and what it is: a place, a tail that needs a place before it, or an anchor that needs one behind it."""


class PlaceWords:
    """Finds stretches of even text that describe a place: from the word that ends a name back to where it begins."""

    def __init__(self) -> None:
        lexicon = read_lexicon("places")
        self._outside = frozenset("".join(lexicon["outside_names"].split()))
        self._inside = frozenset(words_of(lexicon["inside_names"]))
        self._no_place = frozenset(words_of(lexicon["no_places"]))
        self._no_name = frozenset(words_of(lexicon["no_names"]))
        self._role: dict[str, str] = {}
        for role in _REACH:
            self._role = dict.fromkeys(words_of(lexicon[role]), role) | self._role
        self._plain = frozenset(words_of(lexicon["plain_places"]))
        self._lanes = frozenset(words_of(lexicon["lanes"]))
        words = [*self._role, *self._lanes]
        self._words = WordIndex({word: word for word in words})
        behind = lexicon["not_behind"]
        self._not_behind = {
            role: re.compile("|".join(filter(None, (behind.get(role), behind["any"])))) for role in _REACH
        }
        self._before = frozenset(words_of(lexicon["before_names"])) | {
            count + counted for count in lexicon["counts"] for counted in lexicon["counted"]}  # fmt: skip
        parts = {name: either(words_of(lexicon[name])) for name in ("followers", "positions", "beside")}
        self._follower = re.compile(lexicon["follower"].format(**parts))
        self._public = re.compile(either(words_of(lexicon["public_ground"])))

    def find(self, text: str) -> Iterator[Found]:
        """The places, from left to right."""
        named = list(self._named(text))
        stretches = [*named, *(self._with_name(text, one) for one in addresses(text))]
        if len(stretches) > len(named):
            stretches.sort()
        for start, end, _ in self._joined(text, stretches):
            yield "place", start, end

    def is_public(self, words: str) -> bool:
        """Whether the words name ground that anybody may walk on."""
        return bool(self._public.search(words))

    def _named(self, text: str) -> Iterator[Stretch]:
        for at, end, word in self._words.spans(text):
            role = self._role.get(word, "")
            if word in self._lanes and house_number(text, end) > end:
                role = "road_ends"
            if not role or text[end - 2 : end] in self._no_place or self._not_behind[role].match(text, end):
                continue
            start = self._name_start(text, at, _REACH[role])
            if text[start:end] in self._no_name:
                continue
            kind = "place" if start < at or word in self._plain else "tail" if role in _TAILS else "anchor"
            yield start, house_number(text, end) if role == "road_ends" else end, kind

    def _with_name(self, text: str, address: Stretch) -> Stretch:
        """An address with the name right before it, though nothing says that it is one: 锦绣江南12栋."""
        start, end, kind = address
        if kind != "place":
            return address
        first = self._name_start(text, start, _ADDRESS_REACH)
        return (first if start - first >= _SHORTEST_NAME else start), end, kind

    def _name_start(self, text: str, end: int, reach: int) -> int:
        """Back over the characters of a name; over one 的 where a position looks back on it (凉粉的旁边)."""
        start = end - (reach == _BESIDE_REACH and text[end - 1 : end] in _OWN)
        least = max(0, start - reach)
        outside, inside, before = self._outside, self._inside, self._before
        while start > least:
            char = text[start - 1]
            if char in outside:
                if text[start - 1 : start + 1] not in inside and text[max(0, start - 2) : start] not in inside:
                    break
            elif not char.isalpha():
                break
            if text[max(0, start - 2) : start] in before or text[max(0, start - 3) : start] in before:
                break
            start -= 1
        return end if text[start:end] in _OWN else start

    def _joined(self, text: str, stretches: list[Stretch]) -> Iterator[Stretch]:
        """Stretches that touch or overlap, as one; a bare 银行 or 对面 is a place only together with something."""
        current: Stretch | None = None
        for stretch in stretches:
            if current and stretch[0] > current[1]:
                current = self._followed(text, current)
            if current and self._belong(text, current, stretch):
                current = _union(current, stretch)
                continue
            if current and current[2] == "place":
                yield self._followed(text, current)
            current = stretch
        if current and current[2] == "place":
            yield self._followed(text, current)

    def _belong(self, text: str, one: Stretch, other: Stretch) -> bool:
        if other[0] < one[1]:
            return True
        if one[2] == "tail":
            return False
        between = text[one[1] : other[0]]
        if between in _JOINTS:
            return True
        return between in _BOTH and bool(_MEETING.search(text, other[0], other[1] + _MEETS_WITHIN))

    def _followed(self, text: str, stretch: Stretch) -> Stretch:
        """With what goes on behind a place: that tree, the lane on its left, twenty metres down the slope."""
        start, end, kind = stretch
        if kind == "tail":
            return stretch
        for _ in range(_MOST_FOLLOWERS):
            follower = self._follower.match(text, end)
            if not follower or follower.end() == end:
                break
            end = follower.end()
        return start, end, "place" if end > stretch[1] else kind


def _union(one: Stretch, other: Stretch) -> Stretch:
    """Two stretches as one; what lies within an anchor or a tail does not make a place of it."""
    end = max(one[1], other[1])
    if other[2] != "place" and (one[1] >= other[1] or (one[0] == other[0] and one[2] != "place")):
        return one[0], end, one[2] if one[1] >= other[1] else other[2]
    return one[0], end, "place"
