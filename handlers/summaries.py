"""Knows the weekly summary for supervisors: the rates of a week, what they count, and the week before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from handlers.rates import FRONT_GOAL, Rate

_SHOWN = ("response_rate", "on_time", "resolution_rate", "satisfaction")


class Say(Protocol):
    """Approved sentences by key, as `Wording.say` and `Turn.word` give them."""

    def __call__(self, key: str, **facts: object) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What the summary is headed by: the town (or unit) and the first and last day of its week."""

    town: str
    since: date
    until: date


def weekly(say: Say, last: Mapping[str, Rate], before: Mapping[str, Rate], week: Week) -> str:
    """A week in a few lines: every rate with its denominator and that of the week before, and how many did not rate.

    The week before has had longer to be closed and rated: the text says both numbers and judges neither.
    """
    head = say("summary.head", town=week.town, since=_day(week.since), until=_day(week.until))
    accepted, front = last["closure_rate"], last["settled_at_front"]
    lines = [head]
    if accepted.of:
        lines.append(say("summary.cases", **_facts(say, accepted, before["closure_rate"])))
    else:
        lines.append(say("summary.none"))
    if front.of:
        facts = _facts(say, front, before["settled_at_front"])
        lines.append(say("summary.front", goal=percent(FRONT_GOAL), **facts))
    lines += [say(f"summary.{name}", **_facts(say, last[name], before[name])) for name in _SHOWN if last[name].of]
    rated = last["rated"]
    if rated.of:
        lines.append(say("summary.rated", of=rated.of, n=rated.n, rest=rated.rest))
    return "\n".join(lines)


def percent(value: float) -> str:
    """A share as whole percents, cut off: what is not quite all is never called 100 %."""
    return f"{int(value * 100 + 1e-9)}%"


def _facts(say: Say, rate: Rate, before: Rate) -> dict[str, object]:
    change = say("summary.before", value=percent(before.value)) if before.value is not None else ""
    value = percent(rate.value) if rate.value is not None else say("summary.no_rate")
    return {"value": value, "n": rate.n, "of": rate.of, "change": change}


def _day(day: date) -> str:
    return f"{day.month}-{day.day}"
