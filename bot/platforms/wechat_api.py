"""Knows how to call WeChat's API: with the account's token, renewed once when it is refused; media, menus, QR codes."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar

import aiohttp
from yarl import URL

from bot.doors import SendFailed
from bot.platforms.ledger import Ledger
from bot.platforms.wechat_tokens import Tokens
from bot.platforms.wechat_transport import CONNECT, TOKEN_OLD, ApiError, Transport, document
from bot.secret import Secret

MEDIA_TOTAL: Final = 20.0
MEDIA_BYTES: Final = 20 << 20
HTTPS: Final = 443

T = TypeVar("T")

_LONG: Final = aiohttp.ClientTimeout(total=MEDIA_TOTAL, sock_connect=CONNECT)
_JSON: Final = {"Content-Type": "application/json; charset=utf-8"}
_VIDEO_HOSTS: Final = (".qq.com", ".qpic.cn")
_DOCUMENTS: Final = frozenset({"application/json", "text/json", "text/plain"})


class WeChatApi:
    """The calls that this bot makes."""

    def __init__(self, base: str, app_id: str, secret: Secret, ledger: Ledger) -> None:
        self._transport = Transport(base)
        self._tokens = Tokens(self._transport, app_id, secret, ledger)

    async def start(self) -> None:
        """Ready to call; no network yet."""
        await self._transport.start()

    async def stop(self) -> None:
        """Close the connections."""
        await self._transport.stop()

    async def read(self, path: str) -> dict[str, Any]:
        """GET a JSON document."""
        return await self._with_token(lambda token: self._transport.json("GET", path, {"access_token": token}))

    async def post(self, path: str, content: Mapping[str, object]) -> dict[str, Any]:
        """POST a JSON document in real UTF-8 (WeChat shows escaped characters as they stand)."""
        body = json.dumps(content, ensure_ascii=False).encode()

        async def call(token: str) -> dict[str, Any]:
            return await self._transport.json("POST", path, {"access_token": token}, data=body, headers=_JSON)

        return await self._with_token(call)

    async def upload_image(self, image: bytes) -> str:
        """Upload a JPEG as a temporary medium; its media id."""

        async def call(token: str) -> dict[str, Any]:
            form = aiohttp.FormData()
            form.add_field("media", image, filename="photo.jpg", content_type="image/jpeg")
            query = {"access_token": token, "type": "image"}
            return await self._transport.json("POST", "/cgi-bin/media/upload", query, data=form, timeout=_LONG)

        media_id = (await self._with_token(call)).get("media_id")
        if not isinstance(media_id, str):
            raise SendFailed("no media_id in the answer")
        return media_id

    async def download(self, media_id: str) -> bytes:
        """The bytes of a temporary medium. A video comes as an address, which is followed to Tencent's hosts only."""

        async def call(token: str) -> bytes | str:
            query = {"access_token": token, "media_id": media_id}
            kind, body = await self._transport.exchange("GET", "/cgi-bin/media/get", query, MEDIA_BYTES, timeout=_LONG)
            return str(document(body).get("video_url", "")) if kind in _DOCUMENTS else body

        found = await self._with_token(call)
        if isinstance(found, bytes):
            return found
        if not self._may_follow(found):
            raise SendFailed("the address of a video leads elsewhere", permanent=True)
        _, body = await self._transport.exchange("GET", found, {}, MEDIA_BYTES, timeout=_LONG)
        return body

    def _may_follow(self, address: str) -> bool:
        try:
            url, base = URL(address), URL(self._transport.base)
        except ValueError:
            return False
        return url.origin() == base.origin() if url.host == base.host else _of_tencent(url)

    async def _with_token(self, call: Callable[[str], Awaitable[T]]) -> T:
        token = await self._tokens.get()
        try:
            return await call(token)
        except ApiError as error:
            if error.code not in TOKEN_OLD:
                raise
        return await call(await self._tokens.renew(token))


def _of_tencent(url: URL) -> bool:
    return url.scheme == "https" and url.port == HTTPS and (url.host or "").endswith(_VIDEO_HOSTS)
