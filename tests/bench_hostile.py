"""Measures what the worst hostile delivery costs at each door that can be posted to: CPU-ms to refuse or to read it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from bot.doors import Delivery, Hook, Rejected, Unreadable
from tests.bot.platforms import hostile
from tests.bot.platforms.driver import found
from tests.fakes.aio import Moving
from tests.fakes.window import LittleWindow

ROUNDS = 5


def rows() -> Iterator[tuple[str, str, str]]:
    """One row of the table a platform: its name, the figure, what stands beside it."""
    for driver in [make(Moving()) for make in found()]:
        for hook in driver.platform("http://127.0.0.1:9", LittleWindow()).hooks[:1]:
            bodies = hostile.of(driver.paper, driver.room(hook.body_limit))
            costs = {name: _cost(hook, driver.signs(body).delivery(), driver.clock.now()) for name, body in bodies}
            name = max(costs, key=lambda name: costs[name])
            yield f"{driver.name}, the worst hostile body, CPU-ms", f"{costs[name]:.1f}", f"target 5 ({name})"


def _cost(hook: Hook, delivery: Delivery, now: datetime) -> float:
    """The least of some rounds: what the machine does beside is not this delivery's."""
    costs = []
    for _ in range(ROUNDS):
        began = time.thread_time()
        with suppress(Rejected, Unreadable):
            hook.read(delivery, now)
        costs.append(time.thread_time() - began)
    return min(costs) * 1000
