"""The callbacks of WeChat and WeCom, which seal their XML alike: what is forged, broken or hostile, at both doors."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.doors import Delivery, Hook, Rejected, Unreadable
from tests.bot import test_wechat_hook as wechat
from tests.bot import test_wecom_hook as wecom
from tests.bot.platforms.driver import flipped
from tests.fakes.wechat import Pusher

NOW = wechat.NOW
DEEP = "<a>" * 3000 + "</a>" * 3000
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@dataclass(frozen=True)
class Door:
    """One hook, and how its platform writes to it."""

    hook: Hook
    pusher: Pusher
    sealed: Callable[..., Delivery]
    text: str
    words: str
    """Some of the words in the text."""


DOORS = [
    pytest.param(Door(wechat.HOOK, wechat.PUSHER, wechat.sealed, wechat.TEXT, "飞线"), id="wechat"),
    pytest.param(Door(wecom.HOOK, wecom.PUSHER, wecom.sealed, wecom.TEXT, "接单"), id="wecom"),
]


@pytest.mark.parametrize("door", DOORS)
def test_no_flipped_bit_is_accepted(door: Door) -> None:
    made = door.sealed(random=b"0123456789abcdef")
    cipher = door.pusher.seal(door.text, random=b"0123456789abcdef")
    forged = [replace(made, body=door.pusher.envelope(other)) for other in flipped(cipher)]
    for name, value in made.query.items():
        if name != "encrypt_type":
            forged += [replace(made, query={**made.query, name: other}) for other in flipped(value)]
    assert len(forged) > 4000
    for one in forged:
        with pytest.raises(Rejected):
            door.hook.read(one, NOW)


@pytest.mark.parametrize("door", DOORS)
@given(body=st.binary(max_size=2000))
@settings(max_examples=200, deadline=None)
def test_a_body_without_its_signature_is_rejected_whatever_it_is(door: Door, body: bytes) -> None:
    with pytest.raises(Rejected):
        door.hook.read(replace(door.sealed(), body=body), NOW)


@pytest.mark.parametrize("door", DOORS)
@given(text=st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_signed_words_are_read_or_kept_and_never_crash(door: Door, text: str) -> None:
    with suppress(Unreadable):
        door.hook.read(door.sealed(text.encode("utf-8", "replace").decode()), NOW)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "broken",
    [
        lambda text, words: "",
        lambda text, words: "no xml",
        lambda text, words: "<xml>",
        lambda text, words: "<xml></xml>",
        lambda text, words: "<other><MsgType>text</MsgType></other>",
        lambda text, words: "<xml><MsgType></MsgType></xml>",
        lambda text, words: text.replace("<CreateTime>", "<CreateTime>x"),
        lambda text, words: text.replace(words, "\x01"),
        lambda text, words: text.replace(words, "\x00"),
        lambda text, words: text.replace("<MsgId>", "<MsgType>image</MsgType><MsgId>"),
        lambda text, words: text.replace("<FromUserName><![CDATA[", "<FromUserName><a>1</a><![CDATA["),
        lambda text, words: text.replace("<Content>", "<Content>x</Content><Content>"),
        lambda text, words: f"<xml>{DEEP}</xml>",
        lambda text, words: ENTITIES + text,
        lambda text, words: OUTSIDE + text.replace("<Content><![CDATA[", "<Content>&a;<![CDATA["),
        lambda text, words: "\ufeff" + text.replace("</xml>", ""),
    ],
)
def test_signed_but_unparsable_is_kept(door: Door, broken: Callable[[str, str], str]) -> None:
    xml = broken(door.text, door.words)
    assert xml != door.text
    with pytest.raises(Unreadable):
        door.hook.read(door.sealed(xml), NOW)
