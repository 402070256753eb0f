"""Knows who may enter the playground, that only its own page may change the town, and what a browser may load there."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from aiohttp import web

from bot.playground.posted import BadInput
from bot.secret import Secret, same

Handler = Callable[[web.Request], Awaitable[web.Response]]

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
CHALLENGE: Final = 'Basic realm="xiaoge playground", charset="UTF-8"'


class Guard:
    """Stands before every address of the playground."""

    def __init__(self, words: Mapping[str, str], password: Secret) -> None:
        self._words = words
        self._password = password

    def wrap(self, handler: Handler) -> Handler:
        """The handler behind the guard: password, own page, bad input as a sentence, headers."""

        async def guarded(request: web.Request) -> web.Response:
            response = self._refusal(request)
            if response is None:
                try:
                    response = await handler(request)
                except BadInput as error:
                    response = self._say(error.key, error.status)
            response.headers.update(HEADERS)
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        return guarded

    def _refusal(self, request: web.Request) -> web.Response | None:
        if self._password and not self._opens(request.headers.get("Authorization", "")):
            response = self._say("password", 401)
            response.headers["WWW-Authenticate"] = CHALLENGE
            return response
        if request.method == "POST" and request.headers.get("X-Playground") != "1":
            return self._say("guard", 403)
        return None

    def _opens(self, header: str) -> bool:
        scheme, _, packed = header.partition(" ")
        if scheme.lower() != "basic":
            return False
        try:
            _, _, given = b64decode(packed.strip(), validate=True).decode("utf-8").partition(":")
        except (binascii.Error, ValueError):
            return False
        return same(given, self._password.reveal())

    def _say(self, key: str, status: int) -> web.Response:
        return web.json_response({"error": self._words[f"playground.error.{key}"]}, status=status)
