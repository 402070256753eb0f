"""The callback of an account: signatures, the envelope, replays, broken shapes, and the reply inside its envelope."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config_platforms import WechatConfig
from bot.doors import Answer, Delivery, Rejected, Unreadable
from bot.platforms.wechat import WeChatHook
from bot.platforms.wechat_codec import parse, signature
from bot.secret import Secret
from bot.server import Counters, build_app
from handlers.incoming import Incoming
from tests.fakes.aio import Moving, running, serving
from tests.fakes.wechat import Pusher, Unavailable, fields
from tests.fakes.window import LittleWindow

PAYLOADS = Path(__file__).parent.parent / "payloads" / "wechat"
TEXT = (PAYLOADS / "text.xml").read_text()
CLOCK = Moving()
NOW = CLOCK.now()
STAMP = int(NOW.timestamp())
PUSHER = Pusher()
NONCE = "263014780"
CONFIG = WechatConfig(
    account="gh_0123456789ab",
    app_id=PUSHER.app_id,
    secret=Secret("app-secret-canary"),
    token=Secret(PUSHER.token),
    aes_key=Secret(PUSHER.aes_key),
)
HOOK = WeChatHook(CONFIG)
ENCRYPT = (
    "sKqRbbiSUnDhFHOvPjtUMXw0wiptFc8acrTl06Sd/o37HENxGuNPWE4WXMlTLpvd"
    "+7le+e/bCQCTxu9cGRvT13EfoRm/UFcvZJIOJZUgCHZf1pYjrlf0oZ+TjuKaeaIy"
)
"""The fixture of platforms.md 1.3: random 0123456789abcdef, ts 1409659589, nonce 263014780."""


def delivery(query: Mapping[str, str], body: bytes = b"", method: str = "POST") -> Delivery:
    return Delivery(method=method, query=query, headers={}, body=body)


def sealed(xml: str = TEXT, stamp: int = STAMP, pusher: Pusher = PUSHER, **seal: Any) -> Delivery:
    cipher = pusher.seal(xml, **seal)
    return delivery(pusher.query(stamp, NONCE, cipher), pusher.envelope(cipher))


def read(made: Delivery, hook: WeChatHook = HOOK) -> Incoming:
    incoming = hook.read(made, NOW)
    assert isinstance(incoming, Incoming)
    return incoming


# -- signatures ----------------------------------------------------------------------------------------------------


def test_official_vectors() -> None:
    assert signature("AAAAA", "1714037059", "486452656") == "899cf89e464efb63f54ddac96b0a0a235f53aa78"
    assert signature("QDG6eK", "1409659589", NONCE, ENCRYPT) == "5a1148edbdca22def8508654a50ff3c10e57f058"
    xml = "<xml><MsgType>text</MsgType><Content>灯</Content></xml>"
    assert PUSHER.seal(xml, random=b"0123456789abcdef") == ENCRYPT
    assert PUSHER.unseal(ENCRYPT) == xml


def test_the_echo_is_given_back_to_whoever_knows_the_token() -> None:
    query = {**PUSHER.query(STAMP, NONCE), "echostr": "5927782489442352469"}
    assert HOOK.read(delivery(query, method="GET"), NOW) == Answer(b"5927782489442352469")
    for change in ({"signature": "0" * 40}, {"signature": "灯"}, {"timestamp": str(STAMP + 1)}, {"nonce": "1"}):
        with pytest.raises(Rejected):
            HOOK.read(delivery({**query, **change}, method="GET"), NOW)


@pytest.mark.parametrize("gone", ["timestamp", "nonce", "msg_signature", "encrypt_type"])
def test_a_missing_parameter_is_rejected(gone: str) -> None:
    made = sealed()
    query = {name: value for name, value in made.query.items() if name != gone}
    with pytest.raises(Rejected):
        HOOK.read(delivery(query, made.body), NOW)


def test_the_plain_signature_may_be_missing_but_not_wrong() -> None:
    made = sealed()
    query = {name: value for name, value in made.query.items() if name != "signature"}
    read(delivery(query, made.body))
    with pytest.raises(Rejected):
        HOOK.read(delivery({**made.query, "signature": "0" * 40}, made.body), NOW)


@pytest.mark.parametrize(
    ("skew", "good"), [(0, True), (300, True), (-300, True), (301, False), (-301, False), (86400 * 365, False)]
)
def test_the_time_window(skew: int, good: bool) -> None:
    made = sealed(stamp=STAMP + skew)
    if good:
        read(made)
    else:
        with pytest.raises(Rejected):
            HOOK.read(made, NOW)


@pytest.mark.parametrize("stamp", ["", "soon", "-1", "1e9", "٣" * 10, "9" * 400, " 1772413200", "1772413200.0"])
def test_a_timestamp_that_is_no_number_is_rejected(stamp: str) -> None:
    query = {"timestamp": stamp, "nonce": NONCE, "signature": PUSHER.signature(PUSHER.token, stamp, NONCE)}
    with pytest.raises(Rejected):
        HOOK.read(delivery(query, method="GET"), NOW)


@pytest.mark.parametrize(
    "pusher",
    [
        dataclasses.replace(PUSHER, token="another"),
        dataclasses.replace(PUSHER, app_id="wx0000000000000000"),
    ],
)
def test_another_token_or_another_account_is_rejected(pusher: Pusher) -> None:
    with pytest.raises(Rejected):
        HOOK.read(sealed(pusher=pusher), NOW)


def test_plaintext_is_refused_unless_it_is_configured() -> None:
    made = delivery(PUSHER.query(STAMP, NONCE), TEXT.encode())
    with pytest.raises(Rejected):
        HOOK.read(made, NOW)
    with pytest.raises(Rejected):
        WeChatHook(dataclasses.replace(CONFIG, mode="compatible")).read(made, NOW)
    plain = WeChatHook(dataclasses.replace(CONFIG, mode="plain", aes_key=Secret()))
    incoming = read(made, plain)
    assert incoming.key == "2345678901234567801"
    reply = fields(plain.answer(made, incoming, "好", NOW).body)
    assert (reply["MsgType"], reply["Content"]) == ("text", "好")
    with pytest.raises(Rejected):
        plain.read(delivery({**made.query, "signature": "0" * 40}, made.body), NOW)


def test_compatible_mode_reads_the_sealed_part() -> None:
    cipher = PUSHER.seal(TEXT)
    body = TEXT.replace("</xml>", f"<Encrypt><![CDATA[{cipher}]]></Encrypt></xml>").encode()
    hook = WeChatHook(dataclasses.replace(CONFIG, mode="compatible"))
    assert read(delivery(PUSHER.query(STAMP, NONCE, cipher), body), hook).kind == "text"


# -- what is signed and broken ---------------------------------------------------------------------------------------


def _signed(cipher: str) -> Delivery:
    return delivery(PUSHER.query(STAMP, NONCE, cipher), PUSHER.envelope(cipher))


@pytest.mark.parametrize("cipher", ["AAAA", "A" * 64, "=", "A", "A" * 43 + "=" * 5])
def test_signed_but_undecryptable_is_kept(cipher: str) -> None:
    with pytest.raises(Unreadable):
        HOOK.read(_signed(cipher), NOW)


def test_the_wrong_aes_key_is_kept_not_lost() -> None:
    other = dataclasses.replace(PUSHER, aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")
    with pytest.raises(Unreadable):
        HOOK.read(sealed(pusher=other), NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<xml></xml>",
        b"<xml><Encrypt></Encrypt></xml>",
        b"<xml><Encrypt><![CDATA[a b]]></Encrypt></xml>",
        PUSHER.envelope(ENCRYPT) * 2,
        PUSHER.envelope(ENCRYPT).replace(b"Encrypt", b"encrypt"),
        PUSHER.envelope(ENCRYPT).decode().encode("utf-16"),
    ],
)
def test_an_envelope_without_one_ciphertext_is_rejected(body: bytes) -> None:
    with pytest.raises(Rejected):
        HOOK.read(delivery(PUSHER.query(STAMP, NONCE, ENCRYPT), body), NOW)


def test_thousands_of_tags_are_no_message_and_are_not_parsed() -> None:
    for xml in ("<a>" * 3000, "<xml>" + "<a/>" * 2000 + "</xml>", "<xml>" + "<!--x-->" * 1200 + "</xml>"):
        with pytest.raises(Unreadable, match="tags"):
            parse(xml.encode())
    words = f"<xml><MsgType>text</MsgType><Content><![CDATA[{'<' * 2000}]]></Content></xml>"
    assert parse(words.encode())["Content"] == "<" * 2000, "what a resident writes is no tag"


def test_an_event_nobody_needs_is_answered_at_once() -> None:
    assert HOOK.read(sealed((PAYLOADS / "event_view.xml").read_text()), NOW) == Answer(b"success")


# -- keys and secrets ----------------------------------------------------------------------------------------------


def test_an_older_key_is_still_read_and_answered_with() -> None:
    old = dataclasses.replace(PUSHER, aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")
    hook = WeChatHook(CONFIG, older_keys=[Secret(old.aes_key)])
    for pusher in (PUSHER, old):
        made = sealed(pusher=pusher)
        reply = pusher.read(hook.answer(made, read(made, hook), "好", NOW).body)
        assert reply is not None
        assert reply["Content"] == "好"


def test_secrets_do_not_show() -> None:
    shown = repr(CONFIG) + repr(HOOK) + str(CONFIG.secret) + f"{CONFIG.aes_key}" + repr(vars(HOOK))
    for canary in (PUSHER.token, PUSHER.aes_key, "app-secret-canary"):
        assert canary not in shown
    assert Secret("a") == Secret("a") != Secret("b")
    assert hash(Secret("a")) == hash(Secret("a"))
    assert not Secret()


# -- replies -------------------------------------------------------------------------------------------------------


def answered(receipt: str) -> dict[str, str] | None:
    made = sealed()
    return PUSHER.read(HOOK.answer(made, read(made), receipt, NOW).body)


def test_a_reply_goes_back_to_the_writer_in_the_envelope() -> None:
    assert answered("已登记 A0001") == {
        "ToUserName": "oResident_1-aZ",
        "FromUserName": "gh_0123456789ab",
        "CreateTime": str(STAMP),
        "MsgType": "text",
        "Content": "已登记 A0001",
    }


def test_nothing_to_say_is_success_in_plain() -> None:
    made = sealed()
    assert HOOK.answer(made, read(made), "", NOW) == Answer(b"success")


def test_a_long_reply_is_cut_at_a_character() -> None:
    for filler in ("长", "😀", "a"):
        reply = answered(filler * 3000)
        assert reply is not None
        assert len(reply["Content"].encode()) <= 2048
        assert len(reply["Content"].encode()) > 2040
        assert reply["Content"].rstrip("…") == filler * (len(reply["Content"]) - 1)
    whole = answered("a" * 2048)
    assert whole is not None
    assert whole["Content"] == "a" * 2048


@given(words=st.text(min_size=1, max_size=200).filter(lambda text: text.strip()))
@settings(max_examples=300, deadline=None)
def test_any_words_make_a_well_formed_reply(words: str) -> None:
    reply = answered(words + "]]>" + words + "]]")
    assert reply is not None
    assert "]]>" in reply["Content"]
    assert reply["MsgType"] == "text"


def test_injected_xml_stays_text() -> None:
    evil = "]]></Content><MsgType>image</MsgType><Content><![CDATA["
    reply = answered(evil)
    assert reply is not None
    assert (reply["Content"], reply["MsgType"]) == (evil, "text")


# -- through the door ----------------------------------------------------------------------------------------------


@running
async def test_through_the_door_with_repeats_replays_and_a_slow_first_answer() -> None:
    clock, window, counters = Moving(), LittleWindow(delay=0.3), Counters()
    app = build_app([HOOK], window, health=dict, clock=clock, counters=counters)
    async with serving(app) as base:
        url = base + "/hooks/wechat/gh_0123456789ab"
        hurried = dataclasses.replace(PUSHER, patience=0.12)
        with pytest.raises(Unavailable):
            await dataclasses.replace(hurried, tries=1).push(url, TEXT, STAMP)
        reply = await PUSHER.push(url, TEXT, STAMP)
        assert reply is not None
        assert reply["Content"].startswith("已登记：3号楼")
        assert len(window.served) == 1
        clock.advance(301)
        with pytest.raises(Unavailable):
            await PUSHER.push(url, TEXT, STAMP)
    assert len(window.served) == 1
    assert counters.get("deliveries", outcome="repeat") == 1
    assert counters.get("deliveries", outcome="rejected") == 3


@pytest.mark.parametrize(
    ("mode", "taken"),
    [
        ("secure", ("secure", "compatible")),
        ("compatible", ("compatible", "secure")),
        ("plain", ("plain", "secure", "compatible")),
    ],
)
@running
async def test_a_whole_exchange_in_each_mode(mode: Any, taken: tuple[str, ...]) -> None:
    """A switch a moment too early or too late loses nothing; but plain words are read only where that is configured."""
    window, hook = LittleWindow(), WeChatHook(dataclasses.replace(CONFIG, mode=mode))
    app = build_app([hook], window, health=dict, clock=Moving(), counters=Counters())
    async with serving(app) as base:
        for theirs in ("secure", "compatible", "plain"):
            pusher = dataclasses.replace(PUSHER, mode=theirs)
            if theirs in taken:
                answer = await pusher.push(base + hook.path, TEXT, STAMP)
                assert answer is not None
                assert answer["Content"].startswith("已登记")
            else:
                with pytest.raises(Unavailable):
                    await pusher.push(base + hook.path, TEXT, STAMP)
    assert len(window.served) == 1


@running
async def test_a_retry_while_the_first_is_running_gets_the_same_words() -> None:
    window = LittleWindow(delay=0.3)
    app = build_app([HOOK], window, health=dict, clock=Moving(), counters=Counters())
    async with serving(app) as base:
        impatient = dataclasses.replace(PUSHER, patience=0.2)
        reply = await impatient.push(base + "/hooks/wechat/gh_0123456789ab", TEXT, STAMP)
        assert reply is not None
        assert reply["Content"].startswith("已登记：3号楼")
    assert len(window.served) == 1


@running
async def test_what_cannot_be_read_is_kept_and_answered_success() -> None:
    window = LittleWindow()
    app = build_app([HOOK], window, health=dict, clock=Moving(), counters=Counters())
    async with serving(app) as base:
        assert await PUSHER.push(base + "/hooks/wechat/gh_0123456789ab", "<xml>", STAMP) is None
    assert [(platform, account) for platform, account, _, _ in window.unread] == [("wechat", "gh_0123456789ab")]
    assert b"<Encrypt>" in window.unread[0][2].body
