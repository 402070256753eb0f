"""Knows how the Telegram bot stands: updates, groups, and what it can hear there."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from bot.config_platforms import TelegramConfig
from bot.doctors.asking import clock, groups, tried
from bot.doctors.finding import Finding, broken, good, missing
from bot.doctors.known import Known
from bot.platforms import telegram_looks
from bot.platforms.telegram import api_of
from bot.platforms.telegram_api import TelegramApi
from handlers.ports import Clock

PREFIX: Final = "telegram::"
MANY: Final = 50
"""Updates that wait: more than this is a jam."""
LATELY: Final = timedelta(hours=1)
POLLING: Final = "telegram-polling"


def told(known: Known) -> list[Finding]:
    """What the configuration and the memory say."""
    telegram = known.config.platforms.telegram
    found = [known.heard("telegram")]
    if telegram.mode == "polling":
        found.append(good("telegram.polled") if POLLING in known.doors.held else missing("telegram.unpolled"))
    elif not telegram.webhook_url:
        found.append(missing("telegram.no_url"))
    if not known.groups_of(PREFIX):
        found.append(missing("groups.none"))
    return found


async def asked(known: Known, ours: Clock) -> list[Finding]:
    """What Telegram says."""
    config = known.config.platforms.telegram
    api = api_of(config)
    await api.start()
    try:
        found = await tried(lambda: _whole(api, config, known))
    finally:
        await api.stop()
    # Through a proxy the clock is not compared: the proxy may hold a password, which stays in its one place.
    return found if config.proxy else [*found, *await clock(config.api_base, ours)]


async def _whole(api: TelegramApi, config: TelegramConfig, known: Known) -> list[Finding]:
    hears = await telegram_looks.hears_all(api)
    found = [good("token"), good("telegram.hears") if hears else missing("telegram.deaf")]
    found += _way(await telegram_looks.way(api), config, known)
    return [*found, *await groups(known.groups_of(PREFIX), partial(_reaches, api))]


async def _reaches(api: TelegramApi, chat: str) -> bool:
    number = chat.removeprefix(PREFIX)
    return number.removeprefix("-").isdecimal() and await telegram_looks.reaches(api, int(number))


def _way(way: telegram_looks.Way, config: TelegramConfig, known: Known) -> list[Finding]:
    found = []
    if config.mode == "polling":
        found.append(broken("telegram.hooked") if way.url else good("telegram.free"))
    elif not way.url:
        found.append(broken("telegram.unhooked"))
    elif _elsewhere(way.url, config.webhook_url):
        found.append(broken("telegram.elsewhere"))
    else:
        found.append(good("telegram.hook"))
    if way.failed_at is not None and known.now - way.failed_at < LATELY:
        found.append(broken("telegram.bounced", status=way.status or "-"))
    if way.waiting > MANY:
        found.append(broken("telegram.jam", count=way.waiting))
    return found


def _elsewhere(url: str, wanted: str) -> bool:
    return url != wanted if wanted else not urlsplit(url).path.endswith("/hooks/telegram")
