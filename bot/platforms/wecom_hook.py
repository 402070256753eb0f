"""Knows the callback of one WeCom application: always encrypted, proved by an encrypted echo, answered with nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from bot.config_platforms import WecomConfig
from bot.doors import Answer, Delivery, Rejected
from bot.platforms.wechat_codec import check_time, parse
from bot.platforms.wechat_fields import word
from bot.platforms.wecom_codec import WecomCodec
from bot.platforms.wecom_messages import click, to_incoming
from handlers.incoming import Incoming

PATH: Final = "/hooks/wecom/app"
BODY_LIMIT: Final = 16 * 1024
ACCEPTED: Final = Answer(b"")

Clicked = Callable[[str, str, datetime], object]


class WeComHook:
    """The callback of the application, always encrypted. `clicked` hears the code that comes with a pressed button."""

    platform = "wecom"
    account = ""
    path = PATH
    body_limit = BODY_LIMIT

    def __init__(self, config: WecomConfig, clicked: Clicked = lambda task, code, now: None) -> None:
        keys = [key for key in (config.aes_key, *config.older_aes_keys) if key]
        self._codec = WecomCodec(config.token, config.corp_id, keys)
        self._agent = str(config.agent_id)
        self._clicked = clicked

    def read(self, delivery: Delivery, now: datetime) -> Incoming | Answer:
        """The message; the echo WeCom asks for; nothing for an event nobody needs. Raises Rejected, Unreadable."""
        check_time(delivery.query, now.timestamp())
        if delivery.method == "GET":
            return Answer(self._codec.echo(delivery.query))
        fields = parse(self._codec.message(delivery.query, delivery.body))
        if word(fields, "AgentID") not in ("", "0", self._agent):
            raise Rejected("another application")
        incoming = to_incoming(fields)
        pressed = click(fields)
        if pressed is not None:
            self._clicked(pressed.task, pressed.code, now)
        return incoming or ACCEPTED

    def answer(self, delivery: Delivery, incoming: Incoming, receipt: str, now: datetime) -> Answer:
        """Taken. What there is to say is sent as a message, which can carry buttons."""
        return ACCEPTED
