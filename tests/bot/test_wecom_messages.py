"""Every documented kind of message and event of a WeCom application, and what it is as an Incoming."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.doors import Unreadable
from bot.platforms.gcj import to_wgs84
from bot.platforms.wechat_codec import parse
from bot.platforms.wecom_messages import Click, click, to_incoming
from handlers.incoming import Incoming, Media
from handlers.raw import RawText
from tests.bot.tables import cases

PAYLOADS = Path(__file__).parent.parent / "payloads" / "wecom"
ADDRESS = "wecom::liming"
NUMBER = "72345678901234567"
MOMENT = "LiMing:1772413200:event"
CONTACTS = "sys:1772413200:event:change_contact:::"


def read(name: str) -> Incoming | None:
    return to_incoming(parse((PAYLOADS / f"{name}.xml").read_bytes()))


def expected(key: str, kind: str, **more: Any) -> Incoming:
    return Incoming(
        platform="wecom", key=key, sender=ADDRESS, chat=ADDRESS, kind=kind,  # type: ignore[arg-type]
        said_at=datetime(2026, 3, 2, 1, 0, tzinfo=UTC), **more,
    )  # fmt: skip


def pressed(key: str, mark: str, task: str) -> Incoming:
    return expected(key, "press", mark=mark, quoted=task, addressed=True)


@pytest.mark.parametrize(
    ("name", "incoming"),
    [
        ("text", expected(NUMBER + "01", "text", text=RawText("接单 A0001"))),
        (
            "image",
            expected(
                NUMBER + "02", "photo", media=(Media("photo", "media-image-1", "http://wework.qpic.cn/bizmail/abc/0"),)
            ),
        ),
        ("voice", expected(NUMBER + "03", "voice", media=(Media("voice", "media-voice-1"),))),
        ("video", expected(NUMBER + "04", "video", media=(Media("video", "media-video-1"),))),
        (
            "location",
            expected(
                NUMBER + "05", "location", location=to_wgs84(33.3473, 120.1631),
                text=RawText("江苏省盐城市亭湖区人民路（12号）"),
            ),
        ),
        ("link", expected(NUMBER + "06", "link", text=RawText("公告\n停水通知\nhttps://example.com/notice"))),
        ("file", expected(NUMBER + "07", "other")),
        ("event_enter_agent", expected(f"{MOMENT}:enter_agent:::::::", "event", event="enter")),
        ("event_subscribe", expected(f"{MOMENT}:subscribe:::::::", "event", event="subscribe")),
        ("event_unsubscribe", expected(f"{MOMENT}:unsubscribe:::::::", "event", event="unsubscribe")),
        ("event_click", expected(f"{MOMENT}:click:MENU_HELP::::::", "event", event="click", scene="MENU_HELP")),
        ("event_click_action", expected(f"{MOMENT}:click:my_tasks:::::::", "press", button="my_tasks:")),
        (
            "event_card",
            pressed(
                f"{MOMENT}:template_card_event:Qk3_x-9TwErA.0:say-12-1772413100:RC-one::::",
                "Qk3_x-9TwErA.0", "say-12-1772413100",
            ),
        ),
        ("event_card_foreign", pressed(f"{MOMENT}:template_card_event:other-key:task-of-others:RC-two::::", "other-key",
                                       "task-of-others")),
        ("event_contact_delete_user", expected(f"{CONTACTS}:delete_user:LiMing::", "event", event="departed")),
        ("event_contact_update_left", expected(f"{CONTACTS}:update_user:LiMing:5:", "event", event="departed")),
        (
            "event_contact_update_renamed",
            expected(f"{CONTACTS}:update_user:LiMing::Li.Ming", "event", event="migrated", scene="li.ming"),
        ),
        ("event_contact_update_user", None),
        ("event_contact_create_user", None),
        ("event_contact_delete_party", None),
        ("event_location", None),
        ("event_view", None),
        ("event_card_menu", None),
        ("event_batch_job", None),
    ],
)  # fmt: skip
def test_every_kind(name: str, incoming: Incoming | None) -> None:
    assert read(name) == incoming


def test_every_payload_is_expected_above() -> None:
    assert {case[0] for case in cases(test_every_kind)} == {path.stem for path in PAYLOADS.glob("*.xml")}


def test_two_clicks_in_one_second_are_two_and_a_repeat_is_one() -> None:
    base = {
        "FromUserName": "LiMing", "CreateTime": "1", "MsgType": "event", "Event": "template_card_event",
        "EventKey": "Qk3_x-9TwErA.0", "TaskId": "say-1-1",
    }  # fmt: skip
    first, again, second = (to_incoming({**base, "ResponseCode": code}) for code in ("a", "a", "b"))
    assert first is not None
    assert second is not None
    assert first == again
    assert first.key != second.key
    long = to_incoming({**base, "ResponseCode": "c" * 1000})
    assert long is not None
    assert len(long.key) <= 160


def test_the_code_of_a_click_is_found_and_only_there() -> None:
    assert click(parse((PAYLOADS / "event_card.xml").read_bytes())) == Click("say-12-1772413100", "RC-one")
    assert click(parse((PAYLOADS / "event_click.xml").read_bytes())) is None
    assert click({"Event": "template_card_event", "TaskId": "say-1"}) is None


def test_userids_are_one_whatever_their_letters() -> None:
    fields = {"CreateTime": "1", "MsgType": "text", "MsgId": "1", "Content": "x"}
    found = [to_incoming({**fields, "FromUserName": name}) for name in ("LIMING", "liming", "LiMing")]
    assert {one.sender for one in found if one} == {ADDRESS}
    dotted = to_incoming({**fields, "FromUserName": "li.ming-2@corp_x"})
    assert dotted is not None
    assert dotted.sender == "wecom::li.ming-2@corp_x"


@pytest.mark.parametrize(
    "change",
    [
        {"FromUserName": None},
        {"FromUserName": "with space"},
        {"FromUserName": "li:colon"},
        {"FromUserName": "x" * 65},
        {"FromUserName": ["a", "a"]},
        {"CreateTime": None},
        {"CreateTime": "soon"},
        {"CreateTime": "9" * 30},
        {"Content": {"nested": "x"}},
        {"MsgType": {"a": "b"}},
        {"MsgId": ["1", "2"]},
        {"MsgType": "location"},
        {"MsgType": "location", "Location_X": "nan", "Location_Y": "1"},
        {"MsgType": "location", "Location_X": "91", "Location_Y": "1"},
        {"MsgType": "location", "Location_X": "1", "Location_Y": "181"},
        {"MsgType": "event", "Event": ["a", "b"]},
        {"MsgType": "event", "Event": "template_card_event", "EventKey": {"a": "b"}},
        {"MsgType": "event", "Event": "change_contact", "ChangeType": "delete_user"},
        {"MsgType": "event", "Event": "change_contact", "ChangeType": "delete_user", "UserID": "a b"},
        {"MsgType": "event", "Event": "change_contact", "ChangeType": "update_user", "UserID": "a", "NewUserID": "b:c"},
    ],
)
def test_broken_fields_are_unreadable(change: dict[str, Any]) -> None:
    fields = {"FromUserName": "LiMing", "CreateTime": "1772413200", "MsgType": "text", "MsgId": "1", "Content": "x"}
    with pytest.raises(Unreadable):
        to_incoming({**fields, **change})
