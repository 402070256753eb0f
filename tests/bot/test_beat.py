"""The beat of the clock: what breaks in it breaks alone, is undone, and comes again; deadlines and alarms go on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.app import stage
from bot.beat import LATER, Beat
from bot.clock import FakeClock
from bot.stage import Stage
from handlers.desk import Desk
from storage.store import Tx
from storage.values import Written
from tests.product import product
from tests.stories.conftest import START

MINUTE = timedelta(minutes=1)
PHONE = "13812345678"


@pytest.fixture
def town() -> Iterator[Stage]:
    """A town in which it burns."""
    made = stage(product(), FakeClock(START))
    made.say("zhang", "健仁小区3号楼厨房着火了")
    yield made
    made.store.close()


class Passing:
    """A round that gives the case on, and then fails as often as it is told to."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.runs = 0

    def __call__(self, tx: Tx, desk: Desk, now: datetime) -> int:
        self.runs += 1
        tx.flush([Written(effects=desk.left(tx.load_cases(["A0001"], now), "A0001", now))], now)
        if self.runs <= self.failures:
            raise ValueError(PHONE)
        return 0


def steps(town: Stage) -> list[str]:
    """The history of the case, which must hold."""
    with town.store.reading() as reader:
        assert reader.verify() == []
        return [entry.step for entry in reader.entries("A0001")]


def test_a_round_that_breaks_is_undone_alone_and_comes_again(town: Stage, caplog: pytest.LogCaptureFixture) -> None:
    clock, before = town.clock, steps(town)
    broken, whole = Passing(1), Passing(0)
    beat = Beat(product().present(), clock, rounds=(broken, whole))

    def passes(span: timedelta) -> None:
        clock.move_to(clock.now() + span)
        with town.store.transaction() as tx:
            beat.tick(tx)

    passes(5 * MINUTE)
    assert steps(town) == [*before, "alarm", "hand_over"], "the alarm went out; of two rounds one stands"
    assert (broken.runs, whole.runs) == (1, 1)
    assert "a round of the clock broke: ValueError" in caplog.text
    assert PHONE not in caplog.text, "the words of an error may be a resident's"
    passes(MINUTE)
    assert (broken.runs, whole.runs) == (1, 2), "it rests a while"
    passes(LATER)
    assert (broken.runs, whole.runs) == (2, 3)
    assert steps(town).count("hand_over") == 4
