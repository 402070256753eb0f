"""Knows how places are described, known or not: roads and numbers, estates, buildings, landmarks, “next to …”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.lexica import either, read_lexicon, words_of
from nlu.spans import Found

_HAN_NUMBER = "[零〇一二两三四五六七八九十百]"
_NUMBER = rf"(?:\d{{1,4}}|{_HAN_NUMBER}{{1,4}})"
_DASH = "[-—–]"
_UNIT = rf"{_NUMBER}单元"
_FLOOR = rf"(?:负|地下)?{_NUMBER}(?:层|楼)"
_ROOM = rf"\d{{3,4}}(?:室|房)?(?!\d)|{_HAN_NUMBER}{{3,4}}(?:室|房)?|{_NUMBER}(?:室|房)"
_ADDRESS = re.compile(
    rf"(?:(?:第?(?:{_NUMBER}|[a-z]\d{{0,2}})(?:号楼|栋楼?|幢楼?|座|#楼?)|{_UNIT}"
    rf"|(?<=房号)\d{{1,3}}{_DASH}\d{{3,4}}|(?<![\d-])\d{{1,3}}{_DASH}\d{{1,3}}{_DASH}\d{{2,4}}(?![\d-])"
    rf"|(?<![\d-])\d{{1,3}}{_DASH}\d{{3,4}}(?=室|房))(?:室|房)?(?:{_UNIT})?(?:{_FLOOR})?(?:{_ROOM})?)"
)
_HOUSE = re.compile(rf"(?:{_NUMBER}(?:号院|支弄|弄|号|组|队)(?:之{_NUMBER})?){{1,3}}")
_ADDRESS_SIGNS = frozenset("栋幢座单#-—–楼号")
_AFTER_ROAD = "灯面过上线牌"
_AFTER_ANY = "舞卡主员费家"
_REACH = {"road_ends": 5, "estate_ends": 7, "admin_ends": 6, "landmarks": 6, "beside": 7, "positions": 0,
          "plain_places": 0}  # fmt: skip
"""How many characters before a word that ends a place's name may belong to the name."""

_JOINTS = frozenset({"的", " ", "和", "跟", "与"})

Stretch = tuple[int, int, str]
"""Start, end, and what it is: a place, a tail that needs a place before it, or an anchor that needs one behind it."""


class PlaceWords:
    """Finds stretches of even text that describe a place: from the word that ends a name back to where it begins."""

    def __init__(self) -> None:
        lexicon = read_lexicon("places")
        self._outside = frozenset("".join(lexicon["outside_names"].split()))
        self._role: dict[str, str] = {}
        for role in _REACH:
            self._role.update(dict.fromkeys(words_of(lexicon[role]), role))
        self._plain = frozenset(words_of(lexicon["plain_places"]))
        self._words = re.compile(either(self._role))
        self._follower = re.compile(rf"(?:的|那[个片条块])?(?:{either(words_of(lexicon['followers']))})")
        self._public = re.compile(either(words_of(lexicon["public_ground"])))

    def find(self, text: str) -> Iterator[Found]:
        """The places, from left to right."""
        stretches = sorted([*self._named(text), *self._addresses(text)])
        for start, end, _ in self._joined(text, stretches):
            yield "place", start, end

    def is_public(self, words: str) -> bool:
        """Whether the words name ground that anybody may walk on."""
        return bool(self._public.search(words))

    def _named(self, text: str) -> Iterator[Stretch]:
        for match in self._words.finditer(text):
            word, end = match.group(), match.end()
            role = self._role[word]
            behind = text[end : end + 1]
            if behind and (behind in _AFTER_ANY or (role == "road_ends" and behind in _AFTER_ROAD)):
                continue
            start = self._name_start(text, match.start(), _REACH[role])
            if role == "road_ends":
                house = _HOUSE.match(text, end)
                end = house.end() if house else end
            if start < match.start() or word in self._plain:
                yield start, end, "place"
            else:
                yield start, end, "tail" if role in {"positions", "beside"} else "anchor"

    def _name_start(self, text: str, end: int, reach: int) -> int:
        """Back over the characters of a name; over one 的 where a position looks back on it (凉粉的旁边)."""
        start = end
        if reach == _REACH["beside"] and text[end - 1 : end] == "的":
            start -= 1
        least = max(0, start - reach)
        while start > least and text[start - 1] not in self._outside and text[start - 1].isalpha():
            start -= 1
        return end if text[start:end] == "的" else start

    def _addresses(self, text: str) -> Iterator[Stretch]:
        if _ADDRESS_SIGNS.isdisjoint(text):
            return
        for match in _ADDRESS.finditer(text):
            yield match.start(), match.end(), "place"

    def _joined(self, text: str, stretches: list[Stretch]) -> Iterator[Stretch]:
        """Stretches that touch or overlap, as one; a bare 银行 or 对面 is a place only together with something."""
        current: Stretch | None = None
        for stretch in stretches:
            if current and (stretch[0] <= current[1] or text[current[1] : stretch[0]] in _JOINTS):
                current = (current[0], max(current[1], stretch[1]), "place")
                continue
            if current and current[2] == "place":
                yield self._with_follower(text, current)
            current = stretch if stretch[2] != "tail" else None
        if current and current[2] == "place":
            yield self._with_follower(text, current)

    def _with_follower(self, text: str, stretch: Stretch) -> Stretch:
        follower = self._follower.match(text, stretch[1])
        return (stretch[0], follower.end(), stretch[2]) if follower else stretch
