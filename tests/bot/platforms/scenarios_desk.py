"""Knows what must hold from a platform's wire to the real desk and back: buttons and albums."""

from __future__ import annotations

from tests.bot.platforms.driver import OTHER_WORKER, RESIDENT, WORKER, Driver
from tests.bot.platforms.scenarios_in import WORDS
from tests.bot.platforms.standing import deciding

TAKE = "accept:A0001"


async def pressed_twice(driver: Driver) -> None:
    """button pressed twice"""
    async with deciding(driver) as (door, window):
        await door.told(driver.says(WORDS))
        for key in (2, 3):
            await door.told(driver.presses(TAKE, key=key, by=WORKER))
        await door.told(driver.presses(TAKE, key=3, by=WORKER))
        assert window.steps().count("accept") == 1
        assert window.cases()[0].lead_person == "li"


async def pressed_by_the_wrong_person(driver: Driver) -> None:
    """button by the wrong person"""
    async with deciding(driver) as (door, window):
        await door.told(driver.says(WORDS))
        await door.told(driver.presses(TAKE, key=2, by=RESIDENT))
        assert window.receipts[-1]
        assert "accept" not in window.steps()
        await door.told(driver.presses("accept:A9999", key=3, by=WORKER))
        await door.told(driver.presses("no_such_thing:A0001", key=4, by=WORKER))
        assert "accept" not in window.steps()


async def stale_card(driver: Driver) -> None:
    """button on a stale card"""
    async with deciding(driver) as (door, window):
        await door.told(driver.says(WORDS))
        await door.told(driver.presses(TAKE, key=2, by=WORKER))
        await door.told(driver.presses(TAKE, key=3, by=OTHER_WORKER))
        assert window.receipts[-1] != window.receipts[-2]
        assert window.cases()[0].lead_person == "li"
        assert window.steps().count("accept") == 1


async def album(driver: Driver) -> None:
    """album"""
    async with deciding(driver) as (door, window):
        await door.told(driver.says(WORDS))
        wires = list(driver.album())
        for wire in (*reversed(wires), wires[0]):
            await door.told(wire)
        assert len(window.cases()) == 1
        assert len(set(window.photos())) == len(window.photos()) == 2


ALL = (pressed_twice, pressed_by_the_wrong_person, stale_card, album)
