"""Knows WeCom's side of a 智能机器人: who pushes callbacks, takes one answer at an address, and holds media."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.fakes.faults import Faults
from tests.fakes.wechat import Pusher
from tests.fakes.wechat_rules import NO_FORM
from tests.fakes.wecom_bot_rules import Code, check_card, check_markdown

HOUR = 3600.0
MEDIA_SECONDS = 300.0
MEDIA_KEY = base64.b64encode(bytes(range(32))).decode()
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


def seal_medium(data: bytes, key: str = MEDIA_KEY) -> bytes:
    """A medium under AES-256-CBC as WeCom keeps it: padded to 32 bytes."""
    raw = base64.b64decode(key + "=" * (-len(key) % 4))
    fill = 32 - len(data) % 32
    encryptor = Cipher(algorithms.AES(raw), modes.CBC(raw[:16])).encryptor()
    return encryptor.update(data + bytes([fill]) * fill) + encryptor.finalize()


@dataclass
class BotPusher:
    """Signs, encrypts and delivers callbacks as JSON; written without the product's codec. A bot has no receiver id."""

    token: str = "QDG6eK"
    aes_key: str = KEY

    def __post_init__(self) -> None:
        self.paper = Pusher(token=self.token, aes_key=self.aes_key, app_id="")

    def query(self, stamp: int, sealed: str, nonce: str = "263014780") -> dict[str, str]:
        """The query of a delivery."""
        signed = self.paper.signature(self.token, str(stamp), nonce, sealed)
        return {"msg_signature": signed, "timestamp": str(stamp), "nonce": nonce}

    def sealed(self, document: object) -> str:
        """The ciphertext of a message."""
        return self.paper.seal(json.dumps(document, ensure_ascii=False))

    async def push(self, url: str, document: Mapping[str, Any], stamp: int) -> dict[str, Any] | None:
        """Deliver one message; the answer, None for an empty one. Raises AssertionError for a broken one."""
        sealed = self.sealed(document)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
            query = self.query(stamp, sealed)
            async with session.post(url, params=query, json={"encrypt": sealed}) as response:
                assert response.status == 200, response.status
                return self.read(await response.read())

    def read(self, body: bytes) -> dict[str, Any] | None:
        """The answer in a body, its signature checked, of a kind that is allowed there."""
        if not body:
            return None
        envelope = json.loads(body)
        assert set(envelope) == {"encrypt", "msgsignature", "timestamp", "nonce"}
        signed = self.paper.signature(self.token, str(envelope["timestamp"]), envelope["nonce"], envelope["encrypt"])
        assert signed == envelope["msgsignature"]
        answer = json.loads(self.paper.unseal(envelope["encrypt"]))
        assert answer["msgtype"] in ("stream", "template_card", "stream_with_template_card", "text")
        return dict(answer)


@dataclass
class FakeBotApi:
    """Answers at one-time addresses: one POST within an hour, markdown or a card. And the media of messages."""

    clock: Callable[[], float]
    sent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    tries: list[str] = field(default_factory=list)
    trouble: list[int] = field(default_factory=list)
    media: dict[str, tuple[bytes, float]] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    _ways: dict[str, tuple[str, float]] = field(default_factory=dict)

    def app(self) -> web.Application:
        """The application to serve."""
        app = web.Application()
        app.router.add_post("/cgi-bin/aibot/response", self._respond)
        app.router.add_get("/media/{name}", self._medium)
        return app

    def way(self, base: str, chat: str) -> str:
        """An address for one answer into a chat."""
        code = f"code-canary-{len(self._ways)}"
        self._ways[code] = (chat, self.clock() + HOUR)
        return f"{base}/cgi-bin/aibot/response?response_code={code}"

    def put(self, name: str, data: bytes, key: str = MEDIA_KEY) -> None:
        """A member has sent a medium; its address is good for five minutes."""
        self.media[name] = (seal_medium(data, key), self.clock() + MEDIA_SECONDS)

    def texts(self, chat: str) -> list[str]:
        """What was said in a chat, cards with their titles."""
        return [shown(body) for where, body in self.sent if where == chat]

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        code = request.query["response_code"]
        self.tries.append(code)
        if (fault := self.faults.take("response")) is not None:
            return await fault.answer(request)
        try:
            if self.trouble:
                raise Code(self.trouble.pop(0))
            chat, until = self._ways.pop(code, ("", 0.0))
            if self.clock() >= until:
                raise Code(846605)
            body = json.loads(await request.read())
            if body["msgtype"] == "markdown":
                check_markdown(body)
            elif body["msgtype"] == "template_card":
                check_card(body["template_card"])
            else:
                raise Code(40008)
            self.sent.append((chat, body))
        except Code as error:
            return web.json_response({"errcode": error.number, "errmsg": "refused"})
        except NO_FORM:
            return web.json_response({"errcode": 47001, "errmsg": "data format error"})
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    async def _medium(self, request: web.Request) -> web.Response:
        data, until = self.media.get(request.match_info["name"], (b"", 0.0))
        if self.clock() >= until:
            raise web.HTTPForbidden
        return web.Response(body=data)


def shown(body: Mapping[str, Any]) -> str:
    """What a member reads of a message."""
    kind = body.get("msgtype", "template_card")
    if kind != "template_card":
        return str(body[kind]["content"])
    card = body["template_card"]
    return "\n".join(filter(None, (card["main_title"]["title"], card.get("sub_title_text", ""))))
