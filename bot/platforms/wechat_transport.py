"""Knows HTTP to WeChat's API: a time limit on everything, and what each error code of its list means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import aiohttp

from bot.doors import SendFailed

TOTAL: Final = 8.0
CONNECT: Final = 4.0
JSON_BYTES: Final = 1 << 20
MINUTE: Final = 60.0
HOUR: Final = 3600.0

TOKEN_OLD: Final = frozenset({40001, 40014, 42001})
WINDOW_OVER: Final = frozenset({45015, 45047})
NOT_ALLOWED: Final = frozenset({48001, 48002})
NO_MENU: Final = frozenset({40200})
NOT_FOLLOWING: Final = frozenset({43004})
REFUSED: Final = frozenset({43101})
_BUSY: Final[Mapping[int, float | None]] = {-1: None, 45009: HOUR, 45011: MINUTE, 45033: MINUTE}
_ACCOUNT: Final = frozenset({40164, 40013, 40125, 40243, 48006, 50002, 61024}) | TOKEN_OLD | NOT_ALLOWED


class ApiError(SendFailed):
    """A code of WeChat's list. Whoever calls may know another way; else it is a SendFailed like any other."""

    def __init__(self, code: int) -> None:
        busy = code in _BUSY
        wait = _BUSY.get(code)
        account = code in _ACCOUNT or wait is not None
        super().__init__(f"errcode {code}", permanent=not busy and not account, retry_after=wait, account=account)
        self.code = code


class Unsure(SendFailed):
    """The connection broke after the call: it may have arrived all the same."""


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
            raise Unsure(type(error).__name__) from None

    async def json(self, method: str, path: str, query: Mapping[str, str], **options: Any) -> dict[str, Any]:
        """The JSON object of one exchange. Raises ApiError when it carries an errcode, SendFailed for the rest."""
        _, body = await self.exchange(method, path, query, **options)
        return document(body)


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


def document(body: bytes) -> dict[str, Any]:
    """The JSON object in a body. Raises ApiError when it carries an errcode, SendFailed when it is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Unsure("the answer is no JSON") from None
    if not isinstance(found, dict):
        raise Unsure("the answer is no object")
    code = found.get("errcode", 0)
    if not isinstance(code, int):
        raise Unsure("errcode is no number")
    if code:
        raise ApiError(code)
    return found
