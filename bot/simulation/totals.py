"""Knows what a month comes to, in whole numbers that are the same wherever the same month is played."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.simulation.run import Simulation
from handlers.cases import Case, Entry
from handlers.steps import Actor, Step
from storage.store import Reader

PAGE = 500
SEEN = (Step.ACKNOWLEDGE.value, Step.ACCEPT.value)
CLOCK = Actor.CLOCK.value
TOLD = 64
"""How many messages the ear hears at once."""


def totals(month: Simulation) -> dict[str, Any]:
    """Everything that is counted, as plain values."""
    with month.stage.store.reading() as reader:
        cases = all_cases(reader)
        entries = {case.number: reader.entries(case.number) for case in cases}
        rates = reader.rates(month.stage.clock.now())
    steps = Counter(entry.step for history in entries.values() for entry in history)
    return {
        "month": _month(month),
        "acts": month.tally.acts,
        "letters": month.tally.letters,
        "cases": _cases(cases, month),
        "rates": {name: {"n": rate.n, "of": rate.of} for name, rate in rates.items()},
        "steps": dict(sorted(steps.items())),
        "escalations": _escalations(cases, entries),
        "burden": _burden(month, entries),
        "failures": dict(sorted(month.failures.found.items(), key=lambda pair: (-pair[1], pair[0]))),
        "understood": _understood(month),
    }


def all_cases(reader: Reader) -> list[Case]:
    """Every case, in the order they were opened."""
    found: list[Case] = []
    while page := reader.cases(limit=PAGE, offset=len(found)):
        found += page
    return found


def brief(found: Mapping[str, Any]) -> dict[str, Any]:
    """The few numbers by which two months are compared at a glance."""
    rates, escalations = found["rates"], found["escalations"]
    return {
        "acts": found["acts"],
        "letters": found["letters"],
        "cases": found["cases"]["all"],
        "states": found["cases"]["state"],
        "raised": escalations["raised"],
        "supervised": escalations["supervised"],
        "alarms": escalations["alarms"],
        "failures": sum(found["failures"].values()),
        **{name: [rate["n"], rate["of"]] for name, rate in rates.items()},
        "understood": [found["understood"]["n"], found["understood"]["of"]],
    }


def _month(month: Simulation) -> dict[str, Any]:
    days = [month.month.day(day) for day in range(1, month.month.days + 1)]
    return {
        "start": month.month.start.isoformat(),
        "days": month.month.days,
        "people": len(month.residents.people),
        "seed": month.seed,
        "flood": month.month.day(month.month.flood).isoformat(),
        "holidays": [day.isoformat() for day in days if month.month.holiday(day)],
        "away": sorted(month.workers.away),
    }


def _cases(cases: Sequence[Case], month: Simulation) -> dict[str, Any]:
    zone = month.month.zone
    by_day = Counter(case.opened_at.astimezone(zone).date().isoformat() for case in cases)
    return {
        "all": len(cases),
        "state": _counted(case.state.value for case in cases),
        "colour": _counted(case.colour for case in cases),
        "duty": _counted(case.duty for case in cases),
        "day": dict(sorted(by_day.items())),
        "reopened": sum(case.reopened for case in cases),
    }


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _escalations(cases: Sequence[Case], entries: Mapping[str, Sequence[Entry]]) -> dict[str, Any]:
    steps = Counter((entry.step, entry.by == CLOCK) for history in entries.values() for entry in history)
    dangers = [case for case in cases if case.emergency]
    waits = sorted(wait for case in dangers for wait in _seen_after(case, entries[case.number]))
    return {
        "raised": steps[Step.RAISE.value, True],
        "passed_up": steps[Step.RAISE.value, False],
        "supervised": steps[Step.SUPERVISE.value, True],
        "alarms": steps[Step.ALARM.value, True],
        "emergencies": len(dangers),
        "seen": len(waits),
        "median_minutes": waits[len(waits) // 2] if waits else 0,
        "longest_minutes": waits[-1] if waits else 0,
    }


def _seen_after(case: Case, history: Sequence[Entry]) -> Iterator[int]:
    """After how many minutes a human had seen a red case, where one has."""
    moments: list[datetime] = [entry.at for entry in history if entry.step in SEEN]
    if moments:
        yield int((min(moments) - case.opened_at).total_seconds() // 60)


def _burden(month: Simulation, entries: Mapping[str, Sequence[Entry]]) -> dict[str, Any]:
    done = Counter((entry.by, entry.step) for history in entries.values() for entry in history)
    return {
        person: {
            **month.tally.of(person),
            "accepted": done[person, Step.ACCEPT.value],
            "own": done[person, Step.SOLVE_ON_SPOT.value],
        }
        for person in sorted(month.tally.burdens)
    }


def _understood(month: Simulation) -> dict[str, Any]:
    """How many first messages the ear takes for what their authors meant, heard alone: a side figure."""
    said, right, by_label = month.residents.first, 0, Counter[str]()
    for first in range(0, len(said), TOLD):
        part = said[first : first + TOLD]
        for one, heard in zip(part, month.stage.rules.ear.understand([(x.text, "") for x in part]), strict=True):
            right += heard.alone.label == one.label
            by_label[one.label] += heard.alone.label != one.label
    return {"n": right, "of": len(said), "missed": dict(sorted((+by_label).items()))}
