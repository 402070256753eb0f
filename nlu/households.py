"""Knows households within one building: entrances (单元) and rooms (室), as units claim them and people say them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

Range = tuple[int, int]

ALL: Range = (0, 9999)
_TO = "[-—–~至到]"
_AND = "[、,;和及/ ]+"
_ENTRANCE = rf"\d{{1,2}}(?:单元)?(?: ?{_TO} ?\d{{1,2}})?(?:单元)?"
_ROOM = rf"\d{{1,4}}[室房]?(?: ?{_TO} ?\d{{1,4}})?[室房]?"
CLAIMED = (
    rf"(?P<entrances>{_ENTRANCE}(?:{_AND}{_ENTRANCE})*(?<=单元))? ?(?P<rooms>{_ROOM}(?:{_AND}{_ROOM})*(?<=[室房]))?"
)
"""What may stand behind a building in a configuration: “1-2单元”, “101-602室”, “1、3单元201-402室”."""

_SAID = re.compile(r"(?:(?P<entrance>\d{1,2})(?:单元|[-—–]))?(?:\d{1,2}[层楼])?(?:(?P<room>\d{1,4})[室房号]?)?")


@dataclass(frozen=True, slots=True)
class Door:
    """The entrance and the room that somebody named; None for what they did not say."""

    entrance: int | None
    room: int | None


@dataclass(frozen=True, slots=True)
class Households:
    """A block of households: some entrances, in each the same doors of some floors (101-602: floors 1-6, doors 1-2)."""

    entrances: Range = ALL
    floors: Range = ALL
    doors: Range = ALL

    @property
    def empty(self) -> bool:
        """Whether nobody lives there, as in 305-501: floors 3 to 5, doors 5 to 1."""
        return any(first > last for first, last in (self.entrances, self.floors, self.doors))

    def hold(self, door: Door) -> bool:
        """Whether the door is certainly one of these: what was left open counts only where no range is claimed."""
        if self.entrances != ALL and not _within(door.entrance, self.entrances):
            return False
        if self.floors == ALL:
            return door.entrance is not None or door.room is not None
        floor, number = divmod(door.room, 100) if door.room is not None else (None, None)
        return _within(floor, self.floors) and _within(number, self.doors)

    def shared(self, other: Households) -> Households:
        """The households of both; `empty` where there are none."""
        return Households(
            _shared(self.entrances, other.entrances),
            _shared(self.floors, other.floors),
            _shared(self.doors, other.doors),
        )

    def __str__(self) -> str:
        entrances = "" if self.entrances == ALL else f"{_shown(*self.entrances)}单元"
        if self.floors == ALL:
            return entrances
        first, last = (floor * 100 + door for floor, door in zip(self.floors, self.doors, strict=True))
        return f"{entrances}{_shown(first, last)}室"


def said(room: str) -> Door:
    """The door that people mean by “2单元501”, “2-501”, “501室”."""
    found = _SAID.match(room)
    entrance, number = (found["entrance"], found["room"]) if found else (None, None)
    return Door(int(entrance) if entrance else None, int(number) if number else None)


def claimed(entrances: str, rooms: str) -> Iterator[Households]:
    """The blocks that a configuration claims, each entrance range with each room range."""
    for span in _ranges(entrances):
        for first, last in _ranges(rooms):
            if (first, last) == ALL:
                yield Households(span)
            else:
                yield Households(span, (first // 100, last // 100), (first % 100, last % 100))


def _ranges(words: str) -> Iterator[Range]:
    """The ranges of a list such as “1、3-4”; everything where nothing is listed."""
    if not words:
        yield ALL
        return
    for part in re.split(_AND, re.sub("单元|[室房]", "", words)):
        ends = [int(end) for end in re.split(_TO, part.replace(" ", ""))]
        yield ends[0], ends[-1]


def _within(number: int | None, span: Range) -> bool:
    return number is not None and span[0] <= number <= span[1]


def _shared(one: Range, other: Range) -> Range:
    return max(one[0], other[0]), min(one[1], other[1])


def _shown(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"
