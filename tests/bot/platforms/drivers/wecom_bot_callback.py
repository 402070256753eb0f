"""Knows how the suite drives a 智能机器人 in callback mode: sealed JSON answered inline, one address for one answer."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from aiohttp import web

from bot.config_platforms import WecomBotConfig
from bot.doors import Platform, Window
from bot.platforms.wecom_bot import BotWires
from bot.platforms.wecom_bot_callback import CallbackBot
from bot.secret import Secret
from tests.bot.platforms.driver import RESIDENT, Code, Kind, Wire, flipped, photo
from tests.bot.platforms.wecom_bot import USERS, BotDriver
from tests.fakes.aio import Moving
from tests.fakes.faults import Fault
from tests.fakes.wecom_bot import BotPusher, FakeBotApi

WRITTEN = 3
"""So many messages, each with a way back, has somebody written who may be answered."""


class WecomBotCallbackDriver(BotDriver):
    """One bot with token and AES key."""

    name, adapter, send = "WeCom bot, callback", "bot.platforms.wecom_bot_callback", "response"
    cannot = {
        **BotDriver.cannot,
        "quota exhausted": "each message brings one answer; without any the letter fails for good, and duty hears it",
        "token expired": "there is no access token: an answer goes to the address that came with a message",
    }

    def __init__(self, clock: Moving) -> None:
        super().__init__(clock)
        self.fake, self._pusher = FakeBotApi(clock.monotonic), BotPusher()
        self.faults = self.fake.faults
        self._base = ""
        self._ways: defaultdict[str, list[str]] = defaultdict(list)

    def app(self) -> web.Application:
        return self.fake.app()

    def platform(self, base: str, window: Window) -> Platform:
        self._base = base
        config = WecomBotConfig(token=Secret(self._pusher.token), aes_key=Secret(self._pusher.aes_key))
        return CallbackBot(config, base, BotWires(clock=self.clock, window=window, photos=photo, way=self._way))

    def says(self, words: str, *, key: int = 1, by: str = RESIDENT, group: bool = False, late: float = 0.0) -> Wire:
        return self._seal(json.dumps(self.words(words, key, by, group=group), ensure_ascii=False), late)

    def presses(self, action: str, *, key: int, by: str, label: str = "") -> Wire:
        return self._seal(json.dumps(self.tapped(action, key, by)))

    def kinds(self) -> Iterator[Kind]:
        for name, body, facts in self.documented():
            yield Kind(name, self._seal(json.dumps(body, ensure_ascii=False)), facts)

    def signed(self, plain: str) -> Wire:
        return self._seal(plain)

    def broken(self) -> Wire:
        return self._seal('{"msgid": "k1", "msgtype": ')

    def forged(self) -> Iterator[Wire]:
        good = self.says("x")
        for name in ("msg_signature", "timestamp", "nonce"):
            for value in flipped(good.query[name]):
                yield replace(good, query={**good.query, name: value})
        for cipher in flipped(json.loads(good.body)["encrypt"]):
            yield replace(good, body=json.dumps({"encrypt": cipher}).encode())

    def heard(self, body: bytes) -> str:
        answer = self._pusher.read(body)
        return str(answer[answer["msgtype"]]["content"]) if answer else ""

    def welcome(self, by: str) -> None:
        self._ways[self.talk(by)] += [self.fake.way(self._base, USERS[by]) for _ in range(WRITTEN)]

    async def texts(self, by: str) -> list[str]:
        return self.fake.texts(USERS[by])

    def codes(self) -> Mapping[str, Code]:
        return {
            **self.meant(
                retry=(-1, 6000, 45009, 45011, 45033),
                permanent=(846605, 846608, 40058, 44004, 47001, 40008, 60111, 86003, 123456),
                account=(40001, 40013, 40014, 40125, 42001, 48001, 48002, 60011, 60020),
            ),
            "connection cut": Code((Fault(cut=True),), "retry"),
            "no JSON": Code((Fault(body=b"<html>"),), "retry"),
            "no number": Code((Fault(body=b'{"errcode": "x"}'),), "retry"),
            "HTTP 502": Code((Fault(status=502),), "retry"),
            "HTTP 404": Code((Fault(status=404),), "account"),
        }

    async def _way(self, chat: str) -> str:
        return self._ways[chat].pop(0) if self._ways[chat] else ""

    def _seal(self, plain: str, late: float = 0.0) -> Wire:
        sealed = self._pusher.paper.seal(plain)
        stamp = int(self.clock.now().timestamp() - late)
        return Wire(json.dumps({"encrypt": sealed}).encode(), self._pusher.query(stamp, sealed))


DRIVER = WecomBotCallbackDriver
