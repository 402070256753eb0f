"""Knows the stage of the tests about sending through WeCom: the fake, one application, a window, a memory of notes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.config_platforms import WecomConfig
from bot.doors import SendFailed
from bot.platforms.wecom import WeCom
from bot.platforms.wecom_api import WecomApi
from bot.platforms.wecom_appchat import AppChats
from bot.secret import Secret
from storage.values import Outgoing
from tests.fakes.aio import Moving, serving
from tests.fakes.letters import letter
from tests.fakes.wechat_stage import album
from tests.fakes.wecom import AppPusher, FakeWeCom
from tests.fakes.window import LittleWindow

MEMBER = "wecom::liming"
CHAT = "wecom-appchat::jr2work"
PUSHER = AppPusher()


@dataclass
class Notes:
    """Settings as the memory keeps them; `broken` is how often it is away."""

    settings: dict[str, str] = field(default_factory=dict)
    broken: int = 0

    async def change(self, name: str, change: Callable[[str], str]) -> str:
        """Change one setting; what it was before."""
        if self.broken:
            self.broken -= 1
            raise OSError("the database is away")
        before = self.settings.get(name, "")
        self.settings[name] = change(before)
        return before


def config(fake: FakeWeCom, base: str, **more: Any) -> WecomConfig:
    """An application that is whole."""
    facts: dict[str, Any] = {
        "corp_id": fake.corp_id, "agent_id": fake.agent_id, "secret": Secret(fake.secret),
        "token": Secret(PUSHER.token), "aes_key": Secret(PUSHER.aes_key), "api_base": base, **more,
    }  # fmt: skip
    return WecomConfig(**facts)


@dataclass
class Stage:
    """The fake API and the application that talks to it."""

    base: str
    fake: FakeWeCom
    clock: Moving
    account: WeCom
    chats: AppChats
    window: LittleWindow
    notes: Notes
    config: WecomConfig

    def again(self) -> WeCom:
        """The application as it is after a restart: what was not written down is gone."""
        api = WecomApi(self.config.api_base, self.config.corp_id, self.config.secret, self.clock.monotonic)
        return WeCom(
            self.config, api, photos=album, clock=self.clock, window=self.window, note=self.notes.change,
            monotonic=self.clock.monotonic,
        )  # fmt: skip

    async def fails(self, one: Outgoing | None = None) -> SendFailed:
        """The failure of a letter."""
        with pytest.raises(SendFailed) as caught:
            await self.account.deliver(one or letter(1, MEMBER))
        return caught.value


@asynccontextmanager
async def stage(base: str = "", **more: Any) -> AsyncIterator[Stage]:
    """Fake, application and its group chats, started."""
    clock = Moving()
    fake = FakeWeCom(clock.monotonic)
    async with serving(fake.app()) as served:
        facts = config(fake, base or served, **more)
        api = WecomApi(facts.api_base, facts.corp_id, facts.secret, clock.monotonic)
        window, notes = LittleWindow(), Notes()
        account = WeCom(
            facts, api, photos=album, clock=clock, window=window, note=notes.change, monotonic=clock.monotonic
        )
        chats = AppChats(api, photos=album)
        await account.start()
        await chats.start()
        try:
            yield Stage(served, fake, clock, account, chats, window, notes, facts)
        finally:
            await account.stop()
            await chats.stop()
