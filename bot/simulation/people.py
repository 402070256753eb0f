"""Knows who lives and works in the simulated month: characters of residents and tempers of workers, as tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random

from bot.simulation.script import Script
from handlers.town import Person, Role, Town


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """How one kind of resident writes and answers. `weight` is how many of a hundred; all others are shares of 1."""

    name: str
    weight: int
    mistypes: float = 0.06
    chats: float = 0.25
    names_place: float = 0.8
    answers: float = 0.85
    sends_photo: float = 0.25
    rates: float = 0.3
    unsolved: float = 0.12
    urges: float = 0.06
    withdraws: float = 0.03
    asks_state: float = 0.06
    thanks: float = 0.1
    late: float = 0.1
    speaks: bool = False
    script: str = "hans"


CHARACTERS: tuple[Character, ...] = (
    Character(name="plain", weight=38),
    Character(name="hurried", weight=16, mistypes=0.25, chats=0.05, names_place=0.45, answers=0.7, rates=0.15),
    Character(name="elder", weight=12, chats=0.5, speaks=True, answers=0.75, rates=0.35, late=0.4, sends_photo=0.03),
    Character(name="young", weight=12, sends_photo=0.6, rates=0.5, asks_state=0.15, chats=0.1),
    Character(name="silent", weight=12, answers=0.4, rates=0.0, thanks=0.0, asks_state=0.0, late=0.3),
    Character(name="insistent", weight=5, urges=0.5, asks_state=0.3, unsolved=0.35, rates=0.7, withdraws=0.0),
    Character(name="traditional", weight=5, script="hant", mistypes=0.02, rates=0.4),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Temper:
    """How one kind of worker works: shares of 1, minutes until the phone is looked at, 自办 a day, how fast."""

    name: str
    looks: tuple[int, int] = (4, 55)
    forgets: float = 0.06
    own: int = 3
    pace: float = 1.0
    returns: float = 0.05
    hands_over: float = 0.03
    raises: float = 0.02
    whistles: float = 0.07
    asks: float = 0.08
    pauses: float = 0.02
    photographs: float = 0.4


TEMPERS: tuple[Temper, ...] = (
    Temper(name="steady"),
    Temper(name="quick", looks=(2, 25), forgets=0.03, own=4, pace=0.7),
    Temper(name="busy", looks=(15, 150), forgets=0.14, own=2, pace=1.5, returns=0.08, whistles=0.1),
)
"""Handed round to those who serve, in the order of the configuration."""

DESK = Temper(name="desk", looks=(2, 15), forgets=0.02, own=0, whistles=0.0, returns=0.0, raises=0.0, hands_over=0.0)
"""The people of the command centre."""


@dataclass(frozen=True, slots=True)
class Resident:
    """One resident: where they live, and how they are."""

    person: Person
    home: str
    character: Character


def spot(unit: str, town: Town, script: Script, dice: Random) -> str:
    """A place of a grid as people say it: an estate with a building, a road with a number, a square."""
    place = dice.choice(town.units[unit].places)
    run = script.matches("places", place)
    if run is None:
        return place
    number = dice.randint(int(run["first"]), int(run["last"]))
    return f"{run['name']}{number}{run['unit']}"


def grids(town: Town) -> list[str]:
    """The grids that have places, in the order of the configuration."""
    return [unit.id for unit in town.units.values() if unit.level == "grid" and unit.places]


def residents(town: Town, script: Script, people: int, dice: Random) -> list[Resident]:
    """The residents of the configuration, then invented ones (r0001 …) until there are `people`; each has a home."""
    mere = {Role.RESIDENT}
    known = [person for person in town.people.values() if set(person.roles) == mere and person.unit in grids(town)]
    everybody = [*known, *islice(_invented(town), max(0, people - len(known)))]
    kinds = [character.weight for character in CHARACTERS]
    return [
        Resident(person, spot(person.unit, town, script, dice), dice.choices(CHARACTERS, kinds)[0])
        for person in everybody[:people]
    ]


def _invented(town: Town) -> Iterator[Person]:
    for n, unit in enumerate(cycle(grids(town)), start=1):
        yield Person(id=f"r{n:04d}", unit=unit)


def tempers(town: Town) -> dict[str, Temper]:
    """Everybody who serves, each with a temper."""
    turn = cycle(TEMPERS)
    staff = [person for person in town.people.values() if person.staff]
    return {person.id: DESK if person.has(Role.DISPATCHER) else next(turn) for person in staff}
