"""A work group that only listens, over real sockets: who cannot be reached; its whole story is in test_pairings.py."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.aio import running
from tests.fakes.wechat import code
from tests.stories.wire_town import CHEN, LI
from tests.stories.wire_webhook import reads, webhook_town

WIRE = "健仁小区3号楼楼道有人给电动车飞线充电，怕着火"


@running
async def test_a_group_that_cannot_be_reached_is_told_to_the_duty_desk(tmp_path: Path) -> None:
    async with webhook_town(tmp_path) as (phones, robots):
        robots.faults.always("send", code(93000))
        assert "A0001" in await phones.outside.resident(phones.bot, WIRE)
        await phones.hears(CHEN, "A0001", "93000")
        robots.faults.always("send", None)
        await phones.says(LI, "接单 A0001")
        await phones.hears(LI, "归您办了")
        await reads(robots, "A0001", "已由李明接单")
