"""Knows where a case is: from what the ear found and whom it heard, to a grid, a community, or nowhere yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import asin, cos, radians, sin, sqrt

from handlers.cases import Where
from handlers.raw import RawText
from handlers.town import Person, Town
from nlu.understanding import PlaceFound, Understanding

NEAR_KM = 3.0
"""A pin farther than this from every grid's centre is not in this town."""


def where(heard: Understanding, person: Person, town: Town, near: str = "") -> Where:
    """The place of what was said. `known` is true when it leads to exactly one grid or wider unit.

    “3号楼” alone is the one in `near` (the unit of the case spoken of), else in the speaker's own part of town.
    """
    candidates = [_resolve(found, near or person.unit, town) for found in heard.places]
    known = [w for w in candidates if w.known]
    if known:
        return max(known, key=_precision)
    return candidates[0] if candidates else Where()


def _precision(place: Where) -> tuple[bool, bool]:
    return bool(place.building), bool(place.estate)


def _resolve(found: PlaceFound, near: str, town: Town) -> Where:
    units = _narrow(found, near, town)
    unit = units[0] if len(units) == 1 else common(units, town)
    estate = found.estate or dict(zip(found.units, found.estates, strict=False)).get(unit, "")
    return Where(
        text=RawText(found.text),
        unit=unit,
        estate=estate,
        building=found.building,
        room=RawText(found.room),
        public_ground=found.public_ground,
        known=bool(unit),
    )


def _narrow(found: PlaceFound, near: str, town: Town) -> Sequence[str]:
    units = [unit for unit in found.units if unit in town.units]
    if len(units) <= 1 or not near:
        return units
    own = [unit for unit in units if town.within(near, unit) or town.within(unit, near)]
    community = town.at_level(near, "community")
    around = [unit for unit in units if community and town.within(unit, community)]
    return own or around or units


def common(units: Sequence[str], town: Town) -> str:
    """The lowest unit above all of these that still means something (a community); “” when they lie apart."""
    if not units:
        return ""
    for step in town.ladder(units[0]):
        if all(town.within(unit, step.id) for unit in units):
            return step.id if step.level in ("micro", "grid", "community") else ""
    return ""


def at_point(point: tuple[float, float], town: Town) -> Where:
    """The place of a location pin: the grid with the nearest centre, if any is near enough."""
    reach = [
        (_km(point, unit.center), unit.id)
        for unit in town.units.values()
        if unit.center is not None and unit.level == "grid"
    ]
    if not reach or min(reach)[0] > NEAR_KM:
        return Where(point=point)
    return Where(unit=min(reach)[1], point=point, known=True, public_ground=True)


def merge(old: Where, new: Where) -> Where:
    """A place said in two goes: “健仁小区” and then “3号楼”."""
    if not new.known and old.known:
        return replace(old, text=RawText(f"{old.text.reveal()} {new.text.reveal()}".strip()))
    same = old.estate and not new.estate
    return replace(
        new,
        estate=new.estate or (old.estate if same else ""),
        point=new.point or old.point,
        text=RawText(" ".join(dict.fromkeys(t for t in (old.text.reveal(), new.text.reveal()) if t))),
    )


def wrong(place: Where) -> Where:
    """What is left of a place that was said wrongly: the grid, until the right one is said."""
    return replace(place, text=RawText(), building="", room=RawText(), point=None)


def coarse(place: Where, detail: str, town: Town) -> str:
    """The place as a work group may see it, in the gazetteer's names only: no word of the resident, no unit, no room.

    “exact” (a house number on a road, a building) is for public ground; elsewhere it falls back to the estate.
    """
    unit = town.name_of(place.unit) if place.unit else ""
    if place.building and (detail == "building" or (detail == "exact" and place.public_ground)):
        return f"{place.estate}{place.building}"
    return place.estate or unit


def _km(a: tuple[float, float], b: tuple[float, float] | None) -> float:
    """Great-circle distance in kilometres (haversine, radius 6371 km)."""
    assert b is not None
    lat1, lon1, lat2, lon2 = map(radians, (*a, *b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(h))
