"""Knows the numbers people give: telephones, identity cards, number plates, case numbers, bank cards."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.spans import Found

_HAN_DIGITS = "零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_LOOSE = "[ -]?"
_MOBILE = re.compile(
    r"(?<![\da-z.])(?:\+?86[- ]?|0086[- ]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?![\d.]*\d)"
    r"|(?<![\da-z])1[ -][3-9](?:[ -]\d){9}(?!\d)"
    r"|(?<![\da-z])1[3-9]\d[ -]\d{3}[ -]\d{5}(?!\d)"
    rf"|(?<![{_HAN_DIGITS}])[一幺壹][三四五六七八九叁肆伍陆柒捌玖][{_HAN_DIGITS}]{{9}}(?![{_HAN_DIGITS}])"
)
_LANDLINE = re.compile(r"(?<![\d-])(?:\(0\d{2,3}\)|0\d{2,3})[- ]?[2-8]\d{6,7}(?!\d)")
_LOCAL = re.compile(r"(?:电话|座机|固话|tel|打|号码)(?:是|号|号码|为|:|到)?[: ]?([2-8]\d{6,7})(?!\d)")
_IDENTITY = re.compile(rf"(?<![\da-z])\d(?:{_LOOSE}\d){{16}}{_LOOSE}[\dx](?![\da-z])|(?<![\da-z])\d{{15}}(?!\d)")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][·.・•‧ -]?"
    r"(?=[a-z0-9]*\d[a-z0-9]*)(?:[a-z0-9]{5,6}(?![a-z0-9])|[a-z0-9]{3,4}[学挂警港澳])"
)
_CASE = re.compile(r"(?<![a-z0-9])[a-z]\d{4,}(?![a-z0-9])")
_BANK = re.compile(r"(?<!\d)(?:62|4\d|5[1-5]|35|9[0-9])\d{2}(?:[ -]?\d{4}){2}(?:[ -]?\d{4}[ -]?\d{0,3})(?!\d)")
_CARD_WORDS = re.compile(r"(?:卡号|银行|账号|帐号|账户|储蓄|信用卡|单号|运单|订单)[^,。;]{0,6}$")
_OTHER_ACCOUNT = re.compile(r"(?:qq|q|微信|vx|wx|单号|卡号|订单号|运单号)(?:号|是|:|号是)? ?$")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10x98765432"
_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_LONG_ID, _MONTHS, _DAYS = 18, 12, 31


def numbers(text: str) -> Iterator[Found]:
    """Every number of the even text that a slot is kept for, the surest kinds first."""
    for match in _IDENTITY.finditer(text):
        if _is_identity(text, match):
            yield "id_card", match.start(), match.end()
    for match in _MOBILE.finditer(text):
        if not _OTHER_ACCOUNT.search(text, max(0, match.start() - 8), match.start()):
            yield "phone", match.start(), match.end()
    yield from (("phone", match.start(), match.end()) for match in _LANDLINE.finditer(text))
    yield from (("phone", match.start(1), match.end(1)) for match in _LOCAL.finditer(text))
    yield from (("plate", match.start(), match.end()) for match in _PLATE.finditer(text))
    yield from (("case", match.start(), match.end()) for match in _CASE.finditer(text))


def bank_cards(text: str) -> Iterator[Found]:
    """Numbers that look like bank cards: no slot, but nothing that a private chat should show."""
    yield from (("bank_card", match.start(), match.end()) for match in _BANK.finditer(text))


def has_check_digit(number: str) -> bool:
    """Whether the 18 characters end in the check digit of GB 11643."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return number[-1] == _CHECKS[total % 11]


def _is_identity(text: str, match: re.Match[str]) -> bool:
    """Province and birthday make an identity card; where a bank card is spoken of, the check digit must agree."""
    number = re.sub("[ -]", "", match.group())
    if not _PROVINCES.match(number):
        return False
    if len(number) < _LONG_ID:
        return _is_birthday("19" + number[6:12])
    as_card = _CARD_WORDS.search(text, max(0, match.start() - 16), match.start())
    if as_card or number[6:8] not in {"19", "20"}:
        return has_check_digit(number) and _is_birthday(number[6:14])
    return _is_birthday(number[6:14])


def _is_birthday(digits: str) -> bool:
    return digits[:2] in {"18", "19", "20"} and 1 <= int(digits[4:6]) <= _MONTHS and 1 <= int(digits[6:8]) <= _DAYS
