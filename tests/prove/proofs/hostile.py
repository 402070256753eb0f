"""Knows the proof about hostile bodies: whatever is sent costs under 5 ms of CPU, and nothing is answered 500."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bot.doors import Hook, Rejected, Unreadable
from handlers.incoming import Incoming
from tests.bot.platforms.driver import Driver, Wire
from tests.bot.platforms.standing import Door, deciding, receiving
from tests.fakes.aio import Moving
from tests.prove.hostile_bodies import Named, bombs, fresh, odd
from tests.prove.proof import Figure, Part, Proof, Run, at_least, at_most, told, zero
from tests.prove.proofs.forged import families

LIMIT_MS = 5.0
ROUNDS = 5
ODD, DESK = 10_000, 2_000
"""So many odd messages at most are tried on each door, and so many of them at a real desk with a real memory."""


@dataclass
class Found:
    """What came of the bodies of one door."""

    statuses: Counter[int] = field(default_factory=Counter)
    broke: list[str] = field(default_factory=list)
    served: list[str] = field(default_factory=list)
    costs: dict[str, float] = field(default_factory=dict)

    def worst(self) -> tuple[float, str]:
        """The dearest body: its milliseconds and its name."""
        name = max(self.costs, key=lambda name: self.costs[name], default="")
        return self.costs.get(name, 0.0), name


def cost(hook: Hook, driver: Driver, wire: Wire) -> float:
    """Milliseconds of CPU to read and answer one body: the median of several times."""
    found, delivery, now = [], wire.delivery(), driver.clock.now()
    for _ in range(ROUNDS):
        began = time.process_time()
        try:
            read = hook.read(delivery, now)
            if isinstance(read, Incoming):
                hook.answer(delivery, read, "", now)
        except (Rejected, Unreadable):
            pass
        found.append((time.process_time() - began) * 1000)
    return statistics.median(found)


def wires(driver: Driver, body: str) -> Sequence[Wire]:
    """The body as a genuine message, and where that is sealed, in the place of a genuine envelope as well."""
    bare = body.encode(errors="surrogateescape")
    signed = driver.signs(bare)
    return [signed] if signed.body == bare else [signed, replace(signed, body=bare)]


async def tried(driver: Driver, bodies: Sequence[Named], say: Callable[[float], None]) -> Found:
    """Every body over HTTP to an edge, and by itself to the hook with the clock of the CPU running."""
    found = Found()
    async with receiving(driver) as (door, window):
        hook = door.platform.hooks[0]
        for n, (name, body) in enumerate(bodies):
            for wire in wires(driver, body):
                await _posted(door, wire, name, found)
                found.costs[name] = max(found.costs.get(name, 0.0), _cost(hook, driver, wire, name, found))
            if window.served:
                found.served.append(name)
                window.served.clear()
            say(n / len(bodies))
    return found


async def at_the_desk(driver: Driver, bodies: Sequence[Named], say: Callable[[float], None]) -> Found:
    """Messages with something odd in them, over HTTP to the real desk and memory."""
    found = Found()
    async with deciding(driver) as (door, _):
        for n, (name, body) in enumerate(bodies):
            await _posted(door, driver.signs(body.encode(errors="surrogateescape")), name, found)
            say(n / len(bodies))
    return found


async def _posted(door: Door, wire: Wire, name: str, found: Found) -> None:
    status, _ = await door.post(wire)
    found.statuses[status] += 1
    if status >= 500:
        found.broke.append(name)


def _cost(hook: Hook, driver: Driver, wire: Wire, name: str, found: Found) -> float:
    if len(wire.body) > hook.body_limit:
        return 0.0  # the edge does not let it in
    try:
        return cost(hook, driver, wire)
    except Exception as error:
        found.broke.append(f"{name}: {type(error).__name__}")
        return 0.0


def _work(driver: type[Driver]) -> Part:
    return Part(driver.name, lambda run: asyncio.run(_proof(driver, run)))


async def _proof(driver: type[Driver], run: Run) -> Sequence[Figure]:
    chance = random.Random(f"{run.seed} {driver.name}")
    hurting, strange = list(bombs(driver)), list(odd(driver))
    strange = chance.sample(strange, min(len(strange), run.of(ODD)))
    strange = [(name, fresh(body, n)) for n, (name, body) in enumerate(strange, 1)]
    bad = await tried(driver(Moving()), hurting, lambda done: run.say(done / 3, "bombs"))
    mixed = await tried(driver(Moving()), strange, lambda done: run.say((1 + done) / 3, "odd messages"))
    some = strange[: run.of(DESK)]
    desk = await at_the_desk(driver(Moving()), some, lambda done: run.say((2 + done) / 3, "odd messages at the desk"))
    (most, name), (dear, dear_name) = bad.worst(), mixed.worst()
    return [
        at_least("bombs", len(hurting), 25),
        zero("bombs that became a message", len(bad.served)),
        at_most("dearest bomb (CPU ms, median of 5)", round(most, 2), LIMIT_MS),
        told("which", name),
        at_least("odd messages (a field of a documented one out of order)", len(strange), 30),
        told("of them taken as messages", len(mixed.served)),
        at_most("dearest odd message (CPU ms)", round(dear, 2), LIMIT_MS),
        told("which one", dear_name),
        at_least("odd messages that went to a real desk", len(some), 20),
        zero("answered 5xx, or an exception", len(bad.broke) + len(mixed.broke) + len(desk.broke)),
        told("examples", "; ".join([*bad.served, *bad.broke, *mixed.broke, *desk.broke][:8]) or "none"),
        told("statuses", _list(bad.statuses + mixed.statuses + desk.statuses)),
    ]


def _list(counted: Counter[int]) -> str:
    return ", ".join(f"{status} × {n:,}" for status, n in sorted(counted.items()))


PROOF = Proof(
    name="hostile",
    promise="Hostile XML and JSON (bombs, depth, width, NUL, fields twice, huge numbers, half pairs of surrogates …) "
    "through every door: each costs less than 5 ms of CPU, and none is answered HTTP 500.",
    parts=tuple(_work(driver) for driver in families()),
)
