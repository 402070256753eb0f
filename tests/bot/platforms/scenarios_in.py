"""Knows what every platform's receiving side must do: read all kinds, know repeats, refuse what is not genuine."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest

from bot.doors import Rejected
from handlers.incoming import Incoming
from tests.bot.platforms.driver import RESIDENT, Driver, Wire
from tests.bot.platforms.standing import receiving

WORDS = "健仁小区3号楼楼道有人给电动车飞线充电，怕着火"
REPLAYED = 301.0


async def every_message_kind(driver: Driver) -> None:
    """every message kind"""
    async with receiving(driver) as (door, window):
        for kind in driver.kinds():
            before = len(window.served)
            await door.told(kind.wire)
            read = window.served[before:]
            if kind.facts is None:
                assert read == [], kind.name
                continue
            assert len(read) == 1, kind.name
            found = {field.name: getattr(read[0], field.name) for field in dataclasses.fields(Incoming)}
            assert {**found, **kind.facts} == found, kind.name
        assert window.unread == []


async def duplicate(driver: Driver) -> None:
    """duplicate"""
    async with receiving(driver) as (door, window):
        wire = driver.says(WORDS)
        answers = [await door.told(wire) for _ in range(3)]
        assert len(set(answers)) == 1
        assert len(window.served) == 1
        assert window.repeats == 2


async def reordered(driver: Driver) -> None:
    """reordered"""
    async with receiving(driver) as (door, window):
        for key in (12, 11, 14, 13, 11):
            await door.told(driver.says(f"第{key}句", key=key))
        assert [one.text.reveal() for one in window.served] == ["第12句", "第11句", "第14句", "第13句"]


async def retried_while_running(driver: Driver) -> None:
    """retried while running"""
    async with receiving(driver) as (door, window):
        window.delay = 0.05
        wire = driver.says(WORDS)
        answers = await asyncio.gather(*(door.told(wire) for _ in range(3)))
        assert len(set(answers)) == 1
        assert len(window.served) == 1


async def crash_in_the_parser(driver: Driver) -> None:
    """crash in parser"""
    async with receiving(driver) as (door, window):
        status = await _status(door.post(driver.broken()))
        assert window.served == []
        assert (status, len(window.unread)) in ((200, 1), (400, 0)), "kept, or refused as the sender's own mistake"
        await door.told(driver.says(WORDS))
        assert len(window.served) == 1


async def not_stored(driver: Driver) -> None:
    """not stored: brought again"""
    async with receiving(driver) as (door, window):
        window.broken = 1
        wire = driver.says(WORDS)
        status, body = await door.post(wire)
        assert status >= 500
        assert WORDS.encode() not in body
        await door.told(wire)
        assert len(window.served) == 1


async def bad_signature(driver: Driver) -> None:
    """bad signature (every bit)"""
    async with receiving(driver) as (door, window):
        hook, now = door.platform.hooks[0], driver.clock.now()
        forged = list(driver.forged())
        assert len(forged) > 100
        for wire in forged:
            with pytest.raises(Rejected):
                hook.read(wire.delivery(), now)
        assert (await _status(door.post(forged[0])), await _status(door.post(forged[-1]))) == (403, 403)
        assert (window.served, window.unread) == ([], [])


async def replay(driver: Driver) -> None:
    """replay"""
    async with receiving(driver) as (door, window):
        assert await _status(door.post(driver.says(WORDS, late=REPLAYED))) == 403
        assert await _status(door.post(driver.says(WORDS, late=-REPLAYED))) == 403
        wire = driver.says(WORDS)
        await door.told(wire)
        driver.clock.advance(REPLAYED)
        assert await _status(door.post(wire)) == 403
        assert len(window.served) == 1


async def oversize(driver: Driver) -> None:
    """oversize"""
    async with receiving(driver) as (door, window):
        good, limit = driver.says(WORDS), door.platform.hooks[0].body_limit
        for size in (limit + 1, 4 * limit):
            wire = Wire(good.body + b" " * (size - len(good.body)), good.query, good.headers)
            assert await _status(door.post(wire)) == 413
        assert (window.served, window.unread) == ([], [])
        await door.told(good)


async def group_versus_private(driver: Driver) -> None:
    """group versus private"""
    async with receiving(driver) as (door, window):
        await door.told(driver.says(WORDS, key=1))
        await door.told(driver.says(WORDS, key=2, group=True))
        private, group = window.served
        assert (private.group, private.chat) == (False, driver.talk(RESIDENT))
        assert (group.group, group.chat, group.sender) == (True, driver.group, private.sender)
        assert private.sender == driver.people[RESIDENT]


async def _status(posted: object) -> int:
    status, _ = await posted  # type: ignore[misc]
    return int(status)


ALL = (
    every_message_kind, duplicate, reordered, retried_while_running, crash_in_the_parser, not_stored, bad_signature,
    replay, oversize, group_versus_private,
)  # fmt: skip
