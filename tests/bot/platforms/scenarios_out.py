"""Knows what every platform's sending side must do: map each error, find another way, wait out what is down."""

from __future__ import annotations

import asyncio

from tests.bot.platforms.driver import RESIDENT, Driver
from tests.bot.platforms.standing import carrying, receiving, to
from tests.fakes.letters import letter

LONG = "".join(f"第{n}项：楼道里堆着纸箱和旧家具，请尽快清理。\n" for n in range(400))
BURST = 45
MOST = 400
"""Steps of time a round may take to come to rest."""


async def every_error_code(driver: Driver) -> None:
    """every errcode class"""
    for name, code in driver.codes().items():
        fresh = type(driver)(driver.clock)
        async with receiving(fresh) as (door, _):
            fresh.welcome(RESIDENT)
            fresh.faults.next(code.call or fresh.send, *code.faults)
            assert (name, await door.meaning(to(fresh, RESIDENT))) == (name, code.meaning)


async def long_text(driver: Driver) -> None:
    """long text"""
    async with receiving(driver) as (door, _):
        driver.welcome(RESIDENT)
        assert await door.meaning(to(driver, RESIDENT, text=LONG)) == "sent"
        arrived = "".join(await driver.texts(RESIDENT))
        assert arrived.startswith(LONG[:200])
        assert "\ufffd" not in arrived
        assert LONG.replace("\n", "").startswith(arrived.replace("\n", "").removesuffix("…"))


async def quota_exhausted(driver: Driver) -> None:
    """quota exhausted → fallback"""
    async with receiving(driver) as (door, _):
        driver.welcome(RESIDENT)
        assert await door.meaning(to(driver, RESIDENT, 1)) == "sent"
        driver.exhaust(RESIDENT)
        assert await door.meaning(to(driver, RESIDENT, 2)) == "sent"
        assert await driver.texts(RESIDENT) == ["第1封"]
        assert driver.elsewhere(RESIDENT) == ["第2封"]


async def more_than_may_go_at_once(driver: Driver) -> None:
    """more at once than may go: they wait"""
    async with carrying(driver) as around:
        driver.strict()
        driver.welcome(RESIDENT)
        wanted = [f"第{number}封" for number in range(1, BURST + 1)]
        around.box.post(*(to(driver, RESIDENT, number) for number in range(1, BURST + 1)))
        for _ in range(MOST):
            await around.passes(5.0, step=1.0)
            arrived = await driver.texts(RESIDENT)
            if len(arrived) >= BURST:
                break
        assert (arrived, driver.refused(), around.dead) == (wanted, 0, [])


async def member_left(driver: Driver) -> None:
    """member left"""
    async with receiving(driver) as (door, window):
        told = driver.leaves()
        if told is not None:
            assert await door.told(told) in ("", window.reply(window.served[-1]))
            assert window.served[-1].event in ("unsubscribe", "left", "departed")
        driver.welcome(RESIDENT)
        driver.faults.next(driver.send, driver.gone())
        assert await door.meaning(to(driver, RESIDENT)) == "permanent"
        assert told is not None or window.served[-1].event == "departed", "found out at the letter"
        assert window.served[-1].sender == driver.people[RESIDENT]


async def token_expired(driver: Driver) -> None:
    """token expired under 50 concurrent sends"""
    async with receiving(driver) as (door, _):
        crowd = driver.crowd(50)
        assert await door.meaning(letter(1, crowd[0])) == "sent"
        before = driver.refreshes()
        driver.expire()
        found = await asyncio.gather(*(door.meaning(letter(n, chat)) for n, chat in enumerate(crowd, 2)))
        assert set(found) == {"sent"}
        assert driver.refreshes() - before <= 2


async def down_for_half_an_hour(driver: Driver) -> None:
    """platform down for 30 min and back"""
    async with carrying(driver) as around:
        people = [by for by in driver.people if driver.talk(by).startswith(around.door.platform.lane_prefix)]
        numbers = {by: range(10 * n + 1, 10 * n + 4) for n, by in enumerate(people)}
        for by in people:
            driver.welcome(by)
        driver.faults.always(driver.send, driver.down())
        around.box.post(*(to(driver, by, number) for by in people for number in numbers[by]))
        await around.passes(1800.0)
        assert [await driver.texts(by) for by in people] == [[] for _ in people]
        assert around.paused, "who is on duty is told that the account is down"
        driver.faults.always(driver.send, None)
        wanted = {by: [f"第{number}封" for number in numbers[by]] for by in people}
        for _ in range(MOST):
            await around.passes(10.0)
            arrived = {by: sorted(await driver.texts(by)) for by in people}
            if arrived == wanted:
                break
        assert arrived == wanted
        assert around.dead == []


ALL = (
    every_error_code, long_text, quota_exhausted, more_than_may_go_at_once, member_left, token_expired,
    down_for_half_an_hour,
)  # fmt: skip
