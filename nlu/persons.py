"""Knows how persons are named in a message: 张阿姨, 小李, 刘某, 我叫马路, 联系人：吴志远."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.lexica import either, read_lexicon, words_of
from nlu.spans import Found

_HAN = "[\u4e00-\u9fff]"


class Persons:
    """Finds names of persons in even text."""

    def __init__(self) -> None:
        lexicon = read_lexicon("names")
        surnames = "".join(lexicon["surnames"].split())
        familiar = "".join(lexicon["familiar_surnames"].split())
        strong = "".join(char for char in surnames if char not in lexicon["weak_surnames"])
        compound = either(words_of(lexicon["compound_surnames"]))
        name = rf"(?:(?:{compound}){_HAN}{{1,2}}|[{surnames}]{_HAN}{{1,2}})"
        ends = rf"(?=[{re.escape(lexicon['after_name'])}\d]|$)"
        introduced = either(words_of(lexicon["introductions"]))
        self._not_names = frozenset(words_of(lexicon["not_names"]))
        self._named = [
            re.compile(rf"(?:{introduced})(?:名?叫|是|为)?[: ]{{0,2}}({name}){ends}"),
            re.compile(rf"(?:叫|姓名|名字|联系人|先生|太太|业主)[: ]{{0,2}}([{strong}]{_HAN}{{2}})"),
            re.compile(rf"(?<!{_HAN})({name})(?=[: (]{{0,2}}(?:\d{{15}}|1[3-9]\d{{9}}))"),
            re.compile(rf"\d ?\(({name})\)"),
            re.compile(rf"(?<!{_HAN})((?:{compound}){_HAN}{{1,2}}){ends}"),
        ]
        self._titled = [
            re.compile(rf"(?:{compound}|[{strong}])(?:{either(words_of(lexicon['titles']))})"),
            re.compile(rf"[{familiar}](?:{either(words_of(lexicon['short_titles']))})(?![是的体共之算结产活态人])"),
            re.compile(rf"(?<![大缩减最变更从])[小老阿][{familiar}](?!{_HAN}?[村庄镇路街桥庙集])(?![车狗猫鱼米])"),
        ]

    def find(self, text: str) -> Iterator[Found]:
        """The names, the surest ways of naming first."""
        for pattern in self._named:
            for match in pattern.finditer(text):
                said = text[max(0, match.start(1) - 1) : match.start(1)] == "叫"
                if said or match.group(1)[:2] not in self._not_names:
                    yield "person", match.start(1), match.end(1)
        for pattern in self._titled:
            for match in pattern.finditer(text):
                if match.group()[:2] not in self._not_names:
                    yield "person", match.start(), match.end()
