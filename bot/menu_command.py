"""Knows `menu`: the menus of the WeChat accounts shown beside what is configured, and made only when asked to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

from bot import loading
from bot.app import WORDING
from bot.config import Config
from bot.config_platforms import WechatConfig, WechatMenuButton
from bot.doors import SendFailed
from bot.live_accounts import calling
from bot.operations import OperationError, prepare, say
from bot.platforms import wechat_menu
from storage.store import Store


def run(config: Config, *, apply: bool) -> int:
    """Show, or make, the menu of every account that is on; 1 where one differs. Raises OperationError."""
    accounts = [account for account in config.platforms.wechat if account.live]
    if not accounts:
        raise OperationError("no account under platforms.wechat is on")
    wording = loading.wording(WORDING)
    store = prepare(config)
    try:
        same = [_one(one, one.menu or wechat_menu.usual(wording.say), store, apply) for one in accounts]
    finally:
        store.close()
    return 0 if all(same) else 1


def _one(account: WechatConfig, menu: Sequence[WechatMenuButton], store: Store, apply: bool) -> bool:
    try:
        same, made = asyncio.run(_looked(account, menu, store, apply))
    except SendFailed as error:
        raise OperationError(f"{account.account}: WeChat did not answer as it should: {error}") from error
    if not same:
        say(json.dumps(wechat_menu.document(menu), ensure_ascii=False, indent=2))
    state = "was made" if made else "is as configured" if same else "differs from this; --apply makes it so"
    say(f"{account.account}: the menu {state}")
    return same or made


async def _looked(
    account: WechatConfig, menu: Sequence[WechatMenuButton], store: Store, apply: bool
) -> tuple[bool, bool]:
    """Whether the menu is as wanted already, and whether it was made."""
    async with calling(account, store) as api:
        same = await wechat_menu.standing(api) == wechat_menu.document(menu)
        if apply and not same:
            await wechat_menu.create(api, menu)
        return same, apply and not same
