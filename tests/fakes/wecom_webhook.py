"""Knows WeCom's side of group webhooks: strict about fields, bytes, pictures and twenty messages a minute for a key."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.faults import Faults
from tests.fakes.wechat_rules import NO_FORM, ApiCode

MINUTE = 60.0
BYTES = {"text": 2048, "markdown": 4096, "markdown_v2": 4096}
PICTURE = 2 << 20
MAY_HOLD = {
    "text": {"content", "mentioned_list", "mentioned_mobile_list"},
    "markdown": {"content"},
    "markdown_v2": {"content"},
    "image": {"base64", "md5"},
}
"""The kinds that this bot may send, and their fields; another kind or field is refused."""

NO_KIND, EMPTY, TOO_LONG, NO_PICTURE, FULL = 40008, 44004, 40058, 40009, 45009
BAD_URL, DISABLED, NOT_IN_GROUP = 93000, 93004, 93008


@dataclass
class FakeWecomWebhook:
    """The robots of some groups: key → group. Times are seconds of the clock that is given."""

    clock: Callable[[], float]
    keys: dict[str, str] = field(default_factory=dict)
    per_minute: int = 20
    disabled: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    faults: Faults = field(default_factory=Faults)
    sent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._times: dict[str, list[float]] = defaultdict(list)

    def app(self) -> web.Application:
        """The application to serve."""
        app = web.Application(client_max_size=8 << 20)
        app.router.add_post("/cgi-bin/webhook/send", self._send)
        return app

    def fill(self, key: str) -> None:
        """Somebody else has used up the minute of a key."""
        self._times[key] = [self.clock()] * self.per_minute

    def texts(self, group: str) -> list[str]:
        """The words that stand in a group, in order."""
        said = [message.get(message["msgtype"], {}) for where, message in self.sent if where == group]
        return [str(one["content"]) for one in said if "content" in one]

    def pictures(self, group: str) -> list[bytes]:
        """The pictures that stand in a group, in order."""
        kinds = [message for where, message in self.sent if where == group and message["msgtype"] == "image"]
        return [base64.b64decode(message["image"]["base64"]) for message in kinds]

    async def _send(self, request: web.Request) -> web.StreamResponse:
        fault = self.faults.take("send")
        if fault is not None:
            return await fault.answer(request)
        try:
            self._take(request.query.get("key", ""), await request.read())
        except NO_FORM:
            self.refused.append(NO_KIND)
            return web.json_response({"errcode": NO_KIND, "errmsg": "refused"})
        except ApiCode as error:
            self.refused.append(error.args[0])
            return web.json_response({"errcode": error.args[0], "errmsg": "refused"})
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    def _take(self, key: str, body: bytes) -> None:
        if key not in self.keys:
            raise ApiCode(BAD_URL)
        if key in self.disabled:
            raise ApiCode(DISABLED)
        if key in self.removed:
            raise ApiCode(NOT_IN_GROUP)
        message = _checked(body)
        recent = [at for at in self._times[key] if self.clock() - at < MINUTE]
        if len(recent) >= self.per_minute:
            raise ApiCode(FULL)
        self._times[key] = [*recent, self.clock()]
        self.used.append(key)
        self.sent.append((self.keys[key], message))


def _checked(body: bytes) -> dict[str, Any]:
    """The message, when nothing is wrong with it."""
    try:
        message = json.loads(body.decode())
    except ValueError:
        raise ApiCode(NO_KIND) from None
    kind = message.get("msgtype") if isinstance(message, dict) else None
    if kind not in MAY_HOLD or set(message) != {"msgtype", kind}:
        raise ApiCode(NO_KIND)
    said = message[kind]
    if not isinstance(said, dict) or not set(said) <= MAY_HOLD[kind]:
        raise ApiCode(TOO_LONG)
    if kind == "image":
        _picture(said)
    else:
        _words(said, BYTES[kind])
    return dict(message)


def _words(said: Mapping[str, Any], limit: int) -> None:
    content = said.get("content")
    if not isinstance(content, str) or not content.strip():
        raise ApiCode(EMPTY)
    if len(content.encode()) > limit:
        raise ApiCode(TOO_LONG)
    called = said.get("mentioned_list", [])
    if not isinstance(called, list) or not all(
        isinstance(one, str) and re.fullmatch(r"\S{1,64}", one) for one in called
    ):
        raise ApiCode(TOO_LONG)


def _picture(said: Mapping[str, Any]) -> None:
    try:
        data = base64.b64decode(said.get("base64", ""), validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise ApiCode(NO_PICTURE) from None
    right = hashlib.md5(data, usedforsecurity=False).hexdigest() == said.get("md5")
    if not right or not data.startswith((b"\xff\xd8\xff", b"\x89PNG")) or len(data) > PICTURE:
        raise ApiCode(NO_PICTURE)
