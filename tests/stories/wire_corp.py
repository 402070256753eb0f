"""Knows a running bot whose work groups are WeCom's, with the 智能机器人 in them on its long connection."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.fakes.aio import serving, until
from tests.fakes.wecom_bot import FakeBotApi
from tests.fakes.wecom_bot_line import FakeBotLine
from tests.fakes.wecom_bot_people import PATIENCE, Corp
from tests.live import Process, World, world
from tests.product import product

WORK, ENFORCEMENT = "wrWorkGroup_A", "wrEnforcement"
LI, LIN = "LiMing", "linyong"


def members(outside: World) -> None:
    """Li and Lin are members of the corp; their groups are WeCom's."""
    people, groups = list(product().config.town.people), list(product().config.town.groups)
    for person, account in (("li", LI), ("lin", LIN)):
        outside.environment[f"XIAOGE__PEOPLE__{people.index(person)}__ACCOUNTS__0"] = f"wecom:{account}"
    for group, chat in (("jr-2-work", WORK), ("enforcement-group", ENFORCEMENT)):
        outside.environment[f"XIAOGE__GROUPS__{groups.index(group)}__CHATS__0"] = f"wecom-bot:{chat}"


def robot(outside: World, **facts: str) -> None:
    """The settings of the 智能机器人."""
    outside.environment.update({f"XIAOGE__PLATFORMS__WECOM__BOT__{key}": value for key, value in facts.items()})


@asynccontextmanager
async def corp(folder: Path) -> AsyncIterator[tuple[World, Process, Corp]]:
    """One process on SQLite, with the bot connected; the resident is in the 公众号 or in Telegram."""
    line, api = FakeBotLine(time.time), FakeBotApi(time.time)  # noqa: TID251
    async with (
        world(f"sqlite:///{folder}/live.db", folder) as outside,
        serving(line.app()) as socket,
        serving(api.app()) as base,
    ):
        members(outside)
        robot(
            outside, MODE="websocket", BOT_ID=line.bot_id, SECRET=line.secret, NAME="小格",
            WS_URL=socket.replace("http", "ws"), MEDIA_HOSTS__0="127.0.0.1",
        )  # fmt: skip
        bot = outside.process()
        await bot.start()
        try:
            await until(lambda: line.live, PATIENCE)
            yield outside, bot, Corp(line, api, base)
        finally:
            bot.stop()
