"""Knows how the suite drives a WeCom application: sealed XML that is answered with nothing, messages behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from aiohttp import web

from bot.doors import Platform, Window
from bot.platforms.wecom import WeCom
from bot.platforms.wecom_api import WecomApi
from tests.bot import test_wecom_messages
from tests.bot.platforms.driver import OTHER_WORKER, RESIDENT, WORKER, Code, Driver, Kind, Wire, flipped, photo
from tests.fakes.aio import Moving
from tests.fakes.faults import Fault
from tests.fakes.wecom import FakeWeCom, code
from tests.fakes.wecom_stage import PUSHER, Notes, config

PAYLOADS = Path(__file__).parents[3] / "payloads" / "wecom"
USERIDS = {RESIDENT: "WangFang", WORKER: "LiMing", OTHER_WORKER: "ZhaoQiang"}
"""As WeCom writes them; kept in small letters."""
NONCE = "1597212914"
ALONE = "an application speaks with one member at a time; what is said in its group chats it does not hear"


class WecomAppDriver(Driver):
    """One application of one corp; everybody of the suite is a member."""

    name, adapter, send = "WeCom application", "bot.platforms.wecom", "send"
    people = {name: f"wecom::{userid.lower()}" for name, userid in USERIDS.items()}
    cannot = {
        "album": "pictures come one by one, each a message of its own",
        "group versus private": ALONE,
        "quota exhausted": "thirty a minute and a thousand an hour for a member are waited out; there is no other way",
    }

    def __init__(self, clock: Moving) -> None:
        super().__init__(clock)
        self.fake = FakeWeCom(clock.monotonic, members={userid.lower(): 1 for userid in USERIDS.values()})
        self.faults = self.fake.faults

    def app(self) -> web.Application:
        return self.fake.app()

    def platform(self, base: str, window: Window) -> Platform:
        facts = config(self.fake, base)
        api = WecomApi(facts.api_base, facts.corp_id, facts.secret, self.clock.monotonic)
        return WeCom(
            facts, api, photos=photo, clock=self.clock, window=window, note=Notes().change,
            monotonic=self.clock.monotonic,
        )  # fmt: skip

    def says(self, words: str, *, key: int = 1, by: str = RESIDENT, group: bool = False, late: float = 0.0) -> Wire:
        content = f"<MsgType>text</MsgType><Content><![CDATA[{words}]]></Content><MsgId>{key}</MsgId>"
        return self._seal(self._message(USERIDS[by], content), late)

    def presses(self, action: str, *, key: int, by: str, label: str = "") -> Wire:
        event = f"<MsgType>event</MsgType><Event>template_card_event</Event><EventKey>v1:{action}</EventKey>"
        card = f"<TaskId>card-1-1772413200</TaskId><ResponseCode>response-code-{key}</ResponseCode>"
        return self._seal(self._message(USERIDS[by], event + card))

    def kinds(self) -> Iterator[Kind]:
        table = next(mark for mark in test_wecom_messages.test_every_kind.pytestmark if mark.name == "parametrize")  # type: ignore[attr-defined]
        for name, incoming in table.args[1]:
            facts = {field: getattr(incoming, field) for field in incoming.__slots__} if incoming else None
            yield Kind(name, self._seal((PAYLOADS / f"{name}.xml").read_text()), facts)

    def leaves(self, *, by: str = RESIDENT) -> Wire:
        event = "<MsgType>event</MsgType><Event>change_contact</Event><ChangeType>delete_user</ChangeType>"
        return self._seal(self._message("sys", f"{event}<UserID>{USERIDS[by]}</UserID>"))

    def signed(self, plain: str) -> Wire:
        return self._seal(plain)

    def broken(self) -> Wire:
        return self._seal("<xml><MsgType>text")

    def forged(self) -> Iterator[Wire]:
        good = self.says("x")
        sealed = good.body.decode().partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
        for name in ("msg_signature", "timestamp", "nonce"):
            for value in flipped(good.query[name]):
                yield replace(good, query={**good.query, name: value})
        for cipher in flipped(sealed):
            yield replace(good, body=PUSHER.envelope(cipher))

    def heard(self, body: bytes) -> str:
        assert body == b"", "anything else WeCom reads as a sealed reply"
        return ""

    async def texts(self, by: str) -> list[str]:
        return self.fake.texts(USERIDS[by].lower())

    def codes(self) -> Mapping[str, Code]:
        found = application_codes()
        for number in (60111, 81013, 40050):
            found[str(number)] = Code((code(number),), "permanent")
        for name in ("invaliduser", "unlicenseduser"):
            found[name] = Code((code(0, **{name: USERIDS[RESIDENT]}),), "permanent")
        return found

    def gone(self) -> Fault:
        return code(60111)

    def crowd(self, n: int) -> list[str]:
        self.fake.members.update({f"crowd{number}": 1 for number in range(n)})
        return [f"wecom::crowd{number}" for number in range(n)]

    def expire(self) -> None:
        self.fake.rotate()

    def refreshes(self) -> int:
        return self.fake.calls.count("token")

    def _message(self, sender: str, content: str) -> str:
        moment = int(self.clock.now().timestamp())
        heads = f"<ToUserName>{self.fake.corp_id}</ToUserName><FromUserName>{sender}</FromUserName>"
        return f"<xml>{heads}<CreateTime>{moment}</CreateTime>{content}<AgentID>{self.fake.agent_id}</AgentID></xml>"

    def _seal(self, xml: str, late: float = 0.0) -> Wire:
        sealed = PUSHER.seal(xml)
        query = PUSHER.query(int(self.clock.now().timestamp() - late), NONCE, sealed)
        return Wire(PUSHER.envelope(sealed), query)


def application_codes() -> dict[str, Code]:
    """What an application is told alike when it writes to a member and when it writes into a chat of its own."""
    table = {
        "permanent": (40007, 40008, 40058, 44004, 45002, 99999),
        "retry": (-1, 6000, 45033),
        "account": (45009, 45011, 40001, 40013, 40056, 48002, 60011, 60020, 301002),
    }
    found = {str(number): Code((code(number),), meaning) for meaning in table for number in table[meaning]}  # type: ignore[arg-type]
    for number in (40014, 42001):
        found[f"{number} once"] = Code((code(number),), "sent")
        found[f"{number} for good"] = Code((code(number),) * 2, "account")
    found["no token, secret wrong"] = Code((code(40001),), "account", call="token")
    found["no token, busy"] = Code((code(-1),), "retry", call="token")
    found["connection cut"] = Code((Fault(cut=True),), "retry")
    found["no JSON"] = Code((Fault(body=b"<html>"),), "retry")
    found["HTTP 502"] = Code((Fault(status=502),), "retry")
    found["HTTP 404"] = Code((Fault(status=404),), "account")
    return found


DRIVER = WecomAppDriver
