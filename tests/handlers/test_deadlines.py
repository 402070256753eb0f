"""The clock of a case: what falls due when, for every kind of case, and that it can always be computed anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import deadlines
from handlers.cases import OPEN, Case, State
from handlers.catalogue import COLOURS
from handlers.clocks import CalendarHours
from handlers.deadlines import ACCEPT, FINISH, Told
from tests.handlers.stubs import catalogue

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
CALENDAR = CalendarHours()
TIMING = deadlines.Timing(catalogue(), CALENDAR)


def case(**facts: object) -> Case:
    """A yellow case of three days."""
    plain = Case(
        number="A0001", duty="safety_hazard", item="ebike_wiring", colour="yellow", opened_at=START, changed_at=START
    )
    clocked = replace(deadlines.set_clocks(plain, catalogue(), CALENDAR, START), **facts)  # type: ignore[arg-type]
    return deadlines.settled(clocked, TIMING)


def due(**facts: object) -> list[tuple[int, str]]:
    """What is pending, in minutes from the start."""
    return [(int((one.at - START).total_seconds() // 60), one.what) for one in deadlines.pending(case(**facts))]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"state": State.COLLECTED}, [(10, "place_wait"), (72 * 60, "supervise")]),
        ({"state": State.ASSIGNED}, [(2 * 60, "remind"), (4 * 60, "raise"), (72 * 60, "supervise")]),
        (
            {"state": State.ASSIGNED, "reminded": Told.ACCEPT_HALF},
            [(4 * 48, "remind"), (4 * 60, "raise"), (72 * 60, "supervise")],
        ),
        (
            {"state": State.ASSIGNED, "reminded": ACCEPT},
            [(4 * 60, "raise"), (24 * 60, "remind"), (72 * 60, "supervise")],
        ),
        ({"state": State.ASSIGNED, "raised": 3}, [(24 * 60, "remind"), (72 * 60, "supervise")]),
        ({"state": State.ASSIGNED, "raised": 3, "reminded": Told.FIRST}, [(72 * 60, "supervise")]),
        ({"state": State.HANDLING}, [(24 * 60, "remind"), (72 * 60, "supervise")]),
        ({"state": State.HANDLING, "reminded": Told.FIRST}, [(36 * 60, "remind"), (72 * 60, "supervise")]),
        (
            {"state": State.HANDLING, "reminded": Told.FIRST | Told.FINISH_HALF},
            [(round(72 * 48), "remind"), (72 * 60, "supervise")],
        ),
        ({"state": State.HANDLING, "reminded": Told.FIRST | FINISH, "supervised": 1}, [(144 * 60, "supervise")]),
        ({"state": State.HANDLING, "reminded": Told.FIRST | FINISH, "supervised": 2}, []),
        ({"state": State.HANDLING, "paused_at": START, "paused_until": START + HOUR}, [(60, "resume")]),
        ({"state": State.HANDLING, "emergency": "fire", "acknowledged_by": "chen"}, [(72 * 60, "supervise")]),
        (
            {"state": State.HANDLING, "reminded": Told.FIRST | FINISH, "whistle_due": START + HOUR},
            [(60, "whistle"), (72 * 60, "supervise")],
        ),
        ({"state": State.FED_BACK, "fed_back_at": START + HOUR}, [(73 * 60, "silence")]),
        ({"state": State.FED_BACK}, []),
        ({"state": State.CLOSED}, []),
        ({"state": State.WITHDRAWN}, []),
        ({"state": State.REFERRED}, []),
        ({"state": State.MERGED}, []),
    ],
)
def test_what_is_pending(facts: dict[str, object], expected: list[tuple[int, str]]) -> None:
    assert due(**facts) == expected


@pytest.mark.parametrize(("alarms", "minutes"), [(1, 5), (2, 10), (5, 25), (6, 30), (7, 60), (8, 90), (20, 450)])
def test_the_cadence_of_alarms(alarms: int, minutes: int) -> None:
    red = case(state=State.ASSIGNED, colour="red", emergency="fire", alarms=alarms)
    assert deadlines.next_alarm(red) == START + timedelta(minutes=minutes)
    assert "alarm" in [one.what for one in deadlines.pending(red)]


def test_who_was_seen_is_alarmed_about_no_more() -> None:
    seen = case(state=State.ASSIGNED, colour="red", emergency="fire", alarms=1, acknowledged_by="chen")
    assert "alarm" not in [one.what for one in deadlines.pending(seen)]


def test_red_for_attention_alone_rings_no_alarm() -> None:
    petition = case(state=State.ASSIGNED, colour="red", item="petition", duty="emergency_petition")
    assert "alarm" not in [one.what for one in deadlines.pending(petition)]


def test_the_finish_is_overdue_only_while_a_result_is_owed() -> None:
    late = START + 73 * HOUR
    for state in State:
        owed = state in (State.COLLECTED, State.ASSIGNED, State.HANDLING)
        assert deadlines.overdue(case(state=state), late) is owed
        assert not deadlines.overdue(case(state=state), START + 72 * HOUR)
        assert not deadlines.overdue(case(state=state, due_at=None), late)


# -- hours by catalogue (domain.md 3.2, 3.4) ---------------------------------------------------------------------------

COLOUR_HOURS = {"red": (0.25, 2, 24), "yellow": (4, 24, 72), "green": (24, 72, 120)}


@pytest.mark.parametrize("duty", catalogue().duties)
@pytest.mark.parametrize("colour", COLOURS)
def test_hours_of_every_item_at_every_colour(duty: str, colour: str) -> None:
    accept, first, finish = COLOUR_HOURS[colour]
    for item in catalogue().duties[duty].items.values():
        hours = catalogue().hours(item, colour)
        own = (item.accept_h, item.finish_h)
        exempt = colour == item.colour or item.own_clock
        expected = own if exempt else (min(item.accept_h, accept), min(item.finish_h, finish))
        assert (hours.accept_h, hours.first_h, hours.finish_h) == (expected[0], first, expected[1]), item.key
        assert 0 < hours.accept_h <= hours.finish_h


def test_clocks_named_by_the_domain_study() -> None:
    def at(duty: str, key: str) -> tuple[float, float]:
        item = catalogue().item(duty, key)
        hours = catalogue().hours(item, item.colour)
        return hours.accept_h, hours.finish_h

    assert at("emergency_petition", "fire") == (0.25, 24)
    assert at("emergency_petition", "petition") == (1, 120)
    assert at("public_security", "theft") == (2, 72)
    assert at("special_care", "elder_alone") == (4, 72)
    assert at("legal_policy", "overtime") == (24, 48)
    assert at("public_facilities", "power_outage") == (4, 24)
    assert at("public_facilities", "street_lamp") == (24, 120)
    petition = catalogue().item("emergency_petition", "petition")
    assert petition.own_clock
    assert catalogue().hours(petition, "red").finish_h == 120


# -- properties --------------------------------------------------------------------------------------------------------

moments = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=60)).map(lambda span: START + span)
cases = st.builds(
    case,
    state=st.sampled_from(list(State)),
    colour=st.sampled_from(COLOURS),
    emergency=st.sampled_from(["", "fire", "dv"]),
    alarms=st.integers(0, 60),
    raised=st.integers(0, 4),
    supervised=st.integers(0, 3),
    reopened=st.integers(0, 2),
    acknowledged_by=st.sampled_from(["", "chen"]),
    fed_back_at=st.none() | moments,
    accept_due=st.none() | moments,
    due_at=st.none() | moments,
)


@settings(deadline=None)
@given(cases)
def test_nothing_falls_due_before_the_case_was_opened_and_wake_up_is_the_earliest(one: Case) -> None:
    found = deadlines.pending(one)
    moments_due = [due.at for due in found]
    assert moments_due == sorted(moments_due)
    assert all(at >= one.opened_at for at in moments_due)
    woken = deadlines.with_wake(one)
    assert woken.wake_at == (min(moments_due) if found else None)
    if one.state not in OPEN:
        assert woken.wake_at is None


@settings(deadline=None)
@given(cases)
def test_counting_again_changes_nothing(one: Case) -> None:
    once = deadlines.with_wake(one)
    assert deadlines.with_wake(once) == once
    assert deadlines.pending(once) == deadlines.pending(one)
    clocked = deadlines.set_clocks(one, catalogue(), CALENDAR, one.opened_at)
    assert deadlines.set_clocks(clocked, catalogue(), CALENDAR, one.opened_at) == clocked


@settings(deadline=None)
@given(cases, moments)
def test_what_is_opened_again_has_clocks_again(one: Case, now: datetime) -> None:
    ended = deadlines.with_wake(replace(one, state=State.CLOSED, closed_at=now))
    assert ended.wake_at is None
    again = replace(ended, state=State.ASSIGNED, raised=0, supervised=0, fed_back_at=None, closed_at=None)
    again = deadlines.with_wake(deadlines.set_clocks(again, catalogue(), CALENDAR, now))
    assert again.accept_due is not None
    assert again.due_at is not None
    assert now < again.accept_due <= again.due_at
    assert again.wake_at is not None


@settings(deadline=None)
@given(st.integers(1, 400))
def test_each_alarm_comes_later_than_the_one_before(alarms: int) -> None:
    first, second = (deadlines.next_alarm(case(emergency="fire", alarms=n)) for n in (alarms, alarms + 1))
    assert timedelta(minutes=5) <= second - first <= timedelta(minutes=30)
