"""Knows what must never happen: hostile deliveries taken, or hurting; people, words or secrets in the log."""

from __future__ import annotations

import logging
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice

import pytest

from bot.doors import Rejected
from tests.bot.platforms import hostile
from tests.bot.platforms.driver import RESIDENT, Driver, Wire
from tests.bot.platforms.scenarios_in import WORDS
from tests.bot.platforms.standing import Door, receiving, to
from tests.fakes.window import LittleWindow

MUTATED = 5000
POSTED = 100
BROKEN = 500
PHONE = "13800138000"


async def hostile_bodies(driver: Driver) -> None:
    """hostile body"""
    async with receiving(driver) as (door, window):
        good = driver.says(WORDS, key=9001)
        for name, body in hostile.of(driver.paper, driver.room(door.platform.hooks[0].body_limit)):
            for wire in (driver.signs(body), replace(good, body=body), Wire(body)):
                status, _ = await door.post(wire)
                assert status < BROKEN, name
        before = len(window.served)
        await door.told(good)
        assert len(window.served) == before + 1


async def mutated(driver: Driver) -> None:
    """forged or mutated, 5,000 times"""
    async with receiving(driver) as (door, window):
        hook, now, chance = door.platform.hooks[0], driver.clock.now(), random.Random(5)
        forged = list(driver.forged())
        wires = [_further(chance.choice(forged), chance) for _ in range(MUTATED)]
        for wire in wires:
            with pytest.raises(Rejected):
                hook.read(wire.delivery(), now)
        bearable = (wire for wire in wires if all(value.isprintable() for value in wire.headers.values()))
        statuses = {(await door.post(wire))[0] for wire in islice(bearable, POSTED)}
        assert statuses <= {400, 403, 413}
        assert (window.served, window.unread) == ([], [])


def _further(wire: Wire, chance: random.Random) -> Wire:
    """A forged delivery with up to three bytes more in its body: that never makes it right again."""
    body = bytearray(wire.body)
    for _ in range(chance.randrange(4)):
        body.insert(chance.randrange(len(body)), chance.randrange(256))
    return replace(wire, body=bytes(body))


async def logs_hold_nobody(driver: Driver) -> None:
    """nobody and nothing secret in the log"""
    lines: list[str] = []
    with _listening(lines):
        hears = type(driver).says is not Driver.says
        for name, code in {"none": None, **driver.codes()}.items():
            fresh = type(driver)(driver.clock)
            async with receiving(fresh) as (door, window):
                if hears and name == "none":
                    await _talk(fresh, door, window)
                fresh.welcome(RESIDENT)
                if code is not None:
                    fresh.faults.next(code.call or fresh.send, *code.faults)
                await door.meaning(to(fresh, RESIDENT, text=WORDS))
    # Where nobody speaks, the suite writes to groups by the names of the configuration: those are nobody's.
    ids = {address.rpartition(":")[2] for address in (*driver.people.values(), driver.group) if address and hears}
    words = [re.escape(one) for one in ("canary", WORDS[:8], PHONE)]
    personal = re.compile("|".join([*words, *(rf"\b{re.escape(one)}\b" for one in ids)]))
    assert [line for line in lines if personal.search(line)] == []


async def _talk(driver: Driver, door: Door, window: LittleWindow) -> None:
    """Everything that may go wrong with a delivery, and one that goes right."""
    for wire in (driver.says(WORDS, key=1), driver.broken()):
        await door.post(wire)
    if "bad signature" not in driver.cannot:
        window.broken = 1
        await door.post(driver.says(f"{WORDS}{PHONE}", key=2))
        await door.post(next(driver.forged()))


@contextmanager
def _listening(lines: list[str]) -> Iterator[None]:
    """Every line of every logger, as it would be written at the most talkative level."""

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    root, handler = logging.getLogger(), Keeping()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


ALL = (hostile_bodies, mutated, logs_hold_nobody)
