"""Knows WeCom's side of the wire for an application: members, tokens, silent limits, cards with single-use codes."""

from __future__ import annotations

import json
import re
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from tests.fakes.faults import Fault, Faults
from tests.fakes.wechat import Pusher, fields
from tests.fakes.wechat_rules import NO_FORM, ApiCode

MINUTE, HOUR = 60.0, 3600.0
CODE_HOURS = 72
CHAT_A_MINUTE = 200
FIELDS = {"touser", "agentid", "msgtype", "enable_duplicate_check", "duplicate_check_interval"}
CHAT_FIELDS = {"chatid", "msgtype"}
MEDIA_DAYS = 3 * 86400.0
_TASK = re.compile(r"[0-9A-Za-z_@-]{1,128}")


def code(number: int, **facts: object) -> Fault:
    """An answer with an error code; its message is never the same, as WeCom's are not."""
    return Fault(body=json.dumps({"errcode": number, "errmsg": "hint: [1], more info at …", **facts}).encode())


@dataclass
class FakeWeCom:
    """The API as one application of one corp sees it. Times are seconds of the clock that is given."""

    clock: Callable[[], float]
    corp_id: str = "ww5823bf96d3bd56c7"
    agent_id: int = 1000002
    secret: str = "agent-secret-canary"
    ttl: int = 7200
    per_minute: int = 30
    per_hour: int = 1000
    members: dict[str, int] = field(default_factory=lambda: {"liming": 1, "zhaoqiang": 1})
    chats: set[str] = field(default_factory=lambda: {"jr2work"})
    closed: bool = False
    faults: Faults = field(default_factory=Faults)
    calls: list[str] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    dropped: list[dict[str, Any]] = field(default_factory=list)
    repeats: list[dict[str, Any]] = field(default_factory=list)
    in_chats: list[dict[str, Any]] = field(default_factory=list)
    cards: dict[str, dict[str, Any]] = field(default_factory=dict)
    media: dict[str, tuple[bytes, str, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._serial = 0
        self._token, self._until = "", 0.0
        self._codes: dict[str, tuple[str, float]] = {}
        self._times: dict[str, deque[float]] = defaultdict(deque)
        self._chat_times: dict[str, deque[float]] = defaultdict(deque)
        self._said: dict[str, float] = {}

    def app(self) -> web.Application:
        """The application to serve."""
        app = web.Application(client_max_size=32 << 20)
        app.router.add_get("/cgi-bin/gettoken", self._wrap("token", self._gettoken))
        app.router.add_get("/cgi-bin/user/get", self._wrap("user", self._user))
        app.router.add_get("/cgi-bin/agent/get", self._wrap("agent", self._agent))
        app.router.add_get("/cgi-bin/appchat/get", self._wrap("appchat-get", self._chat))
        app.router.add_post("/cgi-bin/message/send", self._wrap("send", self._send))
        app.router.add_post("/cgi-bin/message/update_template_card", self._wrap("update", self._update))
        app.router.add_post("/cgi-bin/appchat/send", self._wrap("appchat", self._appchat))
        app.router.add_post("/cgi-bin/media/upload", self._wrap("upload", self._upload))
        app.router.add_get("/cgi-bin/media/get", self._wrap("get", self._get))
        return app

    # -- what happens in WeCom -------------------------------------------------------------------------------------

    def rotate(self) -> None:
        """The token in use is refused from now on."""
        self._serial += 1
        self._token, self._until = f"token-canary-{self._serial}", self.clock() + self.ttl

    def put(self, media_id: str, data: bytes, kind: str = "image/jpeg") -> None:
        """A member has sent a medium; it is kept three days."""
        self.media[media_id] = (data, kind, self.clock() + MEDIA_DAYS)

    def texts(self, member: str) -> list[str]:
        """All words a member has before them, cards as they are now."""
        return [_words(self._now(one)) for one in self.sent if one["touser"] == member]

    def button(self, member: str, label: str, case: str = "") -> tuple[str, str]:
        """The newest button of this label: its card and its key."""
        for sent in reversed(self.sent):
            card = self._now(sent).get("template_card", {})
            for key in card.get("button_list", ()) if sent["touser"] == member else ():
                if key["text"] == label and case in _words({"msgtype": "template_card", "template_card": card}):
                    return card["task_id"], key["key"]
        raise AssertionError((member, label, case, self.texts(member)))

    def press(self, member: str, task: str, key: str) -> str:
        """A member presses a button: the event that WeCom delivers, with a fresh code."""
        event = {
            "Event": "template_card_event", "EventKey": key, "TaskId": task, "CardType": "button_interaction",
            "ResponseCode": self._code(task),
        }  # fmt: skip
        return self.xml(member, "event", **event)

    def xml(self, member: str, kind: str, **facts: object) -> str:
        """A delivery of the application."""
        self._serial += 1
        more = {} if kind == "event" else {"MsgId": 7_000_000 + self._serial}
        told = {"ToUserName": self.corp_id, "FromUserName": member, "CreateTime": int(self.clock()), "MsgType": kind}
        parts = {**told, **facts, **more, "AgentID": self.agent_id}
        return "<xml>" + "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in parts.items()) + "</xml>"

    # -- the API ---------------------------------------------------------------------------------------------------

    def _wrap(self, name: str, handle: Callable[[web.Request], Any]) -> Callable[[web.Request], Any]:
        async def answer(request: web.Request) -> web.StreamResponse:
            self.calls.append(name)
            fault = self.faults.take(name)
            if fault is not None:
                return await fault.answer(request)
            try:
                if name != "token":
                    self._check_token(request.query.get("access_token", ""))
                found = await handle(request)
            except ApiCode as error:
                found = {"errcode": error.args[0], "errmsg": "refused"}
            except NO_FORM:
                found = {"errcode": 47001, "errmsg": "data format error"}
            if isinstance(found, web.StreamResponse):
                return found
            return web.json_response({"errcode": 0, "errmsg": "ok", **found})

        return answer

    def _check_token(self, token: str) -> None:
        if token != self._token or not token:
            raise ApiCode(40014)
        if self.clock() >= self._until:
            raise ApiCode(42001)

    async def _gettoken(self, request: web.Request) -> dict[str, object]:
        if request.query.get("corpid") != self.corp_id:
            raise ApiCode(40013)
        if request.query.get("corpsecret") != self.secret:
            raise ApiCode(40001)
        if self.clock() >= self._until:
            self.rotate()
        return {"access_token": self._token, "expires_in": int(self._until - self.clock())}

    async def _user(self, request: web.Request) -> dict[str, object]:
        member = request.query["userid"]
        if member not in self.members:
            raise ApiCode(60111)
        return {"userid": member, "status": self.members[member]}

    async def _agent(self, request: web.Request) -> dict[str, object]:
        if request.query["agentid"] != str(self.agent_id):
            raise ApiCode(301002)
        return {"agentid": self.agent_id, "name": "小格", "close": int(self.closed)}

    async def _chat(self, request: web.Request) -> dict[str, object]:
        if request.query["chatid"] not in self.chats:
            raise ApiCode(86001)
        return {"chat_info": {"chatid": request.query["chatid"], "name": "g", "owner": "liming", "userlist": []}}

    async def _send(self, request: web.Request) -> dict[str, object]:
        body = await request.read()
        message = json.loads(body)
        if message.get("agentid") != self.agent_id:
            raise ApiCode(40056)
        self._check(message)
        member = message["touser"]
        assert member == member.lower(), "userids are kept in small letters"
        if self.members.get(member, 5) != 1:
            raise ApiCode(81013)
        if self._repeated(message):
            self.repeats.append(message)
            return {"msgid": "repeat"}
        if self._too_much(member):
            self.dropped.append(message)
            return {"msgid": "dropped"}
        self.sent.append(message)
        answer: dict[str, object] = {"msgid": f"msg-{len(self.sent)}"}
        if message["msgtype"] == "template_card":
            task = message["template_card"]["task_id"]
            self.cards[task] = message["template_card"]
            answer["response_code"] = self._code(task)
        return answer

    def _check(self, message: Mapping[str, Any], *, chat: bool = False) -> None:
        kind = message["msgtype"]
        if set(message) - {kind} - (CHAT_FIELDS if chat else FIELDS):
            raise ApiCode(47001)
        if kind in ("text", "markdown") and (kind == "text" or chat):
            content = message[kind]["content"]
            if not content:
                raise ApiCode(44004)
            if len(content.encode()) > 2048:
                raise ApiCode(45002)
        elif kind == "image":
            if message["image"]["media_id"] not in self.media:
                raise ApiCode(40007)
        elif kind == "template_card" and not chat:
            check_card(message["template_card"])
            if message["template_card"]["task_id"] in self.cards and not message.get("enable_duplicate_check"):
                raise ApiCode(40058)
        else:
            raise ApiCode(40008)

    def _repeated(self, message: Mapping[str, Any]) -> bool:
        """The same message to the same member within the interval is swallowed."""
        if not message.get("enable_duplicate_check"):
            return False
        key, now = json.dumps(message, sort_keys=True), self.clock()
        interval = message.get("duplicate_check_interval", 1800)
        assert 1 <= interval <= 4 * HOUR
        before = self._said.get(key)
        self._said[key] = now if before is None or now - before > interval else before
        return before is not None and now - before <= interval

    def _too_much(self, member: str) -> bool:
        times, now = self._times[member], self.clock()
        while times and now - times[0] >= HOUR:
            times.popleft()
        if len(times) >= self.per_hour or sum(now - at < MINUTE for at in times) >= self.per_minute:
            return True
        times.append(now)
        return False

    def _code(self, task: str) -> str:
        self._serial += 1
        made = f"response-code-canary-{self._serial}"
        self._codes[made] = (task, self.clock() + CODE_HOURS * HOUR)
        return made

    async def _update(self, request: web.Request) -> dict[str, object]:
        update = await request.json()
        assert update["agentid"] == self.agent_id
        assert 1 <= len(update["userids"]) <= 1000
        task, until = self._codes.pop(update["response_code"], ("", 0.0))
        if self.clock() >= until:
            raise ApiCode(40128)
        if "template_card" in update:
            check_card(update["template_card"])
            assert update["template_card"]["task_id"] == task
            self.cards[task] = update["template_card"]
        else:
            assert update["button"]["replace_name"]
            self.cards[task] = {**self.cards[task], "button_list": [], "replaced": update["button"]["replace_name"]}
        return {}

    async def _appchat(self, request: web.Request) -> dict[str, object]:
        message = await request.json()
        if message["chatid"] not in self.chats:
            raise ApiCode(86001)
        self._check(message, chat=True)
        times, now = self._chat_times[message["chatid"]], self.clock()
        while times and now - times[0] >= MINUTE:
            times.popleft()
        if len(times) >= CHAT_A_MINUTE:  # each member of a chat, 200 a minute; without an error
            self.dropped.append(message)
            return {}
        times.append(now)
        self.in_chats.append(message)
        return {}

    async def _upload(self, request: web.Request) -> dict[str, object]:
        form = await request.post()
        part = form["media"]
        assert isinstance(part, web.FileField)
        data = part.file.read()
        if len(data) <= 5 or not part.filename or request.query["type"] != "image":
            raise ApiCode(41005)
        media_id = f"media-{len(self.media)}"
        self.put(media_id, data)
        return {"type": "image", "media_id": media_id, "created_at": str(int(self.clock()))}

    async def _get(self, request: web.Request) -> web.StreamResponse:
        data, kind, until = self.media.get(request.query["media_id"], (b"", "", 0.0))
        if self.clock() >= until:
            raise ApiCode(40007)
        return web.Response(body=data, content_type=kind)

    def _now(self, sent: Mapping[str, Any]) -> Mapping[str, Any]:
        card = sent.get("template_card")
        return {**sent, "template_card": self.cards[card["task_id"]]} if card else sent


def check_card(card: Mapping[str, Any]) -> None:
    """The limits of a button_interaction card, and no field it does not have."""
    known = {"card_type", "task_id", "main_title", "sub_title_text", "horizontal_content_list", "button_list"}
    rows, keys, title = card.get("horizontal_content_list", []), card.get("button_list", []), card.get("main_title", {})
    fine = (
        set(card) <= known
        and card.get("card_type") == "button_interaction"
        and bool(_TASK.fullmatch(card.get("task_id", "")))
        and 1 <= len(title.get("title", "")) <= 26
        and len(title.get("desc", "")) <= 30
        and len(card.get("sub_title_text", "")) <= 112
        and len(rows) <= 6
        and all(1 <= len(row["keyname"]) <= 5 and 1 <= len(row["value"]) <= 26 for row in rows)
        and 1 <= len(keys) <= 6
        and all(1 <= len(key["text"]) <= 10 and 1 <= len(key["key"].encode()) <= 1024 for key in keys)
        and all(key["style"] in (1, 2, 3, 4) for key in keys)
        and len({key["key"] for key in keys}) == len(keys)
    )
    if not fine:
        raise ApiCode(40058)


def _words(sent: Mapping[str, Any]) -> str:
    if sent["msgtype"] != "template_card":
        return str(sent.get("text", {}).get("content", ""))
    card = sent["template_card"]
    rows = [f"{row['keyname']}：{row['value']}" for row in card.get("horizontal_content_list", ())]
    return "\n".join(filter(None, [card["main_title"]["title"], card.get("sub_title_text", ""), *rows]))


class Retried(Exception):
    """What an administrator would see: the callback did not answer 200 with nothing, three times."""


@dataclass
class AppPusher(Pusher):
    """Proves and uses a callback as WeCom does: the envelope of WeChat, the corp's id inside, no plain signature."""

    app_id: str = "ww5823bf96d3bd56c7"

    def query(self, stamp: int, nonce: str, sealed: str = "") -> dict[str, str]:
        """The query of a delivery."""
        signed = self.signature(self.token, str(stamp), nonce, sealed)
        return {"msg_signature": signed, "timestamp": str(stamp), "nonce": nonce}

    def envelope(self, sealed: str) -> bytes:
        """The body of a delivery."""
        head = f"<ToUserName><![CDATA[{self.app_id}]]></ToUserName><AgentID><![CDATA[1000002]]></AgentID>"
        return f"<xml>{head}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()

    async def prove(self, url: str, stamp: int, echo: str = "1616140317555161061") -> bool:
        """The administrator saves the address: the echo must come back plain, within a second."""
        sealed = self.seal(echo)
        query = {**self.query(stamp, "1597212914", sealed), "echostr": sealed}
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=1.0)) as session,
            session.get(url, params=query) as response,
        ):
            return response.status == 200 and await response.read() == echo.encode()

    async def bring(self, url: str, xml: str, stamp: int, nonce: str = "1597212914") -> None:
        """Deliver one message. Raises Retried after the last try."""
        sealed = self.seal(xml)
        timeout = aiohttp.ClientTimeout(total=self.patience)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            for _ in range(self.tries):
                try:
                    sent = session.post(url, params=self.query(stamp, nonce, sealed), data=self.envelope(sealed))
                    async with sent as response:
                        if response.status == 200 and await response.read() in (b"", b"success"):
                            return
                except (aiohttp.ClientError, TimeoutError):
                    continue
        raise Retried


__all__ = ["AppPusher", "FakeWeCom", "Retried", "code", "fields"]
