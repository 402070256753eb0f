"""The roll-up is never seen: whenever it ran, the rates are those of the cases as they stand now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from handlers.cases import Case, Reporter, State, Where
from handlers.effects import Answered, Effects
from handlers.rates import NOTHING, QUESTION, Rate, Tally, heard, overdue, rates, tally
from storage.rates import By
from storage.store import Store, Tx
from storage.values import Written
from tests.storage import rates_in_sql
from tests.storage.making import NOW, a_case, at_once, later, undone, write

ZONE = ZoneInfo("Asia/Shanghai")
LATE = later(days=3)
BY: tuple[By | Literal[""], ...] = ("", "unit", "duty", "item", "channel", "month")

MOMENTS = st.integers(-70 * 24 * 4, 3 * 24 * 4).map(lambda quarters: later(minutes=15 * quarters))
MAYBE = st.none() | MOMENTS
CASES = st.builds(
    a_case,
    st.integers(1, 15).map(lambda n: f"A{n:04}"),
    state=st.sampled_from(State),
    where=st.sampled_from(["jr-1", "jr-2", ""]).map(lambda unit: Where(unit=unit)),
    duty=st.sampled_from(["safety_hazard", "disputes"]),
    item=st.sampled_from(["fly_wire", "gas", "noise"]),
    channel=st.sampled_from(["wechat", "telegram", ""]),
    opened_at=MOMENTS,
    accept_due=MAYBE, due_at=MAYBE, accepted_at=MAYBE, first_answer_at=MAYBE, fed_back_at=MAYBE, closed_at=MAYBE,
    paused_at=MAYBE,
    solved=st.none() | st.booleans(),
    rating=st.integers(0, 5),
)  # fmt: skip
TOWN = st.lists(CASES, max_size=12, unique_by=lambda case: case.number).map(tuple)
QUESTIONS = st.lists(
    st.builds(
        Answered, at=MOMENTS, person=st.just("p"), duty=st.sampled_from(["safety_hazard", "legal_policy"]),
        answer=st.just("x"), unit=st.sampled_from(["jr-1", ""]), channel=st.sampled_from(["wechat", "telegram"]),
    ),
    max_size=4,
)  # fmt: skip
PARTS = st.dictionaries(st.integers(1, 15), st.sampled_from(["reporter", "on_behalf", "finder"]), max_size=12)
STORES = settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def flush(tx: Tx, now: datetime, **effects: Any) -> None:
    tx.flush([Written(effects=Effects(**effects))], now)


def by_hand(
    cases: Sequence[Case], questions: Sequence[Answered], silent: set[str], by: str, **which: Any
) -> Mapping[str, Mapping[str, Rate]]:
    """The rates as they follow from every case, one by one."""
    found: dict[str, Tally] = {}

    def count(at: datetime, told: Mapping[str, str], counted: Tally) -> None:
        in_span = (which.get("since") or at) <= at and (which.get("until") is None or at < which["until"])
        in_units = not which.get("units") or told["unit"] in which["units"]
        if in_span and in_units and all(which.get(k) in (None, told[k]) for k in ("duty", "item", "channel")):
            group = {**told, "month": at.astimezone(ZONE).date().isoformat()[:7], "": ""}
            found[group[by]] = found.get(group[by], NOTHING) + counted

    for case in cases:
        told = {"unit": case.where.unit, "duty": case.duty, "item": case.item, "channel": case.channel}
        count(case.opened_at, told, tally(case, case.number not in silent) + overdue(case, LATE))
    for one in questions:
        count(one.at, {"unit": one.unit, "duty": one.duty, "item": "", "channel": one.channel}, QUESTION)
    return {group: rates(counted) for group, counted in found.items() if counted != NOTHING}


WHICH = st.fixed_dictionaries(
    {},
    optional={
        "since": MOMENTS | st.sampled_from([later(days=-29, hours=-9), later(days=-33, hours=-9)]),  # local midnights
        "until": MOMENTS | st.just(later(days=-1, hours=-9)),
        "units": st.just({"jr-1", ""}),
        "duty": st.just("disputes"),
        "item": st.just("gas"),
        "channel": st.just("wechat"),
    },
)


@STORES
@given(st.sampled_from(BY), WHICH, st.tuples(TOWN, TOWN), QUESTIONS, PARTS)
def test_rolled_up_or_not_the_rates_are_those_of_the_cases(
    store: Store, by: By | Literal[""], which: Any, towns: Any, questions: Sequence[Answered], parts: Mapping[int, str]
) -> None:
    before, after = towns
    numbers = {case.number for case in (*before, *after)}
    voices = [Reporter(case=f"A{n:04}", person="p", part=part, since=NOW) for n, part in parts.items()]
    voices = [one for one in voices if one.case in numbers]
    silent = {one.case for one in voices if not heard([one])}
    with undone(store) as tx:
        flush(
            tx,
            NOW,
            cases=before,
            answered=questions[:2],
            reporters=[v for v in voices if v.case in {c.number for c in before}],
        )
        tx.roll_up(NOW + timedelta(hours=1), ZONE)
        began = {case.number: case.opened_at for case in before}  # a case is opened once
        moved = tuple(replace(c, changed_at=LATE, opened_at=began.get(c.number, c.opened_at)) for c in after)
        flush(tx, LATE, cases=moved, answered=[_at(one) for one in questions[2:]], reporters=voices)
        held = {case.number: case for case in (*before, *moved)}
        told = [*questions[:2], *(_at(one) for one in questions[2:])]
        for then in (LATE, LATE + timedelta(days=1), LATE):
            if by:
                assert tx.rates(LATE, by=by, **which) == by_hand([*held.values()], told, silent, by, **which)
            else:
                found = by_hand([*held.values()], told, silent, "", **which)
                assert tx.rates(LATE, **which) == found.get("", rates(NOTHING))
            tx.roll_up(then, ZONE)


def _at(one: Answered) -> Answered:
    return replace(one, at=LATE)


@STORES
@given(cases=TOWN, questions=QUESTIONS, since=MAYBE, until=MAYBE)
def test_the_pure_rates_say_what_plain_sql_says(
    store: Store, cases: Sequence[Case], questions: Sequence[Answered], since: datetime | None, until: datetime | None
) -> None:
    with undone(store) as tx:
        flush(tx, NOW, cases=cases, answered=questions)
        assert tx.rates(LATE, since=since, until=until) == rates_in_sql.rates(tx._connection, LATE, since, until)


def test_two_roll_ups_at_once_wait_for_each_other(store: Store) -> None:
    write(store, cases=tuple(a_case(f"A{n:04}", opened_at=later(days=-n)) for n in range(20)))

    def roll() -> None:
        with store.transaction() as tx:
            tx.roll_up(LATE, ZONE)

    at_once(roll, roll)
    with store.reading() as reader:
        assert reader.rates(LATE)["closure_rate"].of == 20


def test_only_what_changed_is_counted_again(store: Store) -> None:
    write(store, cases=tuple(a_case(f"A{n:04}", opened_at=later(days=-n)) for n in range(20)))
    with store.transaction() as tx:
        assert tx.roll_up(later(hours=1), ZONE) == 20
        assert tx.roll_up(later(hours=2), ZONE) == 0
    write(store, cases=(a_case("A0007", opened_at=later(days=-7), changed_at=later(hours=3)),))
    with store.transaction() as tx:
        assert tx.roll_up(later(hours=3), ZONE) == 1
        assert tx.roll_up(later(hours=4), ZoneInfo("Europe/Paris")) == 20, "other days: all are counted again"


def test_what_was_decided_before_and_written_after_a_roll_up_is_counted(store: Store) -> None:
    with store.transaction() as tx:
        tx.roll_up(later(minutes=4), ZONE)
    write(store, cases=(a_case(state=State.CLOSED, changed_at=NOW),))
    for _ in range(2):
        with store.transaction() as tx:
            assert tx.rates(LATE)["closure_rate"] == Rate(value=1.0, of=1, n=1)
            tx.roll_up(later(minutes=6), ZONE)


def test_a_clock_that_was_put_back_hides_nothing(store: Store) -> None:
    with store.transaction() as tx:
        tx.roll_up(later(days=300), ZONE)
    write(store, cases=(a_case(),))
    with store.transaction() as tx:
        tx.roll_up(later(minutes=1), ZONE)
        assert tx.rates(LATE, by="month").keys() == {"2026-03"}
        assert tx.rates(LATE)["closure_rate"].of == 1
