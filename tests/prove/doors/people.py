"""Knows how each platform brings what people say, to the letter: time limits, tries, the same key, what a try shows."""

from __future__ import annotations

import asyncio
import json
import random
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, ClassVar

import aiohttp

from tests.fakes.wechat import Pusher, Unavailable
from tests.fakes.wecom import AppPusher
from tests.fakes.wecom_bot import BotPusher
from tests.prove.doors.journal import Journal, Said

LEFT_WAITING = (aiohttp.ClientError, TimeoutError, ConnectionError)


class HungUp(ConnectionError):
    """The platform has hung up before there was an answer, as a network that breaks does."""


OUTCOMES: Mapping[type[BaseException], str] = {TimeoutError: "no answer in time", HungUp: "hung up"}


@dataclass
class Street:
    """Where the bot is reached, and what may go wrong on the way: `cut` hangs up early, `slow` lets a body trickle."""

    base: str
    session: aiohttp.ClientSession
    chance: random.Random
    cut: float = 0.01
    slow: float = 0.01
    fair: bool = False

    async def post(self, path: str, body: bytes, *, patience: float, **given: Any) -> tuple[int, bytes]:
        """One request. Raises what a platform sees when nobody answers in time."""
        drawn = 1.0 if self.fair else self.chance.random()
        hangs_up = drawn < self.cut
        wait = self.chance.uniform(0.001, 0.03) if hangs_up else patience
        data = _trickle(body) if self.cut < drawn < self.cut + self.slow else body
        try:
            async with asyncio.timeout(wait), self.session.post(self.base + path, data=data, **given) as answer:
                return answer.status, await answer.read()
        except TimeoutError:
            if hangs_up:
                raise HungUp from None
            raise


async def _trickle(body: bytes) -> AsyncIterator[bytes]:
    half = len(body) // 2
    yield body[:half]
    await asyncio.sleep(0.3)
    yield body[half:]


@dataclass
class People(ABC):
    """The people of one platform, and how it brings their words."""

    street: Street
    journal: Journal
    numbers: count[int] = field(default_factory=lambda: count(1))

    platform: ClassVar[str] = ""
    account: ClassVar[str] = ""
    inline: ClassVar[bool] = False
    tries: ClassVar[int] = 3
    patience: ClassVar[float] = 5.0
    pauses: ClassVar[tuple[float, ...]] = (0.0,)

    @abstractmethod
    def address(self, person: str) -> tuple[str, str]:
        """Who speaks and where, as the inbox knows them."""

    def key(self, number: int, person: str) -> str:
        """By which the inbox knows this message."""
        return str(number)

    async def bring(self, said: Said, number: int, person: str) -> tuple[int, str]:
        """One try: the status, and the words that are shown."""
        raise NotImplementedError

    async def say(self, person: str, words: str, *, opens: bool = False, counted: bool = True) -> Said:
        """Somebody writes; the platform brings it as often as it does until it is taken."""
        number = next(self.numbers)
        sender, lane = self.address(person)
        said = Said(
            platform=self.platform, account=self.account, key=self.key(number, person), sender=sender, lane=lane,
            words=words, opens=opens, counted=counted, inline=self.inline,
        )  # fmt: skip
        said.at = time.monotonic()
        await self.deliver(self.journal.add(said), number, person)
        return said

    async def deliver(self, said: Said, number: int, person: str) -> None:
        """Until it is taken, or the platform gives up."""
        for turn in range(self.tries):
            if turn:
                await asyncio.sleep(self.pauses[min(turn, len(self.pauses)) - 1])
            if await self.tried(said, number, person):
                said.taken, said.took = True, time.monotonic() - said.at
                return
        said.given_up = True

    async def tried(self, said: Said, number: int, person: str) -> bool:
        """One try; whether it was taken."""
        try:
            status, words = await self.bring(said, number, person)
        except LEFT_WAITING as error:
            said.tries.append(OUTCOMES.get(type(error), "connection lost"))
            return False
        except Unavailable:
            said.tries.append("unreadable answer")
            return False
        said.tries.append(str(status))
        if 200 <= status < 300:
            said.shown.append(words)
            return True
        return False

    async def again(self, said: Said, number: int, person: str) -> None:
        """The platform brings it once more although it was taken: the words must be the same."""
        await self.tried(said, number, person)


class Followers(People):
    """Residents in the 公众号: 5 seconds, three tries, the same MsgId, signed anew each time."""

    platform, account, inline = "wechat", "gh_0123456789ab", True
    pusher = Pusher()
    said: Callable[[str], None]

    def address(self, person: str) -> tuple[str, str]:
        address = f"wechat:{self.account}:o{person}"
        return address, address

    async def bring(self, said: Said, number: int, person: str) -> tuple[int, str]:
        self.said(f"o{person}")
        stamp = int(time.time())  # noqa: TID251
        xml = (
            f"<xml><ToUserName>{self.account}</ToUserName><FromUserName>o{person}</FromUserName><CreateTime>{stamp}"
            f"</CreateTime><MsgType>text</MsgType><Content><![CDATA[{said.words}]]></Content><MsgId>{number}</MsgId></xml>"
        )
        sealed, nonce = self.pusher.seal(xml), str(self.street.chance.randrange(10**9))
        status, body = await self.street.post(
            f"/hooks/wechat/{self.account}", self.pusher.envelope(sealed), patience=self.patience,
            params=self.pusher.query(stamp, nonce, sealed),
        )  # fmt: skip
        return status, (self.pusher.read(body) or {}).get("Content", "") if status == 200 else ""


class Colleagues(People):
    """Members who write to the WeCom application: 5 seconds, three tries, an empty answer."""

    platform = "wecom"
    pusher = AppPusher()

    def address(self, person: str) -> tuple[str, str]:
        return f"wecom::{person}", f"wecom::{person}"

    async def bring(self, said: Said, number: int, person: str) -> tuple[int, str]:
        stamp = int(time.time())  # noqa: TID251
        xml = (
            f"<xml><ToUserName>{self.pusher.app_id}</ToUserName><FromUserName>{person}</FromUserName><CreateTime>{stamp}"
            f"</CreateTime><MsgType>text</MsgType><Content><![CDATA[{said.words}]]></Content><MsgId>{number}</MsgId>"
            f"<AgentID>1000002</AgentID></xml>"
        )
        sealed, nonce = self.pusher.seal(xml), str(self.street.chance.randrange(10**9))
        status, body = await self.street.post(
            "/hooks/wecom/app", self.pusher.envelope(sealed), patience=self.patience,
            params=self.pusher.query(stamp, nonce, sealed),
        )  # fmt: skip
        if status == 200 and body not in (b"", b"success"):
            raise Unavailable
        return status, ""


class Asking(People):
    """Members who write to the 智能机器人 in callback mode: the answer comes back at once, as a finished stream."""

    platform, inline = "wecom-bot", True
    pusher = BotPusher()

    def address(self, person: str) -> tuple[str, str]:
        return f"wecom::{person}", f"wecom-bot::{person}"

    def key(self, number: int, person: str) -> str:
        return f"bot{number}"

    async def bring(self, said: Said, number: int, person: str) -> tuple[int, str]:
        stamp = int(time.time())  # noqa: TID251
        sealed = self.pusher.sealed(bot_message(said, person))
        status, body = await self.street.post(
            "/hooks/wecom-bot", json.dumps({"encrypt": sealed}).encode(), patience=self.patience,
            params=self.pusher.query(stamp, sealed, str(self.street.chance.randrange(10**9))),
        )  # fmt: skip
        answer = self.pusher.read(body) if status == 200 else None
        return status, str(answer["stream"]["content"]) if answer else ""


def bot_message(said: Said, person: str) -> dict[str, Any]:
    """Words to a 智能机器人 in private."""
    frame = {"msgid": said.key, "aibotid": "aibot-1", "chattype": "single", "from": {"userid": person}}
    return {**frame, "msgtype": "text", "text": {"content": said.words}}


class Chatters(People):
    """Telegram: an update is brought again, later each time, until somebody answers 2xx."""

    platform = "telegram"
    tries, patience, pauses = 12, 60.0, (0.5, 1.0, 2.0, 4.0, 8.0)
    secret: str

    def address(self, person: str) -> tuple[str, str]:
        return f"telegram::{person}", f"telegram::{person}"

    async def bring(self, said: Said, number: int, person: str) -> tuple[int, str]:
        user = int(person)
        update = {
            "update_id": number,
            "message": {
                "message_id": number, "date": int(time.time()), "text": said.words,  # noqa: TID251
                "chat": {"id": user, "type": "private", "first_name": "x"},
                "from": {"id": user, "is_bot": False, "first_name": "x"},
            },
        }  # fmt: skip
        heads = {"X-Telegram-Bot-Api-Secret-Token": self.secret, "Content-Type": "application/json"}
        body = json.dumps(update, ensure_ascii=False).encode()
        status, _ = await self.street.post("/hooks/telegram", body, patience=self.patience, headers=heads)
        return status, ""
