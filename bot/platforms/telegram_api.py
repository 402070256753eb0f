"""Knows how to call the Telegram Bot API (python-telegram-bot as transport): limits, quiet logs, what errors mean."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)
from telegram.request import BaseRequest, HTTPXRequest, RequestData

from bot.doors import SendFailed
from bot.secret import Secret

TOTAL: Final = 8.0
MEDIA_TOTAL: Final = 20.0
CONNECT: Final = 4.0
POOL: Final = 32
FILE_BYTES: Final = 20 << 20
FLOOD: Final = 429
TALKATIVE: Final = ("httpx", "httpcore", "telegram", "aiohttp.access")
"""Loggers that write addresses with the token in them, or whole messages, below WARNING."""

_NOT_CONNECTED: Final = frozenset({"ConnectError", "ConnectTimeout", "ProxyError"})

T = TypeVar("T")
Timeout = Any


class Flooded(TelegramError):
    """429: wait. `seconds` is None where the answer does not say how long (or says nonsense)."""

    def __init__(self, seconds: float | None) -> None:
        super().__init__("flooded")
        self.seconds = seconds


class Wire(HTTPXRequest):
    """The library's transport, with answers checked before it reads them and never logged."""

    async def do_request(  # noqa: PLR0917 (the library's signature)
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        write_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        connect_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        pool_timeout: Timeout = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One exchange. The library would turn a 429 with an odd `retry_after` into a crash, so it is read here."""
        code, payload = await super().do_request(
            url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
        )
        if code == FLOOD:
            raise Flooded(_seconds(payload))
        return code, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer's object. Raises TelegramError, without the words of the answer, when it is none."""
        try:
            document = json.loads(payload)
        except (ValueError, RecursionError):
            raise TelegramError("the answer is no JSON") from None
        if not isinstance(document, dict):
            raise TelegramError("the answer is no object")
        if document.get("ok") is True and "result" not in document:
            raise TelegramError("the answer has no result")
        if not isinstance(document.get("parameters"), dict):
            document.pop("parameters", None)
        return document


class TelegramApi:
    """The calls of one bot; `bot` is there after `start`."""

    def __init__(self, token: Secret, api_base: str, file_base: str = "", proxy: str = "") -> None:
        self._token = token
        self._base = api_base.rstrip("/") + "/bot"
        self._file_base = (file_base or api_base).rstrip("/") + ("/bot" if file_base else "/file/bot")
        self._proxy = proxy or None
        self._wires: tuple[Wire, Wire] | None = None
        self._bot: Bot | None = None

    async def start(self) -> None:
        """Build the transport; nothing is sent."""
        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.WARNING)
        polling, sending = self._wires = (self._wire(1), self._wire(POOL))
        token = self._token.reveal()
        self._bot = Bot(
            token,
            base_url=self._base,
            base_file_url=self._file_base,
            get_updates_request=polling,
            request=sending,
        )

    async def stop(self) -> None:
        """Close the connections."""
        wires, self._wires, self._bot = self._wires, None, None
        for wire in wires or ():
            await wire.shutdown()

    async def call(self, make: Callable[[Bot], Awaitable[T]], total: float = TOTAL) -> T:
        """One call of the library's Bot, bounded in time. Raises SendFailed, ChatMigrated and BadRequest."""
        if self._bot is None:
            raise SendFailed("not started")
        try:
            async with asyncio.timeout(total):
                return await make(self._bot)
        except (ChatMigrated, BadRequest):
            raise
        except TelegramError as error:
            raise failure(error) from None
        except TimeoutError:
            raise SendFailed("too slow") from None
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SendFailed(f"unreadable answer: {type(error).__name__}") from None

    async def updates(self, offset: int, wait: int, kinds: Sequence[str]) -> list[dict[str, Any]]:
        """Long polling, as raw JSON: one update the library cannot read must not stop the others."""
        if self._wires is None:
            raise SendFailed("not started")
        query = urlencode({"offset": offset, "timeout": wait, "allowed_updates": json.dumps(list(kinds))})
        url = f"{self._base}{self._token.reveal()}/getUpdates?{query}"
        try:
            async with asyncio.timeout(wait + TOTAL):
                found = await self._wires[0].post(url, read_timeout=wait + TOTAL)
        except TelegramError as error:
            raise failure(error) from None
        except TimeoutError:
            raise SendFailed("too slow") from None
        return found if isinstance(found, list) else []

    async def download(self, file_id: str) -> bytes:
        """The bytes of a file, at most 20 MB."""

        async def fetch(bot: Bot) -> bytes:
            file = await bot.get_file(file_id)
            if (file.file_size or 0) > FILE_BYTES:
                raise SendFailed("the file is too large", permanent=True)
            return bytes(await file.download_as_bytearray())

        try:
            return await self.call(fetch, MEDIA_TOTAL)
        except (BadRequest, ChatMigrated) as error:
            raise failure(error) from None

    def _wire(self, size: int) -> Wire:
        return Wire(
            connection_pool_size=size,
            read_timeout=TOTAL,
            write_timeout=TOTAL,
            connect_timeout=CONNECT,
            pool_timeout=CONNECT,
            media_write_timeout=MEDIA_TOTAL,
            proxy=self._proxy,
        )


def failure(error: TelegramError) -> SendFailed:
    """What an error of the library means for a letter. Only its kind is told: its words may quote anything."""
    reason = type(error).__name__
    if isinstance(error, Flooded):
        return SendFailed(reason, retry_after=error.seconds)
    if isinstance(error, InvalidToken | Conflict):
        return SendFailed(reason, account=True)
    if isinstance(error, Forbidden | BadRequest | ChatMigrated):
        return SendFailed(reason, permanent=True)
    cause = type(error.__cause__).__name__
    return SendFailed(reason, account=isinstance(error, NetworkError) and cause in _NOT_CONNECTED)


def _seconds(payload: bytes) -> float | None:
    """The `retry_after` of a 429; the courier bounds it."""
    try:
        document = Wire.parse_json_payload(payload)
    except TelegramError:
        return None
    parameters: Mapping[str, object] = document.get("parameters", {})
    seconds = parameters.get("retry_after")
    return float(seconds) if isinstance(seconds, int | float) and not isinstance(seconds, bool) else None
