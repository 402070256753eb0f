"""Knows what hostile deliveries must not do: be taken, hurt, or be answered by a broken server."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import islice

import pytest

from bot.doors import Rejected
from tests.bot.platforms import hostile
from tests.bot.platforms.driver import Driver, Wire
from tests.bot.platforms.scenarios_in import WORDS
from tests.bot.platforms.standing import receiving

MUTATED = 5000
POSTED = 100
BROKEN = 500


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


ALL = (hostile_bodies, mutated)
