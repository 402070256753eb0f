"""Knows the bot as a process: started as a user starts it, killed without warning, talked to over its real sockets."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from tests.fakes.aio import serving
from tests.fakes.telegram import FakeTelegram, WebhookPusher
from tests.fakes.wechat import FakeWeChat, Pusher
from tests.product import ROOT, product

READY_SECONDS = 60.0
SECRET = "a-secret-of-telegram"
GROUP = -1001
NEVER = "00:00-00:00"
"""Quiet hours that hold at no moment: these processes have the system's clock, and tests run at night too."""


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _launch(port: int, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "bot", "run", "--port", str(port)]
    with Path(environment["LOG"]).open("ab") as log:
        return subprocess.Popen(command, cwd=ROOT, env=dict(environment), stderr=log)


def _log(environment: Mapping[str, str]) -> str:
    return Path(environment["LOG"]).read_text("utf-8")


@dataclass
class Process:
    """One process of the bot."""

    environment: Mapping[str, str]
    port: int = field(default_factory=free_port)
    running: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it and wait until it is ready."""
        self.running = _launch(self.port, self.environment)
        deadline = time.monotonic() + READY_SECONDS
        async with aiohttp.ClientSession() as session:
            while time.monotonic() < deadline:
                try:
                    async with session.get(f"{self.base}/health/ready") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    await asyncio.sleep(0.02)
        raise TimeoutError(_log(self.environment))

    def kill(self) -> None:
        """As a power cut would: no goodbye."""
        assert self.running is not None
        self.running.send_signal(signal.SIGKILL)
        self.running.wait()

    def stop(self, patience: float = 15) -> None:
        """As an operator would; one that has just begun ends its warming at once."""
        if self.running is not None and self.running.poll() is None:
            self.running.terminate()
            self.running.wait(patience)


@dataclass
class World:
    """The outside of a running bot: fake platforms, and people with accounts on them."""

    wechat: FakeWeChat
    telegram: FakeTelegram
    environment: dict[str, str]
    serial: int = 0

    def process(self) -> Process:
        """A process with this world around it."""
        return Process(self.environment)

    async def resident(self, bot: Process, text: str, *, openid: str = "oZhang", key: int = 0) -> str:
        """A resident writes in the 公众号; the words of the inline answer."""
        content = f"<MsgType>text</MsgType><Content><![CDATA[{text}]]></Content>"
        return await self._in_wechat(bot, openid, content, key)

    async def shows(self, bot: Process, data: bytes, *, openid: str) -> str:
        """Somebody sends a picture in the 公众号; the words of the inline answer."""
        name = f"picture-{self.serial}"
        self.wechat.put(name, data)
        content = f"<MsgType>image</MsgType><PicUrl>http://mmbiz.qpic.cn/x/0</PicUrl><MediaId>{name}</MediaId>"
        return await self._in_wechat(bot, openid, content)

    async def _in_wechat(self, bot: Process, openid: str, content: str, key: int = 0) -> str:
        self.serial += 1
        number = key or 10_000 + self.serial
        self.wechat.said(openid)
        xml = (
            f"<xml><ToUserName>gh_0123456789ab</ToUserName><FromUserName>{openid}</FromUserName>"
            f"<CreateTime>{int(self.wechat.clock())}</CreateTime>{content}<MsgId>{number}</MsgId></xml>"
        )
        found = await Pusher().push(f"{bot.base}/hooks/wechat/gh_0123456789ab", xml, int(self.wechat.clock()))
        return (found or {}).get("Content", "")

    async def update(self, bot: Process, update: dict[str, Any]) -> int:
        """Telegram delivers an update."""
        self.serial += 1
        document = {"update_id": 50_000 + self.serial, **update}
        return await WebhookPusher(self.telegram, SECRET).push(f"{bot.base}/hooks/telegram", document)

    async def worker_presses(self, bot: Process, user: int, label: str, message: int) -> int:
        """A worker presses a button of a card in the work group, which brings back what the bot has sent with it."""
        keys = [key for row in self.telegram.messages[GROUP, message]["buttons"] for key in row]
        data = next(key["callback_data"] for key in keys if key["text"] == label)
        chat = {"id": GROUP, "type": "supergroup", "title": "g"}
        return await self.update(
            bot,
            {
                "callback_query": {
                    "id": str(self.serial),
                    "from": {"id": user, "is_bot": False, "first_name": "x"},
                    "chat_instance": "1",
                    "data": data,
                    "message": {"message_id": message, "date": 1772413200, "chat": chat, "text": "card"},
                }
            },
        )

    async def worker_says(self, bot: Process, user: int, text: str) -> int:
        """A worker writes to the bot in private."""
        return await self.update(
            bot,
            {
                "message": {
                    "message_id": 900 + self.serial,
                    "date": int(self.telegram.clock()),
                    "chat": {"id": user, "type": "private", "first_name": "x"},
                    "from": {"id": user, "is_bot": False, "first_name": "x"},
                    "text": text,
                }
            },
        )

    def pushed(self, openid: str = "oZhang") -> list[str]:
        """What the resident was pushed beyond the inline answers."""
        return [_words(sent) for sent in self.wechat.sent if sent["touser"] == openid]


def _words(sent: Mapping[str, Any]) -> str:
    if sent["msgtype"] == "msgmenu":
        return str(sent["msgmenu"]["head_content"])
    return str(sent.get("text", {}).get("content", ""))


@asynccontextmanager
async def world(database: str, folder: Path) -> AsyncIterator[World]:
    """Fake platforms over HTTP, and the environment of a bot that uses them."""
    product()  # the ear is trained before any process needs it
    wechat, telegram = FakeWeChat(clock=time.time), FakeTelegram(clock=time.time)  # noqa: TID251
    async with serving(wechat.app()) as wechat_base, serving(telegram.app()) as telegram_base:
        settings = {
            "DATABASE": database,
            "MEDIA": f"{folder}/media",
            "PLAYGROUND": "false",
            "QUIET_HOURS__RESIDENTS": NEVER,
            "QUIET_HOURS__GROUPS": NEVER,
            "PLATFORMS__TELEGRAM__TOKEN": telegram.token,
            "PLATFORMS__TELEGRAM__SECRET_TOKEN": SECRET,
            "PLATFORMS__TELEGRAM__API_BASE": telegram_base,
            "PLATFORMS__WECHAT__0__ACCOUNT": "gh_0123456789ab",
            "PLATFORMS__WECHAT__0__APP_ID": wechat.app_id,
            "PLATFORMS__WECHAT__0__SECRET": wechat.secret,
            "PLATFORMS__WECHAT__0__TOKEN": Pusher().token,
            "PLATFORMS__WECHAT__0__AES_KEY": Pusher().aes_key,
            "PLATFORMS__WECHAT__0__API_BASE": wechat_base,
        }
        people = {"li": "telegram:1001", "zhao": "telegram:1002", "chen": "telegram:1003"}
        order = {person: n for n, person in enumerate(product().config.town.people)}
        groups = {group: n for n, group in enumerate(product().config.town.groups)}
        for person, account in people.items():
            settings[f"PEOPLE__{order[person]}__ACCOUNTS__0"] = account
        settings[f"GROUPS__{groups['jr-2-work']}__CHATS__0"] = f"telegram:{GROUP}"
        environment = {**os.environ, **{f"XIAOGE__{name}": value for name, value in settings.items()}}
        environment["LOG"] = str(folder / "bot.log")
        yield World(wechat, telegram, environment)
