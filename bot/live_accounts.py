"""Knows how a command calls WeChat for an account: with the token that the running bot shares."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from bot.clock import SystemClock
from bot.config_platforms import WechatConfig
from bot.platforms.ledger import Ledger
from bot.platforms.wechat_api import WeChatApi
from storage.store import Store, Tx

T = TypeVar("T")


@asynccontextmanager
async def calling(account: WechatConfig, store: Store) -> AsyncIterator[WeChatApi]:
    """The API of an account, ready to call."""
    clock, owner = SystemClock(), secrets.token_hex(4)

    def run(work: Callable[[Tx], T]) -> Awaitable[T]:
        def whole() -> T:
            with store.transaction() as tx:
                return work(tx)

        return asyncio.to_thread(whole)

    async def lease(name: str) -> bool:
        return await run(lambda tx: tx.hold(name, owner, clock.now()))

    api = WeChatApi(account.api_base, account.app_id, account.secret, Ledger(run, clock, lease))
    await api.start()
    try:
        yield api
    finally:
        await api.stop()
