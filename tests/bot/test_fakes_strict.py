"""The fakes themselves: what is wrong, too long, too many or too late gets the answer the platform would give."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.fakes.aio import Moving, running, serving
from tests.fakes.telegram import FakeTelegram
from tests.fakes.wechat import FakeWeChat
from tests.fakes.wecom import FakeWeCom
from tests.fakes.wecom_webhook import FakeWecomWebhook

Post = Callable[..., Awaitable[dict[str, Any]]]
CUSTOM, TEMPLATE = "/cgi-bin/message/custom/send", "/cgi-bin/message/template/send"
SEND, UPDATE, APPCHAT = "/cgi-bin/message/send", "/cgi-bin/message/update_template_card", "/cgi-bin/appchat/send"
TEXT = {"touser": "oX", "msgtype": "text", "text": {"content": "灯"}}
MENU = {
    "touser": "oX",
    "msgtype": "msgmenu",
    "msgmenu": {"head_content": "好吗", "list": [{"id": "a:", "content": "好"}]},
}
MEMBER = {"touser": "liming", "agentid": 1000002, "msgtype": "text", "text": {"content": "灯"}}
KEY = {"text": "接单", "style": 1, "key": "v1:accept:A0001"}
CARD = {"card_type": "button_interaction", "task_id": "card-1", "main_title": {"title": "灯"}, "button_list": [KEY]}


@asynccontextmanager
async def posting(app: web.Application, token: Callable[[], str] = str) -> AsyncIterator[Post]:
    """Calls of this server, with the token that counts now."""
    async with serving(app) as base, aiohttp.ClientSession(base) as session:

        async def post(path: str, document: object = None, *, method: str = "POST", **query: str) -> dict[str, Any]:
            body = None if document is None else json.dumps(document, ensure_ascii=False).encode()
            async with session.request(method, path, params={"access_token": token(), **query}, data=body) as answer:
                assert answer.status < 500
                return dict(await answer.json())

        yield post


def _wechat() -> tuple[FakeWeChat, Moving]:
    clock = Moving()
    fake = FakeWeChat(clock.monotonic)
    fake.rotate()
    fake.said("oX")
    return fake, clock


# -- WeChat ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (TEXT, 0),
        ({**TEXT, "text": {"content": "灯" * 683}}, 45002),
        ({**TEXT, "text": {"content": ""}}, 44004),
        ({**TEXT, "text": {}}, 47001),
        ({**TEXT, "msgtype": "image"}, 47001),
        ({"touser": "oX"}, 47001),
        ([], 47001),
        ({**TEXT, "safe": 1}, 47001),
        ({**TEXT, "touser": "x"}, 40003),
        ({**TEXT, "touser": "oNobody"}, 45015),
        ({**MENU, "msgmenu": {**MENU["msgmenu"], "list": []}}, 47001),  # type: ignore[dict-item]
        ({**TEXT, "msgtype": "dance", "dance": {}}, 40008),
    ],
)
@running
async def test_a_customer_message(document: object, code: int) -> None:
    fake, _ = _wechat()
    async with posting(fake.app(), lambda: fake._token) as post:
        assert (await post(CUSTOM, document)).get("errcode", 0) == code


@running
async def test_two_kinds_of_tokens_and_how_often_one_may_be_forced() -> None:
    fake, clock = _wechat()
    asked = {"grant_type": "client_credential", "appid": fake.app_id, "secret": fake.secret}
    async with posting(fake.app(), lambda: fake._token) as post:
        stable = await post("/cgi-bin/stable_token", asked)
        assert stable == await post("/cgi-bin/stable_token", asked)
        first, second = [(await post("/cgi-bin/token", method="GET", **asked))["access_token"] for _ in range(2)]
        for token, later in ((first, 40001), (second, 0), (stable["access_token"], 0)):
            assert (await post(CUSTOM, TEXT, access_token=token)).get("errcode", 0) == 0, "for five minutes more"
            clock.advance(301)
            assert (await post(CUSTOM, TEXT, access_token=token)).get("errcode", 0) in (later, 42001 if later else 0)
            fake.said("oX")
        forced = []
        for _ in range(21):
            forced.append((await post("/cgi-bin/stable_token", {**asked, "force_refresh": True})).get("errcode", 0))
            clock.advance(31)
        assert forced == [0] * 20 + [45009]
        clock.advance(86400)
        twice = [await post("/cgi-bin/stable_token", {**asked, "force_refresh": True}) for _ in range(2)]
        assert [answer.get("errcode", 0) for answer in twice] == [0, 45011]
        assert (await post("/cgi-bin/stable_token", {**asked, "secret": "x"}))["errcode"] == 40125


@running
async def test_the_same_notice_is_sent_once_in_ten_minutes_to_each() -> None:
    fake, clock = _wechat()
    notice = {"touser": "oX", "template_id": "T1", "data": {"thing1": {"value": "灯"}}, "client_msg_id": "letter-1"}
    async with posting(fake.app(), lambda: fake._token) as post:
        for document in (notice, notice, {**notice, "touser": "oY"}):
            await post(TEMPLATE, document)
        assert len(fake.templates) == 2
        clock.advance(601)
        await post(TEMPLATE, notice)
        assert len(fake.templates) == 3
        for value in ("灯" * 21, "", "两\n行"):
            assert (await post(TEMPLATE, {**notice, "data": {"thing1": {"value": value}}}))["errcode"] == 47003


# -- WeCom -------------------------------------------------------------------------------------------------------------


def _wecom() -> tuple[FakeWeCom, Moving]:
    clock = Moving()
    fake = FakeWeCom(clock.monotonic)
    fake.rotate()
    return fake, clock


def _card(**change: object) -> dict[str, object]:
    return {**MEMBER, "msgtype": "template_card", "template_card": {**CARD, **change}} | {"text": None}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (MEMBER, 0),
        ({**MEMBER, "agentid": 7}, 40056),
        ({**MEMBER, "touser": "nobody"}, 81013),
        ({**MEMBER, "text": {"content": "灯" * 683}}, 45002),
        ({**MEMBER, "text": {"content": ""}}, 44004),
        ({**MEMBER, "text": {}}, 47001),
        ({**MEMBER, "colour": "red"}, 47001),
        ({**MEMBER, "msgtype": "dance", "dance": {}, "text": None}, 47001),
        ({**MEMBER, "enable_duplicate_check": 1, "duplicate_check_interval": 5 * 3600}, 47001),
    ],
)
@running
async def test_a_message_to_a_member(document: dict[str, object], code: int) -> None:
    fake, _ = _wecom()
    async with posting(fake.app(), lambda: fake._token) as post:
        assert (await post(SEND, document))["errcode"] == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, 0),
        ({"main_title": {"title": "灯" * 27}}, 40058),
        ({"sub_title_text": "灯" * 113}, 40058),
        ({"task_id": "一"}, 40058),
        ({"button_list": [{**KEY, "key": f"k{n}"} for n in range(7)]}, 40058),
        ({"button_list": [{**KEY, "text": "灯" * 11}]}, 40058),
        ({"button_list": [{**KEY, "key": "k" * 1025}]}, 40058),
        ({"horizontal_content_list": [{"keyname": "六个字的名称", "value": "1"}]}, 40058),
        ({"colour": "red"}, 40058),
    ],
)
@running
async def test_a_card(change: dict[str, object], code: int) -> None:
    fake, clock = _wecom()
    document = {name: value for name, value in _card(**change).items() if name != "text"}
    async with posting(fake.app(), lambda: fake._token) as post:
        answer = await post(SEND, document)
        assert answer["errcode"] == code
        if code:
            return
        update = {"userids": ["liming"], "agentid": 1000002, "button": {"replace_name": "✓"}}
        changed = [await post(UPDATE, {**update, "response_code": answer["response_code"]}) for _ in range(2)]
        assert [one["errcode"] for one in changed] == [0, 40128], "a code is good once"
        clock.advance(1)
        again = await post(SEND, document | {"template_card": {**CARD, "task_id": "card-2"}})
        clock.advance(72 * 3600)
        fake.rotate()
        assert (await post(UPDATE, {**update, "response_code": again["response_code"]}))["errcode"] == 40128


@running
async def test_what_is_too_much_for_a_member_or_a_chat_is_dropped_without_a_word() -> None:
    fake, clock = _wecom()
    async with posting(fake.app(), lambda: fake._token) as post:
        assert {(await post(SEND, MEMBER))["errcode"] for _ in range(31)} == {0}
        assert (len(fake.sent), len(fake.dropped)) == (30, 1)
        clock.advance(61)
        await post(SEND, MEMBER)
        assert len(fake.sent) == 31
        said = {"chatid": "jr2work", "msgtype": "text", "text": {"content": "灯"}}
        assert {(await post(APPCHAT, said))["errcode"] for _ in range(201)} == {0}
        assert len(fake.in_chats) == 200
        assert (await post(APPCHAT, {**said, "chatid": "other"}))["errcode"] == 86001
        assert (await post(APPCHAT, {**said, "touser": "liming"}))["errcode"] == 47001


@pytest.mark.parametrize(
    ("key", "document", "code"),
    [
        ("k", {"msgtype": "text", "text": {"content": "灯"}}, 0),
        ("other", {"msgtype": "text", "text": {"content": "灯"}}, 93000),
        ("k", {"msgtype": "text", "text": {"content": "灯" * 683}}, 40058),
        ("k", {"msgtype": "markdown", "markdown": {"content": "灯" * 1366}}, 40058),
        ("k", {"msgtype": "markdown", "markdown": {"content": "灯", "mentioned_list": []}}, 40058),
        ("k", {"msgtype": "text", "text": {"content": ""}}, 44004),
        ("k", {"msgtype": "dance", "dance": {}}, 40008),
        ("k", {"msgtype": "text", "text": {"content": "灯"}, "safe": 1}, 40008),
        ("k", [], 40008),
    ],
)
@running
async def test_a_webhook(key: str, document: object, code: int) -> None:
    clock = Moving()
    fake = FakeWecomWebhook(clock.monotonic, {"k": "work"})
    async with posting(fake.app()) as post:
        assert (await post("/cgi-bin/webhook/send", document, key=key))["errcode"] == code
        if code == 0:
            codes = [(await post("/cgi-bin/webhook/send", document, key=key))["errcode"] for _ in range(20)]
            assert codes == [0] * 19 + [45009]


# -- Telegram ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"chat_id": "7", "text": "灯"}, 0),
        ({"chat_id": "7", "text": "x" * 4097}, 400),
        ({"chat_id": "7", "text": " "}, 400),
        ({"chat_id": "7"}, 400),
        ({"chat_id": "seven", "text": "灯"}, 400),
        ({"chat_id": "7", "text": "灯", "reply_markup": [[{"text": "x", "callback_data": "d" * 65}]]}, 400),
        ({"chat_id": "7", "text": "灯", "reply_markup": [[{"text": "x", "callback_data": "d"}] * 9]}, 400),
        ({"chat_id": "7", "text": "灯", "reply_markup": [[{"text": "x"}]]}, 400),
    ],
)
@running
async def test_a_message_of_a_bot(given: dict[str, Any], code: int) -> None:
    fake = FakeTelegram(Moving().monotonic)
    async with posting(fake.app()) as post:
        if "reply_markup" in given:
            given = {**given, "reply_markup": json.dumps({"inline_keyboard": given["reply_markup"]})}
        assert (await post(f"/bot{fake.token}/sendMessage", **given)).get("error_code", 0) == code
        assert (await post("/botother/sendMessage", **given))["error_code"] == 401
        assert (await post(f"/bot{fake.token}/dance"))["error_code"] == 404


@running
async def test_a_bot_that_is_too_fast_is_told_how_long_to_wait() -> None:
    clock = Moving()
    fake = FakeTelegram(clock.monotonic, strict=True)
    async with posting(fake.app()) as post:

        async def say(chat: int) -> dict[str, Any]:
            return await post(f"/bot{fake.token}/sendMessage", chat_id=str(chat), text="灯")

        assert (await say(7))["ok"]
        assert (await say(7))["parameters"] == {"retry_after": 3}
        clock.advance(1)
        assert (await say(7))["ok"]
        assert [(await say(-1)).get("error_code", 0) for _ in range(21)] == [0] * 20 + [429]
        clock.advance(1)
        assert [(await say(n)).get("error_code", 0) for n in range(100, 131)] == [0] * 30 + [429]
