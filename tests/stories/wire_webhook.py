"""Knows a running bot whose only work group is behind two keys of WeCom's 消息推送, and listens only."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.fakes.aio import serving, until
from tests.fakes.telegram_people import PATIENCE, Phones
from tests.fakes.wecom_webhook import FakeWecomWebhook
from tests.live import world
from tests.product import product

KEYS = ("canary-693a91f6", "canary-7ab8c2d4")
GROUP = "jr-2-work"
OPENIDS = {"li": "oLi", "zhao": "oZhao", "chen": "oChen"}


@asynccontextmanager
async def webhook_town(folder: Path, *, telegram: bool = True) -> AsyncIterator[tuple[Phones, FakeWecomWebhook]]:
    """One process on SQLite; those who work write in Telegram, else in the 公众号 as the residents do."""
    robots = FakeWecomWebhook(time.time, dict.fromkeys(KEYS, GROUP))  # noqa: TID251
    groups = list(product().config.town.groups)
    async with serving(robots.app()) as base, world(f"sqlite:///{folder}/live.db", folder) as outside:
        settings = {
            "PLATFORMS__WECOM__API_BASE": base,
            "PLATFORMS__WECOM__WEBHOOKS": f"{{{GROUP}: [{', '.join(KEYS)}]}}",
            f"GROUPS__{groups.index(GROUP)}__CHATS__0": f"wecom-webhook:{GROUP}",
        }
        if not telegram:
            people = list(product().config.town.people)
            settings |= {"PLATFORMS__TELEGRAM__TOKEN": "", "PLATFORMS__TELEGRAM__SECRET_TOKEN": ""}
            for person, openid in OPENIDS.items():
                settings[f"PEOPLE__{people.index(person)}__ACCOUNTS__0"] = f"wechat:gh_0123456789ab:{openid}"
        outside.environment.update({f"XIAOGE__{name}": value for name, value in settings.items()})
        bot = outside.process()
        await bot.start()
        try:
            yield Phones(outside, bot), robots
        finally:
            await asyncio.to_thread(bot.stop, 60)  # the fakes go on answering
    assert "canary" not in (folder / "bot.log").read_text("utf-8")


async def reads(robots: FakeWecomWebhook, *words: str, but_not: Sequence[str] = ()) -> str:
    """Wait for a message in the group that holds all these words; none there holds the others."""

    def found() -> list[str]:
        return [text for text in robots.texts(GROUP) if all(word in text for word in words)]

    try:
        await until(found, PATIENCE)
    except TimeoutError:
        raise AssertionError((words, robots.texts(GROUP))) from None
    assert not [text for text in robots.texts(GROUP) if any(word in text for word in but_not)]
    return found()[-1]
