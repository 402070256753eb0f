"""Knows long polling: an update is acknowledged only once the counter has stored it; the inbox knows the repeats."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

from telegram.error import TelegramError

from bot.doors import Delivery, SendFailed, Unreadable, Window
from bot.platforms.telegram_api import TelegramApi
from bot.platforms.telegram_hook import pressed
from bot.platforms.telegram_updates import KINDS, Reader
from bot.secret import describe
from handlers.ports import Clock

WAIT: Final = 20
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 30.0
NOT_MINE: Final = 5.0

Lease = Callable[[], Awaitable[bool]]

_log = logging.getLogger(__name__)


class Polling:
    """Asks for updates as long as it runs. `may_poll` is the lease that lets one of many processes do so."""

    def __init__(
        self, api: TelegramApi, reader: Reader, window: Window, clock: Clock, may_poll: Lease | None, wait: int = WAIT
    ) -> None:
        self._api = api
        self._reader = reader
        self._window = window
        self._clock = clock
        self._may_poll = may_poll
        self._wait = wait
        self._thanking: set[asyncio.Task[None]] = set()
        self._offset = 0

    async def run(self) -> None:
        """Until cancelled. Here is the one broad guard of this loop."""
        pause = FIRST_PAUSE
        while True:
            try:
                if self._may_poll is not None and not await self._may_poll():
                    await asyncio.sleep(NOT_MINE)
                    continue
                await self._round()
                pause = FIRST_PAUSE
            except Exception as error:
                _log.warning("polling Telegram failed: %s", error if isinstance(error, SendFailed) else describe(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def stop(self) -> None:
        """Drop the thanks that have not left."""
        for task in self._thanking:
            task.cancel()
        await asyncio.gather(*self._thanking, return_exceptions=True)

    async def _round(self) -> None:
        """One answer of Telegram. The offset moves up to the first update that could not be stored, no further."""
        updates = await self._api.updates(self._offset, self._wait, KINDS)
        results = await asyncio.gather(*(self._one(update) for update in updates), return_exceptions=True)
        for update, result in zip(updates, results, strict=True):
            if isinstance(result, BaseException):
                raise result
            number = update.get("update_id")
            if isinstance(number, int):
                self._offset = max(self._offset, number + 1)

    async def _one(self, update: dict[str, Any]) -> None:
        try:
            incoming = self._reader.read(update, self._clock.now())
        except Unreadable as error:
            body = json.dumps(update, ensure_ascii=False).encode("utf-8", "replace")
            delivery = Delivery(method="POST", query={}, headers={}, body=body)
            await self._window.keep_unread("telegram", "", delivery, str(error))
            return
        if incoming is not None:
            await self._window.serve(incoming)
        query = pressed(update)
        if query:
            task = asyncio.create_task(self._thank(query))
            self._thanking.add(task)
            task.add_done_callback(self._thanking.discard)

    async def _thank(self, query: str) -> None:
        """End the waiting mark of a pressed button; too late is no harm."""
        with suppress(SendFailed, TelegramError):
            await self._api.call(lambda bot: bot.answer_callback_query(query))
