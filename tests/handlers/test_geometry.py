"""Knows what geometry promises: inside, outside and the boundary, however it is moved, turned or begun."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from handlers.geometry import Point, area, crossed, holds, km

NUMBERS = st.integers(-50, 50).map(float)
"""Whole numbers, so that nothing is lost in moving and multiplying them."""
POINTS = st.tuples(NUMBERS, NUMBERS)
TRIANGLES = st.tuples(POINTS, POINTS, POINTS)
POLYGONS = st.lists(POINTS, min_size=3, max_size=8, unique=True)

HORSESHOE = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 7.0), (7.0, 7.0), (7.0, 3.0), (0.0, 3.0))
SQUARE = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0))


def weights(triangle: tuple[Point, Point, Point], point: Point) -> tuple[float, float, float]:
    """The point as a mixture of the corners: none is negative where it lies in the triangle."""
    (ax, ay), (bx, by), (cx, cy) = triangle
    whole = (by - cy) * (ax - cx) + (cx - bx) * (ay - cy)
    first = (by - cy) * (point[0] - cx) + (cx - bx) * (point[1] - cy)
    second = (cy - ay) * (point[0] - cx) + (ax - cx) * (point[1] - cy)
    return first / whole, second / whole, (whole - first - second) / whole


@given(TRIANGLES, POINTS)
def test_a_triangle_holds_what_is_a_mixture_of_its_corners(triangle: tuple[Point, Point, Point], point: Point) -> None:
    assume(area(triangle) > 0)
    assert holds(triangle, point) == all(weight >= 0 for weight in weights(triangle, point))


@given(POLYGONS, POINTS, POINTS)
def test_moving_both_changes_nothing(corners: list[Point], point: Point, way: Point) -> None:
    moved = [(lat + way[0], lon + way[1]) for lat, lon in corners]
    there = (point[0] + way[0], point[1] + way[1])
    assert (holds(moved, there), area(moved), crossed(moved)) == (
        holds(corners, point),
        area(corners),
        crossed(corners),
    )


@given(POLYGONS, POINTS, st.integers(0, 7), st.booleans())
def test_the_first_corner_and_the_direction_change_nothing(
    corners: list[Point], point: Point, first: int, back: bool
) -> None:
    at = first % len(corners)
    other = [*corners[at:], *corners[:at]][:: -1 if back else 1]
    assert (holds(other, point), area(other), crossed(other)) == (
        holds(corners, point),
        area(corners),
        crossed(corners),
    )


@given(POLYGONS, st.integers(0, 7), st.floats(0, 1))
def test_the_boundary_is_inside(corners: list[Point], side: int, share: float) -> None:
    (a, b), (c, d) = corners[side % len(corners)], corners[(side + 1) % len(corners)]
    assert holds(corners, (a + (c - a) * share, b + (d - b) * share))


@given(POLYGONS, POINTS)
def test_beyond_its_corners_there_is_nothing(corners: list[Point], point: Point) -> None:
    assume(not min(lat for lat, _ in corners) <= point[0] <= max(lat for lat, _ in corners))
    assert not holds(corners, point)


@pytest.mark.parametrize(
    ("point", "inside"),
    [
        ((5, 8.5), True),
        ((8.5, 5), True),
        ((5, 5), False),
        ((0, 5), False),
        ((3, 7), True),
        ((7, 5), True),
        ((-1, 1), False),
    ],
)
def test_a_horseshoe_does_not_hold_its_mouth(point: Point, inside: bool) -> None:
    assert holds(HORSESHOE, point) is inside


def test_areas_and_crossings() -> None:
    assert (area(SQUARE), area(HORSESHOE), area([(0, 0), (1, 1), (2, 2)])) == (16, 72, 0)
    assert not crossed(SQUARE)
    assert not crossed(HORSESHOE)
    assert crossed([(0, 0), (4, 4), (4, 0), (0, 4)])


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    assert km((33, 120), (34, 120)) == pytest.approx(111.19, abs=0.01)
    assert km((60, 120), (60, 121)) == pytest.approx(55.6, abs=0.01)
