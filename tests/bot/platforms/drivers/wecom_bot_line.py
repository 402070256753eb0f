"""Knows how the suite drives a 智能机器人 on the long connection: frames both ways over a socket that we opened."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from bot.config_platforms import WecomBotConfig
from bot.doors import Delivery, Platform, Served, Window
from bot.platforms.wecom_bot import BotWires
from bot.platforms.wecom_bot_line import LineBot
from bot.secret import Secret
from handlers.incoming import Incoming
from tests.bot.platforms.driver import RESIDENT, Code, Kind, Wire, photo
from tests.bot.platforms.wecom_bot import USERS, BotDriver
from tests.fakes.aio import Moving, until
from tests.fakes.faults import Fault
from tests.fakes.wecom_bot_line import FakeBotLine
from tests.fakes.wecom_bot_people import message

MARK: Final = "mark"
WE_CALL: Final = "nobody can post to us: frames come only over the connection that we opened, with the bot's secret"


@dataclass
class Ear:
    """The window behind the connection: it sees when a mark has come, and whether anything is still being served."""

    window: Window
    marks: set[str] = field(default_factory=set)
    busy: int = 0

    async def serve(self, incoming: Incoming) -> Served:
        """Serve one message; a mark is nobody's."""
        if incoming.sender.endswith(MARK):
            self.marks.add(incoming.key)
            return Served(0)
        self.busy += 1
        try:
            return await self.window.serve(incoming)
        finally:
            self.busy -= 1

    def written(self, inbox: int) -> None:
        """An answer has left."""
        self.window.written(inbox)

    async def keep_unread(self, platform: str, account: str, delivery: Delivery, reason: str) -> None:
        """A frame could not be read."""
        await self.window.keep_unread(platform, account, delivery, reason)


class WecomBotLineDriver(BotDriver):
    """One bot with bot id and secret."""

    name, adapter, send = "WeCom bot, long connection", "bot.platforms.wecom_bot_line", "aibot_send_msg"
    cannot = {
        "not stored": "no frame is brought again: what could not be stored is tried anew here, for two minutes",
        "bad signature": WE_CALL,
        "oversize": WE_CALL,
        "hostile body": WE_CALL,
        "forged or mutated": WE_CALL,
        "replay": "frames carry no signed time; a repeat is known by its msgid for ever (see “duplicate”)",
        "quota exhausted": "thirty a minute and a thousand an hour for each chat are waited out; no other way",
        "token expired": "a bot has a secret and no token that expires; a wrong secret pauses the account",
    }

    def __init__(self, clock: Moving) -> None:
        super().__init__(clock)
        self.fake = FakeBotLine(clock.monotonic)
        self.faults = self.fake.faults
        self._ear: Ear

    def app(self) -> web.Application:
        return self.fake.app()

    def platform(self, base: str, window: Window) -> Platform:
        self._ear = Ear(window)
        config = WecomBotConfig(
            mode="websocket", bot_id=self.fake.bot_id, secret=Secret(self.fake.secret),
            ws_url=base.replace("http", "ws"),
        )  # fmt: skip
        wires = BotWires(
            clock=self.clock, window=self._ear, photos=photo, way=_none, monotonic=self.clock.monotonic, pause=0.0
        )
        return LineBot(config, base, wires)

    async def ready(self, platform: Platform) -> None:
        assert isinstance(platform, LineBot)
        await until(lambda: platform.up)

    async def brings(self, wire: Wire) -> tuple[int, bytes] | None:
        """Push a frame and a mark behind it; frames are begun in their order, so the mark tells that it was read."""
        mark = message(MARK, "", msgtype="event", event={"eventtype": "enter_chat"})
        await self.fake.push(json.loads(wire.body))
        await self.fake.push(mark)
        await until(lambda: mark["msgid"] in self._ear.marks and not self._ear.busy)
        return 200, b""

    def says(self, words: str, *, key: int = 1, by: str = RESIDENT, group: bool = False, late: float = 0.0) -> Wire:
        return _wire(self.words(words, key, by, group=group))

    def presses(self, mark: str, *, key: int, by: str, label: str = "") -> Wire:
        return _wire(self.tapped(mark, key, by))

    def album(self) -> Sequence[Wire]:
        return [_wire(self.pictured(2))]

    def kinds(self) -> Iterator[Kind]:
        for name, body, facts in self.documented():
            yield Kind(name, _wire(body), facts and {**facts, "inline": facts["kind"] == "event"})

    def broken(self) -> Wire:
        return _wire({"msgid": "k1", "msgtype": "text", "from": {}})

    async def texts(self, by: str) -> list[str]:
        return self.fake.texts(USERS[by])

    def codes(self) -> Mapping[str, Code]:
        return {
            **self.meant(
                retry=(-1, 6000, 45009, 45011, 45033),
                permanent=(86003, 86001, 86008, 40050, 40058, 44004, 47001, 40008, 60111, 123456),
                account=(40001, 40013, 40014, 40125, 42001, 48001, 48002, 60011, 60020),
            ),
            "connection cut": Code((Fault(cut=True),), "account"),
        }

    def refused(self) -> int:
        return self.fake.overrun

    def down(self) -> Fault:
        """Every connection is torn at the first letter."""
        return Fault(cut=True)


def _wire(body: Mapping[str, Any]) -> Wire:
    return Wire(json.dumps(body, ensure_ascii=False).encode())


async def _none(chat: str) -> str:
    return ""


DRIVER = WecomBotLineDriver
