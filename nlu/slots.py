"""Knows which stretches of a message are worth keeping apart: place, phone, id_card, plate, person, time, case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from nlu.normalise import Plain
from nlu.numbers import numbers
from nlu.persons import Persons
from nlu.placewords import PlaceWords
from nlu.spans import Found, spans_of, without
from nlu.times import Times
from nlu.understanding import Span


class Slots:
    """Finds the slots of one text."""

    def __init__(self, places: PlaceWords) -> None:
        self._places = places
        self._persons = Persons()
        self._times = Times()

    def warm(self) -> Iterator[None]:
        """Compile what is otherwise compiled when a text first needs it, one expression a step."""
        yield from self._persons.warm()
        yield from self._times.warm()

    def find(self, text: str, plain: Plain, known_places: Sequence[Found] = ()) -> tuple[Span, ...]:
        """The spans, indices into the text as sent."""
        return spans_of(text, plain, self.stretches(plain.text, known_places))

    def stretches(self, even: str, known_places: Sequence[Found] = ()) -> list[Found]:
        """What is found in the even text; `known_places` are those the gazetteer has recognised."""
        found = [one for one in numbers(even) if one[0] != "bank_card"]
        times = list(self._times.find(even))
        persons = list(self._persons.find(even))
        others, owners, shops = [*found, *times], [], []
        if persons:
            persons = _clear(persons, known_places) if known_places else persons
            shops = [shop for one in persons if (shop := self._places.kept(even, one))]
            if shops:
                others += [one for one in persons if _starts(one, shops)]
                persons = [one for one in persons if not _starts(one, shops)]
            owners = [one for one in persons if self._places.owns(even, one[2])]
            others += [one for one in persons if one not in owners]
        places = self._places.find(without(even, others) if others else even, owners, shops)
        if known_places:
            places = _merged([*known_places, *places])
        if len(places) > 1:
            places = self._places.settled(even, places)
        return [*found, *places, *persons, *times]


def _within(found: Found, stretches: Sequence[tuple[int, int]]) -> bool:
    return any(found[1] < end and found[2] > start for start, end in stretches)


def _starts(person: Found, shops: Iterable[Found]) -> bool:
    """Whether one of the shops is called after the person."""
    return any(person[1] == start for _, start, _ in shops)


def _clear(persons: Iterable[Found], places: Sequence[Found]) -> list[Found]:
    """Names that are not part of a place the gazetteer knows (许家路)."""
    taken = [(start, end) for _, start, end in places]
    return [person for person in persons if not _within(person, taken)]


def _merged(places: Sequence[Found]) -> list[Found]:
    """Overlapping stretches as one: “健仁小区3号楼” and “3号楼门口” make “健仁小区3号楼门口”."""
    merged: list[Found] = []
    for kind, start, end in sorted(places, key=lambda place: place[1]):
        if merged and start < merged[-1][2]:
            merged[-1] = (kind, merged[-1][1], max(end, merged[-1][2]))
        else:
            merged.append((kind, start, end))
    return merged
