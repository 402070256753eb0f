"""Knows the stage of the tests about sending: the fake WeChat, one account that talks to it, a clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

import pytest

from bot.config_file import WechatConfig
from bot.doors import SendFailed
from bot.platforms.wechat import WeChat
from bot.secret import Secret
from tests.fakes.aio import Moving, serving
from tests.fakes.letters import letter
from tests.fakes.wechat import FakeWeChat

OPENID = "oResident"
ALBUM = {"p1": b"\xff\xd8\xff first", "p2": b"\xff\xd8\xff second"}


async def album(name: str) -> bytes:
    if name not in ALBUM:
        raise FileNotFoundError(name)
    return ALBUM[name]


class Stage:
    """The fake API and the account that talks to it."""

    def __init__(self, base: str, fake: FakeWeChat, clock: Moving, account: WeChat) -> None:
        self.base, self.fake, self.clock, self.account = base, fake, clock, account

    async def fails(self, number: int = 1) -> SendFailed:
        with pytest.raises(SendFailed) as caught:
            await self.account.deliver(letter(number))
        return caught.value


@asynccontextmanager
async def stage(base: str = "", **more: object) -> AsyncIterator[Stage]:
    clock = Moving()
    fake = FakeWeChat(clock.monotonic)
    async with serving(fake.app()) as served:
        facts: dict[str, object] = {
            "account": "gh_0123456789ab",
            "app_id": fake.app_id,
            "secret": Secret(fake.secret),
            "api_base": base or served,
            "templates": {"progress": "T1"},
            **more,
        }
        config = WechatConfig(**facts)  # type: ignore[arg-type]
        account = WeChat(config, photos=album, clock=clock, zone=ZoneInfo("Asia/Shanghai"), monotonic=clock.monotonic)
        await account.start()
        fake.said(OPENID)
        try:
            yield Stage(served, fake, clock, account)
        finally:
            await account.stop()


RETRY, PERMANENT, ACCOUNT = "retry", "permanent", "account"


def meaning(failure: SendFailed) -> str:
    if failure.account:
        return ACCOUNT
    return PERMANENT if failure.permanent else RETRY
