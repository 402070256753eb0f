"""The courier's loop: letters are claimed, sent side by side, settled in batches; troubles raise alarms."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.config_platforms import TelegramConfig
from bot.courier import Courier, Pulse
from bot.doors import Abilities, Hook, SendFailed
from bot.platforms.telegram import ABILITIES, Telegram
from bot.secret import Secret
from storage.values import Outgoing
from tests.fakes.aio import Moving, running, serving, until
from tests.fakes.letters import Letterbox, letter
from tests.fakes.telegram import FakeTelegram
from tests.fakes.window import LittleWindow

A, B, C = (f"wechat:gh:{name}" for name in "abc")


@dataclass
class Postman:
    """A platform that notes what it is given, and does what the test says for a chat."""

    clock: Moving
    lane_prefix: str = "wechat:gh:"
    abilities: Abilities = field(default_factory=Abilities)
    hooks: tuple[Hook, ...] = ()
    sent: list[tuple[float, int]] = field(default_factory=list)
    tries: list[int] = field(default_factory=list)
    trouble: dict[str, Callable[[], object]] = field(default_factory=dict)
    delay: float = 0.0
    together: int = 0
    most: int = 0
    elsewhere: bool = False

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def fetch(self, facts: Mapping[str, str]) -> bytes:
        raise SendFailed("nothing here", permanent=True)

    async def deliver(self, one: Outgoing) -> str:
        self.tries.append(one.id)
        self.together += 1
        self.most = max(self.most, self.together)
        try:
            await asyncio.sleep(self.delay)
            trouble = self.trouble.get(one.chat)
            if trouble is not None:
                error = trouble()
                if isinstance(error, BaseException):
                    raise error
                if error == "hang":
                    await asyncio.sleep(60)
            self.sent.append((self.clock.seconds, one.id))
            return f"ref-{one.id}"
        finally:
            self.together -= 1

    @property
    def ids(self) -> list[int]:
        return [number for _, number in self.sent]


@dataclass
class Round:
    """A running courier with what stands around it."""

    clock: Moving
    box: Letterbox
    postman: Postman
    courier: Courier
    dead: list[tuple[int, str]] = field(default_factory=list)
    paused: list[tuple[str, str]] = field(default_factory=list)
    counts: list[tuple[str, str]] = field(default_factory=list)

    async def post(self, *letters: Outgoing) -> None:
        self.box.post(*letters)
        self.courier.wake()
        await asyncio.sleep(0)

    async def pass_time(self, seconds: float, step: float = 0.25) -> None:
        """Let time pass in steps, with room for the loop to act in each."""
        for _ in range(round(seconds / step)):
            self.clock.advance(step)
            self.courier.wake()
            for _ in range(12):
                await asyncio.sleep(0)


@asynccontextmanager
async def walking(
    abilities: Abilities | None = None, prefix: str = "wechat:gh:", prefixes: bool = True, deadline: float = 5.0
) -> AsyncIterator[Round]:
    clock = Moving()
    box = Letterbox(clock.now, prefixes)
    postman = Postman(clock, prefix, abilities or Abilities())
    around: Round

    async def on_dead(one: Outgoing, reason: str) -> None:
        around.dead.append((one.id, reason))

    async def on_paused(account: str, reason: str) -> None:
        around.paused.append((account, reason))

    courier = Courier(
        box,
        [postman],
        clock=clock,
        on_dead=on_dead,
        on_paused=on_paused,
        count=lambda platform, outcome: around.counts.append((platform, outcome)),
        pulse=Pulse(now=clock.monotonic, jitter=lambda: 0.0, deadline=deadline),
    )
    around = Round(clock, box, postman, courier)
    task = asyncio.create_task(courier.run())
    await asyncio.sleep(0)
    try:
        yield around
    finally:
        await courier.stop()
        await task


@running
async def test_a_commit_is_sent_at_once_and_settled_with_its_reference() -> None:
    async with walking() as r:
        await asyncio.sleep(0.05)
        started = asyncio.get_running_loop().time()
        await r.post(letter(1, A))
        await until(lambda: r.box.state(1) == "sent")
        assert asyncio.get_running_loop().time() - started < 0.5
        assert r.box.outcomes[1][0].ref == "ref-1"
        assert r.counts == [("wechat", "sent")]


@running
async def test_waking_works_from_another_thread() -> None:
    async with walking() as r:
        await asyncio.sleep(0.05)
        r.box.post(letter(1, A))
        thread = threading.Thread(target=r.courier.wake)
        thread.start()
        await until(lambda: r.box.state(1) == "sent", 0.8)
        thread.join()


@running
async def test_an_idle_courier_asks_about_once_a_second() -> None:
    async with walking() as r:
        await asyncio.sleep(0.3)
        assert r.box.claims <= 2


@running
async def test_each_address_in_order_at_its_pace_and_addresses_side_by_side() -> None:
    async with walking() as r:
        await r.post(*(letter(n, chat) for n, chat in enumerate((A, A, A, B, B, C), 1)))
        await r.pass_time(3.0)
        assert [n for n in r.postman.ids if n <= 3] == [1, 2, 3]
        assert r.postman.ids[:3] == [1, 4, 6]
        moments = dict((number, at) for at, number in r.postman.sent)
        assert moments[2] - moments[1] >= 1.0
        assert moments[3] - moments[2] >= 1.0


@running
async def test_twenty_a_minute_into_a_group() -> None:
    async with walking(ABILITIES, "telegram::") as r:
        await r.post(*(letter(n, "telegram::-100") for n in range(60)))
        await r.pass_time(120.0, step=0.5)
        moments = [at for at, _ in r.postman.sent]
        assert len(moments) >= 38
        assert all(later - first >= 60 for first, later in zip(moments, moments[20:], strict=False))


@running
async def test_red_overtakes_in_its_lane() -> None:
    async with walking() as r:
        await r.post(letter(1, A), letter(2, A), letter(3, A))
        await until(lambda: r.postman.ids == [1])
        await r.post(letter(9, A, red=True))
        await r.pass_time(4.0)
        assert r.postman.ids == [1, 9, 2, 3]


@running
async def test_sixteen_side_by_side_and_no_more() -> None:
    async with walking() as r:
        r.postman.delay = 0.02
        await r.post(*(letter(n, f"wechat:gh:{n}") for n in range(100)))
        await until(lambda: len(r.postman.sent) == 100)
        assert r.postman.most == 16
        assert max(r.box.batches) > 1


@running
async def test_one_bad_chat_delays_nobody() -> None:
    async with walking(deadline=1.0) as r:
        r.postman.trouble[A] = lambda: "hang"
        await r.post(letter(1, A), *(letter(n, f"wechat:gh:{n}") for n in range(2, 60)))
        await until(lambda: len(r.postman.sent) == 58, 1.0)


@running
async def test_a_hanging_send_is_cut_off_and_tried_again() -> None:
    async with walking(deadline=0.1) as r:
        r.postman.trouble[A] = lambda: "hang"
        await r.post(letter(1, A))
        await until(lambda: r.box.state(1) == "retry")
        assert r.box.outcomes[1][0].error == "the deadline is over"
        del r.postman.trouble[A]
        await r.pass_time(6.0)
        assert r.postman.ids == [1]


@running
async def test_the_backoff_then_dead_with_an_alarm() -> None:
    async with walking() as r:
        r.postman.trouble[A] = lambda: SendFailed("HTTP 500")
        await r.post(letter(1, A))
        await r.pass_time(2200.0, step=1.0)
        assert [outcome.state for outcome in r.box.outcomes[1]] == ["retry"] * 4 + ["dead"]
        assert r.dead == [(1, "HTTP 500")]
        assert r.counts.count(("wechat", "dead")) == 1


@running
async def test_a_letter_that_fails_holds_its_lane_for_two_tries_and_then_steps_aside() -> None:
    async with walking() as r:
        bad = iter([SendFailed("x"), SendFailed("x"), SendFailed("x")])
        r.postman.trouble[A] = lambda: next(bad, None)
        await r.post(letter(1, A), letter(2, A))
        await r.pass_time(34.0)
        assert r.postman.tries == [1, 1]
        await r.pass_time(6.0)
        assert r.postman.tries == [1, 1, 1, 2]
        await r.pass_time(300.0, step=1.0)
        assert r.postman.ids == [2, 1]


@running
async def test_a_permanent_failure_is_dead_and_the_next_letter_goes() -> None:
    async with walking() as r:
        bad = iter([SendFailed("blocked", permanent=True)])
        r.postman.trouble[A] = lambda: next(bad, None)
        await r.post(letter(1, A), letter(2, A))
        await r.pass_time(2.0)
        assert r.dead == [(1, "blocked")]
        assert r.postman.ids == [2]


@running
async def test_a_bug_in_a_platform_is_guarded_and_logged_without_words(caplog: pytest.LogCaptureFixture) -> None:
    async with walking() as r:
        r.postman.trouble[A] = lambda: ZeroDivisionError("13800138000")
        await r.post(letter(1, A), letter(2, B))
        await until(lambda: r.box.state(1) == "retry" and r.box.state(2) == "sent")
        assert r.box.outcomes[1][0].error == "ZeroDivisionError"
    assert "ZeroDivisionError at deliver" in caplog.text
    assert "13800138000" not in caplog.text


@running
async def test_a_letter_for_a_platform_that_is_off_is_dead() -> None:
    async with walking() as r:
        await r.post(letter(1, "wecom::li"))
        await until(lambda: r.dead == [(1, "no such platform here")])


@pytest.mark.parametrize("prefixes", [True, False])
@running
async def test_an_outage_of_half_an_hour_loses_nothing_and_is_probed_each_thirty_seconds(prefixes: bool) -> None:
    async with walking(prefixes=prefixes) as r:
        chats = [f"wechat:gh:{n}" for n in range(200)]
        for chat in chats:
            r.postman.trouble[chat] = lambda: SendFailed("token", account=True)
        await r.post(*(letter(n, chat) for n, chat in enumerate(chats)))
        await r.pass_time(10.0)
        assert len(r.paused) == 1
        first = len(r.postman.tries)
        assert first <= 16
        await r.pass_time(1800.0, step=1.0)
        assert 50 <= len(r.postman.tries) - first <= 61
        assert r.dead == []
        r.postman.trouble.clear()
        await r.pass_time(90.0)
        assert len(set(r.postman.ids)) == len(r.postman.ids) == 200
        assert len(r.paused) == 1


@running
async def test_telling_one_account_apart_from_another() -> None:
    clock = Moving()
    box = Letterbox(clock.now)
    good, bad = Postman(clock, "wechat:good:"), Postman(clock, "wechat:bad:")
    bad.trouble["wechat:bad:1"] = lambda: SendFailed("token", account=True)
    alarms: list[str] = []

    async def on_dead(one: Outgoing, reason: str) -> None:
        alarms.append(reason)

    async def on_paused(account: str, reason: str) -> None:
        alarms.append(account)

    pulse = Pulse(now=clock.monotonic, jitter=lambda: 0.0)
    courier = Courier(box, [good, bad], clock=clock, on_dead=on_dead, on_paused=on_paused, pulse=pulse)
    task = asyncio.create_task(courier.run())
    box.post(letter(1, "wechat:bad:1"))
    await until(lambda: alarms == ["wechat:bad:"])
    box.post(letter(2, "wechat:bad:2"), *(letter(n, f"wechat:good:{n}") for n in range(3, 40)))
    courier.wake()
    await until(lambda: len(good.sent) == 37)
    assert bad.sent == []
    await courier.stop()
    await task


@running
async def test_trouble_with_the_memory_is_waited_out_and_outcomes_are_kept(caplog: pytest.LogCaptureFixture) -> None:
    async with walking() as r:
        r.postman.delay = 0.05
        await r.post(letter(1, A))
        await until(lambda: r.postman.together == 1)
        r.box.broken = 1
        await until(lambda: r.box.state(1) == "sent", 3.0)
        assert r.postman.tries == [1]
    assert "could not reach the letters: OSError" in caplog.text


@running
async def test_an_alarm_that_could_not_be_raised_is_raised_again() -> None:
    clock = Moving()
    box, postman = Letterbox(clock.now), Postman(clock)
    heard: list[int] = []

    async def on_dead(one: Outgoing, reason: str) -> None:
        heard.append(one.id)
        if len(heard) == 1:
            raise OSError("the database is away")

    async def on_paused(account: str, reason: str) -> None: ...

    courier = Courier(box, [postman], clock=clock, on_dead=on_dead, on_paused=on_paused)
    task = asyncio.create_task(courier.run())
    box.post(letter(1, "wecom::li"))
    await until(lambda: heard == [1, 1], 3.0)
    await courier.stop()
    await task


@running
async def test_stopping_waits_for_what_is_under_way() -> None:
    async with walking() as r:
        r.postman.delay = 0.2
        await r.post(letter(1, A))
        await until(lambda: r.postman.together == 1)
    assert r.box.state(1) == "sent"


@running
async def test_a_strict_telegram_never_has_to_say_slow_down() -> None:
    clock = Moving()
    box = Letterbox(lambda: clock.now() + timedelta(seconds=time.monotonic()))
    fake = FakeTelegram(time.monotonic, strict=True)
    async with serving(fake.app()) as base:

        async def no_photos(name: str) -> bytes:
            raise FileNotFoundError(name)

        async def alarm(*facts: object) -> None:
            raise AssertionError(facts)

        config = TelegramConfig(token=Secret(fake.token), secret_token=Secret("s"), api_base=base)
        bot = Telegram(config, photos=no_photos, clock=clock, window=LittleWindow())
        await bot.start()
        courier = Courier(box, [bot], clock=clock, on_dead=alarm, on_paused=alarm)
        task = asyncio.create_task(courier.run())
        box.post(*(letter(n, f"telegram::{n % 40 + 1}") for n in range(80)))
        box.post(*(letter(n, "telegram::-100") for n in range(80, 82)))
        await until(lambda: len(fake.messages) == 82, 12.0)
        await courier.stop()
        await task
        await bot.stop()
    assert fake.floods == 0
    assert all(fake.texts(chat) == sorted(fake.texts(chat), key=lambda text: int(text[1:-1])) for chat in range(1, 41))


@running
async def test_letters_of_an_account_that_another_process_sends_for_are_left_alone() -> None:
    async with walking() as r:
        r.postman.elsewhere = True
        await r.post(letter(1, "wechat:gh:o1"))
        await r.pass_time(5)
        assert (r.postman.tries, r.box.state(1)) == ([], "waiting")
        r.postman.elsewhere = False
        await r.pass_time(5)
        assert r.box.state(1) == "sent"
