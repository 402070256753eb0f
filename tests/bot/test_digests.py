"""Letters that come by themselves: once a morning and once a week, to those whom they concern, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.app import Product, stage
from bot.clock import FakeClock
from bot.stage import Shown, Stage
from handlers.cases import Task, TaskKind, TaskState
from handlers.clocks import Regular, WorkingDays
from handlers.effects import Effects
from storage.values import Written
from tests.handlers.stubs import ZONE
from tests.product import product

FRIDAY = datetime(2026, 3, 6, 15, 0, tzinfo=ZONE)
HOUR = timedelta(hours=1)
WIRE = "健仁小区3号楼门禁坏了"


def made(**rules: object) -> Stage:
    """The shipped town, with other rules where given."""
    plain = product()
    desk = plain.desk.fitted(replace(plain.desk.rules, **rules))  # type: ignore[arg-type]
    return stage(Product(plain.config, desk, plain.ear, "", plain.accounts_on), FakeClock(FRIDAY))


@pytest.fixture
def town() -> Iterator[Stage]:
    """The town on a Friday afternoon, with one case that waits for the second grid."""
    found = made()
    found.say("zhang", WIRE)
    yield found
    found.store.close()


def mornings(shown: list[Shown], who: str) -> list[str]:
    """The digests that somebody got."""
    return [one.letter.text for one in shown if one.letter.to == who and "早上好" in one.letter.text]


def test_once_a_morning_to_those_who_have_something(town: Stage) -> None:
    shown = town.advance(20 * HOUR)
    (text,) = mornings(shown, "li")
    assert "没办完 1 件" in text
    assert "A0001" in text
    assert "3号楼" not in text
    assert mornings(shown, "zhao") == [text], "it waits for both of the pair"
    for who in ("sun", "wu", "zhang", "xie", "chen"):
        assert mornings(shown, who) == [], who
    at = next(one.at for one in shown if "早上好" in one.letter.text)
    assert at.astimezone(ZONE).isoformat() == "2026-03-07T08:00:00+08:00"
    assert town.advance(2 * HOUR) == []


def test_what_is_overdue_is_said_every_morning(town: Stage) -> None:
    town.say("li", "接单 A0001")
    shown = town.advance(6 * 24 * HOUR)
    texts = mornings(shown, "li")
    assert len(texts) == 6
    assert "超时 1 件" in texts[-1]
    assert "【超时】" in texts[-1]
    assert mornings(shown, "zhao") == []


def test_who_is_away_gets_none(town: Stage) -> None:
    person = replace(town.town.people["li"], away_until=FRIDAY.astimezone(UTC) + 90 * HOUR)
    with town.store.transaction() as tx:
        tx.flush([Written(effects=Effects(persons=(person,)))], town.clock.now())
    shown = town.advance(20 * HOUR)
    assert mornings(shown, "li") == []
    assert len(mornings(shown, "zhao")) == 1


def test_no_letter_on_days_off() -> None:
    town = made(calendar=WorkingDays(ZONE, lambda day: day.weekday() < 5))
    town.say("zhang", WIRE)
    assert mornings(town.advance(60 * HOUR), "zhao") == []
    assert len(mornings(town.advance(24 * HOUR), "zhao")) == 1
    town.store.close()


def test_an_empty_key_switches_them_off() -> None:
    town = made(morning=None, weekly=None)
    town.say("zhang", WIRE)
    assert not [one for one in town.advance(90 * HOUR) if "早上好" in one.letter.text or "小结" in one.letter.text]
    town.store.close()


def test_a_department_that_was_called_is_told_and_thanked(town: Stage) -> None:
    town.say("li", "接单 A0001")
    join = Task(case="A0001", n=2, kind=TaskKind.JOIN, holder="enforcement", called_at=town.clock.now())
    with town.store.transaction() as tx:
        tx.flush([Written(effects=Effects(tasks=(join,)))], town.clock.now())
    shown = town.advance(20 * HOUR)
    (text,) = mornings(shown, "lin")
    assert "协办" in text
    done = replace(join, state=TaskState.DONE, done_at=town.clock.now())
    with town.store.transaction() as tx:
        tx.flush([Written(effects=Effects(tasks=(done,)))], town.clock.now())
    shown = town.advance(24 * HOUR)
    assert mornings(shown, "lin") == []
    assert "综合执法局（A0001），可以道声谢" in mornings(shown, "li")[0]


def test_the_week_is_told_to_supervisors_and_administrators_alone(town: Stage) -> None:
    town.say("li", "接单 A0001")
    town.say("li", "反馈 A0001 已劝离")
    town.say("zhang", "已解决 5")
    shown = town.advance(70 * HOUR)
    told = {one.letter.to for one in shown if "小结" in one.letter.text}
    assert told == {"xie", "pan", "cui"}
    text = next(one.letter.text for one in shown if one.letter.to == "xie")
    assert "3-2至3-8" in text
    assert "满意率100%（1/1）" in text
    assert town.advance(24 * HOUR) == []


def test_a_morning_that_passed_while_nobody_ran_is_left_out(town: Stage) -> None:
    town.say("li", "接单 A0001")
    town.clock.move_to((FRIDAY + 26 * HOUR).astimezone(UTC))
    assert mornings(town.settle(), "li") == []
    assert len(mornings(town.advance(24 * HOUR), "li")) == 1


@pytest.mark.parametrize(
    ("spoken", "moment"),
    [("08:00", "2026-03-07T08:00"), ("15:00", "2026-03-07T15:00"), ("15:01", "2026-03-06T15:01"),
     ("monday 09:00", "2026-03-09T09:00"), ("Friday 15:00", "2026-03-13T15:00"), ("friday 16:00", "2026-03-06T16:00")],
)  # fmt: skip
def test_the_next_moment(spoken: str, moment: str) -> None:
    regular = Regular.parse(spoken, ZONE)
    assert regular is not None
    assert regular.after(FRIDAY) == datetime.fromisoformat(moment).replace(tzinfo=ZONE)


@pytest.mark.parametrize("spoken", ["8", "25:00", "someday 09:00", "monday", "09:00 monday"])
def test_what_is_no_moment(spoken: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Regular.parse(spoken, ZONE)


def test_nothing_is_never() -> None:
    assert Regular.parse(" ", ZONE) is None
    assert date(2026, 3, 6).weekday() == FRIDAY.weekday() == 4
