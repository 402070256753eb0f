"""Measures what the dearest hostile body costs at each door, in CPU-ms."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from tests.fakes.aio import Moving
from tests.prove.hostile_bodies import bombs
from tests.prove.proofs.forged import families
from tests.prove.proofs.hostile import LIMIT_MS, tried


def rows() -> Iterator[tuple[str, str, str]]:
    """One line a door."""
    for driver in families():
        milliseconds, name = asyncio.run(tried(driver(Moving()), list(bombs(driver)), lambda done: None)).worst()
        yield f"dearest hostile body, {driver.name}, CPU-ms", f"{milliseconds:.2f}", f"must be < {LIMIT_MS:g}; {name}"
