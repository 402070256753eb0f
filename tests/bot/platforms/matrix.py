"""Knows the matrix scenario × platform, as docs/platforms/README.md shows it: from the suite, never by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Final

from tests.bot.platforms import scenarios_desk, scenarios_hostile, scenarios_in, scenarios_out
from tests.bot.platforms.driver import Driver, found

Scenario = Callable[[Driver], Awaitable[None]]

SCENARIOS: Final[tuple[Scenario, ...]] = (
    *scenarios_in.ALL, *scenarios_hostile.ALL, *scenarios_desk.ALL, *scenarios_out.ALL,
)  # fmt: skip
HEAD: Final = """# Platforms: what is proved for each

Every adapter passes one suite, `tests/bot/platforms/test_every_platform.py`, through its real wire format:
bytes over a socket in, bytes over a socket to a strict fake server out. This page is printed from the suite by
`python -m tests.bot.platforms > docs/platforms/README.md`; a test compares.
✓: the scenario runs and passes. A number: the platform cannot have it, and the note says why.
"""


def title(scenario: Scenario) -> str:
    """What a scenario is called."""
    return (scenario.__doc__ or "").strip()


def cannot(scenario: Scenario, driver: type[Driver]) -> str:
    """Why this platform cannot have this scenario, “” where it can."""
    return next((why for name, why in driver.cannot.items() if title(scenario).startswith(name)), "")


def page() -> str:
    """The whole page."""
    return "\n".join((HEAD, *_table(), "", *_notes())) + "\n"


def _table() -> Iterator[str]:
    drivers, notes = found(), _whys()
    yield f"| | {' | '.join(driver.name for driver in drivers)} |"
    yield f"|---{'|---' * len(drivers)}|"
    for scenario in SCENARIOS:
        whys = [cannot(scenario, driver) for driver in drivers]
        cells = [str(notes.index(why) + 1) if why else "✓" for why in whys]
        yield f"| {title(scenario)} | {' | '.join(cells)} |"


def _whys() -> list[str]:
    """Every reason, once, in the order in which the table needs them."""
    return list(dict.fromkeys(why for one in SCENARIOS for driver in found() if (why := cannot(one, driver))))


def _notes() -> Iterator[str]:
    for number, why in enumerate(_whys(), 1):
        yield f"{number}. {why[0].upper()}{why[1:]}."
