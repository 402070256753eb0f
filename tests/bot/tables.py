"""Knows how to read the table of a parametrised test, for other tests that want the same cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def cases(test: Callable[..., object]) -> list[tuple[Any, ...]]:
    """The rows of the table above a test."""
    marks = getattr(test, "pytestmark", [])
    return [tuple(row) for mark in marks if mark.name == "parametrize" for row in mark.args[1]]
