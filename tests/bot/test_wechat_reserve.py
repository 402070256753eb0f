"""The last message of a resident's budget is kept for what is red: a red letter never finds it spent by another."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config_platforms import WechatBudget
from bot.doors import LetterHeld
from storage.store import Tx
from storage.values import Outgoing
from tests.fakes.aio import Moving, running
from tests.fakes.letters import letter
from tests.fakes.wechat_stage import CHAT, OPENID, Books, Stage, memory, stage

HELD = "held"
COURSES = ["".join(course) for n in range(7) for course in product("gr", repeat=n)]


async def fate(s: Stage, one: Outgoing) -> str:
    """The way a letter has gone, or that it is held."""
    try:
        await s.account.deliver(one)
    except LetterHeld:
        return HELD
    return s.chosen[-1][0]


def model(course: str, messages: int, kept: int) -> Iterator[bool]:
    """Which letters of a course leave: a green one only from what is not kept, a red one from all of it."""
    left = messages
    for colour in course:
        leaves = left > (0 if colour == "r" else kept)
        left -= leaves
        yield leaves


@pytest.mark.parametrize(("messages", "reserve"), list(product(range(5), range(4))))
@running
async def test_every_course_of_up_to_six_letters(messages: int, reserve: int) -> None:
    """All 127 courses of red and green letters, each budget of up to 4 messages, each reserve of up to 3."""
    books = Books(memory(), Moving())
    kept = WechatBudget(messages=messages, reserve=reserve).kept
    assert kept == min(reserve, max(messages - 1, 0)), "never all"
    for n, course in enumerate(COURSES):
        chat = f"{CHAT}{n}"
        books.opened(chat, messages)
        spent = [await books.ledger.spend(chat, 0 if colour == "r" else kept) for colour in course]
        assert [not isinstance(one, str) for one in spent] == list(model(course, messages, kept)), course


@running
async def test_why_nothing_could_be_spent_is_told() -> None:
    books = Books(memory(), Moving())
    books.opened(messages=2)
    assert not isinstance(await books.ledger.spend(CHAT, 1), str)
    assert await books.ledger.spend(CHAT, 1) == "reserved"
    assert not isinstance(await books.ledger.spend(CHAT), str)
    assert await books.ledger.spend(CHAT, 1) == "used up"
    books.clock.advance(3 * 24 * 3600)
    assert await books.ledger.spend(CHAT, 1) == "over"


@running
async def test_the_last_of_five_is_for_red_and_what_was_chosen_is_written_down() -> None:
    async with stage(templates={}, budget=WechatBudget()) as s:
        assert [await fate(s, letter(number)) for number in range(1, 6)] == ["customer"] * 4 + [HELD]
        assert await fate(s, letter(6, red=True)) == "customer"
        assert await fate(s, letter(7, red=True)) == HELD
        assert s.books.ways(5, 6, 7) == {5: (HELD, "reserved"), 7: (HELD, "used up")}
        assert s.chosen[4:] == [(HELD, "reserved"), ("customer", ""), (HELD, "used up")]
        assert s.fake.refused == []


@running
async def test_with_a_template_the_news_goes_by_it_and_the_last_message_stays() -> None:
    async with stage(budget=WechatBudget()) as s:
        fates = [await fate(s, letter(number)) for number in range(1, 7)]
        assert fates == ["customer"] * 4 + ["template"] * 2
        assert s.books.ways(5) == {5: ("template", "reserved")}
        assert await fate(s, letter(7, red=True)) == "customer"


@running
async def test_no_photo_takes_what_is_kept_for_red_words() -> None:
    async with stage(templates={}, budget=WechatBudget()) as s:
        assert [await fate(s, letter(number)) for number in (1, 2)] == ["customer"] * 2
        await s.account.deliver(letter(3, red=True, photos=("p1", "p2")))
        assert s.chosen[2:] == [("customer", ""), ("customer", ""), ("left out", "reserved")]
        assert await fate(s, letter(4, red=True)) == "customer"


@running
async def test_who_comes_by_again_opens_all_of_it_anew() -> None:
    async with stage(templates={}, budget=WechatBudget(reserve=2)) as s:
        assert [await fate(s, letter(number)) for number in range(1, 5)] == ["customer"] * 3 + [HELD]
        s.clock.advance(1)
        s.said()
        assert [await fate(s, letter(number)) for number in range(5, 9)] == ["customer"] * 3 + [HELD]
        assert [await fate(s, letter(number, red=True)) for number in (9, 10)] == ["customer"] * 2


@given(
    st.lists(st.sampled_from(["say", "tap", "green", "green", "red", "photos", "minute", "day"]), max_size=30),
    st.integers(1, 3),
)
@settings(max_examples=60, deadline=None)
def test_a_red_letter_never_finds_the_budget_spent_by_a_green_one(events: list[str], reserve: int) -> None:
    asyncio.run(_course(events, WechatBudget(reserve=reserve)))


async def _course(events: list[str], budget: WechatBudget) -> None:
    """Where a red letter finds nothing left, at least as many red ones have gone since, as were kept for them."""
    async with stage(templates={}, budget=budget) as s:
        reds = 0
        for number, event in enumerate(events, 1):
            of = number % 10 + 1
            if event in ("say", "tap"):
                messages, seconds = (5, 48 * 3600.0) if event == "say" else (3, 60.0)
                (s.fake.said if event == "say" else s.fake.tapped)(OPENID)
                before = await _left(s)
                s.books.opened(messages=messages, seconds=seconds)
                reds = reds if await _left(s) == before else 0
            elif event in ("minute", "day"):
                s.clock.advance(61 if event == "minute" else 86400)
            elif event == "red":
                how = await fate(s, letter(of, red=True))
                reds += how == "customer"
                reason = s.chosen[-1][1]
                assert how == "customer" or reason == "over" or reds >= min(budget.kept, 3), (how, reason)
            else:
                await fate(s, letter(of, photos=("p1", "p2") if event == "photos" else ()))
        assert s.fake.refused == []


async def _left(s: Stage) -> tuple[int, bool]:
    def work(tx: Tx) -> tuple[int, bool]:
        return tx.allowing.left(CHAT), tx.allowing.lasts(CHAT, s.clock.now())

    return await s.books.run(work)
