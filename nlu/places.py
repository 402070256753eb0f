"""Knows which grid a place in a message belongs to: estates, buildings, roads, landmarks, aliases, numerals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from nlu.gazetteer import Claim, Entries, Kind, canonical, claims, shown
from nlu.lexica import either
from nlu.normalise import Normaliser, Plain, unchanged, with_digits
from nlu.placewords import PlaceWords
from nlu.script import Scripts
from nlu.spans import Found
from nlu.understanding import PlaceFound

_NUMBER = r"第?(?:\d{1,4}|[a-z]\d?)"
_ROOM = r"(?:的?\d{1,2}单元)?(?:\d{1,2}(?:层|楼))?(?:\d{3,4}(?:室|房|号)?(?!\d)|\d{1,2}(?:室|房))?"
_BUILDING = rf"(?P<building>{_NUMBER})(?:号楼|栋楼?|幢楼?|座|#楼?)(?P<room>{_ROOM})"
_DASHED = r"(?P<d_building>\d{1,3})[-—–](?P<d_room>\d{1,2}[-—–]\d{3,4}|\d{3,4})(?:室|房)?(?![\d-])"
_BARE = rf"(?P<number>\d{{1,4}})(?:号院?(?![线口机码店])|(?=单元)|楼(?=\d{{1,2}}单元))(?P<n_room>{_ROOM})"
_LOOSE_DASHED = r"(?<![\d-])(?P<l_building>\d{1,3})[-—–](?P<l_room>\d{1,2}[-—–]\d{3,4})(?:室|房)?(?![\d-])"
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
    """The places of the town and the units in charge of them."""

    def __init__(self, known: Iterable[Claim], aliases: Mapping[str, str], words: PlaceWords, normaliser: Normaliser):
        self._words = words
        self._normaliser = normaliser
        self._aliases = dict(aliases)
        self._numbered: dict[str, dict[str, list[str]]] = {}
        self._whole: dict[str, list[str]] = {}
        self._by_building: dict[str, list[str]] = {}
        self._estate_of: dict[tuple[str, str], str] = {}
        self._kinds: dict[str, Claim] = {}
        for claim in known:
            self._add(claim)
        names = {*self._numbered, *self._whole, *self._aliases}
        self._short = {name: full for full in sorted(names) if (name := _SHORT_ENDS.sub("", full)) not in names
                       if len(name) >= _LEAST_SHORT}  # fmt: skip
        self._names = re.compile(either({*names, *self._short}) or "(?!)")
        self._tail = re.compile(rf"(?:小区|花园)?(?:的|那边|里面?)?(?:{_BUILDING}|{_DASHED}|{_BARE})")
        self._alone = re.compile(rf"(?<![a-z0-9]){_BUILDING}|{_LOOSE_DASHED}")

    @classmethod
    def from_entries(cls, entries: Entries, aliases: Mapping[str, Iterable[str]]) -> Gazetteer:
        """A gazetteer of configured places; `aliases` maps a name to the other names people use for it."""
        normaliser = Normaliser(Scripts())

        def even(name: str) -> str:
            return with_digits(normaliser.plain(name)).text.strip()

        others = {even(other): even(name) for name, words in aliases.items() for other in words if even(other)}
        return cls(claims(entries, normaliser), others, PlaceWords(), normaliser)

    def find(self, text: str) -> tuple[PlaceFound, ...]:
        """The places named in a text, known ones first, then what only sounds like a place."""
        plain = self._normaliser.plain(text)
        return self.describe(text, plain, self.locate(text, plain), self._words.find(plain.text))

    def locate(self, text: str, plain: Plain) -> tuple[Located, ...]:
        """The places the gazetteer knows, with their stretches of the even text."""
        digits = with_digits(unchanged(plain.text))
        found: list[Located] = []
        for match in self._names.finditer(digits.text):
            tail = self._tail.match(digits.text, match.end())
            if (tail or match.group() not in self._short) and all(match.start() >= one.end for one in found):
                found.append(self._named(match, tail))
        for match in self._alone.finditer(digits.text):
            if all(match.end() <= one.start or match.start() >= one.end for one in found):
                found.append(self._unnamed(match))
        return tuple(_as_sent(one, text, plain, digits) for one in sorted(found, key=lambda one: one.start))

    def describe(
        self, text: str, plain: Plain, located: Sequence[Located], described: Iterable[Found]
    ) -> tuple[PlaceFound, ...]:
        """The places for the desk: the known ones, then what only the words (`described`) show to be places."""
        places = [self._with_ground(one, plain) for one in located]
        for _, start, end in described:
            if all(end <= one.start or start >= one.end for one in located):
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
        self._kinds.setdefault(claim.name, claim)
        if claim.kind == "whole":
            _append(self._whole.setdefault(claim.name, []), claim.unit)
            return
        _append(self._numbered.setdefault(claim.name, {}).setdefault(claim.number, []), claim.unit)
        if claim.kind == "building":
            _append(self._by_building.setdefault(claim.number, []), claim.unit)
            self._estate_of.setdefault((claim.unit, claim.number), claim.name)

    def _named(self, match: re.Match[str], tail: re.Match[str] | None) -> Located:
        word = self._short.get(match.group(), match.group())
        name = self._aliases.get(word, word)
        number, room = _number_and_room(tail.groupdict() if tail else {})
        claim = self._kinds.get(name)
        kind = claim.kind if claim and claim.kind != "whole" else "building"
        return Located(match.start(), (tail or match).end(), PlaceFound(
            text="",
            units=self._units(name, number),
            estate=name,
            building=canonical(kind, number) if number else "",
            room=room,
        ))  # fmt: skip

    def _units(self, name: str, number: str) -> tuple[str, ...]:
        """Who is in charge: of the very number if somebody claims it, else of the whole, else of any part."""
        numbered = self._numbered.get(name, {})
        if number and number in numbered:
            return tuple(numbered[number])
        whole = self._whole.get(name, [])
        if number and whole:
            return tuple(whole)
        return tuple(dict.fromkeys([*whole, *(unit for units in numbered.values() for unit in units)]))

    def _unnamed(self, match: re.Match[str]) -> Located:
        number, room = _number_and_room(match.groupdict())
        units = tuple(self._by_building.get(number, ()))
        estates = tuple(self._estate_of.get((unit, number), "") for unit in units)
        building = canonical("building", number)
        return Located(match.start(), match.end(), PlaceFound("", units, "", building, room, estates=estates))


def overlaps(entries: Entries) -> list[tuple[str, str, str]]:
    """Two grids claiming one place: (unit, other unit, place), for the check of the configuration."""
    owners: dict[tuple[str, str], list[Claim]] = {}
    wholes: dict[str, list[str]] = {}
    for claim in claims(entries, Normaliser(Scripts())):
        owners.setdefault((claim.name, claim.number), []).append(claim)
        if claim.kind == "whole":
            _append(wholes.setdefault(claim.name, []), claim.unit)
    clashes: dict[tuple[str, str, str, Kind], list[str]] = {}
    for (name, number), claimed in owners.items():
        units = list(dict.fromkeys([claim.unit for claim in claimed] + (wholes.get(name, []) if number else [])))
        for at, unit in enumerate(units):
            for other in units[at + 1 :]:
                first, second = sorted((unit, other))
                clashes.setdefault((first, second, name, claimed[0].kind), []).append(number)
    return [(first, second, shown(name, kind, numbers)) for (first, second, name, kind), numbers in clashes.items()]


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


def _append(units: list[str], unit: str) -> None:
    if unit not in units:
        units.append(unit)
