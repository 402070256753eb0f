"""Knows the 公众号 as residents see it: they write, send pictures and places, scan a grid's code, tap a menu."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from aiohttp import web

from tests.fakes.by_hand import BOT, HandClock, Key, Line, Room, Setup, photo
from tests.fakes.wechat import FakeWeChat, Pusher, Unavailable

ACCOUNT = "gh_0123456789ab"
ACTS = (("follow", "关注"), ("scan", "扫第二网格的码"), ("photo", "发照片"), ("place", "发位置"))
RESIDENTS = {"oZhang": "张阿姨", "oWang": "王大伯"}
BROKEN = "该公众号暂时无法提供服务，请稍后再试"
_PLACE = "<Location_X>33.378300</Location_X><Location_Y>120.155000</Location_Y><Scale>16</Scale><Label>健仁小区</Label>"


class Booth:
    """One 公众号 with two residents."""

    name = "微信公众号"
    place = 1
    server = "wechat"

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock
        self.fake = FakeWeChat(clock.now)
        self._pusher = Pusher(app_id=self.fake.app_id)
        self.rooms = [Room(openid, name, "居民 · 私聊", (name,), ACTS) for openid, name in RESIDENTS.items()]
        self._seen = self._serial = 0

    def app(self) -> web.Application:
        """WeChat's API."""
        return self.fake.app()

    def setup(self, base: str) -> Setup:
        """A certified 服务号 in secure mode."""
        settings = {
            "ACCOUNT": ACCOUNT, "APP_ID": self.fake.app_id, "SECRET": self.fake.secret, "TOKEN": self._pusher.token,
            "AES_KEY": self._pusher.aes_key, "API_BASE": base,
        }  # fmt: skip
        return Setup({f"PLATFORMS__WECHAT__0__{name}": value for name, value in settings.items()})

    def look(self) -> None:
        """What was pushed by customer service, and templates."""
        for sent in self.fake.sent[self._seen :]:
            self._room(sent["touser"]).lines.append(self._line(sent))
        self._seen = len(self.fake.sent)

    async def say(self, bot: str, room: Room, who: str, text: str) -> None:
        """A resident writes; what is answered at once stands below."""
        self.fake.said(room.id)
        await self._send(bot, room, Line(who, text), f"<MsgType>text</MsgType><Content>{escape(text)}</Content>")

    async def act(self, bot: str, room: Room, who: str, act: str, text: str) -> None:
        """A picture, a place, following, scanning."""
        label = dict(ACTS)[act]
        if act in ("photo", "place"):
            self.fake.said(room.id)
        else:
            self.fake.tapped(room.id)
        if act == "photo":
            media, data = f"photo-{int(self._clock.real() * 1000)}", photo("WeChat")
            self.fake.put(media, data)
            body = f"<MsgType>image</MsgType><PicUrl>http://127.0.0.1/{media}</PicUrl><MediaId>{media}</MediaId>"
            await self._send(bot, room, Line(who, "", picture=data), body)
            return
        event = "<MsgType>event</MsgType><Event>subscribe</Event>"
        bodies = {
            "place": f"<MsgType>location</MsgType>{_PLACE}",
            "follow": f"{event}<EventKey></EventKey>",
            "scan": f"{event}<EventKey>qrscene_jr-2</EventKey><Ticket>TICKET</Ticket>",
        }
        await self._send(bot, room, Line(who, f"（{label}）"), bodies[act])

    async def press(self, bot: str, room: Room, who: str, key: Key) -> None:
        """An item of a menu message: it comes back as a text with the item's id."""
        self.fake.tapped(room.id)
        words = f"<MsgType>text</MsgType><Content>{escape(key.label)}</Content>"
        body = f"{words}<bizmsgmenuid>{escape(key.data)}</bizmsgmenuid>"
        await self._send(bot, room, Line(who, f"［{key.label}］"), body)

    async def _send(self, bot: str, room: Room, line: Line, body: str) -> None:
        self.look()
        room.lines.append(line)
        self._serial += 1
        stamp = int(self._clock.real())
        xml = (
            f"<xml><ToUserName>{ACCOUNT}</ToUserName><FromUserName>{room.id}</FromUserName>"
            f"<CreateTime>{stamp}</CreateTime>{body}<MsgId>{stamp * 1000 + self._serial}</MsgId></xml>"
        )
        try:
            reply = await self._pusher.push(f"{bot}/hooks/wechat/{ACCOUNT}", xml, stamp)
        except Unavailable:
            room.lines.append(Line("微信", BROKEN))
            return
        if reply is not None:
            room.lines.append(Line(BOT, reply.get("Content", "")))

    def _room(self, openid: str) -> Room:
        return next(room for room in self.rooms if room.id == openid)

    def _line(self, sent: Mapping[str, Any]) -> Line:
        kind = sent["msgtype"]
        if kind == "image":
            return Line(BOT, "", picture=self.fake.media[sent["image"]["media_id"]][0])
        if kind == "msgmenu":
            keys = tuple(Key(choice["content"], choice["id"]) for choice in sent["msgmenu"]["list"])
            return Line(BOT, sent["msgmenu"]["head_content"], keys)
        return Line(BOT, sent.get("text", {}).get("content", f"［{kind}］"))
