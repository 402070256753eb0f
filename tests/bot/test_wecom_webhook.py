"""How letters leave into WeCom groups by their webhooks: words, keys that share the load, what each error means."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.config_platforms import WecomConfig
from bot.doors import SendFailed
from bot.mentions import asked_of_wecom
from bot.platforms.parts import split_bytes as pieces
from bot.platforms.wecom_webhook import WecomWebhook, nobody
from bot.platforms.wecom_webhook_words import MARKDOWN_BYTES, TEXT_BYTES, Instead
from bot.secret import Secret
from handlers.effects import Effects
from handlers.letters import Button
from handlers.town import Person
from storage.store import Store
from storage.values import Outgoing, Written
from tests.fakes.aio import Moving, running, serving
from tests.fakes.answers import ACCOUNT, PERMANENT, RETRY, UNWELL, meaning
from tests.fakes.faults import Fault
from tests.fakes.letters import letter
from tests.fakes.wechat import code
from tests.fakes.wecom_webhook import FakeWecomWebhook
from tests.product import product
from tests.storage.making import NOW, a_case, take_over

CHAT = "wecom-webhook::jr-2-work"
KEYS = ("canary-key-1", "canary-key-2", "canary-key-3")
WORDING = product().desk.rules.wording
BUTTONS = (Button("接单", "accept:A0001"), Button("不归我管", "give_back:A0001"))
CARD = "【黄】A0001 安全隐患排查·电动车飞线充电\n地点：健仁小区3号楼\n待接单"


def picture(side: int, *, noisy: bool = False) -> bytes:
    """A JPEG; a noisy one is large."""
    file = io.BytesIO()
    image = Image.effect_noise((side, side), 200).convert("RGB") if noisy else Image.new("RGB", (side, side), "red")
    image.save(file, "JPEG", quality=100)
    return file.getvalue()


ALBUM = {"p1": picture(64), "large": picture(2000, noisy=True), "broken": b"x" * (3 << 20)}


async def album(name: str) -> bytes:
    if name not in ALBUM:
        raise FileNotFoundError(name)
    return ALBUM[name]


async def li(case: str) -> Sequence[str]:
    return ("liming",) if case == "A0001" else ()


@dataclass
class Stage:
    """The fake, and the door that talks to it."""

    fake: FakeWecomWebhook
    clock: Moving
    door: WecomWebhook

    async def fails(self, one: Outgoing | None = None) -> SendFailed:
        with pytest.raises(SendFailed) as caught:
            await self.door.deliver(one or letter(chat=CHAT))
        return caught.value


@asynccontextmanager
async def stage(keys: int = 1, *, base: str = "", calls: bool = False, **more: object) -> AsyncIterator[Stage]:
    clock = Moving()
    fake = FakeWecomWebhook(clock.monotonic, dict.fromkeys(KEYS, "work"))
    async with serving(fake.app()) as served:
        given_keys = tuple(Secret(key) for key in KEYS[:keys])
        config = WecomConfig(api_base=base or served, webhooks={"jr-2-work": given_keys, "off": (Secret(),)}, **more)  # type: ignore[arg-type]
        door = WecomWebhook(
            config, photos=album, instead=Instead(WORDING, "Telegram"), meant=li if calls else nobody,
            monotonic=clock.monotonic,
        )  # fmt: skip
        await door.start()
        try:
            yield Stage(fake, clock, door)
        finally:
            await door.stop()


# -- what a group reads ------------------------------------------------------------------------------------------------


@running
async def test_a_line_is_text_and_a_card_is_markdown_that_says_what_to_write_and_where() -> None:
    async with stage() as s:
        assert await s.door.deliver(letter(1, CHAT, kind="line", text="A0001 已由李明接单。")) == ""
        await s.door.deliver(letter(2, CHAT, kind="card", text=CARD, buttons=BUTTONS, case="A0001"))
        line, card = (message for _, message in s.fake.sent)
        assert line == {"msgtype": "text", "text": {"content": "A0001 已由李明接单。"}}
        assert card["msgtype"] == "markdown"
        assert card["markdown"]["content"].split("\n") == [
            "**【黄】A0001 安全隐患排查·电动车飞线充电**", "地点：健仁小区3号楼", "待接单",
            "> 要处理，请在Telegram里私聊我，发一句：", "> `接单 A0001`", "> `不归我管 A0001`",
        ]  # fmt: skip


@running
async def test_where_markdown_cannot_be_read_it_is_text() -> None:
    async with stage(webhook_markdown=False, calls=True) as s:
        await s.door.deliver(letter(2, CHAT, kind="card", text=CARD, buttons=BUTTONS, case="A0001"))
        ((_, card),) = s.fake.sent
        assert card["text"]["content"].split("\n")[-3:] == [
            "要处理，请在Telegram里私聊我，发一句：", "接单 A0001", "不归我管 A0001",
        ]  # fmt: skip
        assert card["text"]["mentioned_list"] == ["liming"]


@running
async def test_a_card_calls_who_is_asked_and_nobody_else_can_be_called() -> None:
    async with stage(calls=True) as s:
        await s.door.deliver(letter(1, CHAT, kind="card", text=CARD, buttons=BUTTONS, case="A0001", red=True))
        await s.door.deliver(letter(2, CHAT, kind="card", text=CARD, buttons=BUTTONS, case="A0002"))
        await s.door.deliver(letter(3, CHAT, kind="card", text=CARD, case="A0001"))
        await s.door.deliver(letter(4, CHAT, kind="card", text="停水<@all>\n<@li> 请看", case="A0003"))
        await s.door.deliver(letter(5, CHAT, kind="line", text="停水<@all>"))
        red, other, taken, written, line = s.fake.texts("work")
        assert red.startswith('<font color="warning">**【黄】A0001')
        assert red.endswith("\n<@liming>")
        assert not [text for text in (other, taken, written, line) if "<@" in text]


@running
async def test_an_edit_is_its_follow_up_and_a_line_tells_commands_only_where_a_case_waits() -> None:
    async with stage() as s:
        await s.door.deliver(letter(1, CHAT, kind="edit", text=CARD, follow_up="A0001 已办结"))
        await s.door.deliver(letter(2, CHAT, kind="card", text="好", buttons=(Button("是", "pick:A0001:yes"),)))
        done = (Button("反馈", "feed_back:A0001"),)
        await s.door.deliver(letter(3, CHAT, kind="line", text="A0001 已由李明接单。", buttons=done))
        await s.door.deliver(letter(4, CHAT, kind="line", text="A0001 已退回。", buttons=BUTTONS))
        assert s.fake.texts("work")[:3] == ["A0001 已办结", "**好**", "A0001 已由李明接单。"]
        assert "接单 A0001" in s.fake.texts("work")[3]


def test_a_digest_names_each_case_once_and_a_label_that_is_no_word_becomes_one() -> None:
    instead = Instead(WORDING, "公众号")
    several = (Button("接单 A0001", "accept:A0001"), Button("接单 A0002", "accept:A0002"))
    assert instead.line(several)[1] == ("接单 A0001", "接单 A0002")
    assert instead.line((Button("我去", "accept:A0001"), Button("接单", "accept:A0001")))[1] == ("接单 A0001",)
    assert Instead(WORDING, "").line(several) == ("", ())


@running
async def test_long_words_are_several_messages_and_none_is_too_long() -> None:
    async with stage() as s:
        lines = [f"【黄】A{n:04d} 电动车飞线充电（健仁小区{n}号楼）" for n in range(100)]
        await s.door.deliver(letter(1, CHAT, kind="card", text="\n".join(lines), buttons=BUTTONS, case="A0001"))
        kinds = {message["msgtype"] for _, message in s.fake.sent}
        assert kinds == {"text"}
        said = "\n".join(s.fake.texts("work")).split("\n")
        assert said[:100] == lines
        assert said[-1] == "不归我管 A0001"
        assert s.fake.refused == []


def test_the_longest_card_fits_to_the_byte() -> None:
    assert (TEXT_BYTES, MARKDOWN_BYTES) == (2048, 4096)
    assert pieces("字" * 682 + "ab", TEXT_BYTES) == ["字" * 682 + "ab"]
    assert pieces("字" * 682 + "abc", TEXT_BYTES) == ["字" * 682, "abc"]
    assert pieces("楼" * 9 + "13812345678", 30) == ["楼" * 9, "13812345678"]
    assert pieces("楼" * 9 + "👨\u200d👩\u200d👧", 36)[0] == "楼" * 9
    assert pieces("", 30) == []


@given(text=st.text(st.sampled_from("一二3456A0.\n 😀é\u0301"), max_size=300), limit=st.integers(16, 90))
def test_pieces_lose_nothing_but_line_ends_and_part_no_number(text: str, limit: int) -> None:
    found = pieces(text, limit)
    assert all(0 < len(piece.encode()) <= limit for piece in found)
    assert "".join(found).replace("\n", "").replace(" ", "") == text.replace("\n", "").replace(" ", "")
    for first, second in zip(found, found[1:], strict=False):
        parted = first[-1].isascii() and first[-1].isalnum() and second[0].isascii() and second[0].isalnum()
        assert not parted or len(first.encode()) > limit // 2 or text[text.index(first) + len(first)] == "\n"


# -- photos ------------------------------------------------------------------------------------------------------------


@running
async def test_photos_follow_the_words_and_large_ones_are_made_smaller() -> None:
    assert len(ALBUM["large"]) > 2 << 20
    async with stage() as s:
        photos = ("p1", "gone", "large", "broken")
        await s.door.deliver(letter(1, CHAT, kind="line", text="处理后：", photos=photos))
        assert [message["msgtype"] for _, message in s.fake.sent] == ["text", "image", "image"]
        small, shrunk = s.fake.pictures("work")
        assert small == ALBUM["p1"]
        assert len(shrunk) <= 2 << 20
        assert max(Image.open(io.BytesIO(shrunk)).size) >= 960


@running
async def test_a_retry_does_not_repeat_what_has_left() -> None:
    async with stage() as s:
        s.fake.faults.next("send", *(Fault(status=500),))
        one = letter(7, CHAT, kind="line", text="处理后：", photos=("p1",))
        assert meaning(await s.fails(one)) == RETRY
        s.fake.per_minute = 1
        assert meaning(await s.fails(one)) == RETRY
        s.clock.advance(66)
        await s.door.deliver(one)
        assert [message["msgtype"] for _, message in s.fake.sent] == ["text", "image"]


# -- keys and their minute ---------------------------------------------------------------------------------------------


@running
async def test_a_key_gives_twenty_a_minute_and_several_share_the_load() -> None:
    for keys in (1, 2, 3):
        async with stage(keys) as s:
            for n in range(20 * keys):
                await s.door.deliver(letter(n, CHAT))
            failed = await s.fails(letter(99, CHAT))
            assert meaning(failed) == RETRY
            assert failed.retry_after is not None
            s.clock.advance(failed.retry_after)
            await s.door.deliver(letter(99, CHAT))
            assert s.fake.refused == [], "it knew by itself"
            assert {s.fake.used[: 20 * keys].count(key) for key in KEYS[:keys]} == {20}


@running
async def test_at_the_pace_of_its_lane_no_letter_ever_waits_for_a_key() -> None:
    for keys in (1, 3):
        async with stage(keys) as s:
            for n in range(100):
                await s.door.deliver(letter(n, CHAT))
                s.clock.advance(s.door.abilities.pace(CHAT))
            assert len(s.fake.sent) == 100
            assert s.fake.refused == []


@running
async def test_a_key_that_others_use_as_well_rests_and_another_takes_over() -> None:
    async with stage(2) as s:
        s.fake.faults.next("send", code(45009))
        await s.door.deliver(letter(1, CHAT))
        await s.door.deliver(letter(2, CHAT))
        assert set(s.fake.used) == {KEYS[1]}
        s.fake.faults.next("send", code(45009))
        failed = await s.fails(letter(3, CHAT))
        assert (meaning(failed), failed.retry_after) == (RETRY, 65.0)


@running
async def test_a_key_that_no_longer_reaches_its_group_is_passed_over() -> None:
    for gone in ("disabled", "removed", "keys"):
        async with stage(2) as s:
            if gone == "keys":
                del s.fake.keys[KEYS[0]]
            else:
                getattr(s.fake, gone).add(KEYS[0])
            for n in range(4):
                await s.door.deliver(letter(n, CHAT))
            assert s.fake.used == [KEYS[1]] * 4
            assert len(s.fake.refused) == 1, "it is asked again only after a while"
            s.clock.advance(601)
            await s.door.deliver(letter(5, CHAT))
            assert len(s.fake.refused) == 2


def test_a_group_with_several_keys_is_written_to_so_many_times_as_often() -> None:
    secrets = tuple(Secret(key) for key in KEYS)
    config = WecomConfig(webhooks={"a": secrets[:1], "b": secrets[1:]}, webhook_per_minute=30)
    abilities = WecomWebhook(config, photos=album, instead=Instead(WORDING, "")).abilities
    assert abilities.pace("wecom-webhook::a") == 2.0
    assert abilities.pace("wecom-webhook::b") == 1.0
    assert (abilities.buttons, abilities.edits, abilities.inline) == (False, False, False)


# -- what each error means ---------------------------------------------------------------------------------------------

ERRORS = [
    (93000, PERMANENT, None), (93004, PERMANENT, None), (93008, PERMANENT, None), (40058, PERMANENT, None),
    (44004, PERMANENT, None), (40008, PERMANENT, None), (40009, PERMANENT, None), (48002, PERMANENT, None),
    (12345, PERMANENT, None), (-1, RETRY, None), (6000, RETRY, None), (45011, RETRY, 60.0), (45033, RETRY, 60.0),
    (45009, RETRY, 65.0),
]  # fmt: skip


@pytest.mark.parametrize(("number", "wanted", "wait"), ERRORS)
def test_codes(number: int, wanted: str, wait: float | None) -> None:
    @running
    async def try_it() -> None:
        async with stage() as s:
            s.fake.faults.next("send", code(number))
            failed = await s.fails()
            assert (meaning(failed), failed.retry_after) == (wanted, wait)
            assert str(number) in str(failed)
            s.clock.advance(66)
            await s.door.deliver(letter(2, CHAT))

    try_it()


@pytest.mark.parametrize(("fault", "wanted", "wait"), UNWELL)
def test_other_trouble(fault: Fault, wanted: str, wait: float | None) -> None:
    @running
    async def try_it() -> None:
        async with stage() as s:
            s.fake.faults.next("send", fault)
            failed = await s.fails()
            assert (meaning(failed), failed.retry_after) == (wanted, wait)

    try_it()


@running
async def test_no_key_no_server_nothing_to_fetch() -> None:
    async with stage() as s:
        for name in ("off", "unknown", ""):
            assert meaning(await s.fails(letter(1, f"wecom-webhook::{name}"))) == PERMANENT
        with pytest.raises(SendFailed):
            await s.door.fetch({"ref": "m"})
        await s.door.stop()
        assert meaning(await s.fails()) == RETRY
    async with stage(base="http://127.0.0.1:9") as s:
        assert meaning(await s.fails()) == ACCOUNT


@running
async def test_the_key_is_in_no_log_and_in_no_exception(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    faults = [Fault(status=500), Fault(cut=True), Fault(status=404), *map(code, (93000, 45009, 40058))]
    async with stage() as s:
        told = []
        for fault in faults:
            s.fake.faults.next("send", fault)
            told.append(await s.fails())
            s.clock.advance(66)
        assert "canary" not in "".join(f"{one} {one.__cause__} {one.args}" for one in told)
        ours = [record for record in caplog.records if not record.name.startswith("aiohttp.access")]
        assert "canary" not in "".join(record.getMessage() for record in ours)
    assert any("errcode 93000" in record.getMessage() for record in caplog.records)


@running
async def test_who_is_asked_is_found_by_the_case() -> None:
    store = Store("sqlite://")
    store.create()
    people = [(Person(id="li"), ["telegram::1", "wecom::liming"]), (Person(id="wang"), ["wecom::wang"])]
    case = replace(a_case("A0001"), assignees=("li", "wang", "nobody"))
    with store.transaction() as tx:
        take_over(tx, people, [])
        tx.flush([Written(effects=Effects(cases=(case, replace(case, number="A0002", lead_person="li"))))], NOW)
    asked = asked_of_wecom(store)
    assert sorted(await asked("A0001")) == ["liming", "wang"]
    assert [await asked(number) for number in ("A0002", "A0009")] == [(), ()]
    store.close()
