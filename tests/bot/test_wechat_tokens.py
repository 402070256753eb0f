"""The access token of an account: one refresher, one retry, and one question by all who wait."""

from __future__ import annotations

import asyncio

import pytest

from tests.fakes.aio import running
from tests.fakes.faults import Fault
from tests.fakes.letters import letter
from tests.fakes.wechat import code
from tests.fakes.wechat_stage import stage


@running
async def test_sixty_four_sends_fetch_one_token_and_a_rotation_one_more() -> None:
    async with stage() as s:
        for number in range(64):
            s.fake.said(f"o{number}")
            s.books.opened(f"wechat:gh_0123456789ab:o{number}")

        async def all_at_once() -> None:
            chats = [f"wechat:gh_0123456789ab:o{number}" for number in range(64)]
            await asyncio.gather(*(s.account.deliver(letter(n, chat)) for n, chat in enumerate(chats)))

        await all_at_once()
        assert s.fake.token_calls == [False]
        s.fake.rotate()
        await all_at_once()
        assert s.fake.token_calls == [False, False]
        assert len(s.fake.sent) == 128


@running
async def test_one_refresh_per_expiry_twenty_times() -> None:
    async with stage() as s:
        for number in range(20):
            for one in range(16):
                s.fake.said(f"o{one}")
                s.books.opened(f"wechat:gh_0123456789ab:o{one}")
            chats = [f"wechat:gh_0123456789ab:o{one}" for one in range(16)]
            await asyncio.gather(*(s.account.deliver(letter(number * 16 + n, chat)) for n, chat in enumerate(chats)))
            assert len(s.fake.token_calls) == number + 1
            s.clock.advance(7200)


@running
async def test_a_token_the_server_still_believes_in_is_forced_once() -> None:
    async with stage() as s:
        await s.account.deliver(letter(1))
        s.fake.faults.next("custom", code(42001))
        await s.account.deliver(letter(2))
        assert s.fake.token_calls == [False, False, True]


@pytest.mark.parametrize("number", [40001, 40014, 42001])
@running
async def test_a_token_that_is_never_accepted_ends_after_two_tries_and_is_the_accounts_fault(number: int) -> None:
    async with stage() as s:
        s.fake.faults.always("custom", code(number))
        failure = await s.fails()
        assert (failure.account, failure.permanent) == (True, False)
        assert s.fake.calls.count("custom") == 2
        await s.fails(2)
        assert s.fake.token_calls.count(True) == 1


@pytest.mark.parametrize(
    ("fault", "account"),
    [
        (code(40013), True),
        (code(40125), True),
        (code(40164), True),
        (code(99999), True),
        (code(-1), False),
        (Fault(body=b"{}"), True),
        (Fault(body=b'{"access_token": "", "expires_in": 7200}'), True),
        (Fault(body=b'{"access_token": "x", "expires_in": "soon"}'), True),
        (Fault(body=b"<html>", content_type="text/html"), False),
        (Fault(status=500), False),
    ],
)
@running
async def test_trouble_with_the_token_is_asked_for_once_by_all_who_wait(fault: Fault, account: bool) -> None:
    async with stage() as s:
        s.fake.faults.always("token", fault)
        failures = await asyncio.gather(*(s.fails(number) for number in range(20)))
        assert {(failure.account, failure.permanent) for failure in failures} == {(account, False)}
        assert len(s.fake.token_calls) == 1
        s.fake.faults.always("token", None)
        s.clock.advance(2)
        await s.account.deliver(letter(1))
