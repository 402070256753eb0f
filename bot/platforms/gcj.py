"""Knows GCJ-02, the shifted coordinates of Chinese maps, and how to come back to WGS-84."""

from __future__ import annotations

from math import cos, pi, sin, sqrt
from typing import Final

_AXIS: Final = 6378245.0
_ECCENTRICITY: Final = 0.00669342162296594323
_CHINA: Final = (0.8293, 55.8271, 72.004, 137.8347)
_ROUNDS: Final = 4


def to_wgs84(latitude: float, longitude: float) -> tuple[float, float]:
    """The WGS-84 point that GCJ-02 shifts onto this one: found by stepping back the shift, good to a centimetre.

    Outside China's bounding box WeChat does not shift, so the point is handed back as it is.
    """
    south, north, west, east = _CHINA
    if not (south <= latitude <= north and west <= longitude <= east):
        return latitude, longitude
    point = latitude, longitude
    for _ in range(_ROUNDS):
        shift = _shift(*point)
        point = latitude - shift[0], longitude - shift[1]
    return point


def _shift(latitude: float, longitude: float) -> tuple[float, float]:
    """By how many degrees GCJ-02 moves a WGS-84 point (the published approximation of the official function)."""
    x, y = longitude - 105.0, latitude - 35.0
    waves = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    radians = latitude / 180.0 * pi
    magic = 1.0 - _ECCENTRICITY * sin(radians) ** 2
    meridian = _AXIS * (1.0 - _ECCENTRICITY) / (magic * sqrt(magic))
    parallel = _AXIS / sqrt(magic) * cos(radians)
    return north * 180.0 / (meridian * pi), east * 180.0 / (parallel * pi)
