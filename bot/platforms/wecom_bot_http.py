"""Knows the two HTTP calls of a WeCom 智能机器人: an answer to a one-time address, and fetching an encrypted medium."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

import aiohttp
from yarl import URL

from bot.doors import SendFailed
from bot.platforms.wechat_api import MEDIA_BYTES
from bot.platforms.wechat_transport import Transport
from bot.platforms.wecom_bot_codec import key_of, opened
from bot.platforms.wecom_bot_errors import BotError

CONNECT: Final = 4.0
LONG: Final = aiohttp.ClientTimeout(total=20.0, sock_connect=CONNECT)
SMALL: Final = 64 * 1024
ANSWER: Final = "/cgi-bin/aibot/response"

Opens = Callable[[bytes], bytes]
"""Opens a medium that brings no key of its own. Raises ValueError."""


class BotHttp:
    """HTTP to the API's own address, and to the hosts media lie on; no address gets into a log or an exception."""

    def __init__(self, api_base: str, media_hosts: Sequence[str], opens: Opens) -> None:
        self._base = URL(api_base)
        self._hosts = tuple(media_hosts)
        self._opens = opens
        self._transport = Transport(api_base)

    async def start(self) -> None:
        """Ready; nothing is sent."""
        await self._transport.start()

    async def stop(self) -> None:
        """Close the connections."""
        await self._transport.stop()

    async def respond(self, way: str, body: dict[str, Any]) -> None:
        """Use a one-time address. Raises SendFailed; whatever comes back, it is used."""
        url = _url(way)
        if url is None or url.origin() != self._base.origin() or url.path != ANSWER:
            raise SendFailed("the address for the answer leads elsewhere", permanent=True)
        data = json.dumps(body, ensure_ascii=False).encode()
        kind = {"Content-Type": "application/json; charset=utf-8"}
        _, answer = await self._transport.exchange("POST", way, {}, SMALL, data=data, headers=kind)
        _check(answer)

    async def fetch(self, ref: str) -> bytes:
        """The bytes of a medium (`key|address`), opened. Raises SendFailed."""
        key, _, address = ref.partition("|")
        if not self._may_follow(_url(address)):
            raise SendFailed("the address of a medium leads elsewhere", permanent=True)
        _, data = await self._transport.exchange("GET", address, {}, MEDIA_BYTES, timeout=LONG)
        try:
            return opened(data, key_of(key)) if key else self._opens(data)
        except ValueError:
            raise SendFailed("the medium cannot be opened", permanent=True) from None

    def _may_follow(self, url: URL | None) -> bool:
        """Whether a medium may lie there: HTTPS on a host below one of ours; without it only on one that is named."""
        if url is None or not url.host:
            return False
        if url.host in self._hosts:
            return url.scheme in ("http", "https")
        return url.scheme == "https" and url.host.endswith(tuple(f".{host}" for host in self._hosts))


def _url(text: str) -> URL | None:
    try:
        url = URL(text, encoded=True)
        return url if url.is_absolute() and url.port else None
    except ValueError:
        return None


def _check(answer: bytes) -> None:
    """Raise what the platform's answer says. An answer that is none is not taken for a success."""
    try:
        document = json.loads(answer)
    except (ValueError, RecursionError):
        raise SendFailed("the answer is no JSON") from None
    code = document.get("errcode", 0) if isinstance(document, dict) else None
    if not isinstance(code, int):
        raise SendFailed("the answer is no object with a number")
    if code:
        raise BotError(code)
