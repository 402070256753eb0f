"""The callback of a WeCom application: the encrypted echo, signatures, replays, broken shapes, another application."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.config_platforms import WecomConfig
from bot.doors import Answer, Delivery, Rejected, Unreadable
from bot.platforms.wecom_hook import PATH, WeComHook
from bot.secret import Secret
from bot.server import Counters, build_app
from handlers.incoming import Incoming
from tests.fakes.aio import Moving, running, serving
from tests.fakes.wecom import AppPusher, Retried
from tests.fakes.window import LittleWindow

PAYLOADS = Path(__file__).parent.parent / "payloads" / "wecom"
TEXT = (PAYLOADS / "text.xml").read_text()
CARD = (PAYLOADS / "event_card.xml").read_text()
CLOCK = Moving()
NOW = CLOCK.now()
STAMP = int(NOW.timestamp())
NONCE = "1597212914"
PUSHER = AppPusher()
OTHER_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
CONFIG = WecomConfig(
    corp_id=PUSHER.app_id,
    agent_id=1000002,
    secret=Secret("agent-secret-canary"),
    token=Secret(PUSHER.token),
    aes_key=Secret(PUSHER.aes_key),
)
HOOK = WeComHook(CONFIG)


def delivery(query: Mapping[str, str], body: bytes = b"", method: str = "POST") -> Delivery:
    return Delivery(method=method, query=query, headers={}, body=body)


def sealed(xml: str = TEXT, stamp: int = STAMP, pusher: AppPusher = PUSHER, **seal: Any) -> Delivery:
    cipher = pusher.seal(xml, **seal)
    return delivery(pusher.query(stamp, NONCE, cipher), pusher.envelope(cipher))


def echo(pusher: AppPusher = PUSHER, words: str = "1616140317555161061") -> Delivery:
    cipher = pusher.seal(words)
    return delivery({**pusher.query(STAMP, NONCE, cipher), "echostr": cipher}, method="GET")


def test_the_echo_comes_back_in_plain() -> None:
    assert HOOK.read(echo(), NOW) == Answer(b"1616140317555161061")
    made = echo(words="~" * 200 + "?")
    query = {**made.query, "echostr": made.query["echostr"].replace("+", " ")}
    assert HOOK.read(delivery(query, method="GET"), NOW) == Answer(b"~" * 200 + b"?")


@pytest.mark.parametrize(
    "change",
    [{"msg_signature": "0" * 40}, {"msg_signature": "灯"}, {"nonce": "1"}, {"echostr": ""}, {"echostr": "灯"},
     {"timestamp": str(STAMP + 1)}, {"timestamp": ""}, {"timestamp": str(STAMP - 301)}, {"echostr": "<Encrypt>"}],
)  # fmt: skip
def test_a_changed_echo_is_rejected(change: dict[str, str]) -> None:
    with pytest.raises(Rejected):
        HOOK.read(delivery({**echo().query, **change}, method="GET"), NOW)


def test_a_message_is_read_and_nothing_is_said_on_the_spot() -> None:
    incoming = HOOK.read(sealed(), NOW)
    assert isinstance(incoming, Incoming)
    assert (incoming.sender, incoming.inline, incoming.group) == ("wecom::liming", False, False)
    assert HOOK.answer(sealed(), incoming, "已登记", NOW) == Answer(b"")
    assert HOOK.read(sealed((PAYLOADS / "event_view.xml").read_text()), NOW) == Answer(b"")


def test_the_code_of_a_click_is_handed_on() -> None:
    seen: list[tuple[str, str]] = []
    hook = WeComHook(CONFIG, lambda task, code, now: seen.append((task, code)))
    for xml in (TEXT, CARD):
        hook.read(sealed(xml), NOW)
    assert seen == [("say-12-1772413100", "RC-one")]


@pytest.mark.parametrize("skew", [301, -301, 86400 * 365])
def test_the_time_window(skew: int) -> None:
    with pytest.raises(Rejected):
        HOOK.read(sealed(stamp=STAMP + skew), NOW)
    assert isinstance(HOOK.read(sealed(stamp=STAMP + (300 if skew > 0 else -300)), NOW), Incoming)


@pytest.mark.parametrize(
    "pusher", [dataclasses.replace(PUSHER, token="another"), dataclasses.replace(PUSHER, app_id="ww0000000000000000")]
)
def test_another_token_or_another_corp_is_rejected(pusher: AppPusher) -> None:
    for made in (sealed(pusher=pusher), echo(pusher)):
        with pytest.raises(Rejected):
            HOOK.read(made, NOW)


def test_another_application_of_the_corp_is_rejected() -> None:
    with pytest.raises(Rejected):
        HOOK.read(sealed(TEXT.replace("1000002", "1000003")), NOW)
    assert isinstance(HOOK.read(sealed(TEXT.replace("<AgentID>1000002</AgentID>", "")), NOW), Incoming)


def test_plaintext_is_never_read() -> None:
    for query in (PUSHER.query(STAMP, NONCE), {}):
        with pytest.raises(Rejected):
            HOOK.read(delivery(query, TEXT.encode()), NOW)


def test_the_key_before_still_opens_while_it_is_changed() -> None:
    new = WeComHook(dataclasses.replace(CONFIG, aes_key=Secret(OTHER_KEY), older_aes_keys=(CONFIG.aes_key,)))
    newer = dataclasses.replace(PUSHER, aes_key=OTHER_KEY)
    for made in (sealed(), sealed(pusher=newer)):
        assert isinstance(new.read(made, NOW), Incoming)
    assert new.read(echo(), NOW) == new.read(echo(newer), NOW)
    with pytest.raises(Unreadable):
        HOOK.read(sealed(pusher=newer), NOW)


@pytest.mark.parametrize(
    "xml",
    [
        TEXT.replace("1000002", "1000002</AgentID><AgentID>1000002"),
        CARD.replace("say-12-1772413100", "a</TaskId><TaskId>b").replace("<![CDATA[a<", "<![CDATA[a]]><"),
    ],
)  # fmt: skip
def test_doubled_fields_of_its_own_are_kept(xml: str) -> None:
    with pytest.raises(Unreadable):
        HOOK.read(sealed(xml), NOW)


# -- through the door ----------------------------------------------------------------------------------------------


@running
async def test_through_the_door_with_repeats_replays_and_a_slow_first_answer() -> None:
    clock, window, counters = Moving(), LittleWindow(delay=0.3), Counters()
    app = build_app([WeComHook(CONFIG)], window, health=dict, clock=clock, counters=counters)
    async with serving(app) as base:
        url = base + PATH
        assert await PUSHER.prove(url, STAMP)
        assert not await dataclasses.replace(PUSHER, token="another").prove(url, STAMP)
        await dataclasses.replace(PUSHER, patience=0.2).bring(url, TEXT, STAMP)
        await PUSHER.bring(url, TEXT, STAMP)
        assert len(window.served) == 1
        clock.advance(301)
        with pytest.raises(Retried):
            await PUSHER.bring(url, TEXT, STAMP)
    assert len(window.served) == 1
    assert counters.get("deliveries", outcome="rejected") == 4


@running
async def test_what_could_not_be_stored_is_brought_again_and_what_cannot_be_read_is_kept() -> None:
    window = LittleWindow(broken=2)
    app = build_app([WeComHook(CONFIG)], window, health=dict, clock=Moving(), counters=Counters())
    async with serving(app) as base:
        await PUSHER.bring(base + PATH, TEXT, STAMP)
        assert len(window.served) == 1
        await PUSHER.bring(base + PATH, "<xml>", STAMP)
        with pytest.raises(Retried):
            await PUSHER.bring(base + PATH, "x" * 20_000, STAMP)
    assert [(platform, account) for platform, account, _, _ in window.unread] == [("wecom", "")]
