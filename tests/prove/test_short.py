"""The long proofs in short, at every commit: 5,000 forged deliveries a door, every bomb, twenty seconds of traffic."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.bot.platforms.driver import Driver
from tests.fakes.aio import Moving
from tests.prove.doors import controls, mixed
from tests.prove.doors.mixed import Asked
from tests.prove.hostile_bodies import bombs, fresh, odd
from tests.prove.proof import Run
from tests.prove.proofs import forged, hostile
from tests.prove.proofs.doors import ZEROS

doors = pytest.mark.parametrize("driver", forged.families(), ids=lambda driver: driver.name)


@doors
def test_of_five_thousand_forged_deliveries_none_is_taken(driver: type[Driver], tmp_path: Path) -> None:
    figures = asyncio.run(forged.proof(driver(Moving()), Run(tmp_path, share=0.05), 5000))
    assert [figure for figure in figures if not figure.holds] == []
    assert next(figure.value for figure in figures if figure.must.startswith("≥")) >= 5000  # type: ignore[operator]


@doors
def test_no_bomb_becomes_a_message_or_a_500(driver: type[Driver]) -> None:
    """Seconds are not asserted here: what each costs stands in docs/proofs.md."""
    found = asyncio.run(hostile.tried(driver(Moving()), list(bombs(driver)), lambda done: None))
    assert (found.served, found.broke) == ([], [])
    assert sum(found.statuses.values()) >= 25


@doors
def test_odd_messages_break_neither_hook_nor_desk(driver: type[Driver]) -> None:
    """Every seventy-third of them; `make prove` takes thousands."""
    some = [(name, fresh(body, n)) for n, (name, body) in enumerate(list(odd(driver))[::73], 1)]
    found = asyncio.run(hostile.at_the_desk(driver(Moving()), some, lambda done: None))
    assert found.broke == []
    assert found.statuses.keys() <= {200, 400, 403}


@pytest.mark.parametrize(("mode", "seconds"), [("websocket", 20), ("callback", 10)])
def test_some_seconds_on_all_doors_with_faults_on(mode: str, seconds: int, tmp_path: Path) -> None:
    asked = Asked(seconds=seconds, rate=20, bot_mode=mode, outages=False, naps=(0.5,), reports=0.2)
    one = asyncio.run(mixed.run(asked, f"sqlite:///{tmp_path}/live.db", tmp_path, lambda done, words: None))
    wrong = {name: n for name in ZEROS if name != "given_up" and (n := getattr(one.verdict, name))}
    assert wrong == {}, one.verdict.examples  # on a busy machine platforms give up: that costs no message
    assert one.verdict.repeats <= one.did["swallowed"]
    assert len(one.journal.said) >= 20 * seconds
    assert one.did.total() > one.did["fair"], "there was some weather"


def test_what_is_spoilt_on_purpose_is_found(tmp_path: Path) -> None:
    asked = Asked(seconds=10, rate=20, outages=False, control=True, naps=(), reports=0.2)
    one = asyncio.run(mixed.run(asked, f"sqlite:///{tmp_path}/live.db", tmp_path, lambda done, words: None))
    assert controls.missed(one.verdict) == []
