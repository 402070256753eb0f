"""How letters leave through a WeCom application: texts, cards, photos, silent limits, repeats, what errors mean."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.doors import SendFailed
from handlers.letters import Button
from tests.fakes.aio import running
from tests.fakes.answers import ACCOUNT, PERMANENT, RETRY, UNWELL, meaning
from tests.fakes.faults import Fault
from tests.fakes.letters import letter, mark
from tests.fakes.wechat_stage import ALBUM
from tests.fakes.wecom import code
from tests.fakes.wecom_stage import CHAT, MEMBER, Stage, stage

TAKE = Button("接单", "accept:A0001")
BACK = Button("不归我管", "give_back:A0001")


@running
async def test_words_are_sent_to_the_member_with_the_check_for_repeats() -> None:
    async with stage() as s:
        assert await s.account.deliver(letter(1, MEMBER, text="已派单：第二网格\n预计今天")) == "msg-1"
        assert s.fake.sent == [
            {
                "touser": "liming", "agentid": 1000002, "msgtype": "text",
                "text": {"content": "已派单：第二网格\n预计今天"},
                "enable_duplicate_check": 1, "duplicate_check_interval": 60,
            }
        ]  # fmt: skip


@running
async def test_buttons_become_a_card_that_says_everything() -> None:
    words = "A0001 安全隐患·飞线充电\n地点：健仁小区3号楼\n怕着火"
    async with stage() as s:
        ref = await s.account.deliver(letter(7, MEMBER, text=words, buttons=(TAKE, BACK)))
        [sent] = s.fake.sent
        assert (sent["msgtype"], ref) == ("template_card", sent["template_card"]["task_id"])
        assert s.fake.button("liming", "接单") == (ref, mark(7))
        assert s.fake.button("liming", "不归我管") == (ref, mark(7, 1))
        assert "accept" not in str(sent)
        assert sent["template_card"]["main_title"] == {"title": "A0001 安全隐患·飞线充电"}
        assert sent["template_card"]["sub_title_text"] == "地点：健仁小区3号楼\n怕着火"


@running
async def test_what_does_not_fit_on_a_card_stands_above_it() -> None:
    async with stage() as s:
        await s.account.deliver(letter(1, MEMBER, text="长" * 900 + "\n末行", case="A0001", buttons=(TAKE,)))
        assert [one["msgtype"] for one in s.fake.sent] == ["text", "text", "template_card"]
        told = "".join(one["text"]["content"] for one in s.fake.sent[:2])
        assert told.replace("\n", "") == "长" * 900 + "末行"
        assert s.fake.cards["say-1-1772413200"]["main_title"] == {"title": "A0001"}


@running
async def test_photos_follow_and_a_retry_does_not_repeat_what_has_left() -> None:
    async with stage() as s:
        many = letter(7, MEMBER, text="现场", photos=("p1", "gone", "p2"), buttons=(TAKE,))
        s.fake.faults.next("send", Fault(status=503))
        await s.fails(many)
        real = s.fake.faults.take

        def third_fails(name: str) -> Fault | None:
            return Fault(cut=True) if name == "send" and len(s.fake.sent) == 2 else real(name)

        s.fake.faults.take = third_fails  # type: ignore[method-assign]
        await s.fails(many)
        s.fake.faults.take = real  # type: ignore[method-assign]
        assert await s.account.deliver(many) == "say-7-1772413200"
        assert [sent["msgtype"] for sent in s.fake.sent] == ["template_card", "image", "image"]
        kept = [s.fake.media[sent["image"]["media_id"]][0] for sent in s.fake.sent[1:]]
        assert kept == list(ALBUM.values())
        await s.account.deliver(letter(8, MEMBER, text="", photos=("p1",)))
        assert s.fake.sent[-1]["msgtype"] == "image"


@running
async def test_a_send_that_arrived_and_was_lost_on_the_way_back_is_not_shown_twice() -> None:
    """A restart forgets what has left; WeCom's own check knows the repeat, of words and of cards."""
    async with stage() as s:
        for one in (letter(1, MEMBER, text="已接单"), letter(2, MEMBER, text="请处理", buttons=(TAKE,))):
            await s.account.deliver(one)
            fresh = s.again()
            await fresh.start()
            await fresh.deliver(one)
            await fresh.stop()
        assert (len(s.fake.sent), len(s.fake.repeats)) == (2, 2)


@running
async def test_the_same_words_said_anew_are_heard_anew() -> None:
    async with stage() as s:
        for number in (1, 2, 3):
            await s.account.deliver(letter(number, MEMBER, text="没有待办"))
        assert (s.fake.texts("liming"), s.fake.repeats) == (["没有待办"] * 3, [])
    async with stage(duplicate_seconds=0) as s:
        await s.account.deliver(letter(1, MEMBER))
        assert "enable_duplicate_check" not in s.fake.sent[0]


@running
async def test_nothing_is_ever_dropped_in_silence() -> None:
    """30 a minute and 1,000 an hour, counted by message, not by letter."""
    async with stage() as s:
        for number in range(30):
            await s.account.deliver(letter(number, MEMBER))
        failure = await s.fails(letter(99, MEMBER, text="长" * 900))
        assert (failure.permanent, failure.account) == (False, False)
        assert 0 < (failure.retry_after or 0) <= 61
        await s.account.deliver(letter(100, "wecom::zhaoqiang"))
        s.clock.advance(failure.retry_after or 0)
        await s.account.deliver(letter(99, MEMBER, text="长" * 900))
        assert len(s.fake.texts("liming")) == 32
        assert s.fake.dropped == []
    async with stage(member_per_minute=600, member_per_hour=40) as s:
        s.fake.per_minute, s.fake.per_hour = 600, 40
        for number in range(60):
            s.clock.advance(10)
            if number < 40:
                await s.account.deliver(letter(number, MEMBER))
        assert ((await s.fails(letter(50, MEMBER))).retry_after or 0) > 2000
        assert s.fake.dropped == []


@running
async def test_buttons_that_fit_nowhere_are_our_own_mistake_and_too_many_are_typed() -> None:
    async with stage() as s:
        failure = await s.fails(letter(1, MEMBER, buttons=(Button("接单", "x:", "y" * 1100),)))
        assert (failure.permanent, s.fake.calls) == (True, [])
        many = tuple(Button(f"选项{n}", f"pick:A0001:{n}") for n in range(8))
        await s.account.deliver(letter(2, MEMBER, text="哪一件？", buttons=many))
        assert "· 选项7" in s.fake.texts("liming")[0]
        assert len(s.fake.cards["say-2-1772413200"]["button_list"]) == 6


# -- group chats of the application --------------------------------------------------------------------------------


@running
async def test_a_chat_reads_words_and_what_can_be_typed() -> None:
    async with stage() as s:
        card = letter(1, CHAT, kind="card", text="A0001 飞线充电", case="A0001", buttons=(TAKE, BACK))
        assert await s.chats.deliver(card) == ""
        await s.chats.deliver(letter(2, CHAT, kind="edit", text="卡片", follow_up="A0001 已办结", case="A0001"))
        await s.chats.deliver(letter(3, CHAT, text="长" * 1000, photos=("p1",)))
        told = [one["text"]["content"] for one in s.fake.in_chats if one["msgtype"] == "text"]
        assert told[:2] == ["A0001 飞线充电\n接单 A0001 | 不归我管 A0001", "A0001 已办结"]
        assert "".join(told[2:]) == "长" * 1000
        assert s.fake.in_chats[-1]["msgtype"] == "image"
        assert not s.chats.abilities.buttons
        with pytest.raises(SendFailed, match="86001") as caught:
            await s.chats.deliver(letter(4, "wecom-appchat::nobody"))
        assert meaning(caught.value) == PERMANENT
        with pytest.raises(SendFailed):
            await s.chats.fetch({"ref": "m1"})


# -- what errors mean ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "means", "wait"),
    [
        (code(-1), RETRY, None),
        (code(6000), RETRY, None),
        (code(45033), RETRY, 5.0),
        (code(45009), ACCOUNT, 60.0),
        (code(45011), ACCOUNT, 60.0),
        (code(40001), ACCOUNT, None),
        (code(40013), ACCOUNT, None),
        (code(40056), ACCOUNT, None),
        (code(48002), ACCOUNT, None),
        (code(60011), ACCOUNT, None),
        (code(60020), ACCOUNT, None),
        (code(301002), ACCOUNT, None),
        (code(60111), PERMANENT, None),
        (code(81013), PERMANENT, None),
        (code(40050), PERMANENT, None),
        (code(40058), PERMANENT, None),
        (code(44004), PERMANENT, None),
        (code(45002), PERMANENT, None),
        (code(86001), PERMANENT, None),
        (code(86003), PERMANENT, None),
        (code(86008), PERMANENT, None),
        (code(99999), PERMANENT, None),
        (code(0, invaliduser="liming"), PERMANENT, None),
        (code(0, unlicenseduser="liming"), PERMANENT, None),
        *UNWELL,
    ],
)
@running
async def test_every_fault_is_classified(fault: Fault, means: str, wait: float | None) -> None:
    async with stage() as s:
        s.fake.faults.next("send", fault)
        failure = await s.fails()
        assert (meaning(failure), failure.retry_after) == (means, wait)
        await s.account.deliver(letter(2, MEMBER))


@running
async def test_media_are_fetched_while_they_last() -> None:
    async with stage() as s:
        s.fake.put("m1", b"\xff\xd8\xff picture")
        assert await s.account.fetch({"ref": "m1"}) == b"\xff\xd8\xff picture"
        s.fake.put("m2", b"{}", "application/json")
        s.clock.advance(3600)
        with pytest.raises(SendFailed, match="document"):
            await s.account.fetch({"ref": "m2"})
        s.clock.advance(3 * 86400 + 1)
        for ref in ({"ref": "m1"}, {}):
            with pytest.raises(SendFailed, match="40007") as caught:
                await s.account.fetch(ref)
            assert caught.value.permanent


# -- tokens --------------------------------------------------------------------------------------------------------


async def _many(s: Stage, n: int = 50) -> None:
    s.fake.members.update({f"m{number}": 1 for number in range(n)})
    await asyncio.gather(*(s.account.deliver(letter(1000 + one, f"wecom::m{one}")) for one in range(n)))


@running
async def test_fifty_sends_fetch_one_token_and_an_expiry_one_more() -> None:
    async with stage(duplicate_seconds=0) as s:
        await _many(s)
        assert s.fake.calls.count("token") == 1
        s.fake.rotate()
        await _many(s)
        assert s.fake.calls.count("token") == 2
        s.clock.advance(7200)
        await _many(s)
        assert s.fake.calls.count("token") == 3
        assert len(s.fake.sent) == 150


@pytest.mark.parametrize("number", [40014, 42001])
@running
async def test_a_token_that_is_never_accepted_ends_after_two_tries(number: int) -> None:
    async with stage() as s:
        s.fake.faults.always("send", code(number))
        assert meaning(await s.fails()) == ACCOUNT
        assert s.fake.calls.count("send") == 2


@pytest.mark.parametrize(
    ("fault", "account"),
    [
        (code(40001), True), (code(40013), True), (code(60020), True), (code(99999), True), (code(-1), False),
        (Fault(body=b"{}"), True), (Fault(body=b'{"access_token": "x", "expires_in": "soon"}'), True),
        (Fault(status=500), False),
    ],
)  # fmt: skip
@running
async def test_trouble_with_the_token_is_asked_for_once_by_all_who_wait(fault: Fault, account: bool) -> None:
    async with stage() as s:
        s.fake.faults.always("token", fault)
        failures = await asyncio.gather(*(s.fails(letter(n, MEMBER)) for n in range(20)))
        assert {(failure.account, failure.permanent) for failure in failures} == {(account, False)}
        assert s.fake.calls == ["token"]
        s.fake.faults.always("token", None)
        s.clock.advance(2)
        await s.account.deliver(letter(30, MEMBER))


@running
async def test_secrets_stay_out_of_logs_and_failures(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with stage() as s:
        await s.account.deliver(letter(1, MEMBER, kind="card", buttons=(TAKE,)))
        for fault in (Fault(cut=True), Fault(status=500), code(40014), Fault(body=b"{"), code(81013)):
            s.fake.faults.always("send", fault)
            failure = await s.fails(letter(2, MEMBER))
            assert "canary" not in repr(failure) + str(failure.__dict__)
            assert failure.__cause__ is None
        assert "canary" not in repr(s.account) + repr(s.config)
    assert "canary" not in caplog.text
    assert "liming" not in caplog.text
