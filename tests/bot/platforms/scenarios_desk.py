"""Knows what must hold from a platform's wire to the real desk and back: buttons and albums."""

from __future__ import annotations

from storage.marks import LASTING
from tests.bot.platforms.driver import OTHER_WORKER, RESIDENT, WORKER, Driver
from tests.bot.platforms.scenarios_in import WORDS
from tests.bot.platforms.standing import DeskWindow, Door, deciding

TAKE = "accept:A0001"
TASKS = "待办"


async def _offered(door: Door, window: DeskWindow, by: str = WORKER) -> str:
    """What the button 接单 of the case brings back: on the group's card, else in the worker's own list."""
    driver = door.driver
    if not window.cases():
        await door.told(driver.says(WORDS))
    if not driver.group:
        await door.told(driver.says(TASKS, key=100 + sorted(driver.people).index(by), by=by))
    return window.mark(TAKE, driver.group or driver.talk(by))


async def pressed_twice(driver: Driver) -> None:
    """button pressed twice"""
    async with deciding(driver) as (door, window):
        take = await _offered(door, window)
        for key in (2, 3):
            await door.told(driver.presses(take, key=key, by=WORKER))
        await door.told(driver.presses(take, key=3, by=WORKER))
        assert window.steps().count("accept") == 1
        assert window.cases()[0].lead_person == "li"


async def pressed_by_the_wrong_person(driver: Driver) -> None:
    """button by the wrong person"""
    async with deciding(driver) as (door, window):
        take = await _offered(door, window)
        await door.told(driver.presses(take, key=2, by=RESIDENT))
        assert window.receipts[-1]
        assert "accept" not in window.steps()
        made_up = ("accept:A0001", "v1:accept:A9999", "v1:no_such_thing:A0001", "x" * 60, f"{take[:-1]}99")
        for n, mark in enumerate(made_up):
            await door.told(driver.presses(mark, key=3 + n, by=WORKER))
        assert "accept" not in window.steps()
        assert window.refused("li") == ["stale_button"] * len(made_up)


async def pressed_in_another_chat(driver: Driver) -> None:
    """button in another chat"""
    async with deciding(driver) as (door, window):
        theirs = await _offered(door, window)
        await door.told(driver.says("查进度", key=2, by=RESIDENT))
        await door.told(driver.presses(theirs, key=3, by=RESIDENT))
        assert window.receipts[-1]
        assert window.refused(window.person(RESIDENT)) == ["foreign_button"]
        await door.told(driver.presses(theirs, key=4, by=WORKER))
        assert window.steps().count("accept") == 1


async def stale_card(driver: Driver) -> None:
    """button on a stale card"""
    async with deciding(driver) as (door, window):
        marks = [await _offered(door, window, by) for by in (WORKER, OTHER_WORKER)]
        await door.told(driver.presses(marks[0], key=2, by=WORKER))
        await door.told(driver.presses(marks[1], key=3, by=OTHER_WORKER))
        assert window.receipts[-1] != window.receipts[-2]
        assert window.cases()[0].lead_person == "li"
        assert window.steps().count("accept") == 1


async def too_old(driver: Driver) -> None:
    """button too old"""
    async with deciding(driver) as (door, window):
        take = await _offered(door, window)
        driver.clock.advance(LASTING.total_seconds() + 1)
        await door.told(driver.presses(take, key=2, by=WORKER))
        assert window.receipts[-1]
        assert window.refused("li") == ["stale_button"]
        assert "accept" not in window.steps()


async def from_before_the_marks(driver: Driver) -> None:
    """button from before the marks"""
    async with deciding(driver) as (door, window):
        await _offered(door, window)
        with window.store.transaction() as tx:
            assert tx.forget_marks(driver.clock.now() + 2 * LASTING, 100)
        await door.told(driver.presses("v1:close:A0001", key=2, by=WORKER))
        await door.told(driver.presses("v1:accept:A0001", key=3, by=RESIDENT))
        assert "accept" not in window.steps()
        assert window.refused("li") == ["stale_button"]
        await door.told(driver.presses("v1:accept:A0001", key=4, by=WORKER))
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


ALL = (
    pressed_twice, pressed_by_the_wrong_person, pressed_in_another_chat, stale_card, too_old, from_before_the_marks,
    album,
)  # fmt: skip
