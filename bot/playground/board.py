"""Knows how the board, its rates and one case read on the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bot.playground import history, lines
from bot.show import line, show_rates
from bot.stage import Stage
from handlers import deadlines
from handlers.cases import Case
from handlers.rates import FRONT_GOAL
from handlers.wording import Wording
from storage.store import Reader

NEWEST: Final = 200
"""So many cases stand on the board, and with them every older one that is still open, up to as many again."""

_ASKED: Final = frozenset({"resolution_rate", "satisfaction", "rated"})
"""Rates that are the resident's word: beside them stands how many who could have rated did not."""


class Board:
    """The board of one stage; it remembers how many speak in a case until something happens there."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._voices: dict[str, tuple[int, int]] = {}

    def clear(self) -> None:
        """Another stage: its cases have the same numbers."""
        self._voices.clear()

    def show(self, stage: Stage) -> dict[str, Any]:
        """All cases and the rates."""
        now = stage.clock.now()
        with stage.store.reading() as reader:
            cases, rates = _cases(reader), show_rates(reader, now)
            rows = [{**self._row(case, stage, now), "voices": self._count(case, reader)} for case in cases]
        return {
            "now": lines.iso(stage, now),
            "cases": rows,
            "rates": {name: self._rate(name, facts, rates) for name, facts in rates.items()},
        }

    def case(self, stage: Stage, number: str) -> dict[str, Any] | None:
        """One case with its history in plain words."""
        with stage.store.reading() as reader:
            case = reader.case(number)
            if case is None:
                return None
            entries, tasks, reporters = reader.entries(number), reader.tasks(number), reader.reporters(number)
        return {
            **self._row(case, stage, stage.clock.now()),
            "voices": len(reporters),
            "history": [history.entry(stage, entry, self._wording) for entry in entries],
            "tasks": [lines.task(stage, task, self._wording) for task in tasks],
            "reporters": [lines.call(stage.town, reporter.person) for reporter in reporters],
        }

    def _row(self, case: Case, stage: Stage, now: datetime) -> dict[str, Any]:
        rules = stage.rules
        row = line(case, rules)
        place = case.where.unit
        held = rules.town.at_level(place, "grid") or place
        return row | {
            "state_name": self._wording.say(f"data.state.{case.state.value}"),
            "duty": rules.catalogue.duty(case.duty).name,
            "item": row["item_name"],
            "unit_name": rules.town.name_of(held) if held else self._wording.say("playground.place.unknown"),
            "lead": lines.hands(rules.town, case),
            "opened": lines.iso(stage, case.opened_at),
            "overdue": deadlines.overdue(case, now),
            "paused": case.paused_at is not None,
            "paused_until": lines.iso(stage, case.paused_until) if case.paused_until else None,
        }

    def _count(self, case: Case, reader: Reader) -> int:
        """How many speak in a case: looked up again when its history has grown."""
        entries, voices = self._voices.get(case.number, (-1, 0))
        if entries != case.entries:
            voices = len(reader.reporters(case.number))
            self._voices[case.number] = (case.entries, voices)
        return voices

    def _rate(self, name: str, facts: Mapping[str, Any], rates: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        rated = rates["rated"]
        more: dict[str, Any] = {"goal": FRONT_GOAL} if name == "settled_at_front" else {}
        if name in _ASKED:
            more["unrated"] = rated["of"] - rated["n"]
        return {"name": self._wording.say(f"rate.{name}"), **facts, **more}


def _cases(reader: Reader) -> list[Case]:
    last = reader.last_cases(NEWEST)
    known = {case.number for case in last}
    waiting = reader.cases(open_only=True, limit=NEWEST) if len(last) == NEWEST else ()
    return [*(case for case in waiting if case.number not in known), *last]
