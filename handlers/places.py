"""Knows where a case is: from what the ear found and whom it heard, to a grid, a community, or nowhere yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from handlers.cases import Where
from handlers.geometry import Point, area, holds, km
from handlers.raw import RawText
from handlers.town import Person, Town, Unit
from nlu.understanding import PlaceFound, Understanding

NEAR_KM = 3.0
"""A pin farther than this from every grid's centre is not in this town."""
LOCAL = ("micro", "grid", "community")
"""The levels, smallest first, that say where something is; a street is too wide for it."""


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
    unit = (innermost(units, town) if found.claimed or len(units) == 1 else "") or common(units, town)
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
    """The units meant by somebody in `near`: those in it, else in its grid, else in its community, else all."""
    units = [unit for unit in found.units if unit in town.units]
    if len(units) <= 1 or not near:
        return units
    for root in (near, town.at_level(near, "grid"), town.at_level(near, "community")):
        inside = [unit for unit in units if town.within(unit, root)]
        if root and inside:
            return inside
    return [unit for unit in units if town.within(near, unit)] or units


def innermost(units: Sequence[str], town: Town) -> str:
    """The one of these that lies within all others, as a micro-grid in its grid; “” where they lie apart."""
    return next((unit for unit in units if all(town.within(unit, other) for other in units)), "")


def common(units: Sequence[str], town: Town) -> str:
    """The lowest unit above all of these that still means something (a community); “” when they lie apart."""
    if not units:
        return ""
    for step in town.ladder(units[0]):
        if all(town.within(unit, step.id) for unit in units):
            return step.id if step.level in LOCAL else ""
    return ""


def at_point(point: Point, town: Town) -> Where:
    """The place of a location pin: the smallest unit whose area holds it, else the grid with the nearest centre.

    A grid with an area that does not hold the pin comes after all grids without one, however near its centre is.
    """
    holding = [unit for unit in town.units.values() if unit.level in LOCAL and unit.area and holds(unit.area, point)]
    if holding:
        smallest = min(holding, key=lambda unit: (LOCAL.index(unit.level), area(unit.area)))
        return _pinned(smallest, point)
    near = [(bool(unit.area), away, unit.id) for unit, away in _grids(point, town) if away <= NEAR_KM]
    return _pinned(town.units[min(near)[2]], point) if near else Where(point=point)


def _grids(point: Point, town: Town) -> Iterator[tuple[Unit, float]]:
    """The grids with the distance of their centres in kilometres."""
    for unit in town.units.values():
        if unit.center is not None and unit.level == "grid":
            yield unit, km(point, unit.center)


def _pinned(unit: Unit, point: Point) -> Where:
    return Where(unit=unit.id, point=point, known=True, public_ground=True)


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


def same(one: Where, other: Where, town: Town) -> bool:
    """Whether two places are the same building of the same grid, however exactly each was said."""
    grids = [town.at_level(place.unit, "grid") or place.unit for place in (one, other)]
    return grids[0] == grids[1] and one.building == other.building


def wrong(place: Where) -> Where:
    """What is left of a place that was said wrongly: the grid, until the right one is said."""
    return replace(place, text=RawText(), building="", room=RawText(), point=None)


def grid(where: Where, town: Town) -> str:
    """The grid in which a place lies; the place's own unit where that lies in none."""
    return town.at_level(where.unit, "grid") or where.unit


def coarse(place: Where, detail: str, town: Town) -> str:
    """The place as a work group may see it, in the gazetteer's names only: no word of the resident, no unit, no room.

    “exact” (a house number on a road, a building) is for public ground; elsewhere it falls back to the estate.
    """
    unit = town.name_of(town.at_level(place.unit, "grid") or place.unit) if place.unit else ""
    if place.building and (detail == "building" or (detail == "exact" and place.public_ground)):
        return f"{place.estate}{place.building}"
    return place.estate or unit
