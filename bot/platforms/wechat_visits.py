"""Knows what it opens in WeChat that somebody comes by: so many messages for so long, and room to read out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.config_platforms import WechatConfig
from bot.platforms.wechat_codec import REPLY_BYTES
from bot.platforms.wechat_messages import UNDELIVERED
from handlers.incoming import Incoming
from storage.values import Opened

TAPS: Final = frozenset({"subscribe", "scan", "click"})


class WeChatVisits:
    """The terms of one account (platforms.md 1.6). What is opened is never more than what WeChat opens."""

    def __init__(self, config: WechatConfig) -> None:
        self._budget = config.budget
        self.prefix = f"wechat:{config.account}:"
        self.pushes = config.certified
        self.room = min(config.text_bytes, REPLY_BYTES)

    def opened(self, incoming: Incoming, now: datetime) -> Opened | None:
        """What a delivery opens, counted from when WeChat took it in; None for what nobody did themselves."""
        since = min(incoming.said_at, now)
        if not incoming.inline or incoming.event == UNDELIVERED:
            return None
        if incoming.event == "unsubscribe":
            return Opened(incoming.chat, 0, now)
        if incoming.kind == "press" or incoming.event in TAPS:
            return Opened(incoming.chat, self._budget.taps, since + timedelta(seconds=self._budget.tap_seconds))
        if incoming.kind == "event":
            return None
        return Opened(incoming.chat, self._budget.messages, since + timedelta(hours=self._budget.message_hours))

    def undelivered(self, incoming: Incoming) -> str:
        """The reference of a letter that this delivery says has not arrived."""
        return incoming.quoted if incoming.event == UNDELIVERED else ""
