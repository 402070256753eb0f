"""Knows which grid a place in a message belongs to: estates, buildings, roads, landmarks, aliases, numerals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from nlu.gazetteer import Claim, Entries, Kind, canonical, claims
from nlu.households import said
from nlu.lexica import WordIndex
from nlu.normalise import Normaliser, Plain, unchanged, with_digits
from nlu.overlaps import overlaps
from nlu.placewords import PlaceWords
from nlu.script import Scripts
from nlu.spans import Found
from nlu.understanding import PlaceFound

__all__ = ["Gazetteer", "Located", "overlaps"]

T = TypeVar("T")
_NUMBER = r"第?(?:\d{1,4}|[a-z]\d?)"
_ROOM = r"(?:的?\d{1,2}单元)?(?:\d{1,2}(?:层|楼))?(?:\d{3,4}(?:室|房|号)?(?!\d)|\d{1,2}(?:室|房))?"
_BUILDING = rf"(?P<building>{_NUMBER})(?:号楼|栋楼?|幢楼?|座(?![面轿商货客])|#楼?)(?P<room>{_ROOM})"
_DASHED = r"(?P<d_building>\d{1,3})[-—–](?P<d_room>\d{1,2}[-—–]\d{3,4}|\d{3,4})(?:室|房)?(?![\d-])"
_BARE = rf"(?P<number>\d{{1,4}})(?:号院?(?![线口机码店])|(?=单元)|楼(?=\d{{1,2}}单元))(?P<n_room>{_ROOM})"
_LOOSE_DASHED = r"(?<![\d-])(?P<l_building>\d{1,3})[-—–](?P<l_room>\d{1,2}[-—–]\d{3,4})(?:室|房)?(?![\d-])"
_TAIL = re.compile(rf"(?:小区|花园)?(?:的|那边|里面?)?(?:{_BUILDING}|{_DASHED}|{_BARE})")
_ALONE = re.compile(rf"(?<![a-z0-9]){_BUILDING}|{_LOOSE_DASHED}")
_SIGNS = frozenset("栋幢座#号-—–")  # one of them is in every number of a building
_SHORT_ENDS = re.compile("(?:小区|花园|新村|家园|公寓|社区|豪庭|华庭|苑)$")
_GROUND = 4  # so far behind a name stands what makes it public ground: 健仁小区门口
_LEAST_SHORT = 2  # 健仁 for 健仁小区; a single character would be found everywhere


@dataclass(frozen=True, slots=True)
class Located:
    """A place found, with its stretch of the even text."""

    start: int
    end: int
    place: PlaceFound


class Gazetteer:
    """The places of the town and the units in charge of them. A name has two characters at least."""

    def __init__(self, known: Iterable[Claim], aliases: Mapping[str, str], words: PlaceWords, normaliser: Normaliser):
        self._words = words
        self._normaliser = normaliser
        self._numbered: dict[str, dict[str, tuple[str, ...]]] = {}
        self._whole: dict[str, list[str]] = {}
        self._parts: dict[str, list[str]] = {}
        self._households: dict[tuple[str, str], list[Claim]] = {}
        self._by_building: dict[str, list[tuple[str, str]]] = {}
        self._kinds: dict[str, Kind] = {}
        self._canonical: dict[str, str] = {}
        for claim in known:
            self._add(claim)
        self._canonical |= {other: self._canonical.get(name, name) for other, name in aliases.items()}
        self._short = {name: full for full in sorted(self._canonical)
                       if (name := _SHORT_ENDS.sub("", full)) not in self._canonical
                       if len(name) >= _LEAST_SHORT}  # fmt: skip
        self._names = WordIndex({name: name for name in (*self._canonical, *self._short) if len(name) >= _LEAST_SHORT})

    @classmethod
    def from_entries(cls, entries: Entries, aliases: Mapping[str, Iterable[str]]) -> Gazetteer:
        """A gazetteer of configured places; `aliases` maps a name to the other names people use for it."""
        normaliser = Normaliser(Scripts())

        def plain(name: str) -> str:
            return normaliser.plain(name).text.strip()

        others = {plain(other): plain(name) for name, words in aliases.items() for other in words if plain(other)}
        spelt = {with_digits(unchanged(other)).text: name for other, name in others.items()}
        return cls(claims(entries, normaliser), spelt | others, PlaceWords(), normaliser)

    def find(self, text: str) -> tuple[PlaceFound, ...]:
        """The places named in a text, known ones first, then what only sounds like a place."""
        plain = self._normaliser.plain(text)
        return self.describe(text, plain, self.locate(text, plain), self._words.find(plain.text))

    def locate(self, text: str, plain: Plain) -> tuple[Located, ...]:
        """The places the gazetteer knows, with their stretches of the even text."""
        digits = with_digits(unchanged(plain.text))
        even = digits.text
        found: list[Located] = []
        for start, end, word in self._names.spans(even):
            tail = _TAIL.match(even, end)
            if (tail or word not in self._short) and all(start >= one.end for one in found):
                found.append(self._named(start, tail.end() if tail else end, word, tail.groupdict() if tail else {}))
        for match in () if _SIGNS.isdisjoint(even) else _ALONE.finditer(even):
            if all(match.end() <= one.start or match.start() >= one.end for one in found):
                found.append(self._unnamed(match))
        if not found:
            return ()
        return tuple(_as_sent(one, text, plain, digits) for one in sorted(found, key=lambda one: one.start))

    def describe(
        self, text: str, plain: Plain, located: Sequence[Located], described: Iterable[Found]
    ) -> tuple[PlaceFound, ...]:
        """The places for the desk: the known ones, then what only the words (`described`) show to be places."""
        places = [self._with_ground(one, plain) for one in located]
        for _, start, end in described:
            if not located or all(end <= one.start or start >= one.end for one in located):
                first, last = plain.original(start, end)
                public = self._words.is_public(plain.text[start:end])
                places.append(PlaceFound(text[first:last], (), public_ground=public))
        return tuple(places)

    def _with_ground(self, located: Located, plain: Plain) -> PlaceFound:
        """A known estate's gate or square is public ground; a building or a room never is."""
        place = located.place
        if place.building or place.room:
            return place
        behind = plain.text[located.start : located.end + _GROUND]
        return replace(place, public_ground=self._words.is_public(behind))

    def _add(self, claim: Claim) -> None:
        self._canonical.setdefault(claim.name, claim.name)
        self._canonical.setdefault(claim.spelt or claim.name, claim.name)
        if claim.kind == "whole":
            _append(self._whole.setdefault(claim.name, []), claim.unit)
            return
        self._kinds.setdefault(claim.name, claim.kind)
        _append(self._parts.setdefault(claim.name, []), claim.unit)
        if claim.households is not None:
            self._households.setdefault((claim.name, claim.numbers[0]), []).append(claim)
        else:
            self._add_numbers(claim)
        pair = (claim.unit, claim.name)
        for number in claim.numbers if claim.kind == "building" else ():
            _append(self._by_building.setdefault(number, []), pair)

    def _add_numbers(self, claim: Claim) -> None:
        """Nearly every number has one owner, whose tuple all numbers of a claim share."""
        numbered, owner = self._numbered.setdefault(claim.name, {}), (claim.unit,)
        for number in claim.numbers:
            if (owners := numbered.setdefault(number, owner)) is not owner:
                numbered[number] = owners + owner

    def _named(self, start: int, end: int, word: str, tail: Mapping[str, str | None]) -> Located:
        name = self._canonical[self._short.get(word, word)]
        number, room = _number_and_room(tail)
        units, claimed = self._units(name, number, room)
        return Located(start, end, PlaceFound(
            text="",
            units=units,
            estate=name,
            building=canonical(self._kinds.get(name, "building"), number) if number else "",
            room=room,
            claimed=claimed,
        ))  # fmt: skip

    def _units(self, name: str, number: str, room: str) -> tuple[tuple[str, ...], bool]:
        """Who claims the very place (True), the narrowest claim first: its household, its building, the whole.

        Where nobody does, those who have a part of it (False).
        """
        whole = self._whole.get(name, [])
        blocks = self._households.get((name, number), [])
        held = [claim.unit for claim in _holding(blocks, room)]
        claimed = held or self._numbered.get(name, {}).get(number) or (whole if number else [])
        if claimed:
            return _once(claimed), True
        parts = [claim.unit for claim in blocks] or self._parts.get(name, [])
        return _once([*whole, *parts]), not parts

    def _unnamed(self, match: re.Match[str]) -> Located:
        """“3号楼” alone: every estate with such a building; of a building parted into households, who has this one."""
        number, room = _number_and_room(match.groupdict())
        owners: dict[str, str] = {}
        for unit, name in self._by_building.get(number, ()):
            blocks = self._households.get((name, number), [])
            if not blocks or unit in self._units(name, number, room)[0]:
                owners.setdefault(unit, name)
        building, estates = canonical("building", number), tuple(owners.values())
        return Located(match.start(), match.end(), PlaceFound(
            "", tuple(owners), "", building, room, estates=estates, claimed=bool(owners)
        ))  # fmt: skip


def _as_sent(located: Located, text: str, plain: Plain, digits: Plain) -> Located:
    start, end = digits.original(located.start, located.end)
    first, last = plain.original(start, end)
    return Located(start, end, replace(located.place, text=text[first:last]))


def _number_and_room(groups: Mapping[str, str | None]) -> tuple[str, str]:
    number = _first(groups, "building", "d_building", "number", "l_building")
    room = _first(groups, "room", "d_room", "n_room", "l_room")
    number = number.removeprefix("第")
    return (str(int(number)) if number.isdigit() else number), room.removeprefix("的")


def _first(groups: Mapping[str, str | None], *names: str) -> str:
    return next((value for name in names if (value := groups.get(name))), "")


def _holding(blocks: Sequence[Claim], room: str) -> Iterator[Claim]:
    """The claims of households that hold the door somebody named."""
    door = said(room) if blocks and room else None
    return (claim for claim in blocks if door and claim.households and claim.households.hold(door))


def _append(shelf: list[T], entry: T) -> None:
    """One more entry; a unit's claims come together, so that a second one of the same is the last."""
    if shelf[-1:] != [entry]:
        shelf.append(entry)


def _once(units: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(units))
