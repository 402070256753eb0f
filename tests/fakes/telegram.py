"""Knows Telegram's side of the wire: a strict Bot API server with limits and long polling, and who pushes webhooks."""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from tests.fakes.faults import Fault, Faults

DAY = 86400.0
GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def refusal(status: int, description: str = "as ordered", **parameters: object) -> Fault:
    """An answer that says no."""
    document: dict[str, object] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        document["parameters"] = parameters
    return Fault(status=status, body=json.dumps(document).encode())


class No(Exception):
    """Ends a call with a status and a description."""


@dataclass
class FakeTelegram:
    """The Bot API of one bot. `strict` limits: one a second into a chat, 20 a minute into a group, 30 a second."""

    clock: Callable[[], float]
    token: str = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
    username: str = "xiaoge_bot"
    strict: bool = False
    faults: Faults = field(default_factory=Faults)
    chats: dict[int, Fault] = field(default_factory=dict)
    messages: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    photos: list[tuple[int, bytes]] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    webhook: dict[str, str] = field(default_factory=dict)
    updates: list[dict[str, Any]] = field(default_factory=list)
    menu: list[dict[str, str]] = field(default_factory=list)
    hears_all: bool = True
    floods: int = 0
    groups: set[int] = field(default_factory=set)
    bounced: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._times: dict[int, list[float]] = defaultdict(list)
        self._all: list[float] = []
        self._arrived = asyncio.Event()

    def app(self) -> web.Application:
        """The application to serve."""
        app = web.Application(client_max_size=64 << 20)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        return app

    def texts(self, chat: int) -> list[str]:
        """What stands in a chat, in order."""
        return [message["text"] for (where, _), message in sorted(self.messages.items()) if where == chat]

    def queue(self, *updates: dict[str, Any]) -> None:
        """Let updates wait for getUpdates."""
        self.updates += updates
        self._arrived.set()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self.calls.append(method)
        if request.match_info["token"] != self.token:
            return _no(401, "Unauthorized")
        fault = self.faults.take(method)
        if fault is not None:
            return await fault.answer(request)
        given = {**request.query, **await request.post()}
        refused = {str(chat): fault for chat, fault in self.chats.items()}.get(str(given.get("chat_id", "")))
        if refused is not None:
            return await refused.answer(request)
        handler = getattr(self, f"_{method}", None)
        if handler is None:
            return _no(404, "Not Found")
        try:
            result = await handler(given)
        except No as error:
            status, description, *more = error.args
            return _no(status, description, *more)
        except (KeyError, ValueError, AttributeError) as error:
            return _no(400, f"Bad Request: {type(error).__name__}")
        return web.json_response({"ok": True, "result": result})

    async def _getMe(self, given: Mapping[str, Any]) -> dict[str, Any]:
        number = int(self.token.partition(":")[0])
        me = {"id": number, "is_bot": True, "first_name": "小格", "username": self.username}
        return {**me, "can_read_all_group_messages": self.hears_all}

    async def _setMyCommands(self, given: Mapping[str, Any]) -> bool:
        commands = json.loads(given["commands"])
        if len(commands) > 100:
            raise No(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
        for one in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]) or not 1 <= len(one["description"]) <= 256:
                raise No(400, "Bad Request: BOT_COMMAND_INVALID")
        self.menu = commands
        return True

    async def _sendMessage(self, given: Mapping[str, Any]) -> dict[str, Any]:
        chat, text = int(given["chat_id"]), given["text"]
        if not text.strip():
            raise No(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > 4096:
            raise No(400, "Bad Request: message is too long")
        markup = _markup(given)
        self._pace(chat)
        return self._post(chat, {"text": text, "buttons": markup})

    async def _editMessageText(self, given: Mapping[str, Any]) -> dict[str, Any]:
        if not 1 <= len(given["text"].encode("utf-16-le")) // 2 <= 4096:
            raise No(400, "Bad Request: message is too long")
        key = (int(given["chat_id"]), int(given["message_id"]))
        old, new = self.messages.get(key), {"text": given["text"], "buttons": _markup(given)}
        if old is None:
            raise No(400, "Bad Request: message to edit not found")
        if old == new:
            raise No(400, "Bad Request: message is not modified: specified new message content and reply markup")
        self.messages[key] = new
        return _message(*key, given["text"])

    async def _sendPhoto(self, given: Mapping[str, Any]) -> dict[str, Any]:
        photo = given["photo"]
        if isinstance(photo, str):
            name = photo.removeprefix("attach://")
            photo = given[name]
        data = photo.file.read()
        if not data:
            raise No(400, "Bad Request: file must be non-empty")
        if len(data) > 10 << 20 or len(given.get("caption", "")) > 1024:
            raise No(400, "Bad Request: file is too big, or its caption")
        chat = int(given["chat_id"])
        if chat < 0:
            self._pace(chat)
        self.photos.append((chat, data))
        return self._post(chat, {"text": "[photo]", "buttons": []})

    async def _answerCallbackQuery(self, given: Mapping[str, Any]) -> bool:
        self.answered.append(given["callback_query_id"])
        return True

    async def _getFile(self, given: Mapping[str, Any]) -> dict[str, Any]:
        data = self.files.get(given["file_id"])
        if data is None:
            raise No(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(data) > 20 << 20:
            raise No(400, "Bad Request: file is too big")
        path = f"photos/{given['file_id']}.jpg"
        return {"file_id": given["file_id"], "file_unique_id": "u", "file_size": len(data), "file_path": path}

    async def _getWebhookInfo(self, given: Mapping[str, Any]) -> dict[str, Any]:
        waiting = {"has_custom_certificate": False, "pending_update_count": len(self.updates)}
        return {"url": self.webhook.get("url", ""), **waiting, **self.bounced}

    async def _getChat(self, given: Mapping[str, Any]) -> dict[str, Any]:
        chat = int(given["chat_id"])
        if chat not in self.groups:
            raise No(400, "Bad Request: chat not found")
        return {"id": chat, "type": "supergroup", "title": "g", "accent_color_id": 0, "max_reaction_count": 11,
                "accepted_gift_types": dict.fromkeys(GIFTS, False)}  # fmt: skip

    async def _setWebhook(self, given: Mapping[str, Any]) -> bool:
        self.webhook = {key: str(value) for key, value in given.items()}
        return True

    async def _deleteWebhook(self, given: Mapping[str, Any]) -> bool:
        self.webhook = {}
        return True

    async def _getUpdates(self, given: Mapping[str, Any]) -> list[dict[str, Any]]:
        if self.webhook:
            raise No(409, "Conflict: can't use getUpdates method while webhook is active")
        offset, wait = int(given["offset"]), float(given["timeout"])
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        if not self.updates:
            self._arrived.clear()
            try:
                async with asyncio.timeout(min(wait, 0.3)):
                    await self._arrived.wait()
            except TimeoutError:
                return []
        return self.updates[:100]

    async def _file(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return _no(404, "Not Found")
        name = request.match_info["path"].rpartition("/")[2].removesuffix(".jpg")
        fault = self.faults.take("file")
        return await fault.answer(request) if fault else web.Response(body=self.files[name])

    def _post(self, chat: int, message: dict[str, Any]) -> dict[str, Any]:
        number = len(self.messages) + 1
        self.messages[chat, number] = message
        return _message(chat, number, message["text"])

    def _pace(self, chat: int) -> None:
        """The limits of the FAQ, to the letter."""
        now, mine = self.clock(), self._times[chat]
        if self.strict:
            recent = [at for at in mine if now - at < 60]
            slow = len(recent) >= 20 if chat < 0 else any(now - at < 0.999 for at in mine)
            if slow or sum(1 for at in self._all if now - at < 1) >= 30:
                self.floods += 1
                raise No(429, "Too Many Requests: retry after 3", {"retry_after": 3})
        mine.append(now)
        self._all.append(now)


def _markup(given: Mapping[str, Any]) -> list[list[dict[str, str]]]:
    if "reply_markup" not in given:
        return []
    rows: list[list[dict[str, str]]] = json.loads(given["reply_markup"])["inline_keyboard"]
    if sum(map(len, rows)) > 100 or any(len(row) > 8 for row in rows):
        raise No(400, "Bad Request: too many buttons")
    for key in (key for row in rows for key in row):
        if not 1 <= len(key["callback_data"].encode()) <= 64:
            raise No(400, "Bad Request: BUTTON_DATA_INVALID")
    return rows


def _message(chat: int, number: int, text: str) -> dict[str, Any]:
    kind = "private" if chat > 0 else "supergroup"
    place = {"id": chat, "type": kind} if chat > 0 else {"id": chat, "type": kind, "title": "g"}
    return {"message_id": number, "date": 1772413200, "chat": place, "text": text}


def _no(status: int, description: str, parameters: Mapping[str, object] | None = None) -> web.Response:
    document: dict[str, object] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        document["parameters"] = parameters
    return web.json_response(document, status=status)


@dataclass
class WebhookPusher:
    """Delivers updates as Telegram does: with the secret header, again until 2xx; does what the answer asks for."""

    telegram: FakeTelegram
    secret: str
    tries: int = 3

    async def push(self, url: str, update: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> int:
        """Deliver one update; the last status."""
        heads = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if headers is None else dict(headers)
        status = 0
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
            for _ in range(self.tries):
                async with session.post(url, json=update, headers=heads) as response:
                    status, body, kind = response.status, await response.read(), response.content_type
                if 200 <= status < 300:
                    if kind == "application/json":
                        await self._do(body)
                    break
        return status

    async def _do(self, body: bytes) -> None:
        call = json.loads(body)
        handler = getattr(self.telegram, f"_{call.pop('method')}")
        await handler(call)
