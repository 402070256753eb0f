"""Knows WeChat's side of the wire: a strict API server with tokens, windows and quotas, and who pushes callbacks."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

import aiohttp
from aiohttp import web
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.fakes.faults import Fault, Faults
from tests.fakes.wechat_rules import NO_FORM, ApiCode, check_cells, check_length, check_menu

TWO_DAYS = 48 * 3600.0
MINUTE = 60.0
MEDIA_DAYS = 3 * 86400.0
TEN_MINUTES = 600.0
DAY = 86400.0
FORCED_A_DAY, FORCED_APART = 20, 30.0
PLAIN_A_DAY, OVERLAP = 2000, 300.0


def code(number: int, **facts: object) -> Fault:
    """An answer with an error code."""
    return Fault(body=json.dumps({"errcode": number, "errmsg": "as ordered", **facts}).encode())


@dataclass
class FakeWeChat:
    """The API of one account. Times are seconds of the clock that is given; nobody may be written to unasked."""

    clock: Callable[[], float]
    app_id: str = "wx2c2769f8efd9abc2"
    secret: str = "app-secret-canary"
    ttl: int = 7200
    menus: bool = True
    faults: Faults = field(default_factory=Faults)
    customer: bool = True
    consents: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    menu: dict[str, Any] = field(default_factory=dict)
    refused: list[int] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    subscriptions: list[dict[str, Any]] = field(default_factory=list)
    templates: list[dict[str, Any]] = field(default_factory=list)
    token_calls: list[bool] = field(default_factory=list)
    media: dict[str, tuple[bytes, str, float]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._serial = 0
        self._token, self._until = "", 0.0
        self._plain: dict[str, float] = {}
        self._asked: list[float] = []
        self._forced: list[float] = []
        self._notices: dict[tuple[str, str], float] = {}
        self._windows: dict[str, list[float]] = {}

    def app(self) -> web.Application:
        """The application to serve."""
        app = web.Application(client_max_size=32 << 20)
        app.router.add_post("/cgi-bin/stable_token", self._wrap("token", self._stable_token))
        app.router.add_get("/cgi-bin/token", self._wrap("token", self._plain_token))
        app.router.add_post("/cgi-bin/message/custom/send", self._wrap("custom", self._custom))
        app.router.add_post("/cgi-bin/message/template/send", self._wrap("template", self._template))
        app.router.add_post("/cgi-bin/message/subscribe/bizsend", self._wrap("subscribe", self._subscription))
        app.router.add_post("/cgi-bin/menu/create", self._wrap("menu", self._menu_create))
        app.router.add_get("/cgi-bin/menu/get", self._wrap("menu-get", self._menu_get))
        app.router.add_post("/cgi-bin/openapi/quota/get", self._wrap("quota", self._quota))
        app.router.add_get("/cgi-bin/template/get_all_private_template", self._wrap("template-get", self._kept))
        app.router.add_get("/wxaapi/newtmpl/gettemplate", self._wrap("subscribe-get", self._kept))
        app.router.add_post("/cgi-bin/qrcode/create", self._wrap("qrcode", self._qrcode))
        app.router.add_post("/cgi-bin/media/upload", self._wrap("upload", self._upload))
        app.router.add_get("/cgi-bin/media/get", self._wrap("get", self._get))
        app.router.add_get("/video/{name}", self._wrap("video", self._video))
        return app

    def rotate(self) -> None:
        """Somebody else has forced a new token: the one in use is refused from now on."""
        self._serial += 1
        self._token, self._until = f"token-canary-{self._serial}", self.clock() + self.ttl

    def left(self, openid: str) -> None:
        """A user unfollows: nothing may go to them any more."""
        self._windows.pop(openid, None)
        self.gone.add(openid)

    def said(self, openid: str) -> None:
        """A user has written: five messages within 48 hours."""
        self.gone.discard(openid)
        self._windows[openid] = [self.clock() + TWO_DAYS, 5]

    def tapped(self, openid: str) -> None:
        """A user has tapped a menu, followed or scanned: three messages within one minute, if no better is open."""
        self.gone.discard(openid)
        until, left = self._windows.get(openid, [0.0, 0.0])
        if until < self.clock() + MINUTE or left == 0:
            self._windows[openid] = [self.clock() + MINUTE, 3]

    def put(self, media_id: str, data: bytes, kind: str = "image/jpeg") -> None:
        """A user has sent a medium; it is kept three days."""
        self.media[media_id] = (data, kind, self.clock() + MEDIA_DAYS)

    def _wrap(self, name: str, handle: Callable[[web.Request], Any]) -> Callable[[web.Request], Any]:
        async def answer(request: web.Request) -> web.StreamResponse:
            self.calls.append(name)
            fault = self.faults.take(name)
            if fault is not None:
                if name == "token":
                    self.token_calls.append(False)
                return await fault.answer(request)
            try:
                if name not in ("token", "video"):
                    self._check_token(request.query.get("access_token", ""))
                found = await handle(request)
            except ApiCode as error:
                self.refused.append(error.args[0])
                found = {"errcode": error.args[0], "errmsg": "refused"}
            except NO_FORM:
                self.refused.append(47001)
                found = {"errcode": 47001, "errmsg": "data format error"}
            return found if isinstance(found, web.StreamResponse) else web.json_response(found)

        return answer

    def _check_token(self, token: str) -> None:
        until = self._until if token == self._token else self._plain.get(token, 0.0)
        if not token or until == 0.0:
            raise ApiCode(40001)
        if self.clock() >= until:
            raise ApiCode(42001)

    async def _stable_token(self, request: web.Request) -> dict[str, object]:
        asked = await request.json()
        force = asked.get("force_refresh", False)
        self.token_calls.append(force)
        if asked.get("grant_type") != "client_credential" or asked.get("appid") != self.app_id:
            raise ApiCode(40013)
        if asked.get("secret") != self.secret:
            raise ApiCode(40125)
        if force:
            self._force()
        if force or self.clock() >= self._until:
            self.rotate()
        return {"access_token": self._token, "expires_in": int(self._until - self.clock())}

    def _force(self) -> None:
        """A new token may be forced twenty times a day, half a minute apart."""
        now = self.clock()
        self._forced = [at for at in self._forced if now - at < DAY]
        if len(self._forced) >= FORCED_A_DAY:
            raise ApiCode(45009)
        if self._forced and now - self._forced[-1] < FORCED_APART:
            raise ApiCode(45011)
        self._forced.append(now)

    async def _plain_token(self, request: web.Request) -> dict[str, object]:
        """The older way to a token: each ends the one before after five minutes; the stable one is not touched."""
        now, asked = self.clock(), request.query
        if asked.get("grant_type") != "client_credential" or asked.get("appid") != self.app_id:
            raise ApiCode(40013)
        if asked.get("secret") != self.secret:
            raise ApiCode(40125)
        self._asked = [at for at in self._asked if now - at < DAY]
        if len(self._asked) >= PLAIN_A_DAY:
            raise ApiCode(45009)
        self._asked.append(now)
        self._plain = {token: min(until, now + OVERLAP) for token, until in self._plain.items()}
        self._serial += 1
        self._plain[f"plain-token-canary-{self._serial}"] = now + self.ttl
        return {"access_token": f"plain-token-canary-{self._serial}", "expires_in": self.ttl}

    async def _custom(self, request: web.Request) -> dict[str, object]:
        body = await request.read()
        if b"\\u" in body:  # escaped characters would be shown as they stand
            raise ApiCode(47001)
        message = json.loads(body)
        if not self.customer:
            raise ApiCode(48001)
        self._check_custom(message)
        self._spend(message["touser"])
        self.sent.append(message)
        return {"errcode": 0, "errmsg": "ok"}

    def _check_custom(self, message: Mapping[str, Any]) -> None:
        kind = message["msgtype"]
        if not message["touser"].startswith("o"):
            raise ApiCode(40003)
        if kind == "text":
            check_length(message["text"]["content"])
        elif kind == "msgmenu":
            if not self.menus:
                raise ApiCode(40200)
            menu = message["msgmenu"]
            check_length(menu["head_content"])
            assert menu["list"]
            assert all(set(choice) == {"id", "content"} for choice in menu["list"])
        elif kind == "image":
            if message["image"]["media_id"] not in self.media:
                raise ApiCode(40007)
        else:
            raise ApiCode(40008)
        if not set(message) <= {"touser", "msgtype", kind}:
            raise ApiCode(47001)

    def _spend(self, openid: str) -> None:
        until, left = self._windows.get(openid, [0.0, 0.0])
        if self.clock() >= until:
            raise ApiCode(45015)
        if left <= 0:
            raise ApiCode(45047)
        self._windows[openid][1] -= 1

    async def _template(self, request: web.Request) -> dict[str, object]:
        message = await request.json()
        self._check_notice(message, {"touser", "template_id", "data", "client_msg_id"})
        known, now = (message["touser"], message["client_msg_id"]), self.clock()
        if now >= self._notices.get(known, 0.0):
            self._notices[known] = now + TEN_MINUTES
            self.templates.append(message)
        return {"errcode": 0, "errmsg": "ok", "msgid": 200228331 + len(self.templates)}

    async def _subscription(self, request: web.Request) -> dict[str, object]:
        message = await request.json()
        if message["touser"] not in self.consents:
            raise ApiCode(43101)
        self._check_notice(message, {"touser", "template_id", "data"})
        self.subscriptions.append(message)
        return {"errcode": 0, "errmsg": "ok"}

    def _check_notice(self, message: Mapping[str, Any], fields: set[str]) -> None:
        if set(message) != fields or not message["data"]:
            raise ApiCode(47001)
        if message["touser"] in self.gone:
            raise ApiCode(43004)
        if not message["template_id"].startswith(("T", "S")):
            raise ApiCode(40037)
        check_cells(message["data"])

    async def _menu_create(self, request: web.Request) -> dict[str, object]:
        body = await request.read()
        assert b"\\u" not in body
        menu = json.loads(body)
        check_menu(menu)
        self.menu = menu
        return {"errcode": 0, "errmsg": "ok"}

    async def _menu_get(self, request: web.Request) -> dict[str, object]:
        if not self.menu:
            raise ApiCode(46003)
        shown = [{"sub_button": [], **button} for button in self.menu["button"]]
        return {"menu": {"button": shown}}

    async def _quota(self, request: web.Request) -> dict[str, object]:
        if (await request.json()) != {"cgi_path": "/cgi-bin/message/custom/send"}:
            raise ApiCode(76021)
        if not self.customer:
            raise ApiCode(76022)
        return {"errcode": 0, "errmsg": "ok", "quota": {"daily_limit": 500000, "used": 1, "remain": 499999}}

    async def _kept(self, request: web.Request) -> dict[str, object]:
        if "newtmpl" in request.path:
            return {"errcode": 0, "errmsg": "ok", "data": [{"priTmplId": one} for one in ("S1", "S2")]}
        return {"template_list": [{"template_id": one, "title": "t"} for one in ("T1", "T2")]}

    async def _qrcode(self, request: web.Request) -> dict[str, object]:
        asked = await request.json()
        scene = asked["action_info"]["scene"]["scene_str"]
        if asked["action_name"] != "QR_LIMIT_STR_SCENE" or not 1 <= len(scene) <= 64:
            raise ApiCode(40053)
        return {"ticket": f"ticket-{scene}", "url": f"http://weixin.qq.com/q/{scene}"}

    async def _upload(self, request: web.Request) -> dict[str, object]:
        form = await request.post()
        part = form["media"]
        assert isinstance(part, web.FileField)
        data = part.file.read()
        if not data or not part.filename:
            raise ApiCode(41005)
        media_id = f"media-{len(self.media)}"
        self.put(media_id, data)
        return {"type": request.query["type"], "media_id": media_id, "created_at": int(self.clock())}

    async def _get(self, request: web.Request) -> web.StreamResponse | dict[str, object]:
        data, kind, until = self.media.get(request.query["media_id"], (b"", "", 0.0))
        if self.clock() >= until:
            raise ApiCode(40007)
        if kind == "video/mp4":
            return {"video_url": str(request.url.origin() / "video" / request.query["media_id"])}
        return web.Response(body=data, content_type=kind)

    async def _video(self, request: web.Request) -> web.StreamResponse:
        assert "access_token" not in request.query
        return web.Response(body=self.media[request.match_info["name"]][0], content_type="video/mp4")


class Unavailable(Exception):
    """What the resident would see: 该公众号暂时无法提供服务，请稍后再试."""


@dataclass
class Pusher:
    """Signs, encrypts and delivers callbacks as WeChat does: 5 s, three tries; written without the product's codec."""

    token: str = "QDG6eK"
    aes_key: str = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
    app_id: str = "wx2c2769f8efd9abc2"
    patience: float = 5.0
    tries: int = 3
    mode: str = "secure"

    def signature(self, *parts: str) -> str:
        """Hex SHA-1 over the sorted parts."""
        return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()

    def seal(self, xml: str | bytes, random: bytes | None = None, app_id: str | None = None) -> str:
        """The ciphertext of a message; bytes that are no UTF-8 stand in a text as `surrogateescape` has them."""
        text = xml.encode(errors="surrogateescape") if isinstance(xml, str) else xml
        plain = (random or os.urandom(8).hex().encode()) + struct.pack(">I", len(text)) + text
        plain += (self.app_id if app_id is None else app_id).encode()
        fill = 32 - len(plain) % 32
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([fill]) * fill) + encryptor.finalize()).decode()

    def unseal(self, sealed: str) -> str:
        """The message in a ciphertext."""
        decryptor = self._cipher().decryptor()
        plain = decryptor.update(base64.b64decode(sealed)) + decryptor.finalize()
        plain = plain[16 : -plain[-1]]
        length = struct.unpack(">I", plain[:4])[0]
        assert plain[4 + length :].decode() == self.app_id
        return plain[4 : 4 + length].decode()

    def query(self, stamp: int, nonce: str, sealed: str = "") -> dict[str, str]:
        """The query of a delivery, secure when there is a ciphertext."""
        query = {"signature": self.signature(self.token, str(stamp), nonce), "timestamp": str(stamp), "nonce": nonce}
        if sealed:
            query["encrypt_type"] = "aes"
            query["msg_signature"] = self.signature(self.token, str(stamp), nonce, sealed)
        return query

    def envelope(self, sealed: str) -> bytes:
        """The body of a secure delivery."""
        to = "<ToUserName><![CDATA[gh_0123456789ab]]></ToUserName>"
        return f"<xml>{to}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()

    def wire(self, xml: str, stamp: int, nonce: str) -> tuple[dict[str, str], bytes]:
        """Query and body of a delivery: sealed, as it is, or both side by side."""
        if self.mode == "plain":
            return self.query(stamp, nonce), xml.encode()
        sealed = self.seal(xml)
        if self.mode == "compatible":
            both = xml.replace("</xml>", f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>")
            return self.query(stamp, nonce, sealed), both.encode()
        return self.query(stamp, nonce, sealed), self.envelope(sealed)

    async def push(self, url: str, xml: str, stamp: int, nonce: str = "263014780") -> dict[str, str] | None:
        """Deliver one message; the fields of the reply, None for `success`. Raises Unavailable after the last try."""
        query, body = self.wire(xml, stamp, nonce)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self.patience)) as session:
            for _ in range(self.tries):
                try:
                    async with session.post(url, params=query, data=body) as response:
                        if response.status == 200:
                            return self.read(await response.read())
                except (aiohttp.ClientError, TimeoutError):
                    continue
        raise Unavailable

    def read(self, body: bytes) -> dict[str, str] | None:
        """The reply in an answer, its signature checked. Raises Unavailable for what WeChat would not understand."""
        if body in (b"", b"success"):
            return None
        try:
            sealed = fields(body)
            if self.mode != "secure" and "Encrypt" not in sealed:
                return sealed
            wanted = self.signature(self.token, sealed["TimeStamp"], sealed["Nonce"], sealed["Encrypt"])
            assert wanted == sealed["MsgSignature"]
            return fields(self.unseal(sealed["Encrypt"]).encode())
        except (ElementTree.ParseError, KeyError, AssertionError, ValueError) as error:
            raise Unavailable from error

    def _cipher(self) -> Cipher[modes.CBC]:
        key = base64.b64decode(self.aes_key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def fields(xml: bytes) -> dict[str, str]:
    """The fields of flat XML, read by another parser than the product's."""
    return {child.tag: child.text or "" for child in ElementTree.fromstring(xml)}
