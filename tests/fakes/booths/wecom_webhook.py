"""Knows a WeCom work group with a robot that can only write (消息推送), as its members read it."""

from __future__ import annotations

import base64

from aiohttp import web

from tests.fakes.by_hand import BOT, HandClock, Key, Line, Room, Setup
from tests.fakes.wecom_webhook import FakeWecomWebhook

GROUP, KEY = "jr-2-work", "fake-key-0001"


class Booth:
    """The work group of the second grid."""

    name = "企业微信群（消息推送）"
    place = 2
    server = "wecom"

    def __init__(self, clock: HandClock) -> None:
        self.fake = FakeWecomWebhook(clock.now, {KEY: GROUP})
        self.rooms = [Room(GROUP, "第二网格工作群", "这个群只能收：请照卡片上写的，到私聊里回")]
        self._seen = 0

    def app(self) -> web.Application:
        """WeCom's API, as far as webhooks need it."""
        return self.fake.app()

    def setup(self, base: str) -> Setup:
        """One key for one group."""
        settings = {"PLATFORMS__WECOM__API_BASE": base, "PLATFORMS__WECOM__WEBHOOKS": f"{{{GROUP}: {KEY}}}"}
        return Setup(settings, chats={GROUP: f"wecom-webhook:{GROUP}"})

    def look(self) -> None:
        """What the robot has written."""
        for _, sent in self.fake.sent[self._seen :]:
            said = sent[sent["msgtype"]]
            marked = sent["msgtype"] == "markdown"
            picture = base64.b64decode(said["base64"]) if "base64" in said else b""
            self.rooms[0].lines.append(Line(BOT, said.get("content", ""), (), picture, marked))
        self._seen = len(self.fake.sent)

    async def say(self, bot: str, room: Room, who: str, text: str) -> None:
        """Nothing that is said here reaches the bot."""

    async def act(self, bot: str, room: Room, who: str, act: str, text: str) -> None:
        """Nothing else can be done here."""

    async def press(self, bot: str, room: Room, who: str, key: Key) -> None:
        """There are no buttons here."""
