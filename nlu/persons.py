"""Knows how persons are named in a message: 张阿姨, 小李, 刘某, 我叫马路, 联系人：吴志远, 我女儿季红梅."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.heads import Tries
from nlu.lexica import either, filled, read_lexicon, words_of
from nlu.spans import Found

_CHARACTERS = ("surnames", "familiar_surnames", "given", "clause_surnames", "of_elders", "before_little")
_WORDS = ("compound_surnames", "introductions", "relations", "titles", "short_titles", "pet_names", "parents",
          "elders", "crafts", "polite")  # fmt: skip
_NOTES = frozenset("男女(岁")
_ROLLS = frozenset("单签席场会报")
_JOINTS = frozenset("、,和与及")
_FAMILIAR = frozenset("老小")
_TITLED = 3  # longer ones have a title, which makes a name of what is none by itself: 小高同志
_NUMBERED = frozenset("1证话登款签申")
_SIGNS = _ROLLS | _NOTES | _NUMBERED | frozenset("妈爸")
_SIGNED = re.compile(r"\d{7}|\d{4} \d{4}|[a-z]·?[a-z\d]{5}|登记|报名|落款|签名|申请|身份证|证号|证件|电话|手机")


class Persons:
    """Finds names of persons in even text."""

    def __init__(self) -> None:
        lexicon = read_lexicon("names")
        parts = {name: "".join(lexicon[name].split()) for name in _CHARACTERS}
        parts["strong"] = "".join(char for char in parts["surnames"] if char not in lexicon["weak_surnames"])
        parts |= {name: either(words_of(lexicon[name])) for name in _WORDS}
        parts["of_child"] = f"(?:{'|'.join(words_of(lexicon['of_child']))})"
        parts |= {name: re.escape(lexicon[name]) for name in ("after_name", "before_full")}
        self._child = re.compile(
            rf"([{parts['given']}豆果糖朵])\1(?={parts['parents']})"
            rf"|(?<![\u4e00-\u9fff])[{parts['given']}]{{2}}(?=妈妈|爸爸|外婆|姥姥)"
        )
        self._not_doubled = frozenset(words_of(lexicon["not_doubled"]))
        self._not_names = frozenset((*words_of(lexicon["not_names"]), *words_of(lexicon["not_little"])))
        self._next = re.compile(filled(lexicon["next"], parts | lexicon["parts"]))
        self._roll, self._rolled, self._noted = (
            re.compile(filled(lexicon[name], parts | lexicon["parts"])) for name in ("roll", "rolled", "noted")
        )
        self._row = re.compile(filled(lexicon["row"], parts | lexicon["parts"]))
        self._before_phone = re.compile(filled(lexicon["before_phone"], parts | lexicon["parts"]))
        self._tries = Tries([filled(pattern, parts | lexicon["parts"]) for pattern in lexicon["patterns"]])

    def warm(self) -> Iterator[None]:
        """Compile everything, one expression a step."""
        return self._tries.warm()

    def find(self, text: str) -> Iterator[Found]:
        """The names, from left to right."""
        for match in self._tries.matches(text):
            start, end = match.span(match.lastindex or 0)
            known = text[start : start + 2] not in self._not_names or text[start - 1 : start] == "叫"
            if known or (end - start > _TITLED and text[start] in _FAMILIAR):
                yield "person", start, end
                if text[end : end + 1] in _JOINTS:
                    yield from self._listed(text, end)
        if not _SIGNS.isdisjoint(text):
            yield from self._beside(text)

    def _beside(self, text: str) -> Iterator[Found]:
        """The names that something beside them shows to be names: a list, a number, a note, a word for a parent."""
        if not _ROLLS.isdisjoint(text):
            yield from self._on_roll(text)
        if not _NOTES.isdisjoint(text):
            for match in self._noted.finditer(text):
                yield "person", *match.span(match.lastindex or 0)
        if "1" in text:
            for match in self._before_phone.finditer(text):
                if match[1][:2] not in self._not_names:
                    yield "person", *match.span(1)
        if not _NUMBERED.isdisjoint(text) and _SIGNED.search(text):
            yield from self._in_row(text)
        if "妈" in text or "爸" in text:
            yield from self._children(text)

    def _listed(self, text: str, end: int) -> Iterator[Found]:
        """The names that go on a list behind a name."""
        while text[end : end + 1] in _JOINTS and (match := self._next.match(text, end)):
            if match[1][:2] not in self._not_names:
                yield "person", *match.span(1)
            end = match.end()

    def _on_roll(self, text: str) -> Iterator[Found]:
        """The names behind what says that names follow: 签到：付强 代小雨 冷锋."""
        for roll in self._roll.finditer(text):
            end = roll.end()
            while match := self._rolled.match(text, end):
                end = match.end()
                if match[1][:2] not in self._not_names:
                    yield "person", *match.span(1)

    def _in_row(self, text: str) -> Iterator[Found]:
        """Names that are a clause by themselves, beside a number of theirs: 19955107264，计小红，皖A·DK9027."""
        for match in self._row.finditer(text):
            if match[1][:2] not in self._not_names:
                yield "person", *match.span(1)

    def _children(self, text: str) -> Iterator[Found]:
        """Names said twice, of those whose parents are told by them: 苗苗妈妈."""
        for match in self._child.finditer(text):
            if match[0] not in self._not_doubled:
                yield "person", match.start(), match.end()
