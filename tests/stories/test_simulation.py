"""A small simulated month: its totals to the number, the same every time, and what must hold in any month."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import stage
from bot.clock import FakeClock
from bot.simulation.demo import demo
from bot.simulation.report import report
from bot.simulation.run import Simulation
from bot.simulation.totals import all_cases, brief, totals
from handlers.cases import Case, State
from handlers.command import numbers
from nlu.script import Scripts
from tests import postgres
from tests.left_out import leave_out
from tests.product import ROOT, make_tables, product

DAYS, PEOPLE, SEED = 6, 300, 7
START = datetime.fromisoformat("2026-03-16T08:00+08:00")
COMMAND = ["-m", "bot", "simulate", "--days", str(DAYS), "--people", str(PEOPLE), "--seed", str(SEED), "--totals"]

# What this month comes to. Every change of what the bot says or asks may move these numbers: look whether they moved as
# the change should move them, then paste what this prints:
#   python -m bot simulate --days 6 --people 300 --seed 7 --totals
TOTALS: dict[str, Any] = {
    "acts": 496,
    "letters": 904,
    "cases": 196,
    "states": {"assigned": 1, "closed": 98, "fed_back": 96, "handling": 1},
    "raised": 0,
    "supervised": 17,
    "alarms": 5,
    "failures": 20,
    "response_rate": [196, 196],
    "resolution_rate": [4, 5],
    "satisfaction": [2, 3],
    "closure_rate": [98, 196],
    "on_time": [98, 99],
    "settled_at_front": [164, 214],
    "rated": [5, 14],
    "understood": [34, 44],
}


def _played(*, days: int, people: int, seed: int, url: str = "sqlite://") -> Simulation:
    made = Simulation(product(), START, days, people, seed, url)
    made.run(lambda day, so_far: None)
    return made


@pytest.fixture(scope="module")
def month() -> Iterator[Simulation]:
    made = _played(days=DAYS, people=PEOPLE, seed=SEED)
    yield made
    made.stage.store.close()


@pytest.fixture(scope="module")
def cases(month: Simulation) -> list[Case]:
    with month.stage.store.reading() as reader:
        return all_cases(reader)


@pytest.fixture(scope="module")
def letters(month: Simulation) -> list[tuple[str, str]]:
    """(the chat's owner, words) of every letter of the month."""
    with month.stage.store.reading() as reader:
        return [(letter.chat.rpartition(":")[2], letter.text) for letter in reader.letters_of()]


def test_the_totals(month: Simulation) -> None:
    assert brief(totals(month)) == TOTALS


def test_another_process_counts_the_same_and_says_a_line_a_day(tmp_path: Path) -> None:
    """Also where strings hash otherwise, and in a file instead of in memory."""
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    kept = ["--keep", str(tmp_path / "town.db"), "--out", str(tmp_path / "out")]
    told = subprocess.run(
        [sys.executable, *COMMAND, *kept], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(told.stdout) == TOTALS
    assert [line.partition(":")[0] for line in told.stderr.splitlines()] == [
        f"day {n}/{DAYS}" for n in range(1, DAYS + 1)
    ]
    assert brief(json.loads((tmp_path / "out" / "totals.json").read_text(encoding="utf-8"))) == TOTALS
    assert (tmp_path / "out" / "report.md").read_text(encoding="utf-8").startswith("# ")
    again = subprocess.run([sys.executable, *COMMAND, *kept], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stdout) == (1, "")


def test_the_other_store_counts_the_same() -> None:
    with postgres.prepared_database(make_tables) as url:
        if url is None:
            leave_out("postgres", "its programs were not found")
        found = []
        for one in ("sqlite://", url):
            made = _played(days=2, people=60, seed=3, url=one)
            found.append(brief(totals(made)))
            made.stage.store.close()
    assert found[0] == found[1]
    assert found[0]["cases"]


def test_another_seed_is_another_month() -> None:
    made = [_played(days=1, people=60, seed=seed) for seed in (1, 2)]
    first, second = ([said.text for said in one.residents.first] for one in made)
    assert first != second


def test_no_number_is_given_twice(cases: list[Case]) -> None:
    assert len({case.number for case in cases}) == len(cases)


def test_what_is_closed_has_an_end(month: Simulation, cases: list[Case]) -> None:
    with month.stage.store.reading() as reader:
        for case in cases:
            steps = {entry.step for entry in reader.entries(case.number)}
            assert (case.state is not State.CLOSED) or (
                case.closed_at is not None and steps & {"close", "answer", "shut"}
            )
            assert (case.state is not State.WITHDRAWN) or "withdraw" in steps
        assert reader.verify() == []


def test_the_numbers_add_up(month: Simulation) -> None:
    found = totals(month)
    counted = found["cases"]
    for part in ("state", "colour", "duty", "day"):
        assert sum(counted[part].values()) == counted["all"] == found["steps"]["open"]
    assert all(0 <= rate["n"] <= rate["of"] for rate in found["rates"].values())
    assert found["rates"]["closure_rate"]["n"] == counted["state"]["closed"]
    assert found["escalations"]["seen"] <= found["escalations"]["emergencies"]


def test_nobody_hears_of_a_case_that_is_not_theirs(
    month: Simulation, cases: list[Case], letters: list[tuple[str, str]]
) -> None:
    own: dict[str, set[str]] = {}
    with month.stage.store.reading() as reader:
        for case in cases:
            for reporter in reader.reporters(case.number):
                own.setdefault(reporter.person, set()).update({case.number, case.merged_into})
    heard = [(who, number) for who, text in letters if who in month.residents.people for number in numbers(text)]
    assert heard
    foreign = [one for one in heard if one[1] not in own.get(one[0], ())]
    assert [one for one in foreign if one not in month.residents.offered] == []  # 是同一件事吗 names a neighbour's case


def test_no_group_hears_what_a_resident_said(month: Simulation, letters: list[tuple[str, str]]) -> None:
    simple = Scripts().to_simplified
    long = 8
    words = {simple(text) for text in month.residents.words if len(text) >= long}
    told = [text for who, text in letters if who in month.stage.town.groups]
    assert words
    assert told
    assert [text for text in told if any(word in simple(text) for word in words)] == []
    assert [text for text in told if re.search(r"1[3-9]\d{9}", text)] == []


def test_the_report_tells_each_rate_with_what_it_is_of(month: Simulation) -> None:
    found = totals(month)
    text = report(found, month.stage.rules, 1.0)
    for name, rate in found["rates"].items():
        assert f"| {name} |" in text
        assert f"| {rate['n']} | {rate['of']} |" in text
    tables = [[line.count("|") for line in part.splitlines() if line.startswith("|")] for part in text.split("\n\n")]
    assert all(len(set(cells)) <= 1 for cells in tables)


def test_a_town_with_a_past_goes_on(tmp_path: Path) -> None:
    file, opening = tmp_path / "playground" / "town.db", START + timedelta(days=3)
    found = demo(product(), file, opening, days=2, people=60)
    with pytest.raises(FileExistsError):
        demo(product(), file, opening, days=2, people=60)
    town = stage(product(), FakeClock(opening), f"sqlite:///{file}")
    with town.store.reading() as reader:
        opened = [case.opened_at for case in all_cases(reader)]
        person = next(entry.by for case in all_cases(reader) for entry in reader.entries(case.number))
        assert reader.accounts_of(person)
    assert opened
    assert len(opened) == found["cases"]
    assert all(opening - timedelta(days=2) <= moment <= opening for moment in opened)
    assert town.say("zhang", "你好")
    town.store.close()
