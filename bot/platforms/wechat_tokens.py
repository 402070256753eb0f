"""Knows the access token of a WeChat account: one for all processes, fetched by one of them, renewed when refused."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from bot.doors import SendFailed
from bot.platforms.ledger import Ledger
from bot.platforms.wechat_transport import Transport
from bot.secret import Secret
from storage.values import Token

FORCE_PAUSE: Final = timedelta(days=1) / 20
"""WeChat lets a new token be forced 20 times a day."""

MARGIN: Final = 60.0
FAILED: Final = timedelta(seconds=1)
LOOK: Final = 0.1
LOOKS: Final = 60
"""How often to look whether another process has fetched a token, and how many times: 6 s in all."""


class Tokens:
    """Within a process one task at a time looks after the token; among processes the one that holds the lease."""

    def __init__(self, transport: Transport, app_id: str, secret: Secret, ledger: Ledger) -> None:
        self._transport = transport
        self._app_id = app_id
        self._secret = secret
        self._ledger = ledger
        self._name = f"wechat:{app_id}"
        self._lock = asyncio.Lock()
        self._token: Token | None = None
        self._failure: tuple[datetime, SendFailed] | None = None

    async def get(self) -> str:
        """A token believed to be good."""
        if self._good(self._token):
            return self._value
        async with self._lock:
            if not self._good(self._token):
                await self._other_than("")
            return self._value

    async def renew(self, refused: str) -> str:
        """A token other than the refused one: another task's or process's, the server's current one, a forced one."""
        async with self._lock:
            if self._value == refused:
                await self._other_than(refused)
            return self._value

    @property
    def _value(self) -> str:
        return self._token.value if self._token is not None else ""

    def _good(self, token: Token | None) -> bool:
        return token is not None and self._ledger.now() < token.until

    async def _other_than(self, refused: str) -> None:
        """Take the shared token, or fetch one; whoever does not get the lease waits for who has it."""
        for _ in range(LOOKS):
            if await self._take(refused):
                return
            if await self._ledger.lease(f"token:{self._name}"):
                if not await self._take(refused):  # shared between the first look and the lease
                    await self._fetch(refused)
                return
            await asyncio.sleep(LOOK)
        raise SendFailed("token: another process is fetching it")

    async def _take(self, refused: str) -> bool:
        shared = await self._ledger.token(self._name)
        if shared is None or shared.value == refused or not self._good(shared):
            return False
        self._token = shared
        return True

    async def _fetch(self, refused: str) -> None:
        """The server's current token; a forced one where that is the refused one, as often as WeChat allows."""
        known = await self._ledger.token(self._name)
        forced_at, now = known.forced_at if known is not None else None, self._ledger.now()
        given = await self._ask(force=False)
        if refused and given[0] == refused and (forced_at is None or now - forced_at >= FORCE_PAUSE):
            forced_at = now
            # Written down first: a process that dies over it has used up this time all the same.
            await self._ledger.keep_token(self._name, Token(given[0], now, forced_at))
            given = await self._ask(force=True)
        value, seconds = given
        until = self._ledger.now() + timedelta(seconds=seconds - min(MARGIN, seconds / 10))
        self._token = Token(value, until, forced_at)
        await self._ledger.keep_token(self._name, self._token)

    async def _ask(self, *, force: bool) -> tuple[str, int]:
        """Ask for a token; who waited for one that just failed gets the same failure, not a call of their own."""
        if self._failure is not None and self._ledger.now() - self._failure[0] < FAILED:
            raise self._failure[1]
        asked = {
            "grant_type": "client_credential",
            "appid": self._app_id,
            "secret": self._secret.reveal(),
            "force_refresh": force,
        }
        try:
            given = _token(await self._transport.json("POST", "/cgi-bin/stable_token", {}, json=asked))
        except SendFailed as error:
            account = error.account or error.permanent
            failure = SendFailed(f"token: {error}", account=account, retry_after=error.retry_after)
            self._failure = self._ledger.now(), failure
            raise failure from None
        self._failure = None
        return given


def _token(given: Mapping[str, Any]) -> tuple[str, int]:
    token, seconds = given.get("access_token"), given.get("expires_in")
    if not (isinstance(token, str) and token and isinstance(seconds, int)):
        raise SendFailed("no token in the answer", account=True)
    return token, seconds
