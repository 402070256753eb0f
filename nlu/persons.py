"""Knows how persons are named in a message: 张阿姨, 小李, 刘某, 我叫马路, 联系人：吴志远, 我女儿季红梅."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.lexica import either, read_lexicon, words_of
from nlu.spans import Found

_HAN = "[\u4e00-\u9fff]"
_QUOTES = "[: “‘\"'(]{0,3}"


class Persons:
    """Finds names of persons in even text. Expressions begin with the characters they seek, which makes them quick."""

    def __init__(self) -> None:
        lexicon = read_lexicon("names")
        chars = {name: "".join(lexicon[name].split()) for name in ("surnames", "familiar_surnames", "given")}
        strong = "".join(char for char in chars["surnames"] if char not in lexicon["weak_surnames"])
        self._not_names = frozenset(words_of(lexicon["not_names"]))
        self._not_little = frozenset(words_of(lexicon["not_little"]))
        words = {
            name: either(words_of(lexicon[name]))
            for name in ("compound_surnames", "introductions", "relations", "titles", "short_titles")
        }
        surname = rf"(?:{words['compound_surnames']}|[{chars['surnames']}])"
        given = f"[{chars['given']}]"
        familiar = chars["familiar_surnames"]
        name = rf"(?:(?:{words['compound_surnames']}){_HAN}{{1,2}}|[{chars['surnames']}]{_HAN}{{1,2}})"
        ends = rf"(?=[{re.escape(lexicon['after_name'])}\d]|$)"
        sure = (
            rf"(?:(?:{words['compound_surnames']}){_HAN}{{1,2}}|[{chars['surnames']}]{given}{{2}}"
            rf"|[{strong}](?:{given}|{_HAN}{given}|{given}{_HAN}))"
        )
        closed = rf"(?=[^\u4e00-\u9fff]|$|[{re.escape(lexicon['after_name'])}]|[{strong}](?:{words['titles']}))"
        self._named = [
            re.compile(rf"(?:{words['introductions']})(?:名?叫|是|为)?{_QUOTES}({name}){ends}"),
            re.compile(rf"(?:姓名|名字|联系人){_QUOTES}([{strong}]{_HAN}{{2}})"),
            re.compile(rf"叫(?<!{_HAN}.)({name}){ends}"),
            re.compile(rf"(?:{words['relations']})(?:名?叫|是)?{_QUOTES}([{strong}]{given}{{2}}(?!{given})|{sure}{ends})"),
            re.compile(rf"([{chars['surnames']}](?<!{_HAN}.){_HAN}{{1,2}})(?=[: (]{{0,2}}(?:\d{{15}}|1[3-9]\d{{9}}))"),
            re.compile(rf"\d ?\(({name})\)"),
            re.compile(rf"((?:{words['compound_surnames']})(?<!{_HAN}..){_HAN}{{1,2}}){ends}"),
            re.compile(rf"[{re.escape(lexicon['before_full'])}]{_QUOTES}({surname}{given}{{2}}){closed}"),
            re.compile(rf"([{familiar}](?<!{_HAN}.){given}{{2}})(?!{_HAN})"),
        ]
        self._titled = [
            re.compile(rf"(?:{words['compound_surnames']}|[{strong}])(?:{given}{{1,2}})?(?:{words['titles']})"),
            re.compile(rf"[{lexicon['clause_surnames']}](?<!{_HAN}.)(?:{given}{{1,2}})?(?:{words['titles']})"),
            re.compile(rf"[{familiar}黄金高江方马仇](?:{words['short_titles']})(?![是的体共之算结产活态人程作地资期具费厂])"),
            re.compile(rf"[老小][{familiar}](?<![大缩减最变更从养]..)(?!{_HAN}?[村庄镇路街桥庙集])(?![车狗猫鱼米])头?"),
            re.compile(rf"(?<=[{lexicon['before_little']}])[老小][{strong}](?!{_HAN}?[村庄镇路街桥庙集区])"),
            re.compile(rf"老[{chars['surnames']}]头(?![发疼痛子])"),
            re.compile(rf"[老小][{strong}](?:头|(?=[、,。!?]|$))(?<![大缩减最变更从养]..)(?<!{_HAN}小.)"),
            re.compile(rf"阿[{chars['given']}{familiar}](?<![大缩减最变更从养]..)(?![村庄镇路街里拉])"),
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
                if match.group()[:2] not in self._not_names and match.group()[:2] not in self._not_little:
                    yield "person", match.start(), match.end()
