"""Every documented kind of Telegram update, what it is as an Incoming, and the webhook around it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.doors import Answer, Delivery, Rejected, Unreadable
from bot.platforms.telegram_hook import TelegramHook, decode, pressed
from bot.platforms.telegram_updates import Reader
from bot.secret import Secret
from handlers.incoming import Incoming, Media
from handlers.raw import RawText

PAYLOADS = Path(__file__).parent.parent / "payloads" / "telegram"
NOW = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)
SAID = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
EDITED = datetime(2026, 3, 2, 1, 1, tzinfo=UTC)
ME = "telegram::1001"
GROUP = "telegram::-1001234567890"
READER = Reader(110201543)
READER.username = "xiaoge_bot"
SECRET = "webhook-secret_canary-1"
HOOK = TelegramHook(Secret(SECRET), READER)


def payload(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text())
    return document


def expected(kind: str, words: str = "", **more: Any) -> dict[str, Any]:
    facts = {"sender": ME, "chat": ME, "said_at": SAID, "text": RawText(words), "kind": kind, **more}
    if facts["chat"] != ME:
        facts["group"] = True
    return facts


def photo(*ids: str) -> tuple[Media, ...]:
    return tuple(Media("photo", one) for one in ids)


PLACE = (33.347, 120.163)
IN_GROUP: dict[str, Any] = {"chat": GROUP}
CALLED: dict[str, Any] = {"chat": GROUP, "addressed": True}

KINDS: list[tuple[str, dict[str, Any] | None]] = [
    ("text", expected("text", "3号楼楼道里有人给电动车飞线充电，怕着火")),
    ("start", expected("event", event="subscribe")),
    ("start_scene", expected("event", event="subscribe", scene="bind-8271")),
    ("help", expected("text", "/help")),
    ("photo", expected("photo", "垃圾堆在这里", media=photo("photo-x"))),
    ("album_first", expected("photo", "两张", media=photo("photo-x"), scene="album:13847562")),
    ("album_second", expected("photo", media=photo("photo-2"), scene="album:13847562")),
    ("edited", expected("text", "更正：4号楼", edited=True, said_at=EDITED)),
    ("location", expected("location", location=PLACE)),
    ("live_location", expected("location", location=PLACE)),
    ("live_location_moved", None),
    ("venue", expected("location", "便民服务中心 人民路12号", location=PLACE)),
    ("voice", expected("voice", media=(Media("voice", "voice-1"),))),
    ("audio", expected("voice", media=(Media("voice", "audio-1"),))),
    ("video", expected("video", "看", media=(Media("video", "video-1"),))),
    ("video_note", expected("video", media=(Media("video", "note-1"),))),
    ("animation", expected("video", media=(Media("video", "anim-1"),))),
    ("document", expected("file", media=(Media("file", "doc-1"),))),
    ("document_image", expected("photo", "原图", media=photo("doc-2"))),
    ("sticker", expected("sticker", "👍")),
    ("contact", expected("text", "芳 13800138000")),
    ("dice", expected("other")),
    ("poll", expected("other")),
    ("unknown_kind", expected("other")),
    ("forwarded", expected("text", "接单 A0001")),
    ("callback", expected("press", mark="Qk3_x-9TwErA.0", quoted="55", said_at=NOW, **CALLED)),
    ("callback_old_card", expected("press", mark="v1:accept:A0001", quoted="54", said_at=NOW, **CALLED)),
    ("callback_foreign", expected("press", mark="acc|A0001", quoted="55", said_at=NOW, **CALLED)),
    ("callback_inline", None),
    ("group_mention", expected("text", "接单 A0001", **CALLED)),
    ("group_mention_inside", expected("text", "😀@Xiaoge_Bot 接单 A0001", **CALLED)),
    ("group_text_mention", expected("text", "待办", **CALLED)),
    ("group_command", expected("text", "/help 接单", **CALLED)),
    ("group_start", expected("event", event="scan", scene="group_jr-2_work", **CALLED)),
    ("group_start_other", expected("text", "/start hello", **CALLED)),
    ("group_other_command", expected("text", "/help@other_bot", **IN_GROUP)),
    ("group_reply", expected("text", "已到场", quoted="55", **CALLED)),
    ("group_reply_to_person", expected("text", "收到", quoted="55", **IN_GROUP)),
    ("group_plain", expected("text", "大家吃了吗", **IN_GROUP)),
    ("group_topic", expected("text", "收到", **IN_GROUP)),
    ("group_photo_mention", expected("photo", "反馈 A0001", media=photo("photo-x"), **CALLED)),
    ("group_migrated", expected("event", event="migrated", scene="-1001234567890", chat="telegram::-4567")),
    ("group_migrated_from", None),
    ("group_members", None),
    ("group_pinned", None),
    ("group_dice", None),
    ("group_anonymous_admin", None),
    ("joined", expected("event", event="joined", **IN_GROUP)),
    ("promoted", None),
    ("left", expected("event", event="left", **IN_GROUP)),
    ("blocked", expected("event", event="unsubscribe")),
    ("unblocked", None),
    ("channel_post", None),
    ("inline_query", None),
    ("unknown_update", None),
]


@pytest.mark.parametrize(("name", "facts"), KINDS)
def test_every_kind(name: str, facts: dict[str, Any] | None) -> None:
    document = payload(name)
    wanted = facts and Incoming(
        platform="telegram", key=str(document["update_id"]), must_begin=bool(facts.get("group")), **facts
    )
    assert READER.read(document, NOW) == wanted


def test_every_payload_is_expected_above() -> None:
    assert {name for name, _ in KINDS} == {path.stem for path in PAYLOADS.glob("*.json")}


def test_before_the_bot_knows_its_name_only_replies_and_its_id_call_it() -> None:
    young = Reader(110201543)
    for name, called in (("group_mention", False), ("group_text_mention", True), ("group_reply", True)):
        incoming = young.read(payload(name), NOW)
        assert incoming is not None
        assert incoming.addressed is called


@pytest.mark.parametrize(
    "change",
    [
        {"update_id": None},
        {"update_id": "7"},
        {"message": []},
        {"message": {}},
        {"message": {"message_id": 1}},
        {"message": "x"},
        {"message": {"message_id": 1, "date": "x", "chat": {"id": 1, "type": "private"}}},
        {"message": {"message_id": 1, "date": 1e300, "chat": {"id": 1, "type": "private"}}},
        {"callback_query": {"id": "1"}},
        {"my_chat_member": {}},
    ],
)
def test_broken_updates_are_unreadable(change: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        READER.read({**payload("text"), **change}, NOW)


@pytest.mark.parametrize(
    "part",
    [
        {"text": 5},
        {"text": {"a": 1}},
        {"photo": 5},
        {"photo": [{"file_id": "x"}]},
        {"location": {"latitude": "x", "longitude": 1}},
        {"location": {"latitude": 91, "longitude": 1}},
        {"location": {"latitude": 1, "longitude": 1e9}},
        {"location": {"latitude": float("nan"), "longitude": 1}},
        {"text": "x", "entities": [{"type": "mention", "offset": "a", "length": 1}]},
        {"text": "x", "entities": 7},
        {"text": "x", "from": {"id": "\ud800", "is_bot": False, "first_name": "x"}},
        {"text": "x", "from": {"id": True, "is_bot": False, "first_name": "x"}},
        {"text": "x", "chat": {"id": "5", "type": "private"}},
        {"document": {"file_id": "x", "file_unique_id": "y", "mime_type": 5}},
    ],
)
def test_broken_contents_are_unreadable(part: dict[str, Any]) -> None:
    document = payload("dice")
    del document["message"]["dice"]
    document["message"].update(part)
    with pytest.raises(Unreadable):
        READER.read(document, NOW)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "update_id",
                        "message",
                        "chat",
                        "from",
                        "id",
                        "date",
                        "text",
                        "type",
                        "photo",
                        "callback_query",
                        "data",
                    ]
                ),
                inner,
                max_size=6,
            )
        ),
    )
)
@settings(max_examples=500, deadline=None)
def test_any_json_is_read_or_kept(document: object) -> None:
    try:
        READER.read(document, NOW)
    except Unreadable:
        return


# -- the webhook ---------------------------------------------------------------------------------------------------


def delivery(body: bytes, secret: str | None = SECRET, method: str = "POST") -> Delivery:
    headers = {} if secret is None else {"x-telegram-bot-api-secret-token": secret}
    return Delivery(method=method, query={}, headers=headers, body=body)


def dumped(name: str) -> bytes:
    return json.dumps(payload(name)).encode()


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", SECRET.upper(), "灯"])
def test_a_wrong_secret_is_rejected(secret: str | None) -> None:
    with pytest.raises(Rejected):
        HOOK.read(delivery(dumped("text"), secret), NOW)


def test_an_unset_secret_lets_nobody_in_and_only_post_counts() -> None:
    with pytest.raises(Rejected):
        TelegramHook(Secret(), READER).read(delivery(dumped("text"), ""), NOW)
    with pytest.raises(Rejected):
        HOOK.read(delivery(b"", method="GET"), NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"5",
        b"\xff\xfe{}",
        b'{"update_id": NaN}',
        b'{"update_id": 1, "message": {"location": {"latitude": Infinity}}}',
        b"[" * 60_000,
        b'{"update_id": ' + b"9" * 50_000 + b"}",
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    ],
)
def test_an_unreadable_body_is_kept(body: bytes) -> None:
    with pytest.raises(Unreadable):
        HOOK.read(delivery(body), NOW)


def test_a_press_is_thanked_in_the_answer_and_nothing_else_is_said() -> None:
    made = delivery(dumped("callback"))
    incoming = HOOK.read(made, NOW)
    assert isinstance(incoming, Incoming)
    thanks = HOOK.answer(made, incoming, "words that are pushed", NOW)
    assert json.loads(thanks.body) == {
        "method": "answerCallbackQuery",
        "callback_query_id": "4382bfdwdsb323b2d9",
    }
    assert thanks.content_type == "application/json"
    made = delivery(dumped("text"))
    incoming = HOOK.read(made, NOW)
    assert isinstance(incoming, Incoming)
    assert HOOK.answer(made, incoming, "words that are pushed", NOW) == Answer(b"")
    assert HOOK.read(delivery(dumped("channel_post")), NOW) == Answer(b"")
    unwanted = HOOK.read(delivery(dumped("callback_inline")), NOW)
    assert isinstance(unwanted, Answer)
    assert b"answerCallbackQuery" in unwanted.body
    assert pressed(decode(b'{"callback_query": {"id": 5}}')) == ""


def test_the_secret_does_not_show() -> None:
    assert "canary" not in repr(HOOK) + repr(vars(HOOK))


@pytest.mark.parametrize(
    ("name", "hears_all", "scene"), [("joined", False, "deaf"), ("joined", True, ""), ("left", False, "")]
)
def test_a_bot_that_hears_commands_only_says_so_when_it_joins(name: str, hears_all: bool, scene: str) -> None:
    reader = Reader(110201543)
    reader.hears_all = hears_all
    found = reader.read(payload(name), NOW)
    assert found is not None
    assert (found.event, found.scene) == (name, scene)
