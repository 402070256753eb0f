"""Every documented kind of WeChat message and event, and what it is as an Incoming."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.doors import Unreadable
from bot.platforms.gcj import to_wgs84
from bot.platforms.wechat_codec import parse
from bot.platforms.wechat_messages import to_incoming
from handlers.incoming import Incoming, Media
from handlers.raw import RawText
from tests.bot.tables import cases

PAYLOADS = Path(__file__).parent.parent / "payloads" / "wechat"
ACCOUNT = "gh_0123456789ab"
ADDRESS = f"wechat:{ACCOUNT}:oResident_1-aZ"
NUMBER = "23456789012345678"
MOMENT = "oResident_1-aZ:1772413200:event"


def read(name: str) -> Incoming | None:
    return to_incoming(parse((PAYLOADS / f"{name}.xml").read_bytes()), ACCOUNT)


def expected(key: str, kind: str, **more: Any) -> Incoming:
    return Incoming(
        platform="wechat", account=ACCOUNT, key=key, sender=ADDRESS, chat=ADDRESS, inline=True, kind=kind,  # type: ignore[arg-type]
        said_at=datetime(2026, 3, 2, 1, 0, tzinfo=UTC), **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "incoming"),
    [
        ("text", expected(NUMBER + "01", "text", text=RawText("3号楼楼道里有人给电动车飞线充电，怕着火"))),
        ("text_menu_tap", expected(NUMBER + "02", "press", mark="Qk3_x-9TwErA.0", text=RawText("已解决"))),
        (
            "image",
            expected(
                NUMBER + "03", "photo",
                media=(Media("photo", "media-image-1", "http://mmbiz.qpic.cn/mmbiz_jpg/abc/0"),),
            ),
        ),
        ("voice", expected(NUMBER + "04", "voice", media=(Media("voice", "media-voice-1"),))),
        (
            "voice_recognised",
            expected(NUMBER + "05", "voice", text=RawText("路灯坏了。"), media=(Media("voice", "media-voice-2"),)),
        ),
        ("video", expected(NUMBER + "06", "video", media=(Media("video", "media-video-1"),))),
        ("shortvideo", expected(NUMBER + "07", "video", media=(Media("video", "media-video-2"),))),
        (
            "location",
            expected(
                NUMBER + "08", "location", location=to_wgs84(33.3473, 120.1631),
                text=RawText("江苏省盐城市亭湖区人民路（12号）"),
            ),
        ),
        ("link", expected(NUMBER + "09", "link", text=RawText("公告\n停水通知\nhttps://example.com/notice"))),
        ("miniprogrampage", expected(NUMBER + "10", "other")),
        ("file", expected(NUMBER + "11", "other")),
        ("event_subscribe", expected(f"{MOMENT}:subscribe:", "event", event="subscribe")),
        (
            "event_subscribe_scene",
            expected(f"{MOMENT}:subscribe_scan:jr-2", "event", event="subscribe", scene="jr-2"),
        ),
        ("event_unsubscribe", expected(f"{MOMENT}:unsubscribe:", "event", event="unsubscribe")),
        ("event_scan", expected(f"{MOMENT}:SCAN:jr-2", "event", event="scan", scene="jr-2")),
        ("event_click", expected(f"{MOMENT}:CLICK:MENU_HELP", "event", event="click", scene="MENU_HELP")),
        ("event_click_action", expected(f"{MOMENT}:CLICK:my_cases:", "press", button="my_cases:")),
        ("event_location", None),
        ("event_view", None),
        ("event_templatesendjobfinish", None),
        (
            "event_templatesendjobfinish_failed",
            replace(
                expected(
                    f"{MOMENT}:TEMPLATESENDJOBFINISH::200163836", "event", event="undelivered",
                    quoted=f"template:{ACCOUNT}:200163836",
                ),
                inline=False,
            ),
        ),
        ("event_scancode_push", None),
        ("event_scancode_waitmsg", None),
        ("event_pic_sysphoto", None),
        ("event_pic_photo_or_album", None),
        ("event_pic_weixin", None),
        ("event_location_select", None),
        ("event_subscribe_msg_popup", None),
        ("event_subscribe_msg_change", None),
        ("event_subscribe_msg_sent", None),
    ],
)  # fmt: skip
def test_every_kind(name: str, incoming: Incoming | None) -> None:
    assert read(name) == incoming


def test_every_payload_is_expected_above() -> None:
    assert {case[0] for case in cases(test_every_kind)} == {path.stem for path in PAYLOADS.glob("*.xml")}


def test_two_events_of_one_second_have_two_keys_and_a_long_key_is_folded() -> None:
    base = {"FromUserName": "o1", "CreateTime": "1", "MsgType": "event", "Event": "CLICK"}
    keys = [to_incoming({**base, "EventKey": key}, "a") for key in ("one", "two", "x" * 1000, "y" * 1000)]
    assert len({incoming.key for incoming in keys if incoming}) == 4
    assert all(len(incoming.key) <= 160 for incoming in keys if incoming)


def test_a_message_without_a_number_is_still_known_again() -> None:
    fields = {"FromUserName": "o1", "CreateTime": "1", "MsgType": "text", "Content": "x"}
    first, second = to_incoming(fields, "a"), to_incoming(dict(fields), "a")
    assert first is not None
    assert first == second
    assert first.key == "o1:1:text::"


@pytest.mark.parametrize(
    "change",
    [
        {"FromUserName": None},
        {"FromUserName": "with space"},
        {"FromUserName": "o:colon"},
        {"FromUserName": ["o1", "o1"]},
        {"CreateTime": None},
        {"CreateTime": "soon"},
        {"CreateTime": "9" * 30},
        {"Content": {"nested": "x"}},
        {"Content": ["a", "b"]},
        {"MsgType": {"a": "b"}},
        {"MsgId": ["1", "2"]},
        {"MsgType": "location", "Location_X": "north"},
        {"MsgType": "location", "Location_X": "nan", "Location_Y": "1"},
        {"MsgType": "location", "Location_X": "inf", "Location_Y": "1"},
        {"MsgType": "location", "Location_X": "91", "Location_Y": "1"},
        {"MsgType": "location", "Location_X": "1", "Location_Y": "181"},
        {"MsgType": "location"},
    ],
)
def test_broken_fields_are_unreadable(change: dict[str, Any]) -> None:
    fields = {"FromUserName": "o1", "CreateTime": "1772413200", "MsgType": "text", "MsgId": "1", "Content": "x"}
    with pytest.raises(Unreadable):
        to_incoming({**fields, **change}, ACCOUNT)


@pytest.mark.parametrize("key", ["report", "Report:A1", "a b:", "accept:A0001:" + "x" * 65, "接单:A0001", ":A0001", ""])
def test_a_menu_key_that_is_no_action_is_a_click(key: str) -> None:
    fields = {"FromUserName": "o1", "CreateTime": "1", "MsgType": "event", "Event": "CLICK", "EventKey": key}
    incoming = to_incoming(fields, ACCOUNT)
    assert incoming is not None
    assert (incoming.kind, incoming.event, incoming.scene) == ("event", "click", key)


@pytest.mark.parametrize(
    ("gcj", "wgs"),
    [
        ((31.17530398364597, 121.531541859215), (31.1774276, 121.5272106)),
        ((22.540796131694766, 113.9171764808363), (22.543847, 113.912316)),
        ((39.91334545536069, 116.38404722455657), (39.911954, 116.377817)),
        ((48.8584, 2.2945), (48.8584, 2.2945)),
    ],
)
def test_gcj_points_come_back_to_the_ground(gcj: tuple[float, float], wgs: tuple[float, float]) -> None:
    # The test points of googollee/eviltransform (Shanghai, Shenzhen, Beijing), and Paris, which is not shifted.
    assert math.dist(to_wgs84(*gcj), wgs) < 1e-9
