"""When letters may leave: lanes, pace, retries, red, and accounts that are down. Pure, with a clock moved by hand."""

from __future__ import annotations

from math import inf, nan

import pytest

from bot.doors import Abilities, SendFailed
from bot.lanes import Schedule, Verdict
from bot.platforms.telegram import ABILITIES
from tests.fakes.letters import letter

WECHAT = "wechat:gh:"
A, B, C, D = (f"wechat:gh:{name}" for name in "abcd")
GROUP = "telegram::-100"
PRIVATE = "telegram::7"


def schedule(jitter: float = 0.0, **more: Abilities) -> Schedule:
    return Schedule({WECHAT: Abilities(), "telegram::": ABILITIES, **more}, lambda: jitter)


def fly(plan: Schedule, number: int, chat: str, now: float, **more: object) -> None:
    assert plan.admit(letter(number, chat, **more), now) == []
    assert [one.id for one in plan.launch(now)] == [number]


def test_a_lane_rests_between_letters_and_others_do_not_wait() -> None:
    plan = schedule()
    fly(plan, 1, A, 0.0)
    assert plan.busy(0.0) == {A}
    fly(plan, 2, B, 0.0)
    assert plan.done(letter(1, A), 0.3, None) == Verdict("sent")
    assert plan.busy(0.3) == {A, B}
    assert plan.next_moment(0.3) == pytest.approx(1.3)
    assert A not in plan.busy(1.3)
    fly(plan, 3, A, 1.3)


def test_groups_of_telegram_go_slower() -> None:
    plan = schedule()
    fly(plan, 1, GROUP, 0.0)
    plan.done(letter(1, GROUP), 0.0, None)
    fly(plan, 2, PRIVATE, 1.0)
    plan.done(letter(2, PRIVATE), 1.0, None)
    assert plan.busy(2.5) == {GROUP}
    assert plan.busy(3.0) == frozenset()


def test_all_lanes_of_an_account_share_its_pace() -> None:
    plan = schedule()
    for number in range(5):
        assert plan.admit(letter(number, f"telegram::{number}"), 0.0) == []
    assert [one.id for one in plan.launch(0.0)] == [0]
    assert plan.next_moment(0.0) == pytest.approx(0.04)
    assert [one.id for one in plan.launch(0.04)] == [1]


def test_no_more_than_sixteen_are_under_way() -> None:
    plan = schedule()
    for number in range(16):
        fly(plan, number, f"{WECHAT}{number}", 0.0)
    assert plan.free == 0
    plan.done(letter(3, f"{WECHAT}3"), 0.0, None)
    assert plan.free == 1


def test_red_goes_first_and_takes_the_turn_of_what_waits() -> None:
    plan = schedule()
    assert plan.admit(letter(1, A), 0.0) == []
    assert plan.admit(letter(2, B), 0.0) == []
    back = plan.admit(letter(3, A, red=True), 0.0)
    assert [(one.id, wait) for one, wait in back] == [(1, 1.0)]
    assert plan.admit(letter(4, A, red=True), 0.0)[0][0].id == 4
    assert [one.id for one in plan.launch(0.0)] == [3, 2]


def test_what_comes_too_early_is_handed_back_for_its_turn() -> None:
    plan = schedule()
    fly(plan, 1, A, 0.0)
    waits = [wait for number in range(2, 5) for _, wait in plan.admit(letter(number, A), 0.0)]
    assert waits == [1.0, 2.0, 3.0]


# -- retries -------------------------------------------------------------------------------------------------------


def test_five_tries_each_after_a_longer_wait_then_dead() -> None:
    plan, now, waits = schedule(), 0.0, []
    for attempts in range(5):
        one = letter(1, A, attempts=attempts)
        assert plan.admit(one, now) == []
        plan.launch(now)
        verdict = plan.done(one, now, SendFailed("down"))
        waits.append((verdict.state, verdict.wait, A in plan.busy(now + 2)))
        now += max(verdict.wait, 2.0)
    assert waits == [
        ("retry", 5.0, True),
        ("retry", 30.0, True),
        ("retry", 300.0, False),
        ("retry", 1800.0, False),
        ("dead", 0.0, False),
    ]


def test_jitter_only_lengthens() -> None:
    plan = schedule(jitter=1.0)
    fly(plan, 1, A, 0.0)
    assert plan.done(letter(1, A), 0.0, SendFailed("down")).wait == pytest.approx(6.0)


def test_a_permanent_failure_is_dead_at_once_and_the_lane_goes_on() -> None:
    plan = schedule()
    fly(plan, 1, A, 0.0)
    assert plan.done(letter(1, A), 0.0, SendFailed("blocked", permanent=True)) == Verdict("dead")
    assert plan.busy(1.0) == frozenset()


@pytest.mark.parametrize(("told", "wait"), [(7.0, 7.0), (1e9, 3600.0), (0.5, 0.5)])
def test_a_platforms_own_waiting_time_is_kept_to_and_costs_no_try(told: float, wait: float) -> None:
    plan = schedule()
    fly(plan, 1, A, 0.0)
    assert plan.done(letter(1, A), 0.0, SendFailed("429", retry_after=told)) == Verdict("retry", wait)
    assert A in plan.busy(wait - 0.1)
    fly(plan, 1, A, 3600.0, attempts=1)
    assert plan.done(letter(1, A, attempts=1), 3600.0, SendFailed("down")).wait == 5.0


@pytest.mark.parametrize("told", [0.0, -1.0, nan, inf, -inf, None])
def test_nonsense_waiting_times_are_ignored(told: float | None) -> None:
    plan = schedule()
    fly(plan, 1, A, 0.0)
    assert plan.done(letter(1, A), 0.0, SendFailed("429", retry_after=told)).wait == 5.0


def test_a_platform_that_says_later_for_ever_is_believed_twenty_times() -> None:
    plan, now, verdict = schedule(), 0.0, Verdict("retry")
    for attempts in range(30):
        fly(plan, 1, A, now, attempts=attempts)
        verdict = plan.done(letter(1, A, attempts=attempts), now, SendFailed("429", retry_after=1.0))
        now += max(verdict.wait, 1.0)
        if verdict.state == "dead":
            break
    assert (attempts, verdict.state) == (24, "dead")


# -- accounts that are down ----------------------------------------------------------------------------------------


def test_an_account_failure_pauses_its_lanes_and_no_others() -> None:
    plan = schedule()
    fly(plan, 1, A, 0.0)
    fly(plan, 2, PRIVATE, 0.0)
    assert plan.done(letter(1, A), 0.0, SendFailed("token", account=True)) == Verdict("retry", 30.0, paused=True)
    assert WECHAT in plan.busy(29.9)
    assert "telegram::" not in plan.busy(29.9)
    assert [wait for _, wait in plan.admit(letter(3, B), 10.0)] == [20.0]


def test_one_probe_each_thirty_seconds_until_the_account_is_back() -> None:
    plan = schedule()
    fly(plan, 1, A, 0.0)
    plan.done(letter(1, A), 0.0, SendFailed("token", account=True))
    assert WECHAT not in plan.busy(30.0)
    fly(plan, 1, A, 30.0, attempts=1)
    assert WECHAT in plan.busy(30.0)
    assert [(one.id, wait) for one, wait in plan.admit(letter(2, B), 30.0)] == [(2, 10.0)]
    verdict = plan.done(letter(1, A, attempts=1), 31.0, SendFailed("token", account=True))
    assert (verdict.state, verdict.wait, verdict.paused) == ("retry", 30.0, False)
    fly(plan, 1, A, 61.0, attempts=2)
    assert plan.done(letter(1, A, attempts=2), 61.0, None) == Verdict("sent")
    assert plan.busy(62.5) == frozenset()


def test_a_long_outage_uses_up_no_tries() -> None:
    plan, now = schedule(), 0.0
    for attempts in range(200):
        fly(plan, 1, A, now, attempts=attempts)
        assert plan.done(letter(1, A, attempts=attempts), now, SendFailed("token", account=True)).state == "retry"
        now += 30.0
    fly(plan, 1, A, now, attempts=200)
    plan.done(letter(1, A, attempts=200), now, SendFailed("blocked", permanent=True))
    fly(plan, 2, A, now + 2)
    assert plan.done(letter(2, A), now + 2, SendFailed("down")).wait == 5.0


def test_an_account_failure_that_says_how_long_is_believed_up_to_an_hour() -> None:
    plan = schedule()
    fly(plan, 1, A, 0.0)
    assert plan.done(letter(1, A), 0.0, SendFailed("quota", account=True, retry_after=1e9)).wait == 3600.0
    assert WECHAT in plan.busy(3599.0)


def test_three_chats_that_fail_in_a_row_are_an_account_that_is_down() -> None:
    plan = schedule()
    for number, chat in enumerate((A, B, C)):
        fly(plan, number, chat, 0.0)
    verdicts = [plan.done(letter(number, chat), 0.0, SendFailed("HTTP 503")) for number, chat in enumerate((A, B, C))]
    assert [verdict.paused for verdict in verdicts] == [False, False, True]
    assert WECHAT in plan.busy(1.0)


def test_one_chat_that_fails_again_and_again_is_only_itself() -> None:
    plan, now = schedule(), 0.0
    for attempts in range(4):
        fly(plan, 1, A, now, attempts=attempts)
        wait = plan.done(letter(1, A, attempts=attempts), now, SendFailed("HTTP 500")).wait
        fly(plan, 100 + attempts, B, now)
        plan.done(letter(100 + attempts, B), now, None)
        assert not plan.busy(now + 1.5) - {A}
        now += wait


def test_a_letter_that_fails_by_itself_does_not_stay_the_probe_for_ever() -> None:
    plan = schedule()
    fly(plan, 1, A, 0.0)
    plan.done(letter(1, A), 0.0, SendFailed("token", account=True))
    fly(plan, 1, A, 30.0, attempts=1)
    verdict = plan.done(letter(1, A, attempts=1), 30.0, SendFailed("HTTP 500"))
    assert verdict.wait > 30.0
    fly(plan, 2, B, 60.0)
    assert plan.done(letter(2, B), 60.0, None).state == "sent"
    assert WECHAT not in plan.busy(62.0)


def test_lanes_of_no_account_are_nobodys() -> None:
    plan = schedule()
    assert plan.prefix("wecom::li") is None
    with pytest.raises(KeyError):
        plan.admit(letter(1, "wecom::li"), 0.0)
