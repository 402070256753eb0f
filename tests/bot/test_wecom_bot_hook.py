"""The callback of a 智能机器人: its echo, every bit of its signature, changing keys, replays, broken paper, answers."""

from __future__ import annotations

import base64
import dataclasses
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config_platforms import WecomBotConfig
from bot.doors import Answer, Delivery, Rejected, Unreadable
from bot.platforms.wecom_bot import hook
from bot.platforms.wecom_bot_codec import key_of, opened
from bot.platforms.wecom_bot_hook import BODY_LIMIT, BotHook
from bot.secret import Secret
from bot.server import Counters, build_app
from handlers.incoming import Incoming
from tests.fakes.aio import Moving, running, serving
from tests.fakes.wechat import Pusher
from tests.fakes.wecom_bot import KEY, MEDIA_KEY, BotPusher, seal_medium
from tests.fakes.window import LittleWindow

PAYLOADS = Path(__file__).parent.parent / "payloads" / "wecom_bot"
CLOCK = Moving()
NOW = CLOCK.now()
STAMP = int(NOW.timestamp())
PUSHER = BotPusher()
OTHER_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
CONFIG = WecomBotConfig(token=Secret(PUSHER.token), aes_key=Secret(KEY))
HOOK = BotHook(CONFIG)


def payload(name: str) -> dict[str, Any]:
    return dict(json.loads((PAYLOADS / f"{name}.json").read_text()))


def sealed(document: object, stamp: int = STAMP, pusher: BotPusher = PUSHER) -> Delivery:
    cipher = pusher.sealed(document)
    body = json.dumps({"encrypt": cipher}).encode()
    return Delivery(method="POST", query=pusher.query(stamp, cipher), headers={}, body=body)


def read(made: Delivery, at: BotHook = HOOK) -> Incoming:
    found = at.read(made, NOW)
    assert isinstance(found, Incoming)
    return found


def changed(made: Delivery, **more: Any) -> Delivery:
    return dataclasses.replace(made, **more)


def test_the_echo_is_opened_for_whoever_knows_the_token() -> None:
    cipher = PUSHER.paper.seal("5927782489442352469")
    query = {**PUSHER.query(STAMP, cipher), "echostr": cipher}
    made = Delivery(method="GET", query=query, headers={}, body=b"")
    assert HOOK.read(made, NOW) == Answer(b"5927782489442352469")
    for change in ({"msg_signature": "0" * 40}, {"nonce": "1"}, {"timestamp": str(STAMP + 1)}, {"echostr": ""}):
        with pytest.raises(Rejected):
            HOOK.read(changed(made, query={**query, **change}), NOW)


def test_every_bit_of_the_signature_counts() -> None:
    made = sealed(payload("text"))
    good = made.query["msg_signature"]
    for place in range(len(good)):
        for bit in range(7):
            forged = good[:place] + chr(ord(good[place]) ^ (1 << bit)) + good[place + 1 :]
            with pytest.raises(Rejected):
                HOOK.read(changed(made, query={**made.query, "msg_signature": forged}), NOW)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_every_bit_of_the_ciphertext_counts(data: st.DataObject) -> None:
    made = sealed(payload("text"))
    place = data.draw(st.integers(0, len(made.body) - 1))
    body = bytearray(made.body)
    body[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Rejected):
        HOOK.read(changed(made, body=bytes(body)), NOW)


@pytest.mark.parametrize(("skew", "good"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)])
def test_the_time_window(skew: int, good: bool) -> None:
    made = sealed(payload("text"), stamp=STAMP + skew)
    if good:
        read(made)
        return
    with pytest.raises(Rejected):
        HOOK.read(made, NOW)


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"null", b'{"encrypt": 5}', b'{"encrypt": "\xe7\x81\xaf"}', b"[" * 60_000, b"\xff", b"NaN"],
)
def test_what_is_no_envelope_is_rejected_before_anything_is_opened(body: bytes) -> None:
    with pytest.raises(Rejected):
        HOOK.read(changed(sealed({}), body=body), NOW)


@pytest.mark.parametrize("plain", ["", "[]", "7", "{", '{"msgid": NaN}', "[" * 50_000, '{"a": 1}', "\x00"])
def test_what_is_signed_and_no_message_is_unreadable(plain: str) -> None:
    cipher = PUSHER.paper.seal(plain)
    made = Delivery("POST", PUSHER.query(STAMP, cipher), {}, json.dumps({"encrypt": cipher}).encode())
    with pytest.raises(Unreadable):
        HOOK.read(made, NOW)


def test_signed_and_not_decryptable_is_unreadable_and_for_another_receiver_rejected() -> None:
    for cipher in ("AAAA", "=", base64.b64encode(bytes(64)).decode()):
        made = Delivery("POST", PUSHER.query(STAMP, cipher), {}, json.dumps({"encrypt": cipher}).encode())
        with pytest.raises((Unreadable, Rejected)):
            HOOK.read(made, NOW)
    cipher = Pusher(aes_key=KEY, app_id="wx1").seal(json.dumps(payload("text")))
    made = Delivery("POST", PUSHER.query(STAMP, cipher), {}, json.dumps({"encrypt": cipher}).encode())
    with pytest.raises(Rejected):
        HOOK.read(made, NOW)


def test_while_a_key_changes_the_answer_is_under_the_key_of_the_question() -> None:
    both = BotHook(dataclasses.replace(CONFIG, aes_key=Secret(OTHER_KEY), older_aes_keys=(Secret(KEY),)))
    for key in (KEY, OTHER_KEY):
        pusher = BotPusher(aes_key=key)
        made = sealed(payload("text"), pusher=pusher)
        answer = pusher.read(both.answer(made, read(made, both), "好", NOW).body)
        assert answer is not None
        assert answer["stream"]["content"] == "好"


def test_what_is_answered_to_what() -> None:
    made = sealed(payload("group_text"))
    first, again = (PUSHER.read(HOOK.answer(made, read(made), "已接单\n<@li>", NOW).body) for _ in range(2))
    assert first == again, "the same stream when the message is brought again"
    assert first is not None
    assert first["msgtype"] == "stream"
    assert first["stream"]["finish"] is True
    assert "<@" not in first["stream"]["content"], "nobody is mentioned by what people wrote"
    entered = sealed(payload("enter_chat"))
    assert PUSHER.read(HOOK.answer(entered, read(entered), "您好", NOW).body) == {
        "msgtype": "text", "text": {"content": "您好"},
    }  # fmt: skip
    pressed = sealed(payload("card_pressed"))
    for one, words in ((pressed, "已接单"), (made, "")):
        assert HOOK.answer(one, read(one), words, NOW).body == b""
    for name in ("feedback", "stream_refresh", "unknown_event"):
        assert HOOK.read(sealed(payload(name)), NOW) == Answer(b"")


def test_an_answer_is_cut_by_bytes_and_never_inside_a_character() -> None:
    made = sealed(payload("text"))
    answer = PUSHER.read(HOOK.answer(made, read(made), "灯" * 9000, NOW).body)
    assert answer is not None
    assert len(answer["stream"]["content"].encode()) <= 20480
    assert answer["stream"]["content"].endswith("灯…")


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=200))
def test_media_open_with_their_key_and_no_other(data: bytes) -> None:
    assert opened(seal_medium(data), key_of(MEDIA_KEY)) == data
    assert opened(seal_medium(data, MEDIA_KEY), key_of(MEDIA_KEY.rstrip("="))) == data
    assert HOOK.codec.picture(seal_medium(data, KEY)) == data
    for broken in (b"", seal_medium(data)[:-1]):
        with pytest.raises(ValueError, match="length"):
            opened(broken, key_of(MEDIA_KEY))


@pytest.mark.parametrize("key", ["", "AAAA", "灯", MEDIA_KEY + "AAAA", "!" * 44])
def test_a_key_that_is_none(key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        key_of(key)


@running
async def test_through_the_edge() -> None:
    """Duplicates get the same words; what is broken is kept; what is forged leaves no trace; too large is refused."""
    window, counters = LittleWindow(), Counters()
    app = build_app([HOOK], window, health=lambda: {"ready": True}, clock=CLOCK, counters=counters)
    async with serving(app) as base, aiohttp.ClientSession() as session:
        url = f"{base}/hooks/wecom-bot"
        answers = [await PUSHER.push(url, payload("group_text"), STAMP) for _ in range(3)]
        assert all(one == answers[0] for one in answers)
        assert answers[0] is not None
        assert answers[0]["stream"]["content"] == "已登记：接单 A0001"
        assert (len(window.served), window.repeats) == (1, 2)
        assert await PUSHER.push(url, payload("card_pressed"), STAMP) is None
        assert await PUSHER.push(url, payload("feedback"), STAMP) is None
        made = sealed({"msgid": "1"})
        async with session.post(url, params=made.query, data=made.body) as answer:
            assert answer.status == 200
        assert [one[0] for one in window.unread] == ["wecom-bot"]
        async with session.post(url, params={**made.query, "nonce": "2"}, data=made.body) as answer:
            assert answer.status == 403
        async with session.post(url, params=made.query, data=b"x" * (BODY_LIMIT + 1)) as answer:
            assert answer.status == 413
        window.broken = 1
        made = sealed(payload("text"))
        async with session.post(url, params=made.query, data=made.body) as answer:
            assert answer.status == 500
        async with session.post(url, params=made.query, data=made.body) as answer:
            assert answer.status == 200


def test_a_kept_frame_of_the_long_connection_can_be_read_again() -> None:
    kept = hook(WecomBotConfig(mode="websocket", bot_id="b", secret=Secret("s")))
    raw = Delivery("POST", {}, {}, json.dumps(payload("group_text")).encode())
    found = kept.read(raw, NOW)
    assert isinstance(found, Incoming)
    assert found.key == "CAIQ16HMjQYY02"
    assert kept.answer(raw, found, "好", NOW) == Answer(b"")
    with pytest.raises(Unreadable):
        kept.read(Delivery("POST", {}, {}, b"{"), NOW)
