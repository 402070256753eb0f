"""Knows the numbers people give: telephones, identity cards, bank cards, number plates, case numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle

from nlu.digits import DIGIT, DIGITS, Run, runs
from nlu.spans import Found

_MOBILE = re.compile(r"(?:(?:00)?86|0)?1[3-9]\d{9}|[48]00\d{7}")
_ISLANDS = re.compile(r"(?:00)?85[23][569]\d{7}")  # Hong Kong and Macao, only behind + or 00
_LANDLINE = re.compile(r"0(?:(?:10|2\d)[2-9]\d{7}|[3-9]\d\d[2-9]\d{6}(\d)?)")
_NO_ZERO = re.compile(r"(?:(?:10|2\d)[2-9]\d{7}|[3-9]\d\d[2-9]\d{6}(\d)?)")
_LOCAL = re.compile(r"[2-9]\d{6}(\d)?")
_BANK = re.compile(r"(?:6[02]|3[57]|4\d|5[1-5]|9\d)\d{14}")
_BANK_SIZES = (19, 18, 17, 16)
_GROUP = 4
_LONG_ID, _SHORT_ID = 18, 15
_LAST_X = re.compile("[ -]?[x×✕]")
_EXTENSION = re.compile(rf" ?(?:转|分机|ext\.?|#)(?:分机|号)?[: ]?[{DIGIT}]{{1,6}}|-\d{{1,5}}(?![\d栋楼号单幢座室-])")
_SPOKEN = frozenset({(3, 4, 4), (3, 8), (7, 4), (4, 4, 3), (3, 3, 5), (1,) * 11, (3, 7), (4, 7), (3, 8), (4, 8)})
"""How numbers are cut in pieces where commas and points stand between, as a list or a sum has them too."""

_SIGN = f"[a-z{DIGIT}]"
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼] ?[a-z](?: ?[·.・•‧∙⋅*-])? ?"
    rf"(?=[a-z]{{0,5}}[ -]?[a-z]{{0,5}}(?: [a-z]){{0,4}} ?[{DIGIT}])"
    rf"(?:{_SIGN}{{3,4}} ?[学警挂港澳领使试超](?![区校院])|{_SIGN}{{5,6}}(?!{_SIGN})"
    rf"|{_SIGN}(?: {_SIGN}){{4,5}}(?!{_SIGN})"
    rf"|{_SIGN}{{2,3}}[ -]{_SIGN}{{3}}(?!{_SIGN}|[号楼栋元块])"
    rf"|{_SIGN}{{3}}[ -]{_SIGN}{{2}}(?!{_SIGN}|[号楼栋元块月日点]))"
)
_CASE = re.compile(
    rf"[a-z](?<![a-z0-9][a-z])(?:[ -]?[{DIGIT}]{{4,}}+(?![a-z十百]|-\d)"
    r"|(?:[一二三四五六七八九]千零?)?(?:[一二三四五六七八九]百零?)(?:[一二三四五六七八九]?十)?[一二三四五六七八九]?"
    r"(?!号?[楼栋座幢]|[多来块元个斤米人户家十百千]))"
)
_LOOSE_CASE = re.compile(r"[a-z][ -][1-9]")
_LETTER = re.compile("[a-z]")
_CARD_WORDS = re.compile(r"(?:卡号|银行|账号|帐号|账户|储蓄|信用卡|存折|单号|运单|订单|流水号)[^,。;]{0,8}$")
_OTHER_ACCOUNT = re.compile(r"(?:qq|q|扣扣|单号|卡号|订单号|运单号|快递号|流水号)(?:号|是|:|号是)? ?$")
_CASE_WORDS = re.compile(r"(?:单号|编号|工单|案号|事件|受理号|号码)(?:是|为|:|号)? ?$")
_CALL_WORDS = re.compile(
    r"(?:电话|座机|固话|热线|传真|小灵通|号码|tel)[^\d,。;!?]{0,6}$"
    r"|(?:打|拨|办公室|值班室|家里|单位|联系|回电|来电)(?:是|为|:|到|的|给|找|往)?[: ]{0,2}$"
)
_DESK_PHONE = re.compile(r"(?:座机|固话|固定电话|电话)(?:号码|号|是|为|:)*[: ]{0,2}$")
_LETTERED = re.compile(r"(?:^|[^a-z])(?:tel|mobile|mob|phone|cell|call|hp|id|[tmpv]x?)$")
_BEFORE = 16
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10x98765432"
_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_MONTHS, _DAYS = 12, 31

_Kept = tuple[str, int, int, int]
"""Kind, start and end in the text, and the offset in the run where the next number may begin."""


def numbers(text: str) -> Iterator[Found]:
    """Every number of the even text whose kind is known, the surest kinds first."""
    if DIGITS.isdisjoint(text):
        return
    for run in runs(text):
        yield from _of_run(run)
    if _LETTER.search(text):
        yield from (("plate", match.start(), match.end()) for match in _PLATE.finditer(text))
        yield from _cases(text)


def has_check_digit(number: str) -> bool:
    """Whether the 18 characters end in the check digit of GB 11643."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return number[-1] == _CHECKS[total % 11]


def is_luhn(number: str) -> bool:
    """Whether the digits end in the check digit that bank cards have."""
    doubled = sum(sum(divmod(int(digit) * times, 10)) for digit, times in zip(reversed(number), cycle((1, 2))))
    return doubled % 10 == 0


def _of_run(run: Run) -> Iterator[Found]:
    past = 0
    for start in run.cuts[:-1]:
        if start < past:
            continue
        kept = _identity(run, start) or _bank_card(run, start) or _mobile(run, start) or _landline(run, start)
        kept = kept or _local(run, start)
        if kept:
            yield kept[:3]
            past = kept[3]


def _cases(text: str) -> Iterator[Found]:
    for match in _CASE.finditer(text):
        if not _LOOSE_CASE.match(match.group()) or _said_before(_CASE_WORDS, text, match.start()):
            yield "case", match.start(), match.end()


def _said_before(words: re.Pattern[str], text: str, at: int) -> bool:
    return bool(words.search(text, max(0, at - _BEFORE), at))


def _lettered(run: Run, start: int) -> bool:
    """Whether letters stand right before that make the number part of something else (YT139…)."""
    at = run.at[start]
    return bool(at and _LETTER.match(run.text, at - 1)) and not _said_before(_LETTERED, run.text, at)


def _identity(run: Run, start: int) -> _Kept | None:
    """Province and birthday make an identity card; where a bank card is spoken of, the check digit must agree."""
    if not _PROVINCES.match(run.digits, start) or _lettered(run, start):
        return None
    for size in (_LONG_ID, _SHORT_ID):
        end = start + size
        if run.cut(end) and _is_identity(run, start, run.digits[start:end]):
            return "id_card", *run.stretch(start, end), end
    end = start + _LONG_ID - 1
    if run.cut(end) and _is_identity(run, start, run.digits[start:end] + "x"):
        last = _LAST_X.match(run.text, run.at[end - 1] + 1)
        if last:
            return "id_card", run.at[start], last.end(), end
    return None


def _is_identity(run: Run, start: int, number: str) -> bool:
    if len(number) == _SHORT_ID:
        return _is_birthday("19" + number[6:12])
    if not _is_birthday(number[6:14]):
        return False
    doubtful = number[6:8] == "18" or _said_before(_CARD_WORDS, run.text, run.at[start])
    return not doubtful or has_check_digit(number)


def _is_birthday(digits: str) -> bool:
    return digits[:2] in {"18", "19", "20"} and 1 <= int(digits[4:6]) <= _MONTHS and 1 <= int(digits[6:8]) <= _DAYS


def _bank_card(run: Run, start: int) -> _Kept | None:
    """The longest that has its check digit, else the longest there can be."""
    if not _BANK.match(run.digits, start):
        return None
    ends = [end for end in (start + size for size in _BANK_SIZES) if run.cut(end) and run.quiet(start, end)
            and (run.sizes(start, end)[0] >= _GROUP or max(run.sizes(start, end)) == 1)]  # fmt: skip
    if not ends:
        return None
    end = next((end for end in ends if is_luhn(run.digits[start:end])), ends[0])
    return "bank_card", *run.stretch(start, end), end


def _mobile(run: Run, start: int) -> _Kept | None:
    found = _MOBILE.match(run.digits, start) or _ISLANDS.match(run.digits, start)
    if not found or not _in_pieces(run, start, found.end()) or _lettered(run, start):
        return None
    first, last = run.stretch(start, found.end())
    plus = run.text[first - 1 : first] == "+"
    abroad = found.re is _ISLANDS and not (plus or found.group().startswith("00"))
    if abroad or _said_before(_OTHER_ACCOUNT, run.text, first):
        return None
    return "phone", first - plus, last, found.end()


def _in_pieces(run: Run, start: int, end: int) -> bool:
    """Whether a number may be cut as these digits are."""
    if not run.cut(end):
        return False
    return run.quiet(start, end) or run.sizes(start, end) in _SPOKEN


def _landline(run: Run, start: int) -> _Kept | None:
    desk = _said_before(_DESK_PHONE, run.text, run.at[start]) and _NO_ZERO.match(run.digits, start)
    found = _LANDLINE.match(run.digits, start) or desk
    if not found or _lettered(run, start):
        return None
    short = found.group().lstrip("0")[0] in "12"  # 010 and 02x: two digits behind the nought, elsewhere three
    area = (2 if short else 3) + found.group().startswith("0")
    return _seated(run, start, found, area)


def _seated(run: Run, start: int, found: re.Match[str], area: int) -> _Kept | None:
    """A landline where its pieces end, with the bracket before it and the extension behind it."""
    shortest = found.end() - bool(found.group(1)) if found.re.groups else found.end()
    for end in (shortest, found.end()):
        if run.cut(end) and _is_landline(run.sizes(start, end), area):
            first, last = run.stretch(start, end)
            first -= run.text[first - 1 : first] == "(" and ")" in run.joints(start, end)
            extension = _EXTENSION.match(run.text, last)
            return "phone", first, extension.end() if extension else last, end
    return None


def _is_landline(sizes: tuple[int, ...], area: int) -> bool:
    """Whether the first piece is the area, or there is but one, or every digit stands by itself."""
    return not area or len(sizes) == 1 or sizes[0] == area or max(sizes) == 1


def _local(run: Run, start: int) -> _Kept | None:
    """Seven or eight digits are a telephone number where one is spoken of."""
    found = _LOCAL.match(run.digits, start)
    if not found or "、" in run.joints(start, found.end()) or not _said_before(_CALL_WORDS, run.text, run.at[start]):
        return None
    return None if _said_before(_OTHER_ACCOUNT, run.text, run.at[start]) else _seated(run, start, found, 0)
