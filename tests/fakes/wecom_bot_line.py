"""Knows the other end of a 智能机器人's long connection: frames, one live at a time, rates, what may be answered."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.faults import Faults
from tests.fakes.wechat_rules import NO_FORM
from tests.fakes.wecom_bot import shown
from tests.fakes.wecom_bot_rules import Code, check_card, check_content, check_markdown, check_stream

CHUNK = 512 * 1024
SIX_MINUTES, FIVE_SECONDS, MINUTE, HOUR = 360.0, 5.0, 60.0, 3600.0


@dataclass
class FakeBotLine:
    """The WebSocket server of one bot. Times are seconds of the clock that is given."""

    clock: Callable[[], float]
    bot_id: str = "aibot-1"
    secret: str = "bot-secret-canary"
    per_minute: int = 30
    per_hour: int = 1000
    reachable: Callable[[str], bool] = lambda chat: True
    said: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    cards: dict[str, dict[str, Any]] = field(default_factory=dict)
    overrun: int = 0
    subscribed: int = 0
    refused: int = 0
    pings: int = 0
    trouble: list[int] = field(default_factory=list)
    silent: int = 0
    faults: Faults = field(default_factory=Faults)
    pictures: dict[str, bytes] = field(default_factory=dict)
    _uploads: dict[str, tuple[dict[str, Any], list[bytes]]] = field(default_factory=dict)
    _live: web.WebSocketResponse | None = None
    _asked: dict[str, tuple[str, str, float]] = field(default_factory=dict)
    _sent: dict[str, list[float]] = field(default_factory=dict)
    _serial: int = 0

    def app(self) -> web.Application:
        """The application to serve."""
        app = web.Application()
        app.router.add_get("/", self._serve)
        return app

    @property
    def live(self) -> bool:
        """Whether a bot is connected."""
        return self._live is not None and not self._live.closed

    def texts(self, chat: str) -> list[str]:
        """What was said in a chat, cards with their titles."""
        return [shown(body) for where, _, body in self.said if where == chat and body["msgtype"] != "image"]

    def images(self, chat: str) -> list[bytes]:
        """The pictures that were shown in a chat."""
        found = [body for where, _, body in self.said if where == chat and body["msgtype"] == "image"]
        return [self.pictures[body["image"]["media_id"]] for body in found]

    def ways(self, chat: str) -> list[str]:
        """By which commands something was said in a chat."""
        return [cmd for where, cmd, _ in self.said if where == chat]

    async def push(self, body: Mapping[str, Any]) -> str:
        """Deliver a message or an event; the number of its request."""
        assert self._live is not None, "nobody is connected"
        self._serial += 1
        number = f"push-{self._serial}"
        event = body["msgtype"] == "event"
        kind = body["event"]["eventtype"] if event else "message"
        chat = body.get("chatid") or body["from"].get("userid", "").lower()
        self._asked[number] = (kind, chat, self.clock() + (FIVE_SECONDS if event else SIX_MINUTES))
        cmd = "aibot_event_callback" if event else "aibot_msg_callback"
        await self._live.send_json({"cmd": cmd, "headers": {"req_id": number}, "body": body})
        return number

    async def cut(self, *, politely: bool = False) -> None:
        """The connection ends: as a server that restarts would end it, or torn."""
        live, self._live = self._live, None
        if live is None:
            return
        if politely:
            await live.close(code=1000)
        elif live._req is not None and live._req.transport is not None:
            live._req.transport.abort()

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        known = False
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            frame = json.loads(message.data)
            number = frame["headers"]["req_id"]
            assert number
            code, told = 0, {}
            try:
                if frame["cmd"] == "aibot_subscribe":
                    self._subscribe(frame["body"])
                    known = True
                    await self._evict(socket)
                elif not known or socket is not self._live:
                    raise Code(40001)
                else:
                    await self._misbehave(frame["cmd"])
                    told = self._handle(frame["cmd"], number, frame.get("body", {}))
            except Code as error:
                code = error.number
            except NO_FORM:
                code = 47001
            if socket is not self._live and known:
                break
            if self.silent and frame["cmd"] not in ("ping", "aibot_subscribe"):
                self.silent -= 1
                continue
            answer = {"headers": {"req_id": number}, "errcode": code, "errmsg": "errcode=7, as ordered"}
            await socket.send_json(answer | ({"body": told} if told else {}))
        return socket

    async def _misbehave(self, cmd: str) -> None:
        """What was ordered for this command: a code, or the connection torn before anything is done."""
        fault = self.faults.take(cmd)
        if fault is None:
            return
        if fault.cut:
            await self.cut()
            raise Code(0)
        raise Code(json.loads(fault.body)["errcode"])

    def _subscribe(self, body: Mapping[str, Any]) -> None:
        if body != {"bot_id": self.bot_id, "secret": self.secret}:
            self.refused += 1
            raise Code(40001)
        self.subscribed += 1

    async def _evict(self, socket: web.WebSocketResponse) -> None:
        """One live connection per bot: a new one ends the old."""
        old, self._live = self._live, socket
        if old is not None and not old.closed:
            self._ending = asyncio.create_task(old.close(code=1000))

    def _handle(self, cmd: str, number: str, body: dict[str, Any]) -> dict[str, Any]:
        if cmd == "ping":
            self.pings += 1
            return {}
        ordered = self.trouble.pop(0) if self.trouble else 0
        if ordered:
            raise Code(ordered)
        if cmd == "aibot_send_msg":
            self._send(body)
            return {}
        if cmd.startswith("aibot_upload_media_"):
            return self._upload(cmd.removeprefix("aibot_upload_media_"), body)
        kind, chat, until = self._asked.pop(number, ("", "", 0.0))
        if self.clock() >= until:
            raise Code(846608 if kind else 846605)
        wanted = {"aibot_respond_welcome_msg": "enter_chat", "aibot_respond_update_msg": "template_card_event"}
        if kind != wanted.get(cmd, "message"):
            raise Code(846605)
        self._respond(cmd, chat, body)
        return {}

    def _upload(self, step: str, body: dict[str, Any]) -> dict[str, Any]:
        """The three steps of a medium: announced, brought in chunks in order, checked at the end."""
        if step == "init":
            if set(body) != {"type", "filename", "total_size", "total_chunks", "md5"} or body["type"] != "image":
                raise Code(47001)
            if not 5 <= body["total_size"] <= 10 << 20 or body["total_chunks"] != -(-body["total_size"] // CHUNK):
                raise Code(40006)
            name = f"upload-{len(self._uploads)}"
            self._uploads[name] = (body, [])
            return {"upload_id": name}
        told, chunks = self._uploads[body["upload_id"]]
        if step == "chunk":
            data = base64.b64decode(body["base64_data"], validate=True)
            if body["chunk_index"] != len(chunks) or len(data) > CHUNK:
                raise Code(47001)
            chunks.append(data)
            return {}
        whole = b"".join(chunks)
        if len(whole) != told["total_size"] or hashlib.md5(whole, usedforsecurity=False).hexdigest() != told["md5"]:
            raise Code(40006)
        media = f"media-{len(self.pictures)}"
        self.pictures[media] = whole
        return {"type": "image", "media_id": media, "created_at": int(self.clock())}

    def _respond(self, cmd: str, chat: str, body: dict[str, Any]) -> None:
        if cmd == "aibot_respond_update_msg":
            if set(body) != {"response_type", "template_card"} or body["response_type"] != "update_template_card":
                raise Code(47001)
            check_card(body["template_card"])
            if body["template_card"]["task_id"] not in self.cards:
                raise Code(40058)
            self.cards[body["template_card"]["task_id"]] = body["template_card"]
            return
        if body["msgtype"] == "stream":
            check_stream(body["stream"])
        elif body["msgtype"] == "text" and cmd == "aibot_respond_welcome_msg":
            check_content(body["text"]["content"])
        elif body["msgtype"] == "template_card":
            self._card(body["template_card"])
        else:
            raise Code(40008)
        self.said.append((chat, cmd, body))

    def _send(self, body: dict[str, Any]) -> None:
        chat = body.get("chatid", "")
        if not chat or not self.reachable(chat):
            raise Code(86003)
        now, sent = self.clock(), self._sent.setdefault(chat, [])
        for span, most in ((MINUTE, self.per_minute), (HOUR, self.per_hour)):
            if sum(at > now - span for at in sent) >= most:
                self.overrun += 1
                raise Code(45009)
        if body["msgtype"] == "markdown":
            check_markdown(body)
        elif body["msgtype"] == "template_card":
            self._card(body["template_card"])
        elif body["msgtype"] == "image":
            if body["image"].get("media_id") not in self.pictures:
                raise Code(40007)
        else:
            raise Code(40008)
        sent.append(now)
        self.said.append((chat, "aibot_send_msg", body))

    def _card(self, card: dict[str, Any]) -> None:
        check_card(card)
        if card["task_id"] in self.cards:
            raise Code(40058)
        self.cards[card["task_id"]] = card
