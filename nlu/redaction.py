"""Knows which words of a message give a person away, and masks them before the words go to a handler's private chat."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.digits import DIGITS, HAN_DIGIT
from nlu.normalise import Normaliser, Plain
from nlu.numbers import numbers
from nlu.persons import Persons
from nlu.script import Scripts
from nlu.spans import Found, spans_of

MASKS = {
    "phone": "〔电话〕",
    "id_card": "〔证件〕",
    "plate": "〔车牌〕",
    "bank_card": "〔卡号〕",
    "email": "〔邮箱〕",
    "account": "〔账号〕",
    "person": "〔姓名〕",
    "room": "〔室〕",
    "number": "〔号码〕",
}
_HAN_NUMBER = "[零〇一二两三四五六七八九十百]"
_NUMBER = rf"(?:\d{{1,2}}|{_HAN_NUMBER}{{1,3}})"
_ROOM_NUMBER = rf"(?:\d{{3,4}}(?!\d)|{_HAN_NUMBER}{{3,4}})"
_EMAIL = re.compile(r"(?<![a-z0-9._%+-])[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}")
_ACCOUNTS = (
    re.compile(r"(?:微信|v信|薇信|威信|vx|wx|wechat)(?:号|id|帐号|账号)?(?:是|为|:)? ?([a-z1-9][-_a-z0-9]{4,24})"),
    re.compile(r"(?:qq|扣扣|企鹅)(?:号|群)?(?:是|为|:)? ?(\d{5,12})"),
    re.compile(r"(wxid_[a-z0-9]+)"),
    re.compile(r"(?<![a-z0-9])(@[a-z][a-z0-9_]{4,31})"),
    re.compile(r"(?:telegram|tg|电报)(?:号|id|:)? ?(@?[a-z][a-z0-9_]{4,31})"),
    re.compile(r"(?:密码|验证码)(?:是|为|:|就是)? ?([a-z0-9]{4,20})"),
)
_ROOMS = (
    re.compile(rf"({_NUMBER}单元(?:{_NUMBER}(?:层|楼))?(?:{_ROOM_NUMBER}|{_NUMBER}(?=室|房))?(?:室|房)?)"),
    re.compile(rf"(?:号楼|栋|幢|座|楼)({_ROOM_NUMBER}(?:室|房)?)(?![米块元人户平])"),
    re.compile(rf"((?:{_ROOM_NUMBER}|(?<!\d){_NUMBER})(?:室|房(?![间子东屋产价租贷])))"),
    re.compile(r"(?<![\d-])\d{1,3}([-—–]\d{1,2}[-—–]\d{3,4}|[-—–]\d{3,4})(?![\d-])"),
    re.compile(r"(?<![\d.:-])([1-9]\d{2,3})(?=(?:家|住|漏|那家|那户|业主|住户|租客|的(?:老|小|邻|租|业主|住户|那家)))"),
)
_UNKNOWN = re.compile(r"\d{7,}")
_DAY = re.compile(r"(?<!\d)(?:19|20)\d\d[-./ ](?:0?[1-9]|1[0-2])[-./ ](?:[012]?\d|3[01])(?: (?:[01]?\d|2[0-4]))?(?!\d)")
_SPACED = re.compile(rf"(?<!\d)\d(?:[ -]?\d){{8,}}|(?<![{HAN_DIGIT}])[{HAN_DIGIT}](?:[ ,、-]?[{HAN_DIGIT}]){{8,}}")
_MOST_ROUNDS = 8


class Redactor:
    """Masks what gives persons away. The same text gives the same words, and masked words stay as they are."""

    def __init__(self) -> None:
        self._normaliser = Normaliser(Scripts())
        self._persons = Persons()

    def redact(self, text: str, *, rooms: bool = True) -> str:
        """The text with numbers, names, accounts and rooms masked; the building stays, a handler must find it.

        Without `rooms` they stay as well: for who has the case in hand and must find the door.
        """
        for _ in range(_MOST_ROUNDS):
            masked = self._once(text, rooms)
            if masked == text:
                break
            text = masked  # a mask parts what stood together: look again until nothing more is found
        return text

    def _once(self, text: str, rooms: bool) -> str:
        plain = self._normaliser.plain(text)
        out: list[str] = []
        kept = 0
        for span in spans_of(text, plain, self._found(plain, rooms)):
            out += (text[kept : span.start], MASKS.get(span.kind, span.text))
            kept = span.end
        return "".join([*out, text[kept:]])

    def _found(self, plain: Plain, rooms: bool) -> Iterator[Found]:
        even = plain.text
        if "@" in even:
            yield from _of("email", _EMAIL, even)
        for pattern in _ACCOUNTS:
            yield from (("account", match.start(1), match.end(1)) for match in pattern.finditer(even))
        if not DIGITS.isdisjoint(even):
            yield from self._numbers(even, rooms)
        yield from self._persons.find(even)

    def _numbers(self, even: str, rooms: bool) -> Iterator[Found]:
        """Numbers of known kinds, what is too long to be a year or a price, rooms; a day with its hour stays."""
        yield from (found for found in numbers(even) if found[0] != "case")
        yield from _of("number", _UNKNOWN, even)
        yield from _of("day", _DAY, even)
        yield from _of("number", _SPACED, even)
        for pattern in _ROOMS if rooms else ():
            yield from (("room", match.start(1), match.end(1)) for match in pattern.finditer(even))


def _of(kind: str, pattern: re.Pattern[str], even: str) -> Iterator[Found]:
    return ((kind, match.start(), match.end()) for match in pattern.finditer(even))
