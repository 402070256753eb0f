"""Knows how persons are named in a message: 张阿姨, 小李, 刘某, 我叫马路, 联系人：吴志远, 我女儿季红梅."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.heads import Tries
from nlu.lexica import either, read_lexicon, words_of
from nlu.spans import Found

_HAN = "[\u4e00-\u9fff]"
_QUOTES = "[: “‘\"'(]{0,3}"


class Persons:
    """Finds names of persons in even text."""

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
        name = rf"(?:(?:{words['compound_surnames']}){_HAN}{{1,2}}?|[{chars['surnames']}]{_HAN}{{1,2}}?)"
        ends = rf"(?=[{re.escape(lexicon['after_name'])}\d]|$)"
        sure = (
            rf"(?:(?:{words['compound_surnames']}){_HAN}{{1,2}}|[{chars['surnames']}]{given}{{2}}"
            rf"|[{strong}](?:{given}|{_HAN}{given}|{given}{_HAN}))"
        )
        closed = rf"(?=[^\u4e00-\u9fff]|$|[{re.escape(lexicon['after_name'])}]|家|[{strong}](?:{words['titles']}))"
        after = rf"(?=[家说讲要打骂把被和跟在住是的也又说没]|$|[^\u4e00-\u9fff])"
        telephone = r"(?=[: (]{0,2}(?:\d{15}|1[3-9]\d{9}))"
        village = rf"(?!{_HAN}?[村庄镇路街桥庙集区])(?![车狗猫鱼米同])"
        grown = "(?<![大缩减最变更从养]..)"
        self._tries = Tries([
            rf"(?:{words['introductions']})(?:名?叫|是|为)?{_QUOTES}({name}){ends}",
            rf"(?:姓名|名字|联系人){_QUOTES}([{strong}]{_HAN}{{2}})",
            rf"叫(?<!{_HAN}.)({name}){ends}",
            rf"(?:{words['relations']})(?:名?叫|是)?{_QUOTES}([{strong}]{given}{{2}}(?!{given})|{sure}{ends})",
            rf"([{chars['surnames']}](?<!{_HAN}.){_HAN}{{1,2}}){telephone}",
            rf"\d ?\(({name})\)",
            rf"((?:{words['compound_surnames']})(?<!{_HAN}..){_HAN}{{1,2}}){ends}",
            rf"[{re.escape(lexicon['before_full'])}]{_QUOTES}({surname}{given}{{2}}){closed}",
            rf"([{familiar}](?<!{_HAN}.){given}{{2}}){after}",
            rf"[{lexicon['before_little']}]([老小][{strong}]){village}(?!{words['titles']})",
            rf"((?:{words['compound_surnames']}|[{strong}])(?:{given}{{1,2}})?(?:{words['titles']}))",
            rf"([{lexicon['clause_surnames']}](?<!{_HAN}.)(?:{given}{{1,2}})?(?:{words['titles']}))",
            rf"([{familiar}黄金高江方马仇](?:{words['short_titles']}))(?![是的体共之算结产活态人程作地资期具费厂])",
            rf"([老小][{familiar}]{grown}{village}(?:头|{words['titles']})?)",
            rf"(老[{chars['surnames']}]头)(?![发疼痛子])",
            rf"([老小][{strong}](?:头|(?=[、,。!?]|$)){grown}(?<!{_HAN}小.))",
            rf"([{lexicon['of_elders']}](?<!{_HAN}.)[哥叔姐姨婶嫂伯])",
            rf"(阿[{chars['given']}{familiar}]{grown})(?![村庄镇路街里拉])",
        ])  # fmt: skip

    def find(self, text: str) -> Iterator[Found]:
        """The names, from left to right."""
        for match in self._tries.matches(text):
            group = match.lastindex or 0
            name = match.group(group)
            said = text[max(0, match.start(group) - 1) : match.start(group)] == "叫"
            if said or (name[:2] not in self._not_names and name[:2] not in self._not_little):
                yield "person", match.start(group), match.end(group)
