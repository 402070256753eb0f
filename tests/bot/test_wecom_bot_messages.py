"""Every documented kind of message and event of a 智能机器人, and what it is as an Incoming."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.doors import Unreadable
from bot.platforms.wecom_bot_messages import BotReader
from handlers.incoming import Incoming, Media
from handlers.raw import RawText
from tests.bot.tables import cases

PAYLOADS = Path(__file__).parent.parent / "payloads" / "wecom_bot"
NAMES = sorted(path.stem for path in PAYLOADS.glob("*.json"))
GROUP = "wecom-bot::wrkSFfCgAALFgnrSsWU38puiv4yvExuw"
NOW = datetime(2026, 3, 2, 1, 0, 30, tzinfo=UTC)
SAID = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
COS = "https://ww-aibot-img.cos.ap-guangzhou.myqcloud.com"
READER = BotReader()


def payload(name: str) -> dict[str, Any]:
    return dict(json.loads((PAYLOADS / f"{name}.json").read_text()))


def read(name: str, reader: BotReader = READER) -> Incoming | None:
    return reader.read(payload(name), NOW, inline=True)


def expected(n: int, kind: str, *, group: bool = False, **more: Any) -> Incoming:
    facts: dict[str, Any] = {
        "inline": True, "said_at": NOW, "group": group, "addressed": group,
        "chat": GROUP if group else "wecom-bot::liming",
        "way": f"https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=R{n:02d}",
        **more,
    }  # fmt: skip
    return Incoming(platform="wecom-bot", key=f"CAIQ16HMjQYY{n:02d}", sender="wecom::liming", kind=kind, **facts)  # type: ignore[arg-type]


def words(text: str) -> RawText:
    return RawText(text)


@pytest.mark.parametrize(
    ("name", "incoming"),
    [
        ("text", expected(1, "text", text=words("待办"))),
        ("group_text", expected(2, "text", group=True, text=words("接单 A0001"))),
        ("group_text_quote", expected(3, "text", group=True, text=words("接单"), quoted="A0001")),
        ("group_text_quote_two", expected(4, "text", group=True, text=words("接单"))),
        ("group_quote_mixed", expected(5, "text", group=True, text=words("反馈 已清走"), quoted="A0012")),
        ("group_bare", expected(6, "text", group=True)),
        ("group_two_names", expected(7, "text", group=True, text=words("@赵强 转办 A0001"))),
        (
            "mixed",
            expected(
                8, "photo", group=True, text=words("反馈 A0001 已清理"),
                media=(Media("photo", f"wecom-bot::{KEY}|{COS}/1"), Media("photo", f"wecom-bot::|{COS}/2")),
            ),
        ),
        ("mixed_words_only", expected(9, "text", text=words("第一行\n第二行"))),
        ("image", expected(10, "photo", media=(Media("photo", f"wecom-bot::|{COS}/3"),))),
        ("voice", expected(11, "voice", text=words("健仁小区三号楼路灯坏了"))),
        ("voice_silent", expected(12, "voice")),
        ("file", expected(13, "file", media=(Media("file", f"wecom-bot::|{COS}/4"),))),
        ("video", expected(14, "video", media=(Media("video", f"wecom-bot::|{COS}/5"),))),
        ("unknown_kind", expected(15, "other")),
        ("stream_refresh", None),
        ("enter_chat", expected(17, "event", event="enter", said_at=SAID)),
        (
            "card_pressed",
            expected(
                18, "press", group=True, mark="Qk3_x-9TwErA.0", quoted="letter-7-0-0", said_at=SAID, inline=False
            ),
        ),
        (
            "card_pressed_foreign",
            expected(19, "press", mark="rm -rf /", quoted="other", said_at=SAID, inline=False, addressed=True),
        ),
        ("feedback", None),
        ("unknown_event", None),
    ],
)  # fmt: skip
def test_every_kind(name: str, incoming: Incoming | None) -> None:
    assert read(name) == incoming


def test_the_table_names_every_payload() -> None:
    tested = {case[0] for case in cases(test_every_kind)}
    assert tested == set(NAMES)


@pytest.mark.parametrize(
    ("name", "said", "left"),
    [
        ("小格", "@小格 接单", "接单"),
        ("小格", "@小格接单", "接单"),
        ("小格 助手", "@小格 助手\u2005接单", "接单"),
        ("小格", "请 @小格 接单", "请 @小格 接单"),
        ("小格", "@赵强 @小格 接单", "@赵强 @小格 接单"),
        ("", "@小格 接单", "接单"),
        ("", "  @小格\n接单", "接单"),
        ("", "接单 a@b.c", "接单 a@b.c"),
    ],
)
def test_the_bots_name_is_taken_off_the_head(name: str, said: str, left: str) -> None:
    document = payload("group_text") | {"text": {"content": said}}
    incoming = BotReader(name).read(document, NOW)
    assert incoming is not None
    assert incoming.text == words(left)


def test_in_private_nothing_is_taken_off() -> None:
    incoming = READER.read(payload("text") | {"text": {"content": "@小格 待办"}}, NOW)
    assert incoming is not None
    assert incoming.text == words("@小格 待办")


@pytest.mark.parametrize("items", [-1, True, None, "x", {"msgtype": "text"}, [1, None]])
def test_a_quote_that_is_odd_quotes_nothing(items: object) -> None:
    odd = payload("group_text") | {"quote": {"msgtype": "mixed", "mixed": {"msg_item": items}}}
    incoming = BotReader("小格").read(odd, NOW)
    assert incoming is not None
    assert incoming.quoted == ""


@pytest.mark.parametrize(
    "change",
    [
        {"msgid": ""}, {"msgid": 7}, {"msgid": "x" * 161}, {"from": {}}, {"from": "li"}, {"from": {"userid": "李"}},
        {"from": {"userid": "a:b"}}, {"chattype": "group"}, {"chattype": "group", "chatid": "a b"},
        {"chattype": "group", "chatid": "a:b"}, {"chattype": "group", "chatid": "wr\ud800"},
        {"text": "待办"}, {"text": {"content": 5}}, {"msgtype": 3},
        {"msgtype": "mixed"}, {"msgtype": "mixed", "mixed": {"msg_item": ["x"]}}, {"create_time": "soon"},
        {"create_time": 10**20}, {"response_url": []}, {"msgtype": "event"}, {"msgtype": "image", "image": {"url": 1}},
    ],
)  # fmt: skip
def test_what_is_broken_is_unreadable(change: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        READER.read(payload("text") | change, NOW)


@pytest.mark.parametrize("held", [None, 7, "x", {"a": 1}, [None, 7, {"text": None}]])
def test_a_quote_may_hold_anything(held: object) -> None:
    incoming = READER.read(payload("text") | {"quote": {"msgtype": "mixed", "mixed": {"msg_item": held}}}, NOW)
    assert incoming is not None
    assert incoming.quoted == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from(NAMES), data=st.data())
def test_any_field_may_hold_anything(name: str, data: st.DataObject) -> None:
    """Whatever stands in a field: it is read, not needed, or unreadable; nothing else happens."""
    document = payload(name)
    at: Any = document
    for _ in range(data.draw(st.integers(0, 3))):
        inner = [key for key, value in at.items() if isinstance(value, dict) and value]
        if not inner:
            break
        at = at[data.draw(st.sampled_from(sorted(inner)))]
    at[data.draw(st.sampled_from(sorted(at)))] = copy.deepcopy(data.draw(JSON))
    try:
        found = READER.read(document, NOW)
    except Unreadable:
        return
    assert found is None or found.sender.startswith("wecom::")
