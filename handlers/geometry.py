"""Knows areas on a map: whether a polygon holds a point, how large it is, whether its sides cross; and distances."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import asin, cos, radians, sin, sqrt

Point = tuple[float, float]
"""Latitude and longitude in degrees, WGS-84. No area here reaches over the 180th meridian."""

_Side = tuple[Point, Point]
_EDGE = 1e-9
"""Degrees, a tenth of a millimetre: so near to a side counts as on it."""


def holds(corners: Sequence[Point], point: Point) -> bool:
    """Whether the point lies in the polygon or on its boundary; corners in either order, concave ones too."""
    inside = False
    for a, b in _sides(corners):
        if _on(a, b, point):
            return True
        if (a[0] > point[0]) != (b[0] > point[0]) and (_turn(a, b, point) < 0) == (b[0] > a[0]):
            inside = not inside
    return inside


def area(corners: Sequence[Point]) -> float:
    """The area in square degrees, enough to tell the smaller of two neighbours."""
    return abs(sum(a[0] * b[1] - a[1] * b[0] for a, b in _sides(_from_first(corners)))) / 2


def crossed(corners: Sequence[Point]) -> bool:
    """Whether two sides cross, as when corners are not written in the order of the boundary."""
    return any(_cross(one, other) for one, other in combinations(_sides(corners), 2))


def km(a: Point, b: Point) -> float:
    """Great-circle distance in kilometres (haversine, radius 6371 km)."""
    lat1, lon1, lat2, lon2 = map(radians, (*a, *b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(h))


def _sides(corners: Sequence[Point]) -> Iterator[_Side]:
    return zip(corners, [*corners[1:], *corners[:1]], strict=True)


def _from_first(corners: Sequence[Point]) -> Sequence[Point]:
    """The corners as seen from the first one: small numbers lose less in the multiplication."""
    return [(lat - corners[0][0], lon - corners[0][1]) for lat, lon in corners]


def _turn(a: Point, b: Point, point: Point) -> float:
    """Positive where the point lies on one hand of the way from a to b, negative on the other, 0 on the line."""
    return (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])


def _on(a: Point, b: Point, point: Point) -> bool:
    length = sqrt((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2)
    if abs(_turn(a, b, point)) > _EDGE * max(length, _EDGE):
        return False
    return all(min(x, y) - _EDGE <= at <= max(x, y) + _EDGE for x, y, at in zip(a, b, point, strict=True))


def _cross(one: _Side, other: _Side) -> bool:
    """Whether each side has the ends of the other on its two hands; touching ends do not count."""
    return _parts(one, other) and _parts(other, one)


def _parts(side: _Side, ends: _Side) -> bool:
    return _turn(*side, ends[0]) * _turn(*side, ends[1]) < 0
