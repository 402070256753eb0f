"""How letters leave through Telegram, and how updates come in by webhook and by polling."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import pytest

from bot.config_platforms import TelegramConfig
from bot.doors import SendFailed
from bot.platforms.parts import split_units, units
from bot.platforms.telegram import Telegram
from bot.platforms.telegram_api import TALKATIVE
from bot.secret import Secret
from bot.server import Counters, build_app
from handlers.letters import Button
from storage.values import Outgoing
from tests.fakes.aio import Moving, running, serving, until
from tests.fakes.answers import ACCOUNT, PERMANENT, RETRY, meaning
from tests.fakes.faults import Fault
from tests.fakes.letters import letter, mark
from tests.fakes.telegram import FakeTelegram, WebhookPusher, refusal
from tests.fakes.window import LittleWindow

PAYLOADS = Path(__file__).parent.parent / "payloads" / "telegram"
CHAT, GROUP = 1001, -1001234567890
SECRET = "webhook-secret_canary-1"
JPEG = b"\xff\xd8\xff picture"


def payload(name: str, **more: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text())
    return {**document, **more}


def to(chat: int = CHAT, number: int = 1, **more: Any) -> Outgoing:
    return letter(number, f"telegram::{chat}", **more)


async def album(name: str) -> bytes:
    if name != "p1":
        raise FileNotFoundError(name)
    return JPEG


class Stage:
    """The fake API, the bot that talks to it, and the counter behind it."""

    def __init__(self, fake: FakeTelegram, bot: Telegram, window: LittleWindow, base: str) -> None:
        self.fake, self.bot, self.window, self.base = fake, bot, window, base

    async def fails(self, one: Outgoing | None = None) -> SendFailed:
        with pytest.raises(SendFailed) as caught:
            await self.bot.deliver(one or to())
        return caught.value


@asynccontextmanager
async def stage(
    mode: Literal["webhook", "polling"] = "webhook",
    base: str = "",
    window: LittleWindow | None = None,
    webhook_url: str = "",
    **more: Any,
) -> AsyncIterator[Stage]:
    clock, window = Moving(), window or LittleWindow()
    fake = FakeTelegram(clock.monotonic)
    async with serving(fake.app()) as served:
        config = TelegramConfig(
            token=Secret(fake.token),
            secret_token=Secret(SECRET),
            mode=mode,
            api_base=base or served,
            webhook_url=webhook_url,
        )
        bot = Telegram(config, photos=album, clock=clock, window=window, **more)
        await bot.start()
        try:
            if not base:
                await until(lambda: "getMe" in fake.calls)
            yield Stage(fake, bot, window, served)
        finally:
            await bot.stop()


# -- out -----------------------------------------------------------------------------------------------------------


@running
async def test_a_card_its_buttons_and_its_edits() -> None:
    steps = {"接单": "accept", "退回": "return", "转办": "hand_over", "反馈": "feed_back"}
    buttons = tuple(Button(label, f"{action}:A0001") for label, action in steps.items())
    async with stage() as s:
        ref = await s.bot.deliver(to(GROUP, kind="card", text="A0001 飞线充电", buttons=buttons))
        card = s.fake.messages[GROUP, int(ref)]
        assert card["text"] == "A0001 飞线充电"
        assert [[key["text"] for key in row] for row in card["buttons"]] == [["接单", "退回", "转办"], ["反馈"]]
        assert card["buttons"][0][0]["callback_data"] == mark(1)
        assert "accept" not in str(s.fake.messages)
        done = to(GROUP, 2, kind="edit", text="A0001 已接单", posting=ref)
        assert await s.bot.deliver(done) == ref
        assert s.fake.texts(GROUP) == ["A0001 已接单"]
        assert await s.bot.deliver(done) == ref
        assert s.fake.texts(GROUP) == ["A0001 已接单"]


@running
async def test_an_edit_that_cannot_be_made_is_said_instead() -> None:
    async with stage() as s:
        await s.bot.deliver(to(number=1, kind="edit", text="卡", posting="999", follow_up="已办结"))
        await s.bot.deliver(to(number=2, kind="edit", text="卡", posting="999"))
        await s.bot.deliver(to(number=3, kind="edit", text="卡", posting="", follow_up="又办结"))
        await s.bot.deliver(to(number=4, kind="edit", text="卡", posting="x1", follow_up="再办结"))
        assert s.fake.texts(CHAT) == ["已办结", "卡", "又办结", "再办结"]


@running
async def test_long_words_are_split_at_line_ends_and_the_last_piece_has_the_buttons() -> None:
    text = "\n".join(["😀" * 1000] * 5)
    async with stage() as s:
        ref = await s.bot.deliver(to(text=text, buttons=(Button("好", "help:"),)))
        assert "\n".join(s.fake.texts(CHAT)) == text
        assert [bool(message["buttons"]) for message in s.fake.messages.values()] == [False, False, True]
        assert ref == "3"


def test_splitting_keeps_every_character_and_every_limit() -> None:
    for text in ("a" * 10_000, "😀" * 5000, "a\n" * 5000, "\n" * 9000, "x" * 4096, "", "😀" * 2048 + "a"):
        pieces = split_units(text, 4096)
        assert all(0 < units(piece) <= 4096 and piece.strip() for piece in pieces)
        assert "".join(pieces).replace("\n", "") == text.replace("\n", "")


@running
async def test_photos_follow_and_a_retry_repeats_nothing() -> None:
    async with stage() as s:
        one = to(text="现场", photos=("p1", "gone"))
        s.fake.faults.next("sendPhoto", Fault(status=500))
        await s.fails(one)
        assert await s.bot.deliver(one) == "1"
        assert s.fake.texts(CHAT) == ["现场", "[photo]"]
        assert s.fake.photos == [(CHAT, JPEG)]
        assert await s.bot.deliver(to(number=2, text="", photos=("p1",))) == "3"


@running
async def test_what_cannot_be_sent_is_not_tried() -> None:
    async with stage() as s:
        calls = len(s.fake.calls)
        long = to(buttons=(Button("好", "x", "m" * 65),))
        many = to(buttons=(Button("好", "x"),) * 101)
        nowhere = letter(1, "telegram::nobody")
        for one in (long, many, nowhere):
            assert (await s.fails(one)).permanent
        assert len([call for call in s.fake.calls[calls:] if call.startswith("send")]) == 0
        assert await s.bot.deliver(to(buttons=(Button("好", "y" * 65, "m" * 64),))) == "1"


@running
async def test_a_group_that_moved_is_followed() -> None:
    async with stage() as s:
        s.fake.chats[-4567] = refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=GROUP)
        await s.bot.deliver(to(-4567, 1, text="一"))
        await s.bot.deliver(to(-4567, 2, text="二"))
        assert s.fake.texts(GROUP) == ["一", "二"]
        s.fake.chats[GROUP] = refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-9)
        s.fake.chats[-9] = refusal(400, "again", migrate_to_chat_id=-10)
        assert (await s.fails(to(-4567, 3))).permanent


@running
async def test_a_card_in_a_group_that_moved_is_said_anew() -> None:
    async with stage() as s:
        s.fake.faults.next("editMessageText", refusal(400, "upgraded", migrate_to_chat_id=GROUP))
        await s.bot.deliver(to(-4567, 1, kind="edit", text="卡", posting="7", follow_up="已办结"))
        assert s.fake.texts(GROUP) == ["已办结"]


@running
async def test_a_group_that_moved_is_told_to_the_desk_once() -> None:
    async with stage() as s:
        s.fake.chats[-4567] = refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=GROUP)
        for number in (1, 2):
            await s.bot.deliver(to(-4567, number))
        (moved,) = s.window.served
        assert (moved.event, moved.chat, moved.scene, moved.group) == ("migrated", "telegram::-4567", str(GROUP), True)


@running
async def test_a_memory_that_is_away_holds_no_letter_up() -> None:
    window = LittleWindow(broken=1)
    async with stage(window=window) as s:
        s.fake.chats[-4567] = refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=GROUP)
        await s.bot.deliver(to(-4567, 1))
        assert s.fake.texts(GROUP) == ["第1封"]


@running
async def test_the_menu_of_commands_is_shown() -> None:
    async with stage(menu=[("help", "帮助"), ("status", "查进度")]) as s:
        await until(lambda: s.fake.menu)
        assert s.fake.menu == [
            {"command": "help", "description": "帮助"},
            {"command": "status", "description": "查进度"},
        ]


@running
async def test_the_bots_name_is_asked_for_until_it_is_known() -> None:
    async with stage("polling") as s:
        asked = s.fake.calls.count("getMe")
        await until(lambda: "deleteWebhook" in s.fake.calls)
        s.fake.faults.next("getMe", refusal(502))
        await s.bot.stop()
        await s.bot.start()
        await until(lambda: s.fake.calls.count("getMe") == asked + 2)
        s.fake.queue(payload("group_mention", update_id=10))
        await until(lambda: s.window.served)
        assert s.window.served[0].addressed


@pytest.mark.parametrize(
    ("fault", "means", "wait"),
    [
        (refusal(429, retry_after=7), RETRY, 7.0),
        (refusal(429, retry_after=0), RETRY, 0.0),
        (refusal(429, retry_after=-1), RETRY, -1.0),
        (refusal(429, retry_after=1e9), RETRY, 1e9),
        (refusal(429, retry_after="abc"), RETRY, None),
        (refusal(429, retry_after=True), RETRY, None),
        (refusal(429), RETRY, None),
        (Fault(status=429, body=b"<html>"), RETRY, None),
        (Fault(status=429, body=b'{"parameters": 5}'), RETRY, None),
        (refusal(403, "Forbidden: bot was blocked by the user"), PERMANENT, None),
        (refusal(400, "Bad Request: chat not found"), PERMANENT, None),
        (Fault(status=400, body=b'{"ok":false,"description":"x","parameters":[1]}'), PERMANENT, None),
        (refusal(401, "Unauthorized"), ACCOUNT, None),
        (refusal(404, "Not Found"), ACCOUNT, None),
        (refusal(409, "Conflict"), ACCOUNT, None),
        (refusal(500), RETRY, None),
        (refusal(502), RETRY, None),
        (Fault(status=503, body=b"<html>", content_type="text/html"), RETRY, None),
        (Fault(status=504), RETRY, None),
        (Fault(status=302, headers={"Location": "http://169.254.169.254/"}), RETRY, None),
        (Fault(cut=True), RETRY, None),
        (Fault(body=b""), RETRY, None),
        (Fault(body=b"<html>"), RETRY, None),
        (Fault(body=b"[]"), RETRY, None),
        (Fault(body=b"[" * 100_000), RETRY, None),
        (Fault(body=b'{"ok": true}'), RETRY, None),
        (Fault(body=b'{"ok": true, "result": 5}'), RETRY, None),
        (Fault(body=b'{"ok": true, "result": {"message_id": 1}}'), RETRY, None),
    ],
)
@running
async def test_every_fault_is_classified(fault: Fault, means: str, wait: float | None) -> None:
    async with stage() as s:
        s.fake.faults.next("sendMessage", fault)
        failure = await s.fails()
        assert (meaning(failure), failure.retry_after) == (means, wait)
        await s.bot.deliver(to(number=2))


@running
async def test_nobody_at_the_door_is_the_accounts_trouble_and_start_does_not_wait_for_it() -> None:
    async with stage(base="http://127.0.0.1:9") as s:
        assert meaning(await s.fails()) == ACCOUNT
        await s.bot.stop()
        assert meaning(await s.fails()) == RETRY


@running
async def test_files_are_fetched() -> None:
    async with stage() as s:
        s.fake.files["photo-x"] = JPEG
        assert await s.bot.fetch({"ref": "photo-x"}) == JPEG
        for ref in ({"ref": "gone"}, {}):
            with pytest.raises(SendFailed) as caught:
                await s.bot.fetch(ref)
            assert caught.value.permanent
        large = {"file_id": "b", "file_unique_id": "u", "file_size": 30 << 20, "file_path": "photos/photo-x.jpg"}
        s.fake.faults.next("getFile", Fault(body=json.dumps({"ok": True, "result": large}).encode()))
        with pytest.raises(SendFailed, match="too large"):
            await s.bot.fetch({"ref": "photo-x"})
        s.fake.faults.next("file", Fault(status=502))
        with pytest.raises(SendFailed) as caught:
            await s.bot.fetch({"ref": "photo-x"})
        assert meaning(caught.value) == RETRY


@running
async def test_secrets_and_words_stay_out_of_logs_and_failures(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with stage() as s:
        for name in TALKATIVE:
            assert logging.getLogger(name).getEffectiveLevel() == logging.WARNING
        await s.bot.deliver(to(text="王芳 13800138000"))
        for fault in (Fault(cut=True), refusal(500), refusal(401), Fault(body=b"13800138000"), Fault(status=302)):
            s.fake.faults.always("sendMessage", fault)
            failure = await s.fails(to(number=2, text="王芳 13800138000"))
            assert failure.__suppress_context__
            assert s.fake.token not in repr(failure)
        shown = caplog.text + repr(s.bot) + repr(vars(s.bot))
    for canary in (s.fake.token, SECRET, "13800138000"):
        assert canary not in shown


# -- in, by webhook ------------------------------------------------------------------------------------------------


@running
async def test_the_webhook_is_told_to_telegram_and_served() -> None:
    async with stage(webhook_url="https://bot.example/hooks/telegram") as s:
        await until(lambda: s.fake.webhook)
        assert s.fake.webhook["secret_token"] == SECRET
        assert json.loads(s.fake.webhook["allowed_updates"]) == [
            "message",
            "edited_message",
            "callback_query",
            "my_chat_member",
        ]
        pusher = WebhookPusher(s.fake, SECRET)
        counters = Counters()
        app = build_app(s.bot.hooks, s.window, health=dict, clock=Moving(), counters=counters)
        async with serving(app) as door:
            url = door + "/hooks/telegram"
            assert await pusher.push(url, payload("text")) == 200
            assert await pusher.push(url, payload("text")) == 200
            assert await pusher.push(url, payload("callback")) == 200
            assert await pusher.push(url, payload("channel_post")) == 200
            assert await pusher.push(url, payload("text"), headers={"X-Telegram-Bot-Api-Secret-Token": "no"}) == 403
            assert await pusher.push(url, payload("text"), headers={}) == 403
            assert await pusher.push(url, {"update_id": 1, "message": 5}) == 200
            s.window.broken = 2
            assert await pusher.push(url, payload("help")) == 200
        assert [incoming.kind for incoming in s.window.served] == ["text", "press", "text"]
        assert s.window.repeats == 1
        assert s.window.written_rows == []
        assert s.fake.answered == ["4382bfdwdsb323b2d9"]
        assert [(row[0], row[1]) for row in s.window.unread] == [("telegram", "")]
        assert counters.get("deliveries", outcome="failed") == 2


@running
async def test_fifty_updates_out_of_order_and_doubled_are_all_served_once() -> None:
    async with stage() as s:
        app = build_app(s.bot.hooks, s.window, health=dict, clock=Moving(), counters=Counters())
        async with serving(app) as door:
            numbers = [n * 7 % 50 for n in range(50)]
            pusher = WebhookPusher(s.fake, SECRET)
            updates = [payload("text", update_id=1000 + n) for n in (*numbers, *reversed(numbers))]
            await asyncio.gather(*(pusher.push(door + "/hooks/telegram", update) for update in updates))
        assert {incoming.key for incoming in s.window.served} == {str(1000 + n) for n in range(50)}
        assert len(s.window.served) == 50


# -- in, by polling ------------------------------------------------------------------------------------------------


@running
async def test_polling_serves_in_order_and_acknowledges_what_is_stored() -> None:
    async with stage("polling") as s:
        assert s.bot.hooks == ()
        s.fake.queue(*(payload("text", update_id=10 + n) for n in range(5)))
        await until(lambda: len(s.window.served) == 5)
        await until(lambda: s.fake.updates == [])
        assert [incoming.key for incoming in s.window.served] == ["10", "11", "12", "13", "14"]
        s.fake.queue(payload("callback", update_id=20), payload("channel_post", update_id=21))
        await until(lambda: s.fake.answered == ["4382bfdwdsb323b2d9"])
        await until(lambda: s.fake.updates == [])
        assert s.window.written_rows == []


@running
async def test_polling_does_not_acknowledge_what_could_not_be_stored() -> None:
    async with stage("polling", window=LittleWindow(broken=1)) as s:
        s.fake.queue(payload("text", update_id=10), payload("help", update_id=11))
        await until(lambda: len(s.window.served) == 2)
        assert [incoming.key for incoming in s.window.served] == ["11", "10"]
        await until(lambda: s.fake.updates == [])
        assert s.window.repeats == 1


@running
async def test_an_unreadable_update_is_kept_and_does_not_stop_the_others() -> None:
    async with stage("polling") as s:
        s.fake.queue({"update_id": 10, "message": 5}, payload("text", update_id=11))
        await until(lambda: s.window.served)
        await until(lambda: s.fake.updates == [])
        ((platform, account, kept, _),) = s.window.unread
        assert (platform, account, json.loads(kept.body)) == ("telegram", "", {"update_id": 10, "message": 5})


@running
async def test_polling_survives_trouble_and_an_update_with_a_lower_number() -> None:
    async with stage("polling") as s:
        s.fake.faults.next("getUpdates", Fault(status=502), Fault(cut=True))
        s.fake.queue(payload("text", update_id=11), payload("help", update_id=10))
        await until(lambda: len(s.window.served) == 2, 10)
        assert {incoming.key for incoming in s.window.served} == {"10", "11"}


@running
async def test_only_who_holds_the_lease_polls() -> None:
    async def never() -> bool:
        return False

    async with stage("polling", may_poll=never) as s:
        await asyncio.sleep(0.1)
        assert "getUpdates" not in s.fake.calls
