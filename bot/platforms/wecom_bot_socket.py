"""Knows the long connection of a WeCom 智能机器人 by the official SDK, and closes what that leaves open.

The SDK (1.0.2) does not come back after a connection that was closed politely, offers TLS to addresses without it, and
tells error codes inside a sentence; decision 0053 has the list.
Each of its clients is used for one connection, and one process at a time has one.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from aibot import WSClient, WSClientOptions
from aibot import ws as sdk

from bot.config_platforms import WecomBotConfig
from bot.doors import SendFailed
from bot.platforms.wecom_bot import Lease
from bot.platforms.wecom_bot_errors import BotError
from bot.secret import describe

Frame = Mapping[str, Any]
Take = Callable[[Frame], Awaitable[None]]

NOT_MINE: Final = 5.0
LOOK: Final = 0.25
RENEW: Final = 5.0
GOODBYES: Final = 20
CONNECT: Final = 10.0
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 30.0
PING_MS: Final = 30_000
RESPOND: Final = "aibot_respond_msg"
WELCOME: Final = "aibot_respond_welcome_msg"
UPDATE: Final = "aibot_respond_update_msg"

_CODE = re.compile(r"Reply ack error: errcode=(-?\d{1,9}),")
_TLS: Final = sdk._SSL_CONTEXT

_log = logging.getLogger(__name__)


class Quiet:
    """The SDK's logger: it writes messages and addresses into its lines, so none of them is kept."""

    def debug(self, message: str, *args: object) -> None:
        """Nothing."""

    info = warn = error = debug


class Line:
    """The connection. `take` gets every frame that comes; `may_hold` is the lease that lets one process have it."""

    def __init__(self, config: WecomBotConfig, take: Take, may_hold: Lease | None, pause: float = FIRST_PAUSE) -> None:
        self._config = config
        self._take = take
        self._may_hold = may_hold
        self._first_pause = pause
        self._client: WSClient | None = None
        self._ready = asyncio.Event()
        self._taking: set[asyncio.Task[None]] = set()
        self.elsewhere = may_hold is not None

    @property
    def up(self) -> bool:
        """Whether messages can be sent now."""
        return self._client is not None and self._ready.is_set() and bool(self._client.is_connected)

    async def run(self) -> None:
        """Until cancelled. Here is the one broad guard of this loop."""
        logging.getLogger("websockets").setLevel(logging.WARNING)  # below it writes frames, the secret's among them
        pause = self._first_pause
        while True:
            try:
                self.elsewhere = self._may_hold is not None and not await self._may_hold()
                if self.elsewhere:
                    await self._drop()
                    await asyncio.sleep(NOT_MINE)
                    continue
                if not self.up:
                    await self._connect()
                await self._watch()
                pause = self._first_pause  # only after it has stood: two that evict each other must not race
            except Exception as error:
                _log.warning("the long connection failed: %s", describe(error))
                await self._drop()
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def stop(self) -> None:
        """Close the connection and leave what is being taken in."""
        await self._drop()
        for task in self._taking:
            task.cancel()
        await asyncio.gather(*self._taking, return_exceptions=True)

    async def send(self, chat: str, body: dict[str, Any]) -> None:
        """Send into a chat unasked. Raises SendFailed."""
        await self._acknowledged(lambda client: client.send_message(chat, body))

    async def respond(self, request: str, body: dict[str, Any], how: str = RESPOND) -> None:
        """Answer one frame by the number of its request. Raises SendFailed."""
        await self._acknowledged(lambda client: client.reply({"headers": {"req_id": request}}, body, how))

    async def ask(self, body: dict[str, Any], how: str) -> Mapping[str, Any]:
        """Send a frame of another kind; what its acknowledgement carries. Raises SendFailed."""
        number = f"{how}_{secrets.token_hex(8)}"
        frame = await self._acknowledged(lambda client: client.reply({"headers": {"req_id": number}}, body, how))
        told = frame.get("body") if isinstance(frame, dict) else None
        return told if isinstance(told, dict) else {}

    async def _acknowledged(self, call: Callable[[WSClient], Awaitable[object]]) -> object:
        client = self._client
        if client is None or not self.up:
            raise SendFailed("the long connection is down", account=True)
        try:
            return await call(client)
        except TimeoutError:
            raise SendFailed("no acknowledgement") from None
        except RuntimeError as error:
            told = _CODE.match(str(error))
            if told is None:
                raise SendFailed("the long connection broke", account=True) from None
            raise BotError(int(told[1])) from None

    async def _connect(self) -> None:
        """One connection, subscribed. Raises when the platform does not take it."""
        await self._drop()
        url = self._config.ws_url
        sdk._SSL_CONTEXT = None if url.startswith("ws://") else _TLS
        options = WSClientOptions(
            bot_id=self._config.bot_id, secret=self._config.secret.reveal(), ws_url=url, logger=Quiet(),
            heartbeat_interval=PING_MS, max_reconnect_attempts=0,
        )  # fmt: skip
        client = WSClient(options)
        refused = asyncio.Event()
        client.on("authenticated", self._ready.set)
        client.on("error", lambda error: refused.set())
        client.on("message", self._began)
        client.on("event", self._began)
        self._client = client
        async with asyncio.timeout(CONNECT):
            await client.connect()
            while not self._ready.is_set():
                if refused.is_set() or not client.is_connected:
                    raise ConnectionError
                await asyncio.sleep(LOOK / 10)

    async def _watch(self) -> None:
        """Look at the connection until the lease has to be renewed. Raises when it is gone."""
        for _ in range(int(RENEW / LOOK)):
            if not self.up:
                raise ConnectionError
            await asyncio.sleep(LOOK)

    async def _drop(self) -> None:
        client, self._client = self._client, None
        self._ready.clear()
        if client is not None:
            client.remove_all_listeners()
            client.on("error", lambda error: None)
            client.disconnect()
            for _ in range(GOODBYES):
                await asyncio.sleep(LOOK / 10)
                if not client.is_connected:
                    break

    def _began(self, frame: Frame) -> None:
        """A frame has come: it is taken in beside the others, for each waits for its commit."""
        task = asyncio.create_task(self._taken(frame))
        self._taking.add(task)
        task.add_done_callback(self._taking.discard)

    async def _taken(self, frame: Frame) -> None:
        try:
            await self._take(frame)
        except Exception as error:
            _log.error("a message of the long connection failed: %s", describe(error))
