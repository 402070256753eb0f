"""Knows how the suite drives a WeChat 服务号: sealed XML that is answered inline, customer service behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.config_platforms import WechatConfig
from bot.doors import Platform, Window
from bot.platforms.wechat import WeChat
from bot.secret import Secret
from tests.bot import test_wechat_messages
from tests.bot.platforms.driver import OTHER_WORKER, RESIDENT, WORKER, Code, Driver, Kind, Wire, flipped, photo
from tests.fakes.aio import Moving
from tests.fakes.faults import Fault
from tests.fakes.wechat import FakeWeChat, Pusher, code
from tests.fakes.wechat_stage import Books, memory

PAYLOADS = Path(__file__).parents[3] / "payloads" / "wechat"
ACCOUNT = "gh_0123456789ab"
OPENIDS = {RESIDENT: "oResident", WORKER: "oLi", OTHER_WORKER: "oZhao"}
NONCE = "263014780"
MANY = 1000
NO_GROUPS = "a 公众号 speaks with one person at a time"


class WeChatDriver(Driver):
    """One certified 服务号 in secure mode, with a template for what comes too late."""

    name, adapter, send = "WeChat 服务号", "bot.platforms.wechat", "custom"
    people = {name: f"wechat:{ACCOUNT}:{openid}" for name, openid in OPENIDS.items()}
    cannot = {
        "album": "pictures come one by one, each a message of its own",
        "group versus private": NO_GROUPS,
    }

    def __init__(self, clock: Moving) -> None:
        super().__init__(clock)
        self.fake, self._pusher = FakeWeChat(clock.monotonic), Pusher()
        self.faults = self.fake.faults

    def app(self) -> web.Application:
        return self.fake.app()

    def platform(self, base: str, window: Window) -> Platform:
        config = WechatConfig(
            account=ACCOUNT, app_id=self.fake.app_id, secret=Secret(self.fake.secret), api_base=base,
            token=Secret(self._pusher.token), aes_key=Secret(self._pusher.aes_key), templates={"progress": "T1"},
        )  # fmt: skip
        books = Books(memory(), self.clock)
        for chat in self.people.values():  # everybody has just written, and may be written to
            books.opened(chat, MANY)
        return WeChat(config, photos=photo, ledger=books.ledger, zone=ZoneInfo("Asia/Shanghai"))

    def says(self, words: str, *, key: int = 1, by: str = RESIDENT, group: bool = False, late: float = 0.0) -> Wire:
        content = f"<MsgType>text</MsgType><Content><![CDATA[{words}]]></Content><MsgId>{key}</MsgId>"
        return self._seal(self._message(by, content), late)

    def presses(self, action: str, *, key: int, by: str, label: str = "") -> Wire:
        tapped = f"<Content>{label}</Content><bizmsgmenuid>{action}</bizmsgmenuid><MsgId>{key}</MsgId>"
        return self._seal(self._message(by, f"<MsgType>text</MsgType>{tapped}"))

    def kinds(self) -> Iterator[Kind]:
        table = next(mark for mark in test_wechat_messages.test_every_kind.pytestmark if mark.name == "parametrize")  # type: ignore[attr-defined]
        for name, incoming in table.args[1]:
            facts = {field: getattr(incoming, field) for field in incoming.__slots__} if incoming else None
            yield Kind(name, self._seal((PAYLOADS / f"{name}.xml").read_text()), facts)

    def leaves(self, *, by: str = RESIDENT) -> Wire:
        return self._seal(self._message(by, "<MsgType>event</MsgType><Event>unsubscribe</Event>"))

    def signed(self, plain: str) -> Wire:
        return self._seal(plain)

    def broken(self) -> Wire:
        return self._seal("<xml><MsgType>text")

    def forged(self) -> Iterator[Wire]:
        good = self.says("x")
        sealed = good.body.decode().partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
        for name in ("signature", "msg_signature", "timestamp", "nonce"):
            for value in flipped(good.query[name]):
                yield replace(good, query={**good.query, name: value})
        for cipher in flipped(sealed):
            yield replace(good, body=self._pusher.envelope(cipher))

    def heard(self, body: bytes) -> str:
        return (self._pusher.read(body) or {}).get("Content", "")

    def welcome(self, by: str) -> None:
        self.fake.said(OPENIDS[by])

    async def texts(self, by: str) -> list[str]:
        mine = [sent for sent in self.fake.sent if sent["touser"] == OPENIDS[by]]
        return [sent["msgmenu"]["head_content"] if "msgmenu" in sent else sent["text"]["content"] for sent in mine]

    def codes(self) -> Mapping[str, Code]:
        table = {
            "permanent": (40003, 40007, 45002, 47001, 47003, 40008, 44004),
            "retry": (-1,),
            "account": (45009, 45011, 45033, 40164, 48001, 40013, 40125),
            "sent": (45015, 45047),
        }
        found = {str(number): Code((code(number),), meaning) for meaning in table for number in table[meaning]}  # type: ignore[arg-type]
        for number in (40001, 40014, 42001):
            found[f"{number} once"] = Code((code(number),), "sent")
            found[f"{number} for good"] = Code((code(number),) * 4, "account")
        found["connection cut"] = Code((Fault(cut=True),), "retry")
        found["no JSON"] = Code((Fault(body=b"<html>"),), "retry")
        found["HTTP 502"] = Code((Fault(status=502),), "retry")
        return found

    def gone(self) -> Fault:
        return code(40003)

    def exhaust(self, by: str) -> None:
        self.clock.advance(49 * 3600)

    def elsewhere(self, by: str) -> list[str]:
        mine = [sent for sent in self.fake.templates if sent["touser"] == OPENIDS[by]]
        return [sent["data"]["thing2"]["value"] for sent in mine]

    def crowd(self, n: int) -> list[str]:
        for number in range(n):
            self.fake.said(f"oCrowd{number}")
        return [f"wechat:{ACCOUNT}:oCrowd{number}" for number in range(n)]

    def expire(self) -> None:
        self.fake.rotate()

    def refreshes(self) -> int:
        return len(self.fake.token_calls)

    def _message(self, by: str, content: str) -> str:
        moment = int(self.clock.now().timestamp())
        heads = f"<ToUserName>{ACCOUNT}</ToUserName><FromUserName>{OPENIDS[by]}</FromUserName>"
        return f"<xml>{heads}<CreateTime>{moment}</CreateTime>{content}</xml>"

    def _seal(self, xml: str, late: float = 0.0) -> Wire:
        sealed = self._pusher.seal(xml)
        query = self._pusher.query(int(self.clock.now().timestamp() - late), NONCE, sealed)
        return Wire(self._pusher.envelope(sealed), query)


DRIVER = WeChatDriver
