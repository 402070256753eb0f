"""Knows how to call WeCom's API: one token refresher, one retry, a time limit on everything, what each error means."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar

import aiohttp

from bot.doors import SendFailed
from bot.platforms.wechat_transport import Transport
from bot.secret import Secret

CONNECT: Final = 4.0
MEDIA_TOTAL: Final = 20.0
MEDIA_BYTES: Final = 20 << 20
MINUTE: Final = 60.0
SOON: Final = 5.0

T = TypeVar("T")

TOKEN_OLD: Final = frozenset({40014, 42001})
NOBODY_REACHED: Final = 81013
_RETRY: Final[Mapping[int, float | None]] = {-1: None, 6000: None, 45033: SOON}
"""Busy, somebody else changed the same thing, too many calls side by side: the letter waits, others go on."""
_THROTTLED: Final = frozenset({45009, 45011})
"""Too many calls a minute: the whole account rests for one."""
_ACCOUNT: Final = frozenset({40001, 40013, 40056, 48002, 60011, 60020, 301002}) | TOKEN_OLD
"""Secret, corp, application, rights or address are wrong: a person has to see to it."""
_LONG: Final = aiohttp.ClientTimeout(total=MEDIA_TOTAL, sock_connect=CONNECT)
_JSON: Final = {"Content-Type": "application/json; charset=utf-8"}
_DOCUMENTS: Final = frozenset({"application/json", "text/json", "text/plain"})


class WecomError(SendFailed):
    """A code of WeCom's list: retry, pause the account, or final. Only the code counts, its message never does."""

    def __init__(self, code: int) -> None:
        throttled = code in _THROTTLED
        account = throttled or code in _ACCOUNT
        wait = MINUTE if throttled else _RETRY.get(code)
        final = not account and code not in _RETRY
        super().__init__(f"errcode {code}", permanent=final, retry_after=wait, account=account)
        self.code = code


class WecomTokens:
    """The access token of one application: fetched by one task at a time, kept until shortly before it ends."""

    def __init__(self, transport: Transport, corp_id: str, secret: Secret, monotonic: Callable[[], float]) -> None:
        self._transport = transport
        self._corp_id = corp_id
        self._secret = secret
        self._now = monotonic
        self._lock = asyncio.Lock()
        self._token = ""
        self._until = 0.0
        self._failure: tuple[float, SendFailed] | None = None

    async def get(self) -> str:
        """A token believed to be good."""
        if self._now() < self._until:
            return self._token
        async with self._lock:
            if self._now() >= self._until:
                await self._fetch()
            return self._token

    async def renew(self, refused: str) -> str:
        """The token that counts after one was refused: another task's, or what WeCom gives out now."""
        async with self._lock:
            if self._token == refused:
                await self._fetch()
            return self._token

    async def _fetch(self) -> None:
        """Ask for a token; who waited for one that just failed gets the same failure, not a call of their own."""
        if self._failure is not None and self._now() - self._failure[0] < 1.0:
            raise self._failure[1]
        query = {"corpid": self._corp_id, "corpsecret": self._secret.reveal()}
        try:
            self._keep(read(await self._transport.exchange("GET", "/cgi-bin/gettoken", query)))
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
        self._until = self._now() + seconds - min(MINUTE, seconds / 10)


class WecomApi:
    """The calls that this bot makes as one application. The application and its group chats share it."""

    def __init__(
        self, base: str, corp_id: str, secret: Secret, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._transport = Transport(base)
        self._tokens = WecomTokens(self._transport, corp_id, secret, monotonic)
        self._users = 0

    async def start(self) -> None:
        """Ready to call; no network yet."""
        self._users += 1
        if self._users == 1:
            await self._transport.start()

    async def stop(self) -> None:
        """Close the connections when the last who started has stopped."""
        self._users -= 1
        if self._users == 0:
            await self._transport.stop()

    async def post(self, path: str, document: Mapping[str, object]) -> dict[str, Any]:
        """POST a JSON document; its answer. Raises WecomError, SendFailed."""
        body = json.dumps(document, ensure_ascii=False).encode()

        async def call(token: str) -> dict[str, Any]:
            query = {"access_token": token}
            return read(await self._transport.exchange("POST", path, query, data=body, headers=_JSON))

        return await self._with_token(call)

    async def look(self, path: str, **asked: str) -> dict[str, Any]:
        """GET a JSON document. Raises WecomError, SendFailed."""

        async def call(token: str) -> dict[str, Any]:
            return read(await self._transport.exchange("GET", path, {"access_token": token, **asked}))

        return await self._with_token(call)

    async def member(self, userid: str) -> dict[str, Any]:
        """What WeCom knows of a member. Raises WecomError, with NO_SUCH_MEMBER where there is none."""
        return await self.look("/cgi-bin/user/get", userid=userid)

    async def upload_image(self, image: bytes) -> str:
        """Upload a JPEG as a temporary medium; its media id."""

        async def call(token: str) -> dict[str, Any]:
            form = aiohttp.FormData()
            form.add_field("media", image, filename="photo.jpg", content_type="image/jpeg")
            query = {"access_token": token, "type": "image"}
            path = "/cgi-bin/media/upload"
            return read(await self._transport.exchange("POST", path, query, data=form, timeout=_LONG))

        media_id = (await self._with_token(call)).get("media_id")
        if not isinstance(media_id, str):
            raise SendFailed("no media_id in the answer")
        return media_id

    async def download(self, media_id: str) -> bytes:
        """The bytes of a temporary medium (kept three days). Raises WecomError, SendFailed."""

        async def call(token: str) -> bytes:
            query = {"access_token": token, "media_id": media_id}
            found = await self._transport.exchange("GET", "/cgi-bin/media/get", query, MEDIA_BYTES, timeout=_LONG)
            if found[0] in _DOCUMENTS:
                read(found)
                raise SendFailed("a document in the place of a medium", permanent=True)
            return found[1]

        return await self._with_token(call)

    async def _with_token(self, call: Callable[[str], Awaitable[T]]) -> T:
        token = await self._tokens.get()
        try:
            return await call(token)
        except WecomError as error:
            if error.code not in TOKEN_OLD:
                raise
        return await call(await self._tokens.renew(token))


def read(found: tuple[str, bytes]) -> dict[str, Any]:
    """The JSON object of an answer. Raises WecomError when it carries an errcode, SendFailed when it is no object."""
    try:
        document = json.loads(found[1])
    except (ValueError, RecursionError):
        raise SendFailed("the answer is no JSON") from None
    if not isinstance(document, dict):
        raise SendFailed("the answer is no object")
    code = document.get("errcode", 0)
    if not isinstance(code, int):
        raise SendFailed("errcode is no number")
    if code:
        raise WecomError(code)
    return document
