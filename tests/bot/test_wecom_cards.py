"""Cards of WeCom: how words fold onto them, how they change with single-use codes, and who turns out to have left."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.platforms.parts import split_bytes
from bot.platforms.wecom_cards import shown
from bot.platforms.wecom_codes import SETTING
from bot.platforms.wecom_pace import MemberPace
from handlers.letters import Button
from tests.fakes.aio import running, until
from tests.fakes.faults import Fault
from tests.fakes.letters import letter
from tests.fakes.wecom import check_card, code
from tests.fakes.wecom_stage import MEMBER, Stage, stage
from tests.fakes.window import LittleWindow

TAKE = Button("接单", "accept:A0001")
BACK = Button("反馈", "feed_back:A0001")
CARD = "card-1-1772413200"

# -- folding -------------------------------------------------------------------------------------------------------


def test_long_words_with_pairs_become_rows() -> None:
    lines = ["A0001 飞线充电", "地点：健仁小区3号楼", "时限：今天18:00前", "办理：李明", "居民说：" + "怕着火" * 30]
    made = shown(letter(1, MEMBER, text="\n".join(lines), buttons=(TAKE,)))
    assert made.whole
    assert made.card is not None
    assert made.card["horizontal_content_list"] == [
        {"keyname": "地点", "value": "健仁小区3号楼"},
        {"keyname": "时限", "value": "今天18:00前"},
        {"keyname": "办理", "value": "李明"},
    ]
    assert made.card["sub_title_text"] == lines[-1]


def test_without_words_a_card_still_has_a_title() -> None:
    for case, title in (("A0001", "A0001"), ("", "…")):
        made = shown(letter(1, MEMBER, text="\n", case=case, buttons=(TAKE,)))
        assert made.card is not None
        assert made.card["main_title"] == {"title": title}


labels = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=16)


@given(
    text=st.text(max_size=400), case=st.sampled_from(["", "A0001"]),
    buttons=st.lists(labels, min_size=1, max_size=9), kind=st.sampled_from(["push", "card", "reply"]),
)  # fmt: skip
@settings(max_examples=400, deadline=None)
def test_every_card_keeps_the_limits_and_every_word_is_said(
    text: str, case: str, buttons: list[str], kind: str
) -> None:
    keys = tuple(Button(label, f"pick:{case}:{n}") for n, label in enumerate(buttons))
    made = shown(letter(3, MEMBER, text=text, case=case, buttons=keys, kind=kind))
    assert made.card is not None
    check_card(made.card)
    assert all(0 < len(piece.encode()) <= 2048 for piece in made.texts)
    card = made.card
    rows = "".join(row["keyname"] + row["value"] for row in card.get("horizontal_content_list", ()))
    told = "".join((*made.texts, card["main_title"]["title"], card.get("sub_title_text", ""), rows))
    missing = {one for one in text if one.isalnum()} - set(told)
    assert missing == set()


@given(text=st.text(st.sampled_from("灯a1.。\n 3"), max_size=300), limit=st.integers(8, 60))
@settings(max_examples=400, deadline=None)
def test_words_are_cut_by_bytes_and_nothing_is_lost(text: str, limit: int) -> None:
    pieces = split_bytes(text, limit)
    assert all(len(piece.encode()) <= limit for piece in pieces)
    assert "".join(pieces).replace("\n", "").replace(" ", "") == text.replace("\n", "").replace(" ", "")


def test_a_number_is_never_cut() -> None:
    assert split_bytes("请打电话到居委会办公室 0515-00000100 找人", 46) == [
        "请打电话到居委会办公室 ",
        "0515-00000100 找人",
    ]
    assert split_bytes("9" * 20, 8) == ["9" * 8, "9" * 8, "9" * 4]
    assert split_bytes("一句话说完了。第二句话也说完了", 30) == ["一句话说完了。", "第二句话也说完了"]


def test_a_member_is_waited_for_no_longer_than_needed() -> None:
    pace = MemberPace(2, 3)
    for at in (0.0, 1.0):
        assert pace.wait("a", at) == 0
        pace.sent("a", at)
    assert 58 < pace.wait("a", 1.0) < 60
    assert pace.wait("b", 1.0) == 0
    pace.sent("a", 61.0)
    assert pace.wait("a", 61.5) > 3000
    assert pace.wait("a", 3601.2) == 0


# -- changing ------------------------------------------------------------------------------------------------------


async def _posted(s: Stage) -> str:
    card = letter(1, MEMBER, kind="card", text="A0001 飞线充电\n等人接单", case="A0001", buttons=(TAKE,))
    return await s.account.deliver(card)


def _edit(number: int, text: str, *buttons: Button) -> object:
    return letter(number, MEMBER, kind="edit", text=text, follow_up="后续：" + text, case="A0001", posting=CARD,
                  buttons=buttons)  # fmt: skip


async def _changes(s: Stage, number: int, text: str, *buttons: Button) -> None:
    await s.account.deliver(_edit(number, text, *buttons))  # type: ignore[arg-type]


@running
async def test_a_card_changes_in_place_once_per_code_and_else_a_message_follows() -> None:
    async with stage() as s:
        assert await _posted(s) == CARD
        await _changes(s, 2, "A0001 飞线充电\n李明正在办", BACK)
        assert s.fake.texts("liming") == ["A0001 飞线充电\n李明正在办"]
        await _changes(s, 3, "A0001 飞线充电\n已反馈", BACK)
        assert len(s.fake.texts("liming")) == 2
        assert "后续" in s.fake.texts("liming")[1]
        assert s.fake.calls.count("update") == 1


@running
async def test_a_click_brings_a_new_code_that_a_restart_does_not_lose() -> None:
    async with stage() as s:
        await _posted(s)
        await _changes(s, 2, "A0001 飞线充电\n李明正在办", BACK)
        s.fake.press("liming", CARD, "v1:feed_back:A0001")
        newest = next(reversed(s.fake._codes))
        s.account._clicked(CARD, newest, s.clock.now())
        await until(lambda: newest in s.notes.settings[SETTING])
        s.account = s.again()
        await s.account.start()
        await _changes(s, 3, "A0001 飞线充电\n已反馈", BACK)
        assert s.fake.texts("liming") == ["A0001 飞线充电\n已反馈"]
        await s.account.stop()


@running
async def test_a_card_that_is_over_loses_its_buttons_and_the_news_follows() -> None:
    async with stage() as s:
        await _posted(s)
        await _changes(s, 2, "A0001 已办结")
        assert s.fake.cards[CARD]["button_list"] == []
        assert s.fake.texts("liming")[-1] == "后续：A0001 已办结"


@running
async def test_after_three_days_a_message_follows() -> None:
    async with stage() as s:
        await _posted(s)
        s.clock.advance(72 * 3600 + 1)
        await _changes(s, 2, "A0001 已反馈", BACK)
        assert "update" not in s.fake.calls
        assert len(s.fake.texts("liming")) == 2
    async with stage(card_hours=200) as s:
        await _posted(s)
        s.clock.advance(72 * 3600 + 1)
        await _changes(s, 2, "A0001 已反馈", BACK)
        assert s.fake.calls.count("update") == 1
        assert len(s.fake.texts("liming")) == 2


@running
async def test_trouble_on_the_way_does_not_use_the_code_up() -> None:
    async with stage() as s:
        await _posted(s)
        s.fake.faults.next("update", Fault(status=503), code(45033))
        for _ in range(2):
            await s.fails(_edit(2, "A0001 李明正在办", BACK))  # type: ignore[arg-type]
        await _changes(s, 2, "A0001 李明正在办", BACK)
        assert s.fake.texts("liming") == ["A0001 李明正在办"]


@running
async def test_a_memory_that_is_away_holds_no_card_up() -> None:
    async with stage() as s:
        s.notes.broken = 1
        assert await _posted(s) == CARD
        await _changes(s, 2, "A0001 李明正在办", BACK)
        assert s.fake.texts("liming") == ["A0001 李明正在办"], "the code waited here"
        s.account._clicked("say-9-1", "of no use", s.clock.now())
        assert "of no use" not in str(s.notes.settings)


# -- members that left ---------------------------------------------------------------------------------------------


def _departed(window: LittleWindow) -> list[tuple[str, str]]:
    return [(one.sender, one.event) for one in window.served]


@pytest.mark.parametrize(
    ("fault", "status", "left"),
    [
        (code(60111), 1, True),
        (None, None, True),
        (None, 5, True),
        (None, 2, False),
        (None, 4, False),
        (code(81013), 1, False),
        (code(0, invaliduser="liming"), 1, False),
        (code(86001), None, False),
    ],
)
@running
async def test_who_has_left_is_told_once_and_who_is_only_out_of_sight_is_not(
    fault: Fault | None, status: int | None, left: bool
) -> None:
    async with stage() as s:
        if status is None:
            del s.fake.members["liming"]
        else:
            s.fake.members["liming"] = status
        if fault is not None:
            s.fake.faults.next("send", fault)
        assert (await s.fails()).permanent
        assert _departed(s.window) == ([(MEMBER, "departed")] if left else [])
        assert all(one.said_at == datetime(2026, 3, 2, 1, 0, tzinfo=UTC) for one in s.window.served)


@running
async def test_a_question_that_gets_no_answer_takes_nobodys_rights() -> None:
    async with stage() as s:
        for fault in (code(60011), Fault(status=503)):
            s.fake.faults.next("send", code(81013))
            s.fake.faults.next("user", fault)
            await s.fails()
        assert s.window.served == []
        s.window.broken = 1
        s.fake.faults.next("send", code(60111))
        assert (await s.fails()).permanent, "the letter fails as it would, and the next one tells"
