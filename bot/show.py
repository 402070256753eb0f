"""Knows how a case, the cases and the rates look to scripts and to the playground's board: no words of residents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handlers import places
from handlers.cases import Case
from handlers.rules import Rules
from storage.store import Reader

MOST = 10_000
"""Cases that are shown at once, at the most."""


def show_case(reader: Reader, number: str, rules: Rules) -> Mapping[str, Any]:
    """One case with its tasks, reporters and history. Raises LookupError."""
    case = reader.case(number)
    if case is None:
        raise LookupError(f"no case {number}")
    history = [
        {"n": e.n, "at": _iso(e.at, rules), "step": e.step, "by": e.by, "role": e.role, "facts": dict(e.facts)}
        for e in reader.entries(number)
    ]
    return {**_whole(reader, case, rules), "history": history}


def show_cases(reader: Reader, rules: Rules) -> list[Mapping[str, Any]]:
    """All cases, the same without history."""
    return [_whole(reader, case, rules) for case in reader.cases(limit=MOST)]


def _whole(reader: Reader, case: Case, rules: Rules) -> dict[str, Any]:
    tasks = [
        {"n": t.n, "kind": t.kind.value, "state": t.state.value, "holder": t.holder, "person": t.person}
        for t in reader.tasks(case.number)
    ]
    return {**line(case, rules), "tasks": tasks, "reporters": [r.person for r in reader.reporters(case.number)]}


def show_rates(reader: Reader, now: datetime) -> Mapping[str, Mapping[str, Any]]:
    """Name → value (None where nothing is due yet), denominator, numerator."""
    return {name: {"value": rate.value, "of": rate.of, "n": rate.n} for name, rate in reader.rates(now).items()}


def line(case: Case, rules: Rules) -> dict[str, Any]:
    """What is said of a case in one line; the place as coarse as a work group may see it."""
    item = rules.catalogue.item(case.duty, case.item)
    return {
        "case": case.number,
        "state": case.state.value,
        "colour": case.colour,
        "duty": case.duty,
        "item": case.item,
        "item_name": item.name,
        "place": places.coarse(case.where, "building", rules.town),
        "unit": case.where.unit,
        "level": case.level,
        "lead": case.lead,
        "lead_person": case.lead_person,
        "acknowledged_by": case.acknowledged_by,
        "due": _iso(case.due_at, rules) if case.due_at else None,
        "solved": case.solved,
        "rating": case.rating,
    }


def _iso(moment: datetime, rules: Rules) -> str:
    return moment.astimezone(rules.quiet_residents.zone).isoformat(timespec="seconds")
