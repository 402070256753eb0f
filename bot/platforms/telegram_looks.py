"""Knows what can be asked of Telegram without changing anything: who the bot is, where updates go, which chats."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from telegram import Bot
from telegram.error import TelegramError

from bot.doors import SendFailed
from bot.platforms.telegram_api import TelegramApi, failure

T = TypeVar("T")
_STATUS: Final = re.compile(r"\b[1-5]\d\d\b")


@dataclass(frozen=True, slots=True)
class Way:
    """Where updates go: `url` (“” is polling), how many wait, when one last could not be brought, with which status."""

    url: str
    waiting: int
    failed_at: datetime | None
    status: str


async def hears_all(api: TelegramApi) -> bool:
    """Whether the token counts and the bot hears what is said in groups. Raises SendFailed."""
    return bool((await _asked(api, lambda bot: bot.get_me())).can_read_all_group_messages)


async def way(api: TelegramApi) -> Way:
    """Where updates go. Raises SendFailed. Of the words of an error only the HTTP status is taken."""
    found = await _asked(api, lambda bot: bot.get_webhook_info())
    status = _STATUS.search(found.last_error_message or "")
    return Way(found.url, found.pending_update_count, found.last_error_date, status[0] if status else "")


async def reaches(api: TelegramApi, chat: int) -> bool:
    """Whether the bot sees a chat; one that has moved it does not. Raises SendFailed when that cannot be told."""
    try:
        await _asked(api, lambda bot: bot.get_chat(chat))
    except SendFailed as error:
        if not error.permanent:
            raise
        return False
    return True


async def _asked(api: TelegramApi, make: Callable[[Bot], Awaitable[T]]) -> T:
    try:
        return await api.call(make)
    except TelegramError as error:
        raise failure(error) from None
