"""Knows which parts tell one place together: 西津渡牌坊 + 进去 + 右手 + 第二条巷子口, 9栋和10栋 + 中间 + 那条过道."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from nlu.addresses import Stretch
from nlu.heads import beginnings
from nlu.lexica import either, filled, words_of
from nlu.placenames import OWN

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
        "的小",
        "的大",
        "的老",
        "的新",
    }
)
BOTH = frozenset({"和", "跟", "与", "同", "、", "到", "至", "还有", "以及"})
_JOINT_MOST = 5
_OURS = frozenset({"俺村", "我村", "咱村", "俺庄", "咱庄", "我庄", "俺屯", "咱屯", "们村"})
_SIDES = frozenset("东西南北口头尾里边后前")
_KINDS = re.compile("门|栋|幢|单元|号楼|楼|层|号")
_MEETING = re.compile("路口|街口|交叉|交口|交界|交汇|之间|中间|当中|夹角|夹着?的|拐角|[那这一][段截]")
_TO = frozenset("到至")
_STRETCH = re.compile("之间|当中|中间")
_LISTED = frozenset({"和", "跟", "与", "及", "、"})
_NUMBER_MOST = 2
_MEETS_WITHIN = 6
_MOST_FOLLOWERS = 6
_SLIGHT = frozenset("上边")  # by themselves they do not make a place of a bare 路
_LISTS = ("followers", "positions", "beside", "spots")


class Chains:
    """Joins stretches of even text that tell one place."""

    def __init__(self, lexicon: Mapping[str, Any]) -> None:
        parts = {name: either(words_of(lexicon[name])) for name in _LISTS}
        parts |= lexicon["parts"]
        expression = filled("|".join(lexicon["follower"]), parts)
        self._follower = re.compile(expression)
        self._heads = beginnings(expression)
        self._joint = re.compile(lexicon["joint"])
        seen = filled(lexicon["seen"], parts)
        self._seen = re.compile(seen)
        self._fixture = re.compile(either(words_of(lexicon["fixtures"])))
        self._seen_end = re.compile(f"(?:{seen})$")

    def joined(self, text: str, stretches: list[Stretch]) -> Iterator[Stretch]:
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
        if current:
            current = self._followed(text, current)
            if current[2] == "place":
                yield current

    def _belong(self, text: str, one: Stretch, other: Stretch) -> bool:
        if other[0] < one[1]:
            return True
        if one[2] == "tail" or _ours(text, one):
            return False
        between = text[one[1] : other[0]]
        if between[-1:] in OWN and self._fixture.match(text, other[0]) and not self.goes_on(text, other[1]):
            return False
        if between == " " and self._told(text, one) and other[2] == "place":
            return False
        if between in _JOINTS or (len(between) <= _JOINT_MOST and self._joint.fullmatch(between)):
            return True
        if between in _LISTED and _alike(text, one, other):
            return True
        meeting = _STRETCH if between in _TO and not text[other[0]].isdigit() else _MEETING
        return between in BOTH and bool(meeting.search(text, other[0], other[1] + _MEETS_WITHIN))

    def goes_on(self, text: str, end: int) -> bool:
        """Whether what ends here is followed by where, seen from it, something is."""
        return bool(self._seen.match(text, end))

    def between(self, text: str, start: int, end: int) -> bool:
        """Whether the stretch tells something between two places, or where they meet."""
        road = text[start - 1] in _TO
        return bool((_STRETCH if road else _MEETING).search(text, start, end))

    def _told(self, text: str, stretch: Stretch) -> bool:
        """Whether the stretch ends where, seen from something, a thing is: behind a space another place begins."""
        return bool(self._seen_end.search(text, stretch[0], stretch[1]))

    def _followed(self, text: str, stretch: Stretch) -> Stretch:
        """With what goes on behind a place: that tree, the lane on its left, twenty metres down the slope."""
        start, end, kind = stretch
        if kind == "tail" or text[end : end + 1] not in self._heads:
            return stretch
        slight = end - start == 1 and text[end] in _SLIGHT
        for _ in range(_MOST_FOLLOWERS):
            follower = self._follower.match(text, end)
            if not follower or follower.end() == end:
                break
            end = follower.end()
        return start, end, "place" if end - stretch[1] > slight else kind


def _ours(text: str, one: Stretch) -> bool:
    """Whether it is just “our village”, and no side of it follows: 俺村三组, but 咱庄西头."""
    return one[1] - one[0] == 1 and text[max(0, one[0] - 1) : one[1]] in _OURS and text[one[1]] not in _SIDES


def _alike(text: str, one: Stretch, other: Stretch) -> bool:
    """Whether two numbers or gates stand on one list: 东门和西门, 11栋和12栋."""
    words = text[one[0] : one[1]]
    kind = _KINDS.search(text, other[0], other[1])
    return bool(kind and kind.start() <= other[0] + _NUMBER_MOST and words.endswith(kind[0]))


def _union(one: Stretch, other: Stretch) -> Stretch:
    """Two stretches as one; what lies within an anchor or a tail does not make a place of it."""
    start, end = min(one[0], other[0]), max(one[1], other[1])
    if other[2] != "place" and (one[1] >= other[1] or (one[0] == other[0] and one[2] != "place")):
        return start, end, one[2] if one[1] >= other[1] else other[2]
    return start, end, "place"
