"""Which way a letter goes to a resident in WeChat, what each code of WeChat makes of it, and what it may cost."""

from __future__ import annotations

import asyncio
import json
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.doors import LetterHeld, SendFailed
from bot.platforms.wechat import WeChat
from handlers.letters import Button
from storage.values import Outgoing
from tests.fakes.aio import running, serving
from tests.fakes.answers import ACCOUNT, PERMANENT, RETRY, meaning
from tests.fakes.faults import Fault
from tests.fakes.letters import letter
from tests.fakes.wechat import FakeWeChat, code
from tests.fakes.wechat_stage import CHAT, OPENID, Books, Stage, album, config_of, stage

BOTH = {"progress": "T1", "subscription": "S1"}
HELD = "held"


async def fate(s: Stage, one: Outgoing) -> str:
    """The way a letter has gone, or what keeps it."""
    try:
        await s.account.deliver(one)
    except LetterHeld:
        return HELD
    except SendFailed as failure:
        return meaning(failure)
    return s.chosen[-1][0]


@running
async def test_a_notice_whose_photo_was_left_out_can_still_be_told_to_have_failed() -> None:
    async with stage() as s:
        s.books.write(1)
        s.over()
        with s.books.store.transaction() as tx:
            tx.claim_letters(s.clock.now(), "me", 9)
        assert await fate(s, letter(1, CHAT, photos=("p1",))) == "left out"
        with s.books.store.transaction() as tx:
            ref = f"template:gh_0123456789ab:{200228331 + len(s.fake.templates)}"
            assert tx.allowing.hold_again(CHAT, ref, "not arrived")


# -- within the window, and beyond ---------------------------------------------------------------------------------


@running
async def test_after_the_window_the_template_carries_the_news() -> None:
    async with stage() as s:
        assert [await fate(s, letter(number)) for number in range(1, 6)] == ["customer"] * 5
        words = "您反映的问题已经派给第二网格，预计今天十八点前处理\n谢谢"
        assert await fate(s, letter(6, case="A0001", text=words)) == "template"
        assert s.fake.refused == []
        assert s.fake.templates == [
            {
                "touser": OPENID,
                "template_id": "T1",
                "data": {
                    "character_string1": {"value": "A0001"},
                    "thing2": {"value": "您反映的问题已经派给第二网格，预计今天…"},
                    "time3": {"value": "2026-03-02 09:00"},
                },
                "client_msg_id": "letter-6",
            }
        ]
        s.over()
        assert await fate(s, letter(7, photos=("p1",))) == "left out"
        assert [sent["client_msg_id"] for sent in s.fake.templates] == ["letter-6", "letter-7"]
        assert s.books.ways(5, 6, 7) == {6: ("template", "used up"), 7: ("words alone", "over")}
        assert s.chosen[5:] == [("template", "used up"), ("template", "over"), ("left out", "over")]


@running
async def test_a_subscription_comes_before_a_template_for_who_has_agreed() -> None:
    async with stage(templates=BOTH) as s:
        s.over()
        assert await fate(s, letter(1)) == "template"
        assert s.chosen == [("no subscription", "errcode 43101"), ("template", "over")]
        s.fake.consents.add(OPENID)
        assert await fate(s, letter(2)) == "subscription"
        assert s.fake.subscriptions[0]["template_id"] == "S1"
        assert "client_msg_id" not in s.fake.subscriptions[0]


@running
async def test_without_another_way_it_is_held_and_wechat_is_not_even_asked() -> None:
    async with stage(templates={}) as s:
        s.over()
        assert await fate(s, letter(1)) == HELD
        s.fake.tapped(OPENID)
        s.books.opened(messages=3, seconds=60)
        assert [await fate(s, letter(number)) for number in range(2, 6)] == ["customer"] * 3 + [HELD]
        s.clock.advance(61)
        assert await fate(s, letter(6)) == HELD
        assert s.books.ways(1, 5, 6) == {1: (HELD, "over"), 5: (HELD, "used up"), 6: (HELD, "over")}
        assert s.fake.refused == []


@pytest.mark.parametrize("kind", ["service", "subscription"])
@running
async def test_an_account_without_certificate_cannot_push_and_does_not_try(kind: str) -> None:
    async with stage(templates=BOTH, certified=False, kind=kind) as s:
        assert await fate(s, letter(1)) == HELD
        assert s.books.ways(1) == {1: (HELD, "no ability")}
        assert s.fake.calls == []
        await s.account.deliver(letter(2, text="", photos=("p1",)))
        assert s.books.ways(2) == {2: ("words alone", "no ability")}


@running
async def test_a_certified_public_account_has_no_templates() -> None:
    async with stage(templates=BOTH, kind="subscription") as s:
        assert await fate(s, letter(1)) == "customer"
        s.over()
        assert await fate(s, letter(2)) == HELD


@running
async def test_what_wechat_does_not_allow_is_alarmed_once_an_hour_and_goes_other_ways() -> None:
    async with stage() as s:
        s.fake.customer = False
        assert await fate(s, letter(1)) == ACCOUNT
        assert [await fate(s, letter(number)) for number in range(1, 4)] == ["template"] * 3
        assert s.fake.calls.count("custom") == 1
        s.clock.advance(3601)
        s.fake.customer = True
        assert await fate(s, letter(4)) == "customer"


@running
async def test_a_photo_without_words_waits_for_its_reader() -> None:
    async with stage() as s:
        s.over()
        assert await fate(s, letter(1, text="", photos=("p1",))) == HELD


# -- what it costs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "costs"),
    [
        (code(-1), 0),
        (code(45009), 0),
        (code(40003), 0),
        (Fault(status=503), 0),
        (Fault(status=404), 0),
        (Fault(cut=True), 1),
        (Fault(body=b"<html>"), 1),
        (code(45015), 5),
        (code(45047), 5),
        (code(43004), 5),
    ],
)
@running
async def test_what_surely_did_not_leave_costs_nothing(fault: Fault, costs: int) -> None:
    async with stage(templates={}) as s:
        s.fake.faults.next("custom", fault)
        await fate(s, letter(1))
        left = [await fate(s, letter(number)) for number in range(2, 8)].count("customer")
        assert left == 5 - costs


@running
async def test_a_menu_that_is_not_allowed_costs_one_message() -> None:
    async with stage(templates={}) as s:
        s.fake.menus = False
        buttons = (Button("已解决", "rate:A0001:5"),)
        fates = [await fate(s, letter(number, buttons=buttons)) for number in range(1, 7)]
        assert fates == ["customer"] * 5 + [HELD]


@running
async def test_two_processes_spend_one_budget_and_share_one_token() -> None:
    """Fifty sends with a token that has just expired: at most two are fetched, at most five messages leave."""
    async with stage(templates={}) as s:
        other = Books(s.books.store, s.clock, "two")

        second = WeChat(
            config_of(s.fake, s.base, templates={}), photos=album, ledger=other.ledger, zone=ZoneInfo("Asia/Shanghai")
        )
        await second.start()
        try:
            await s.account.deliver(letter(0))
            s.fake.rotate()
            s.fake.token_calls.clear()
            accounts = [s.account, second] * 25
            sends = (one.deliver(letter(n)) for n, one in enumerate(accounts, 1))
            done = await asyncio.gather(*sends, return_exceptions=True)
        finally:
            await second.stop()
        assert [type(one) for one in done].count(LetterHeld) == 46
        assert len(s.fake.sent) == 5
        assert len(s.fake.token_calls) <= 2
        assert {error for error in s.fake.refused} <= {40001}


@given(st.lists(st.sampled_from(["say", "tap", "send", "minute", "day", "leave"]), max_size=40))
@settings(max_examples=60, deadline=None)
def test_no_course_of_events_asks_wechat_for_more_than_it_allows(events: list[str]) -> None:
    asyncio.run(_course(events))


async def _course(events: list[str]) -> None:
    async with stage(templates={}) as s:
        for number, event in enumerate(events, 1):
            if event == "say":
                s.said()
            elif event == "tap":
                s.fake.tapped(OPENID)
                s.books.opened(messages=3, seconds=60)
            elif event == "leave":
                s.fake.left(OPENID)
                s.books.opened(messages=0, seconds=0)
            elif event == "send":
                assert await fate(s, letter(number % 10 + 1, text=event)) in ("customer", HELD)
            else:
                s.clock.advance(61 if event == "minute" else 86400)
        assert s.fake.refused == []


# -- every code of platforms.md 1.10 -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "customer", "template"),
    [
        (-1, RETRY, RETRY),
        (40001, ACCOUNT, ACCOUNT),
        (40003, PERMANENT, HELD),
        (40007, PERMANENT, HELD),
        (40013, ACCOUNT, ACCOUNT),
        (40014, ACCOUNT, ACCOUNT),
        (40037, PERMANENT, HELD),
        (40125, ACCOUNT, ACCOUNT),
        (40164, ACCOUNT, ACCOUNT),
        (40200, PERMANENT, HELD),
        (41028, PERMANENT, HELD),
        (41029, PERMANENT, HELD),
        (41030, PERMANENT, HELD),
        (42001, ACCOUNT, ACCOUNT),
        (43004, "template", HELD),
        (43101, PERMANENT, HELD),
        (45002, PERMANENT, HELD),
        (45008, PERMANENT, HELD),
        (45009, ACCOUNT, ACCOUNT),
        (45011, ACCOUNT, ACCOUNT),
        (45015, "template", HELD),
        (45033, ACCOUNT, ACCOUNT),
        (45047, "template", HELD),
        (47001, PERMANENT, HELD),
        (47003, PERMANENT, HELD),
        (48001, ACCOUNT, ACCOUNT),
        (48006, ACCOUNT, ACCOUNT),
        (50002, ACCOUNT, ACCOUNT),
        (99999, PERMANENT, HELD),
    ],
)
@running
async def test_every_code_has_its_consequence(number: int, customer: str, template: str) -> None:
    """As a customer message; and, beyond the window, as a template: there nothing is given up, it is held."""
    async with stage() as s:
        s.fake.faults.always("custom", code(number))
        assert await fate(s, letter(1)) == customer
        s.fake.faults.always("custom", None)
        s.over()
        s.fake.faults.always("template", code(number))
        assert await fate(s, letter(2)) == template


@running
async def test_the_fake_is_as_strict_as_wechat() -> None:
    fake = FakeWeChat(lambda: 1000.0)
    async with serving(fake.app()) as base, aiohttp.ClientSession(base) as session:

        async def post(path: str, document: object) -> int:
            query = {"access_token": fake._token}
            body = json.dumps(document, ensure_ascii=False).encode()
            async with session.post(path, params=query, data=body) as answer:
                return int((await answer.json()).get("errcode", 0))

        fake.rotate()
        text = {"touser": "oX", "msgtype": "text", "text": {"content": "hi"}}
        notice = {
            "touser": "oX",
            "template_id": "T1",
            "data": {"thing1": {"value": "a" * 21}},
            "client_msg_id": "1",
        }
        assert await post("/cgi-bin/message/custom/send", text) == 45015
        fake.tapped("oX")
        sends = [await post("/cgi-bin/message/custom/send", text) for _ in range(4)]
        assert sends == [0, 0, 0, 45047]
        assert await post("/cgi-bin/message/custom/send", {**text, "x": 1}) == 47001
        assert await post("/cgi-bin/message/template/send", notice) == 47003
        assert await post("/cgi-bin/message/subscribe/bizsend", notice) == 43101
        assert (
            await post("/cgi-bin/menu/create", {"button": [{"name": "名" * 6, "type": "click", "key": "a:"}]}) == 40018
        )
