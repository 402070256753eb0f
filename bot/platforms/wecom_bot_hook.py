"""Knows the callback of a WeCom 智能机器人: what is verified, opened and read, and how an answer is wrapped."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.config_platforms import WecomBotConfig
from bot.doors import Answer, Delivery, Rejected
from bot.platforms import wecom_bot_cards as cards
from bot.platforms.parts import cut_bytes
from bot.platforms.wechat_codec import check_time
from bot.platforms.wecom_bot_codec import BotCodec, decode, envelope
from bot.platforms.wecom_bot_messages import PLATFORM, BotReader
from handlers.incoming import Incoming

PATH: Final = "/hooks/wecom-bot"
BODY_LIMIT: Final = 64 * 1024
NOTHING: Final = Answer(b"")


class BotHook:
    """The callback's address. What can be said at once goes back as a stream that is finished, encrypted."""

    platform = PLATFORM
    account = ""
    path = PATH
    body_limit = BODY_LIMIT

    def __init__(self, config: WecomBotConfig) -> None:
        self._reader = BotReader(config.name)
        self._length = config.length
        self.codec = BotCodec(config.token, [key for key in (config.aes_key, *config.older_aes_keys) if key])

    def read(self, delivery: Delivery, now: datetime) -> Incoming | Answer:
        """The message; the echo at registration; nothing for what nobody needs. Raises Rejected, Unreadable."""
        check_time(delivery.query, now.timestamp())
        echo = delivery.method == "GET"
        sealed = delivery.query.get("echostr", "") if echo else envelope(delivery.body)
        self.codec.check(delivery.query, sealed)
        if echo:
            return self._echo(sealed)
        return self._reader.read(decode(self.codec.open(sealed)[0]), now, inline=True) or NOTHING

    def answer(self, delivery: Delivery, incoming: Incoming, receipt: str, now: datetime) -> Answer:
        """The receipt under the key of the question: a welcome as text, all else as a finished stream."""
        if not receipt or not incoming.inline:
            return NOTHING
        text = cut_bytes(cards.harmless(receipt), self._length)
        greets = incoming.kind == "event"
        body = cards.greeting(receipt) if greets else cards.stream(text, cards.stream_of(incoming.key))
        stamp, key = int(now.timestamp()), self.codec.open(envelope(delivery.body))[1]
        return Answer(self.codec.seal(body, stamp, key), "application/json")

    def _echo(self, sealed: str) -> Answer:
        if not sealed:
            raise Rejected("echostr")
        return Answer(self.codec.open(sealed)[0].encode())


class KeptHook:
    """Reads once more what came over the long connection and could not be read; nothing else comes this way."""

    platform = PLATFORM
    account = ""
    path = PATH
    body_limit = BODY_LIMIT

    def __init__(self, config: WecomBotConfig) -> None:
        self._reader = BotReader(config.name)

    def read(self, delivery: Delivery, now: datetime) -> Incoming | Answer:
        """The message of a kept frame. Raises Unreadable."""
        return self._reader.read(decode(delivery.body), now) or NOTHING

    def answer(self, delivery: Delivery, incoming: Incoming, receipt: str, now: datetime) -> Answer:
        """Nothing."""
        return NOTHING
