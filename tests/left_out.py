"""Knows how a test is left out where a program is missing, and when that fails (REQUIRE=postgres,chromium,rasa)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import NoReturn

import pytest

MARK = "left out: "


def required(environ: Mapping[str, str] = os.environ) -> frozenset[str]:
    """What may not be left out in this run."""
    return frozenset(name.strip().lower() for name in environ.get("REQUIRE", "").split(",") if name.strip())


def leave_out(name: str, why: str) -> NoReturn:
    """Leave the test (or what a fixture serves) out, because `name` is not there; a failure when it is required."""
    if name in required():
        pytest.fail(f"{name} is required (REQUIRE={os.environ['REQUIRE']}), but {why}", pytrace=False)
    pytest.skip(f"{MARK}{name}: {why}")


def summary(reasons: Iterable[str]) -> list[str]:
    """One line for everything that was left out, with the number of tests."""
    counts: dict[str, int] = {}
    for reason in reasons:
        if MARK in reason:
            line = reason.partition(MARK)[2]
            counts[line] = counts.get(line, 0) + 1
    return [
        f"{number} {'test' if number == 1 else 'tests'} left out: {line}" for line, number in sorted(counts.items())
    ]
