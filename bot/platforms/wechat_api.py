"""Knows how to call WeChat's API: one token refresher, one retry, a time limit on everything, what each error means."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, TypeVar

import aiohttp
from yarl import URL

from bot.doors import SendFailed
from bot.secret import Secret

TOTAL: Final = 8.0
CONNECT: Final = 4.0
MEDIA_TOTAL: Final = 20.0
JSON_BYTES: Final = 1 << 20
MEDIA_BYTES: Final = 20 << 20
FORCE_PAUSE: Final = 86400.0 / 20  # WeChat lets a new token be forced 20 times a day
MARGIN: Final = 60.0
MINUTE: Final = 60.0
HOUR: Final = 3600.0
HTTPS: Final = 443

T = TypeVar("T")

TOKEN_OLD: Final = frozenset({40001, 40014, 42001})
WINDOW_OVER: Final = frozenset({45015, 45047})
NO_MENU: Final = 40200
_BUSY: Final[Mapping[int, float | None]] = {-1: None, 45009: HOUR, 45011: MINUTE, 45033: MINUTE}
_ACCOUNT: Final = frozenset({40164, 48001, 40013, 40125, 40243, 50002, 61024}) | TOKEN_OLD
_LONG: Final = aiohttp.ClientTimeout(total=MEDIA_TOTAL, sock_connect=CONNECT)
_JSON: Final = {"Content-Type": "application/json; charset=utf-8"}
_VIDEO_HOSTS: Final = (".qq.com", ".qpic.cn")
_DOCUMENTS: Final = frozenset({"application/json", "text/json", "text/plain"})


class ApiError(SendFailed):
    """A code of WeChat's list. Whoever calls may know another way; else it is a SendFailed like any other."""

    def __init__(self, code: int) -> None:
        busy = code in _BUSY
        wait = _BUSY.get(code)
        account = code in _ACCOUNT or wait is not None
        super().__init__(f"errcode {code}", permanent=not busy and not account, retry_after=wait, account=account)
        self.code = code


class Transport:
    """HTTP to one API base. Neither addresses nor bodies get into exceptions: the token stands in the query."""

    def __init__(self, base: str, total: float = TOTAL) -> None:
        self.base = base.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=total, sock_connect=CONNECT)
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Make the session; nothing is sent."""
        self._session = aiohttp.ClientSession(timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar())

    async def stop(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def exchange(
        self, method: str, url: str, query: Mapping[str, str], limit: int = JSON_BYTES, **options: Any
    ) -> tuple[str, bytes]:
        """Content type and body of one exchange. Raises SendFailed; redirects are not followed."""
        if self._session is None:
            raise SendFailed("not started")
        address = url if "://" in url else self.base + url
        try:
            async with self._session.request(
                method, address, params=query, allow_redirects=False, **options
            ) as response:
                _check_status(response)
                return response.content_type, await _read(response, limit)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise SendFailed(type(error).__name__, account=True) from None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise SendFailed(type(error).__name__) from None

    async def json(self, method: str, path: str, query: Mapping[str, str], **options: Any) -> dict[str, Any]:
        """The JSON object of one exchange. Raises ApiError when it carries an errcode, SendFailed for the rest."""
        _, body = await self.exchange(method, path, query, **options)
        return _document(body)


class Tokens:
    """The access token of one account: fetched by one task at a time, kept until shortly before it ends."""

    def __init__(self, transport: Transport, app_id: str, secret: Secret, monotonic: Callable[[], float]) -> None:
        self._transport = transport
        self._app_id = app_id
        self._secret = secret
        self._now = monotonic
        self._lock = asyncio.Lock()
        self._token = ""
        self._until = 0.0
        self._forced_at = -FORCE_PAUSE
        self._failure: tuple[float, SendFailed] | None = None

    async def get(self) -> str:
        """A token believed to be good."""
        if self._now() < self._until:
            return self._token
        async with self._lock:
            if self._now() >= self._until:
                await self._fetch(force=False)
            return self._token

    async def renew(self, refused: str) -> str:
        """A token other than the refused one: another task's, the server's current one, or a forced new one."""
        async with self._lock:
            if self._token == refused:
                await self._fetch(force=False)
            if self._token == refused and self._now() - self._forced_at >= FORCE_PAUSE:
                self._forced_at = self._now()
                await self._fetch(force=True)
            return self._token

    async def _fetch(self, *, force: bool) -> None:
        """Ask for a token; who waited for one that just failed gets the same failure, not a call of their own."""
        if self._failure is not None and self._now() - self._failure[0] < 1.0:
            raise self._failure[1]
        asked = {
            "grant_type": "client_credential",
            "appid": self._app_id,
            "secret": self._secret.reveal(),
            "force_refresh": force,
        }
        try:
            given = await self._transport.json("POST", "/cgi-bin/stable_token", {}, json=asked)
            self._keep(given)
        except SendFailed as error:
            account = error.account or error.permanent
            failure = SendFailed(f"token: {error}", account=account, retry_after=error.retry_after)
            self._failure = self._now(), failure
            raise failure from None

    def _keep(self, given: Mapping[str, Any]) -> None:
        token, seconds = given.get("access_token"), given.get("expires_in")
        if not (isinstance(token, str) and token and isinstance(seconds, int)):
            raise SendFailed("no token in the answer", account=True)
        self._failure = None
        self._token = token
        self._until = self._now() + seconds - min(MARGIN, seconds / 10)


class WeChatApi:
    """The calls that this bot makes."""

    def __init__(self, base: str, app_id: str, secret: Secret, monotonic: Callable[[], float]) -> None:
        self._transport = Transport(base)
        self._tokens = Tokens(self._transport, app_id, secret, monotonic)

    async def start(self) -> None:
        """Ready to call; no network yet."""
        await self._transport.start()

    async def stop(self) -> None:
        """Close the connections."""
        await self._transport.stop()

    async def post(self, path: str, document: Mapping[str, object]) -> dict[str, Any]:
        """POST a JSON document in real UTF-8 (WeChat shows escaped characters as they stand)."""
        body = json.dumps(document, ensure_ascii=False).encode()

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
            return str(_document(body).get("video_url", "")) if kind in _DOCUMENTS else body

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


def _check_status(response: aiohttp.ClientResponse) -> None:
    """Refuse all but 2xx: a busy or broken server heals, a wrong address or a redirect is the account's fault."""
    status = response.status
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    passing = status in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
    if passing or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise SendFailed(f"HTTP {status}", retry_after=_seconds(response.headers.get("Retry-After", "")))
    raise SendFailed(f"HTTP {status}", account=True)


def _seconds(header: str) -> float | None:
    return float(header) if header.isascii() and header.isdigit() and len(header) < len("1000000") else None


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > limit:
            raise SendFailed("the answer is too large", permanent=True)
    return bytes(body)


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise SendFailed("the answer is no JSON") from None
    if not isinstance(document, dict):
        raise SendFailed("the answer is no object")
    code = document.get("errcode", 0)
    if not isinstance(code, int):
        raise SendFailed("errcode is no number")
    if code:
        raise ApiError(code)
    return document
