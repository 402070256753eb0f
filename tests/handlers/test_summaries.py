"""The week in a few lines: short, every share with its denominator, the unrated said aloud."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from handlers.rates import COUNTS, NOTHING, Tally, rates
from handlers.summaries import Week, percent, weekly
from tests.handlers.stubs import wording

WEEK = Week(town="盐龙街道", since=date(2026, 3, 2), until=date(2026, 3, 8))
LAST = Tally(
    answer_due=20, answer_in_time=18, verdicts=8, solved=6, stars=8, satisfied=7, accepted=24, closed=20, timed=21,
    in_time=19, at_front=4, owed=16, rated=8, questions=56,
)  # fmt: skip
BEFORE = Tally(answer_due=10, answer_in_time=10, accepted=10, closed=5, timed=4, in_time=1)


def say(last: Tally, before: Tally) -> str:
    return weekly(wording().say, rates(last), rates(before), WEEK)


def test_a_usual_week() -> None:
    assert say(LAST, BEFORE).splitlines() == [
        "盐龙街道 3-2至3-8 一周小结",
        "受理24件，办结20件，办结率83%，上周50%。",
        "当场办结75%（60/80，上周0%），目标76%。",
        "响应率90%（18/20，上周100%）。",
        "按时率90%（19/21，上周25%）。",
        "解决率75%（6/8），居民自己说的。",
        "满意率87%（7/8）。",
        "该评价16件，已评8件，未评价8件；未评价的不算满意。",
    ]


def test_an_empty_week() -> None:
    assert say(NOTHING, BEFORE).splitlines() == ["盐龙街道 3-2至3-8 一周小结", "这一周没有受理事件。"]


def test_nearly_all_is_not_all() -> None:
    assert [percent(value) for value in (0.0, 0.29, 0.999, 1.0)] == ["0%", "29%", "99%", "100%"]


@given(st.lists(st.integers(0, 9), min_size=len(COUNTS), max_size=len(COUNTS)))
def test_the_unrated_are_said_whenever_a_rating_was_owed(counts: list[int]) -> None:
    counted = Tally(*counts)
    text = say(counted, BEFORE)
    assert (f"未评价{counted.owed - counted.rated}件" in text) is bool(counted.owed)
    assert len(text) < 250
