"""Knows how places are described, known or not: roads and numbers, estates, buildings, landmarks, “next to …”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.lexica import either, read_lexicon, words_of
from nlu.spans import Found

HAN_NUMBER = "[零〇一二两三四五六七八九十百]"
_NUMBER = rf"(?:\d{{1,4}}|{HAN_NUMBER}{{1,4}})"
_DASH = "[-—–]"
BUILDING = rf"第?(?:{_NUMBER}|[a-z]\d{{0,2}})(?:号楼|栋楼?|幢楼?|座|#楼?)"
UNIT = rf"{_NUMBER}单元"
FLOOR = rf"(?:负|地下)?{_NUMBER}(?:层|楼)"
ROOM = rf"\d{{3,4}}(?:室|房)?(?!\d)|{HAN_NUMBER}{{3,4}}(?:室|房)?|{_NUMBER}(?:室|房)"
DASHED = rf"(?<![\d-])\d{{1,3}}{_DASH}\d{{1,3}}{_DASH}\d{{2,4}}(?:室|房)?(?![\d-])|(?<![\d-])\d{{1,3}}{_DASH}\d{{3,4}}(?:室|房)(?!\d)"
_LANE = rf"{_NUMBER}(?:号院|支弄|弄|号|组|队)(?:之{_NUMBER})?"
_JOINT = re.compile(r"[的 ]?$")


class PlaceWords:
    """Finds stretches of even text that describe a place."""

    def __init__(self) -> None:
        lexicon = read_lexicon("places")
        outside = "".join(lexicon["outside_names"].split())
        char = rf"[^{outside}\W\d_]"
        landmark = either(words_of(lexicon["landmarks"]))
        positions = either(words_of(lexicon["positions"]))
        roads = either(words_of(lexicon["road_ends"]))
        estates = either(words_of(lexicon["estate_ends"]))
        road = rf"{char}{{1,5}}?(?:{roads})(?![灯面口边人过上线牌])"
        self._named = re.compile(
            rf"(?P<road>{road}(?:[与和跟]{road})?(?:{_LANE}){{0,3}}(?:交叉口|交界处?|路口|段)?)"
            rf"|(?P<estate>(?:{char}{{1,7}}?(?:{estates})|小区)(?:[一二三四五\d]期|[东西南北a-z]区)?)"
            rf"|(?P<admin>{char}{{2,4}}(?:街道|镇|乡|县|市(?!场|民|容|政|面)))"
            rf"|(?P<address>{BUILDING}|{UNIT}|{DASHED})(?:{UNIT})?(?:{FLOOR})?(?:{ROOM})?"
            rf"|(?P<landmark>{char}{{0,6}}?(?:{landmark}))"
        )
        self._tail = re.compile(rf"(?:的|那|这)?(?:{positions})(?:的?(?:{positions}))?|那边|那块|那片|这边|那儿|(?:{FLOOR})(?!梯)")
        self._beside = re.compile(rf"({char}{{1,7}}?(?:的)?)(?:旁边|边上|对面|后面|前面|东边|西边|南边|北边|附近|隔壁|门口|中间)")
        self._plain = re.compile(either(words_of(lexicon["plain_places"])))
        self._public = re.compile(either(words_of(lexicon["public_ground"])))

    def find(self, text: str) -> Iterator[Found]:
        """The places, the fullest descriptions first."""
        yield from (("place", start, end) for start, end in self._chains(text))
        for match in self._beside.finditer(text):
            yield "place", match.start(), match.end()
        for match in self._plain.finditer(text):
            yield "place", match.start(), match.end()

    def is_public(self, words: str) -> bool:
        """Whether the words name ground that anybody may walk on."""
        return bool(self._public.search(words))

    def _chains(self, text: str) -> Iterator[tuple[int, int]]:
        """Parts of an address that follow each other, as one stretch, with a position behind."""
        start = end = -1
        for match in self._named.finditer(text):
            if start >= 0 and _JOINT.fullmatch(text, end, match.start()):
                end = match.end()
                continue
            if start >= 0:
                yield start, self._with_tail(text, end)
            start, end = match.span()
        if start >= 0:
            yield start, self._with_tail(text, end)

    def _with_tail(self, text: str, end: int) -> int:
        tail = self._tail.match(text, end)
        return tail.end() if tail else end
