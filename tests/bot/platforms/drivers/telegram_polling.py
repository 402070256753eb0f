"""Knows how the suite drives Telegram by long polling: updates wait at the server until the bot asks for them."""

from __future__ import annotations

import json
from typing import Final

from bot.config_platforms import TelegramConfig
from bot.doors import Platform, Window
from bot.platforms.telegram import Telegram
from bot.secret import Secret
from tests.bot.platforms.driver import Wire, photo
from tests.bot.platforms.drivers.telegram import TelegramDriver
from tests.fakes.aio import until

WE_ASK: Final = "nobody can post to us: updates come only when we ask for them, with the bot's token"


class TelegramPollingDriver(TelegramDriver):
    """One bot with mode `polling`."""

    name = "Telegram, polling"
    cannot = {
        **TelegramDriver.cannot,
        "not stored": "what could not be stored is not acknowledged, so that Telegram hands it out again by itself",
        "bad signature": WE_ASK,
        "oversize": WE_ASK,
        "hostile body": WE_ASK,
        "forged or mutated": WE_ASK,
    }

    def platform(self, base: str, window: Window) -> Platform:
        config = TelegramConfig(token=Secret(self.fake.token), mode="polling", api_base=base)
        self._made = Telegram(config, photos=photo, clock=self.clock, window=window)
        return self._made

    async def brings(self, wire: Wire) -> tuple[int, bytes] | None:
        """Let an update wait until it was fetched and acknowledged; an old number comes as after a restart."""
        update = json.loads(wire.body)
        polling = self._made._polling
        polling._offset = min(polling._offset, update["update_id"])
        self.fake.queue(update)
        await until(lambda: not any(one is update for one in self.fake.updates))
        return 200, b""

    def broken(self) -> Wire:
        return self._wire(b'{"update_id": 1, "message": {"text": [[]]}}')


DRIVER = TelegramPollingDriver
