"""Knows how a configuration writes its places: “健仁小区1-8号楼”, “人民路12号”, “4号楼1-2单元”, “健仁幼儿园”."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from nlu.households import CLAIMED, Households, claimed
from nlu.normalise import Normaliser, han_number, unchanged, with_digits

Entries = Sequence[tuple[str, Sequence[str]]]
"""Unit ids with the places they are in charge of, as configured."""

Kind = Literal["building", "house", "whole"]

_RANGE = r"\d{1,4}(?: ?[-—–~至到] ?\d{1,4})?"
_NUMBERED = re.compile(
    rf"^(?P<name>.*?)第?(?P<numbers>{_RANGE}(?:(?:号楼|栋|幢|座|号)?[、,，;；和及/ ]+{_RANGE})*) ?"
    r"(?P<word>号楼|栋楼?|幢楼?|座|#楼?|号院|号)?(?P<parity>\(?[单双]号?\)?)?$"
)
_LETTERED = re.compile(r"^(?P<name>.+?)(?P<numbers>[a-z](?:[、,，/和及-][a-z])*)(?:号楼|栋楼?|幢楼?|座)$")
_WITHIN = re.compile(
    rf"^(?P<name>.*?)第?(?P<numbers>\d{{1,4}}|[a-z]\d?)(?P<word>号楼|栋楼?|幢楼?|座|#楼?|号院|号) ?(?=\d){CLAIMED}$"
)
_ROAD_END = re.compile(r"(?:大道|路|街|巷|弄|胡同|公路|里|坊)$")
_LISTED = re.compile("[零〇一二两三四五六七八九十百]+(?=[、,;/~-])")
_LARGEST_RANGE = 2000


@dataclass(frozen=True, slots=True)
class Claim:
    """What one entry claims for one unit: numbered buildings, houses on a road, households of a building, or a whole.

    `spelt` is the name with its numerals as digits (八一路 → 81路), as it may stand in a message made even.
    """

    unit: str
    name: str
    kind: Kind
    numbers: tuple[str, ...] = ()
    households: Households | None = None
    spelt: str = ""


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
    """The claims of the entries, ranges and lists spelt out; a list without a name goes on with the last one's.

    A name is written as it was written first, so that 一号公馆 and 1号公馆 are one place.
    """
    names: dict[str, str] = {}
    for unit, places in entries:
        last = ("", "")
        for place in places:
            for claim in _claims_of(unit, normaliser.plain(place).text, last):
                last = (claim.name, claim.spelt)
                name = names.setdefault(claim.spelt, claim.name)
                yield (
                    claim
                    if name == claim.name
                    else Claim(unit, name, claim.kind, claim.numbers, claim.households, claim.spelt)
                )


def _claims_of(unit: str, place: str, last: tuple[str, str]) -> Iterator[Claim]:
    plain = _LISTED.sub(lambda numeral: str(han_number(numeral.group())), place.strip())
    even = with_digits(unchanged(plain))
    found = _LETTERED.match(even.text) or _NUMBERED.match(even.text) or _WITHIN.match(even.text)
    if not found:
        if plain:
            yield Claim(unit, plain, "whole", spelt=even.text)
        return
    first, end = even.original(*found.span("name"))
    said = found.groupdict(default="")
    name, spelt = (plain[first:end].strip(), said["name"].strip()) if said["name"].strip() else last
    kind: Kind = "house" if said.get("word") in {"号", "号院"} and _ROAD_END.search(name) else "building"
    if "rooms" in said:
        building = _numbers(said["numbers"], "")
        blocks = claimed(said["entrances"], said["rooms"])
        yield from (Claim(unit, name, kind, building, block, spelt) for block in blocks if not block.empty)
    elif numbers := _numbers(said["numbers"], said.get("parity", "")):
        yield Claim(unit, name, kind, numbers, spelt=spelt)


@lru_cache(maxsize=1024)
def _numbers(words: str, parity: str) -> tuple[str, ...]:
    """The numbers of a list such as “9、11-15”; of a road's one side where 单 or 双 is said."""
    return tuple(_spelt_out(words, parity))


def _spelt_out(words: str, parity: str) -> Iterator[str]:
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
