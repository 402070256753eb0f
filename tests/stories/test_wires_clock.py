"""What the clock says by itself, over real sockets: the stored moments are set back, for the process has a real clock.

Also a liaison's six buttons. What stands behind each (every deadline, every share) is proved on the stage.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import SystemClock
from bot.reclocking import MARK
from handlers.cases import State
from handlers.effects import Effects
from storage.store import Store, Tx
from storage.values import Written
from tests.fakes.aio import running, until
from tests.fakes.telegram_people import PATIENCE, Phones
from tests.live import GROUP
from tests.stories.wire_town import CHEN, HAN, HOME, LI, QIN, XIE, case_of, steps_of, town

WIRE = "健仁小区3号楼楼道有人给电动车飞线充电，怕着火"
JUST = timedelta(seconds=1)


async def stored(phones: Phones, change: Callable[[Tx, datetime], None]) -> None:
    """A change behind the running bot's back, once its clock has begun and counted what it found."""
    store = Store(phones.outside.environment["XIAOGE__DATABASE"])

    def begun() -> bool:
        with store.reading() as reader:
            return bool(reader.get_setting(MARK))

    await until(begun, PATIENCE)
    with store.transaction() as tx:
        change(tx, SystemClock().now())
    store.close()


@running
async def test_nobody_takes_it_and_the_case_climbs(tmp_path: Path) -> None:
    """Point 8: the head gets the card, the group's card is taken down, the resident hears who has it now."""

    def due(tx: Tx, now: datetime) -> None:
        case = tx.load_cases(["A0001"], now).cases["A0001"]
        changed = replace(case, accept_due=now - JUST, wake_at=now - JUST)
        tx.flush([Written(effects=Effects(cases=(changed,)))], now)

    async with town(tmp_path) as phones:
        assert "健仁第二网格" in await phones.outside.resident(phones.bot, WIRE)
        await phones.hears(GROUP, "A0001", "飞线充电")
        await stored(phones, due)
        await phones.hears(HAN, "A0001", "飞线充电", but_not=["怕着火"])
        await phones.hears(GROUP, "A0001", "健仁社区")
        await phones.is_pushed("oZhang", "A0001", "健仁社区")
        assert steps_of(phones) == ["open", "assign", "raise"]
        await phones.presses(HAN, "接单")
        await phones.is_pushed("oZhang", "韩志刚已接单")
        assert case_of(phones).state is State.HANDLING


@running
async def test_a_broadcast_goes_out_when_its_time_to_be_taken_back_is_over(tmp_path: Path) -> None:
    """Point 4: written, approved by another person, and said once in the residents' group."""

    def due(tx: Tx, now: datetime) -> None:
        (one,) = (found for found in tx.due_broadcasts(now + timedelta(days=1)) if found.number == "G0001")
        tx.flush([Written(effects=Effects(broadcasts=(replace(one, send_at=now - JUST),)))], now)

    async with town(tmp_path) as phones:
        await phones.says(CHEN, "群发 健仁社区 今晚22点起停水检修")
        await phones.hears(CHEN, "G0001", "待批准")
        await phones.says(HAN, "批准 G0001")
        await phones.hears(HAN, "G0001", "发出")
        assert not phones.telegram.texts(HOME), "it can still be taken back"
        await stored(phones, due)
        await phones.hears(HOME, "【盐龙街道】", "停水检修")
        assert len(phones.telegram.texts(HOME)) == 1
        await phones.says(CHEN, "取消群发 G0001")
        await phones.hears(CHEN, "G0001", "已经发出")


@running
async def test_the_morning_and_the_week_are_told(tmp_path: Path) -> None:
    """Points 3 and 9: what waits to who works, the rates with their denominators to who supervises."""

    def due(tx: Tx, now: datetime) -> None:
        for name in ("morning", "weekly"):
            tx.set_timer(name, now - JUST)

    async with town(tmp_path) as phones:
        assert "A0001" in await phones.outside.resident(phones.bot, WIRE)
        await phones.says(LI, "接单 A0001")
        await phones.hears(LI, "归您办了")
        await stored(phones, due)
        await phones.hears(LI, "A0001", "飞线充电", "1 件")
        await phones.hears(XIE, "一周小结", but_not=["A0001", "李明"])


@running
async def test_a_liaison_reports_by_button(tmp_path: Path) -> None:
    """Point 7: six buttons, one sentence, a case at the grid."""
    async with town(tmp_path) as phones:
        await phones.says(QIN, "上报菜单")
        await phones.hears(QIN, "要报哪一类")
        await phones.presses(QIN, "安全隐患")
        await phones.says(QIN, "3号楼楼道有人飞线充电")
        await phones.hears(GROUP, "A0001", "飞线充电", but_not=["秦福生"])
        await until(lambda: case_of(phones).state is State.ASSIGNED, PATIENCE)
