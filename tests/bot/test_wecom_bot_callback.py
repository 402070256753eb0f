"""How a letter leaves in callback mode: once by an address that came along, never unasked; and media of a member."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.config_platforms import WecomBotConfig
from bot.doors import SendFailed
from bot.platforms.wecom_bot import BotWires, Members
from bot.platforms.wecom_bot_callback import CallbackBot
from bot.secret import Secret
from handlers.letters import Button
from tests.fakes.aio import Moving, running, serving
from tests.fakes.answers import ACCOUNT, PERMANENT, RETRY, meaning
from tests.fakes.faults import Fault
from tests.fakes.letters import letter
from tests.fakes.wechat_stage import album
from tests.fakes.wecom_bot import KEY, MEDIA_KEY, FakeBotApi
from tests.fakes.window import LittleWindow

GROUP = "wecom-bot::wrGroup"
BUTTONS = (Button("接单", "accept:A0001"), Button("转办", "pass_on:A0001"))


class Stage:
    """The fake API, a memory of ways, and the bot that uses them."""

    def __init__(
        self, base: str, fake: FakeBotApi, clock: Moving, ways: dict[str, list[str]], bot: CallbackBot
    ) -> None:
        self.base, self.fake, self.clock, self.ways, self.bot = base, fake, clock, ways, bot

    def came(self, chat: str) -> str:
        """A message came from a chat, with its way back."""
        way = self.fake.way(self.base, chat.rpartition(":")[2])
        self.ways.setdefault(chat, []).append(way)
        return way

    async def fails(self, **more: object) -> SendFailed:
        with pytest.raises(SendFailed) as caught:
            await self.bot.deliver(letter(9, GROUP, **more))
        return caught.value


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    clock = Moving()
    fake = FakeBotApi(clock.monotonic)
    ways: dict[str, list[str]] = {}

    async def take(chat: str) -> str:
        return ways[chat].pop(0) if ways.get(chat) else ""

    async with serving(fake.app()) as base:
        config = WecomBotConfig(token=Secret("t"), aes_key=Secret(KEY), media_hosts=("127.0.0.1", "myqcloud.com"))
        bot = CallbackBot(config, base, BotWires(clock=clock, window=LittleWindow(), photos=album, way=take))
        await bot.start()
        try:
            yield Stage(base, fake, clock, ways, bot)
        finally:
            await bot.stop()


@running
async def test_each_message_brings_one_answer_and_then_none() -> None:
    async with stage() as s:
        assert meaning(await s.fails()) == PERMANENT
        s.came(GROUP)
        s.came(GROUP)
        assert await s.bot.deliver(letter(1, GROUP, text="已登记\n<@all>")) == ""
        ref = await s.bot.deliver(letter(2, GROUP, text="A0001 飞线充电\n地点：健仁小区", kind="card", buttons=BUTTONS))
        assert ref.startswith("letter-2")
        assert s.fake.texts("wrGroup") == ["已登记\n＜@all>", "A0001 飞线充电\n地点：健仁小区"]
        failure = await s.fails()
        assert meaning(failure) == PERMANENT
        assert "callback mode cannot begin" in str(failure)


@running
async def test_a_member_is_written_to_at_the_same_address_without_an_application() -> None:
    async with stage() as s:
        s.came("wecom-bot::li")
        members = Members(s.bot)
        assert members.lane_prefix == "wecom::"
        await members.deliver(letter(1, "wecom::li", text="您好"))
        assert s.fake.texts("li") == ["您好"]


@running
async def test_a_card_that_cannot_carry_all_goes_as_words() -> None:
    async with stage() as s:
        for _ in range(2):
            s.came(GROUP)
        long = "标题\n" + "很长的话" * 60
        assert await s.bot.deliver(letter(1, GROUP, text=long, buttons=BUTTONS)) == ""
        assert await s.bot.deliver(letter(2, GROUP, text="短", buttons=tuple(BUTTONS * 4))) == ""
        assert s.fake.texts("wrGroup") == [long, "短"]


@running
async def test_an_edit_says_what_follows_it() -> None:
    async with stage() as s:
        s.came(GROUP)
        await s.bot.deliver(letter(1, GROUP, kind="edit", text="卡片", follow_up="李明已接单", posting="letter-0-0-0"))
        assert s.fake.texts("wrGroup") == ["李明已接单"]


@running
@pytest.mark.parametrize(
    ("code", "means"),
    [(-1, RETRY), (6000, RETRY), (45009, RETRY), (45033, RETRY), (846605, PERMANENT), (40058, PERMANENT),
     (60111, PERMANENT), (123456, PERMANENT), (40001, ACCOUNT), (48002, ACCOUNT), (60020, ACCOUNT)],
)  # fmt: skip
async def test_what_each_code_means(code: int, means: str) -> None:
    async with stage() as s:
        s.came(GROUP)
        s.fake.trouble.append(code)
        failure = await s.fails()
        assert meaning(failure) == means
        assert "code-canary" not in f"{failure}{failure.__cause__}{failure.__context__}"


@running
async def test_after_a_try_that_failed_another_way_is_used_and_none_twice() -> None:
    async with stage() as s:
        s.came(GROUP)
        s.came(GROUP)
        s.fake.trouble.append(-1)
        assert meaning(await s.fails()) == RETRY
        await s.bot.deliver(letter(9, GROUP))
        assert len(s.fake.tries) == len(set(s.fake.tries)) == 2


@running
async def test_where_no_answer_came_the_letter_keeps_its_way_and_no_other_is_used_up() -> None:
    async with stage() as s:
        s.came(GROUP)
        s.fake.faults.next("response", Fault(status=502), Fault(cut=True), Fault(body=b"<html>"))
        for _ in range(3):
            assert meaning(await s.fails()) == RETRY
        assert await s.bot.deliver(letter(9, GROUP)) == ""
        assert s.fake.texts("wrGroup") == ["第9封"]
        assert len(set(s.fake.tries)) == 1
        assert meaning(await s.fails()) == PERMANENT


@running
async def test_a_way_that_was_used_up_without_an_answer_takes_nothing_twice() -> None:
    async with stage() as s:
        s.came(GROUP)
        s.fake.faults.next("response", Fault(status=502))
        await s.fails()
        s.fake.trouble.append(846605)
        assert meaning(await s.fails()) == PERMANENT
        assert s.fake.sent == []


@running
async def test_a_way_of_another_host_is_not_gone() -> None:
    async with stage() as s:
        for way in (
            "https://evil.example/cgi-bin/aibot/response?response_code=1",
            f"{s.base}/media/x",
            "x",
            "http://[",
        ):
            s.ways[GROUP] = [way]
            assert meaning(await s.fails()) == PERMANENT
        assert s.fake.tries == []


@running
async def test_media_are_fetched_while_they_live_and_opened() -> None:
    async with stage() as s:
        s.fake.put("own", b"\xff\xd8\xff own", MEDIA_KEY)
        s.fake.put("bots", b"\xff\xd8\xff bots", KEY)
        assert await s.bot.fetch({"ref": f"wecom-bot::{MEDIA_KEY}|{s.base}/media/own"}) == b"\xff\xd8\xff own"
        assert await s.bot.fetch({"ref": f"wecom-bot::|{s.base}/media/bots"}) == b"\xff\xd8\xff bots"
        for ref in (
            f"wecom-bot::{KEY}|{s.base}/media/own", f"wecom-bot::short|{s.base}/media/own",
            "wecom-bot::|https://evil.example/x", "wecom-bot::|http://a.myqcloud.com/x", "wecom-bot::|", "",
            "wecom-bot::|https://myqcloud.com.evil.example/x", "wecom-bot::|file:///etc/passwd",
        ):  # fmt: skip
            with pytest.raises(SendFailed) as caught:
                await s.bot.fetch({"ref": ref})
            assert caught.value.permanent
        s.clock.advance(301)
        with pytest.raises(SendFailed):
            await s.bot.fetch({"ref": f"wecom-bot::{MEDIA_KEY}|{s.base}/media/own"})
