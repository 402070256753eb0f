"""The long connection of a 智能机器人 over real frames: what comes and goes, what ends and comes back."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.config_platforms import WecomBotConfig
from bot.doors import SendFailed
from bot.platforms.wecom_bot import BotWires
from bot.platforms.wecom_bot_line import LineBot
from bot.secret import Secret
from handlers.incoming import Incoming
from handlers.letters import Button
from tests.fakes.aio import Moving, running, serving, until
from tests.fakes.answers import ACCOUNT, PERMANENT, RETRY, meaning
from tests.fakes.letters import letter, mark
from tests.fakes.wecom_bot_line import FakeBotLine
from tests.fakes.window import LittleWindow

PAYLOADS = Path(__file__).parent.parent / "payloads" / "wecom_bot"
GROUP = "wecom-bot::wrkSFfCgAALFgnrSsWU38puiv4yvExuw"
CHAT = GROUP.rpartition(":")[2]
BUTTONS = (Button("接单", "accept:A0001"), Button("转办", "pass_on:A0001"))

ALBUM = {"small": b"\xff\xd8\xff small", "large": b"\xff\xd8\xff" * 400_000, "huge": bytes(11 << 20)}


async def album(name: str) -> bytes:
    if name not in ALBUM:
        raise FileNotFoundError(name)
    return ALBUM[name]


def payload(name: str) -> dict[str, Any]:
    return dict(json.loads((PAYLOADS / f"{name}.json").read_text()))


class Stage:
    """The fake server and the bot on it."""

    def __init__(self, fake: FakeBotLine, clock: Moving, window: LittleWindow, make: Callable[..., LineBot]) -> None:
        self.fake, self.clock, self.window, self.make = fake, clock, window, make
        self.bots: list[LineBot] = []

    async def begin(self, **more: Any) -> LineBot:
        """Start a bot, and wait for it unless it may not hold the connection."""
        bot = self.make(**more)
        self.bots.append(bot)
        await bot.start()
        return bot

    async def up(self, **more: Any) -> LineBot:
        bot = await self.begin(**more)
        await until(lambda: bot.up)
        return bot

    async def fails(self, bot: LineBot, number: int = 1, **more: Any) -> SendFailed:
        with pytest.raises(SendFailed) as caught:
            await bot.deliver(letter(number, GROUP, **more))
        return caught.value


@asynccontextmanager
async def stage(**limits: int) -> AsyncIterator[Stage]:
    clock, window = Moving(), LittleWindow()
    fake = FakeBotLine(clock.monotonic, **limits)  # type: ignore[arg-type]
    async with serving(fake.app()) as base:

        def make(secret: str = fake.secret, **more: Any) -> LineBot:
            facts = {key: more.pop(key) for key in ("length", "per_minute") if key in more}
            config = WecomBotConfig(
                mode="websocket", bot_id=fake.bot_id, secret=Secret(secret), ws_url=base.replace("http", "ws"), **facts
            )
            given: dict[str, Any] = {
                "clock": clock,
                "window": window,
                "way": None,
                "photos": album,
                "pause": 0.02,
                **more,
            }
            return LineBot(config, "https://qyapi.weixin.qq.com", BotWires(monotonic=clock.monotonic, **given))

        made = Stage(fake, clock, window, make)
        try:
            yield made
        finally:
            for bot in made.bots:
                await bot.stop()


# -- in ------------------------------------------------------------------------------------------------------------


@running
async def test_every_kind_comes_in_and_what_nobody_needs_does_not() -> None:
    async with stage() as s:
        await s.up()
        for path in sorted(PAYLOADS.glob("*.json")):
            await s.fake.push(json.loads(path.read_text()))
        await s.fake.push(payload("text") | {"msgid": "odd", "from": {}})
        await until(lambda: len(s.window.served) == 18 and s.window.unread)
        assert {one.sender for one in s.window.served} == {"wecom::liming"}
        assert not any(one.inline for one in s.window.served if one.kind != "event")
        platform, account, delivery, _ = s.window.unread[0]
        assert (platform, account) == ("wecom-bot", "")
        assert json.loads(delivery.body)["msgid"] == "odd"


@running
async def test_a_welcome_is_the_answer_to_the_event_itself() -> None:
    async with stage() as s:
        await s.up()
        await s.fake.push(payload("enter_chat"))
        await until(lambda: s.window.written_rows)
        assert s.fake.ways("liming") == ["aibot_respond_welcome_msg"]


@running
async def test_a_welcome_that_comes_too_late_is_left_to_its_letter() -> None:
    async with stage() as s:
        await s.up()
        s.window.delay = 0.05
        await s.fake.push(payload("enter_chat"))
        s.clock.advance(6)
        await until(lambda: s.window.served)
        await s.fake.push(payload("text"))
        await until(lambda: len(s.window.served) == 2)
        assert s.window.written_rows == []


@running
async def test_a_counter_that_is_down_is_waited_out() -> None:
    """The platform never brings a frame again: nobody else has it."""
    async with stage() as s:
        await s.up()
        s.window.broken = 1
        await s.fake.push(payload("group_text"))
        await until(lambda: s.window.served)
        assert s.window.served[0].key == payload("group_text")["msgid"]


# -- out -----------------------------------------------------------------------------------------------------------


@running
async def test_words_and_cards_leave_unasked() -> None:
    async with stage() as s:
        bot = await s.up()
        assert await bot.deliver(letter(1, GROUP, text="你好 <@li>")) == ""
        ref = await bot.deliver(letter(2, GROUP, kind="card", text="A0001 飞线充电\n地点：健仁小区", buttons=BUTTONS))
        assert s.fake.texts(CHAT) == ["你好 ＜@li>", "A0001 飞线充电\n地点：健仁小区"]
        assert [key["key"] for key in s.fake.cards[ref]["button_list"]] == [mark(2), mark(2, 1)]
        assert "accept" not in str(s.fake.cards)
        assert set(s.fake.ways(CHAT)) == {"aibot_send_msg"}


@running
async def test_what_a_card_cannot_carry_stands_before_it_and_buttons_come_in_sixes() -> None:
    async with stage() as s:
        bot = await s.up()
        text = "标题\n" + "很长的话" * 60
        ref = await bot.deliver(letter(3, GROUP, kind="card", text=text, buttons=tuple(BUTTONS * 4)))
        assert s.fake.texts(CHAT) == [text, "标题", "标题"]
        assert ref == next(iter(s.fake.cards))
        assert [len(card["button_list"]) for card in s.fake.cards.values()] == [6, 2]


@running
async def test_long_words_are_cut_between_lines_and_never_inside_a_number() -> None:
    async with stage() as s:
        bot = await s.up(length=64)
        await bot.deliver(letter(1, GROUP, text="第一行\n" + "灯" * 19 + "13812345678\n末行"))
        assert s.fake.texts(CHAT) == ["第一行", "灯" * 19, "13812345678\n末行"]
        assert all(len(text.encode()) <= 64 for text in s.fake.texts(CHAT))


@running
async def test_a_reply_answers_the_one_message_that_waits() -> None:
    async with stage() as s:
        bot = await s.up()
        await s.fake.push(payload("group_text"))
        await until(lambda: s.window.served)
        await bot.deliver(letter(1, GROUP, kind="reply", text="归您办了"))
        await bot.deliver(letter(2, GROUP, kind="reply", text="还有"))
        assert s.fake.ways(CHAT) == ["aibot_respond_msg", "aibot_send_msg"]
        assert s.fake.said[0][2]["stream"]["finish"] is True


@running
async def test_where_two_wait_nobody_gets_the_others_answer() -> None:
    async with stage() as s:
        bot = await s.up()
        for name in ("group_text", "group_two_names"):
            await s.fake.push(payload(name))
        await until(lambda: len(s.window.served) == 2)
        await bot.deliver(letter(1, GROUP, kind="reply"))
        assert s.fake.ways(CHAT) == ["aibot_send_msg"]


@running
@pytest.mark.parametrize("late", [301, 361])
async def test_a_message_too_old_to_answer_is_followed_by_one_of_its_own(late: int) -> None:
    async with stage() as s:
        bot = await s.up()
        await s.fake.push(payload("group_text"))
        await until(lambda: s.window.served)
        s.clock.advance(late)
        await bot.deliver(letter(1, GROUP, kind="reply"))
        assert s.fake.ways(CHAT) == ["aibot_send_msg"]


@running
async def test_an_answer_that_is_refused_leaves_as_a_message() -> None:
    async with stage() as s:
        bot = await s.up()
        await s.fake.push(payload("group_text"))
        await until(lambda: s.window.served)
        s.fake.trouble.append(846608)
        await bot.deliver(letter(1, GROUP, kind="reply"))
        assert s.fake.ways(CHAT) == ["aibot_send_msg"]


@running
async def test_a_pressed_card_changes_within_seconds_and_never_later() -> None:
    async with stage() as s:
        bot = await s.up()
        ref = await bot.deliver(letter(7, GROUP, kind="card", text="A0001 飞线充电", buttons=BUTTONS))
        assert ref == "letter-7-0-0"
        await s.fake.push(payload("card_pressed"))
        await until(lambda: s.window.served)
        edit: dict[str, Any] = {"kind": "edit", "posting": ref, "follow_up": "李明已接单"}
        assert await bot.deliver(letter(8, GROUP, text="A0001 李明正在办", buttons=BUTTONS[1:], **edit)) == ref
        assert s.fake.cards[ref]["main_title"]["title"] == "A0001 李明正在办"
        assert len(s.fake.texts(CHAT)) == 1
        assert await bot.deliver(letter(9, GROUP, text="A0001 李明正在办", **edit)) == ""
        assert s.fake.texts(CHAT)[-1] == "李明已接单"
        await s.fake.push(payload("card_pressed") | {"msgid": "again"})
        await until(lambda: len(s.window.served) == 2)
        assert await bot.deliver(letter(10, GROUP, text="A0001 已办结", **edit)) == ref
        assert s.fake.cards[ref]["replace_text"]
        await s.fake.push(payload("card_pressed") | {"msgid": "third"})
        await until(lambda: len(s.window.served) == 3)
        s.clock.advance(5)
        assert await bot.deliver(letter(11, GROUP, text="A0001 已办结", **edit)) == ""


@running
@pytest.mark.parametrize(
    ("code", "means"),
    [(-1, RETRY), (6000, RETRY), (45009, RETRY), (45011, RETRY), (45033, RETRY), (86003, PERMANENT),
     (40058, PERMANENT), (123456, PERMANENT), (60011, ACCOUNT), (48002, ACCOUNT)],
)  # fmt: skip
async def test_what_each_code_means(code: int, means: str) -> None:
    """The fake's errmsg names another errcode: only the number counts."""
    async with stage() as s:
        bot = await s.up()
        s.fake.trouble.append(code)
        failure = await s.fails(bot)
        assert meaning(failure) == means
        assert str(failure) == f"errcode {code}"


@running
async def test_a_letter_goes_on_where_it_broke_off() -> None:
    async with stage() as s:
        bot = await s.up()
        text = "标题\n" + "很长的话" * 60
        s.fake.trouble += [0, -1]
        assert meaning(await s.fails(bot, text=text, buttons=BUTTONS)) == RETRY
        await bot.deliver(letter(1, GROUP, text=text, buttons=BUTTONS, attempts=1))
        assert s.fake.texts(CHAT) == [text, "标题"]


@running
async def test_a_chat_gets_so_many_a_minute_and_an_hour_and_the_server_never_has_to_refuse() -> None:
    async with stage(per_minute=30, per_hour=1000) as s:
        bot = await s.up()
        for n in range(30):
            await bot.deliver(letter(n + 1, GROUP))
        failure = await s.fails(bot)
        assert 0 < (failure.retry_after or 0) <= 60
        await bot.deliver(letter(99, "wecom-bot::other"))
        s.clock.advance(61)
        while len(s.fake.texts(CHAT)) < 1000:
            s.clock.advance(2)
            await bot.deliver(letter(len(s.fake.texts(CHAT)) + 1, GROUP))
        s.clock.advance(60)
        assert (await s.fails(bot)).retry_after is not None
        s.clock.advance(3600)
        await bot.deliver(letter(5000, GROUP))


@running
async def test_pictures_follow_the_words_in_chunks() -> None:
    """One that is gone does not hold up the words; one that is too large is no use to anybody."""
    async with stage() as s:
        bot = await s.up()
        await bot.deliver(letter(1, GROUP, text="现场", photos=("small", "gone", "large")))
        assert s.fake.texts(CHAT) == ["现场"]
        assert s.fake.images(CHAT) == [ALBUM["small"], ALBUM["large"]]
        assert meaning(await s.fails(bot, 2, photos=("huge",))) == PERMANENT
        s.fake.trouble += [0, 0, -1]
        assert meaning(await s.fails(bot, 3, photos=("small",))) == RETRY
        await bot.deliver(letter(3, GROUP, photos=("small",), attempts=1))
        assert s.fake.texts(CHAT) == ["现场", "第2封", "第3封"]


# -- the connection ------------------------------------------------------------------------------------------------


@running
@pytest.mark.parametrize("politely", [True, False])
async def test_a_connection_that_ends_comes_back(politely: bool) -> None:
    async with stage() as s:
        bot = await s.up()
        await s.fake.cut(politely=politely)
        await until(lambda: not bot.up)
        assert meaning(await s.fails(bot)) == ACCOUNT
        await until(lambda: bot.up)
        await bot.deliver(letter(2, GROUP))
        assert s.fake.subscribed == 2


@running
async def test_without_an_acknowledgement_the_letter_is_tried_again() -> None:
    async with stage() as s:
        bot = await s.up()
        s.fake.silent = 1
        assert meaning(await s.fails(bot)) == RETRY


@running
async def test_a_wrong_secret_is_tried_again_and_again_and_nothing_leaves() -> None:
    async with stage() as s:
        bot = await s.begin(secret="wrong")
        await until(lambda: s.fake.refused >= 2)
        assert not bot.up
        assert meaning(await s.fails(bot)) == ACCOUNT


@running
async def test_one_of_two_processes_holds_the_connection() -> None:
    """Who holds it not sends nothing and claims no letters; when the lease passes on, so does the connection."""
    async with stage() as s:
        holder = {"a": True, "b": False}

        async def lease(name: str) -> bool:
            return holder[name]

        first = await s.up(may_hold=lambda: lease("a"))
        second = await s.begin(may_hold=lambda: lease("b"))
        assert (first.elsewhere, second.elsewhere) == (False, True)
        assert s.fake.subscribed == 1
        holder.update(a=False, b=True)
        await until(lambda: first.elsewhere and second.up, 15)
        assert s.fake.subscribed == 2
        assert s.fake.live


@running
async def test_nothing_that_was_said_gets_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async with stage() as s:
        caplog.set_level(logging.DEBUG)
        bot = await s.up()
        s.window.reply = _broken
        await s.fake.push(payload("enter_chat"))
        await bot.deliver(letter(1, GROUP, text="canary-words"))
        s.fake.trouble.append(86003)
        await s.fails(bot, text="canary-words")
        await s.fake.cut()
        await until(lambda: not bot.up)
        found = "\n".join(f"{one.getMessage()}" for one in caplog.records if one.name.startswith(("bot", "aibot")))
        assert not [word for word in ("canary", "liming", "LiMing", CHAT, s.fake.secret) if word in found]


def _broken(incoming: Incoming) -> str:
    raise ValueError("canary-words of LiMing")
