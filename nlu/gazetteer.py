"""Knows how a configuration writes its places: “健仁小区1-8号楼”, “人民路12号”, “9、11-15号楼”, “健仁幼儿园”."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from nlu.normalise import Normaliser, han_number, with_digits

Entries = Sequence[tuple[str, Sequence[str]]]
"""Unit ids with the places they are in charge of, as configured."""

Kind = Literal["building", "house", "whole"]

_RANGE = r"\d{1,4}(?: ?[-—–~至到] ?\d{1,4})?"
_NUMBERED = re.compile(
    rf"^(?P<name>.*?)第?(?P<numbers>{_RANGE}(?:(?:号楼|栋|幢|座|号)?[、,，;；和及/ ]+{_RANGE})*) ?"
    r"(?P<word>号楼|栋楼?|幢楼?|座|#楼?|号院|号)?(?P<parity>\(?[单双]号?\)?)?$"
)
_LETTERED = re.compile(r"^(?P<name>.+?)(?P<numbers>[a-z](?:[、,，/和及-][a-z])*)(?:号楼|栋楼?|幢楼?|座)$")
_ROAD_END = re.compile(r"(?:大道|路|街|巷|弄|胡同|公路|里|坊)$")
_LISTED = re.compile("[零〇一二两三四五六七八九十百]+(?=[、,;/~-])")
_LARGEST_RANGE = 2000


@dataclass(frozen=True, slots=True)
class Claim:
    """One place claimed by one unit: a numbered building, a house on a road, or something whole."""

    unit: str
    name: str
    kind: Kind
    number: str = ""


def canonical(kind: Kind, number: str) -> str:
    """How a number is shown: 3号楼, a座, 12号."""
    if kind == "house":
        return f"{number}号"
    return f"{number}号楼" if number[:1].isdigit() else f"{number.upper()}座"


def shown(name: str, kind: Kind, numbers: Sequence[str]) -> str:
    """Places of one name in words, neighbouring numbers as a range: 健仁小区1-8号楼."""
    if kind == "whole":
        return name
    runs: list[list[str]] = []
    for number in numbers:
        if runs and number.isdigit() and runs[-1][-1].isdigit() and int(number) == int(runs[-1][-1]) + 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number])
    return name + canonical(kind, "、".join("-".join(run) for run in runs))


def claims(entries: Entries, normaliser: Normaliser) -> Iterator[Claim]:
    """Every place of the entries, ranges and lists spelt out; a list without a name goes on with the last one's."""
    for unit, places in entries:
        name = ""
        for place in places:
            for claim in _claims_of(unit, place, name, normaliser):
                name = claim.name
                yield claim


def _claims_of(unit: str, place: str, last_name: str, normaliser: Normaliser) -> Iterator[Claim]:
    even = with_digits(normaliser.plain(place)).text.strip()
    even = _LISTED.sub(lambda numeral: str(han_number(numeral.group())), even)
    found = _LETTERED.match(even) or _NUMBERED.match(even)
    if not found:
        if even:
            yield Claim(unit, even, "whole")
        return
    name = found["name"].strip() or last_name
    word = found.groupdict().get("word") or ""
    kind: Kind = "house" if word in {"号", "号院"} and _ROAD_END.search(name) else "building"
    for number in _numbers(found["numbers"], (found.groupdict().get("parity") or "")):
        yield Claim(unit, name, kind, number)


def _numbers(words: str, parity: str) -> Iterator[str]:
    """The numbers of a list such as “9、11-15”; of a road's one side where 单 or 双 is said."""
    for part in re.split("[、,，;；和及/ ]+", re.sub("号楼|[栋幢座号]", "", words)):
        ends = [end.strip() for end in re.split("[-—–~至到]", part) if end.strip()]
        if not ends:
            continue
        if not all(end.isdigit() for end in ends):
            yield from (chr(code) for code in range(ord(ends[0]), ord(ends[-1]) + 1))
            continue
        first, last = int(ends[0]), int(ends[-1])
        for number in range(first, min(last, first + _LARGEST_RANGE) + 1):
            if not parity or number % 2 == ("单" in parity):
                yield str(number)
