"""Knows what does not belong to a place that was found (上东闸口, 菜园里), and who goes to one that is bare."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from nlu.addresses import Stretch
from nlu.lexica import filled, words_of

_TO = frozenset({"到", "至"})
_FROM = frozenset({"从", "由"})
_WAY = 14  # so many characters before 到 a way may have begun
_GOING = frozenset("上去进绕到往过")
_IN = frozenset("里头面边上位桥")
_GONE = frozenset("在去到往搁喺进了入来奔蹲着")
_BEGUN = frozenset("摆支练了个家间开办着起")
_CLEAR = 2  # characters of a bare 银行, which many places are called; more say which one it is


class Cuts:
    """Shortens places to what tells where, with the lexicon of places."""

    def __init__(self, lexicon: Mapping[str, Any]) -> None:
        parts = lexicon["parts"]
        self._head, self._tail, self._gone, self._stretch, self._kept, self._door, self._line = (
            re.compile(filled(lexicon[name], parts))
            for name in ("cut_head", "cut_tail", "gone_to", "cut_stretch", "kept_shop", "bare_door", "bus_line")
        )
        self._from, self._onward, self._way, self._run = (
            re.compile(filled(lexicon[name], parts)) for name in ("from_to", "onward", "way", "run_shop")
        )
        self._whole = frozenset(words_of(lexicon["landmarks"]))

    def trimmed(self, text: str, start: int, end: int) -> tuple[int, int]:
        """The place without the verb before it and without what says no more of it: 上东闸口, 二组菜园里."""
        head = self._head.match(text, start) if text[start] in _GOING else None
        if head and (head["sure"] or text[head.end() : end] in self._whole):
            start = head.end()
        if text[start - 1 : start] in _TO:
            stretch = self._stretch.search(text, start, end)
            end = stretch.start() if stretch and stretch.start() > start else end
        tail = self._tail.search(text, start, end) if text[end - 1] in _IN else None
        return start, tail.start() if tail else end

    def visited(self, text: str, start: int, end: int) -> bool:
        """Whether somebody goes to a bare institution or is there, or whether a way leads to it or from it."""
        before, behind = text[start - 1 : start], text[end : end + 1]
        if end - start > _CLEAR and before in _GONE and self._gone.search(text, max(0, start - 4), start):
            return True
        if before in _TO:
            return bool(self._from.search(text, max(0, start - _WAY), start - 1)) or bool(self._way.match(text, end))
        return behind in _TO and (before in _FROM or bool(self._onward.match(text, end)))

    def run(self, text: str, start: int) -> bool:
        """Whether somebody has begun the shop or the stall that stands here: 摆馄饨摊, 开了个修表摊."""
        return text[start - 1 : start] in _BEGUN and bool(self._run.search(text, max(0, start - 4), start))

    def shop(self, text: str, start: int, end: int) -> int:
        """Where the shop ends that is called after the person `start:end`; `end` where there is none: 老王烧饼店."""
        shop = self._kept.match(text, end)
        return shop.end() if shop else end

    def doors(self, text: str) -> list[Stretch]:
        """The doors told by nothing but a number: 302的小刘, 楼上502天天拖凳子; persons are put out of the way."""
        return [(one.start(), one.end(), "place") for one in self._door.finditer(text)]

    def is_line(self, text: str, start: int, end: int) -> bool:
        """Whether it is the line of a bus: 26路."""
        return text[start].isdigit() and bool(self._line.fullmatch(text, start, end))
