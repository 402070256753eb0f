"""The contract of all platforms: each scenario through each adapter's real wire format, and the page that tells it."""

from __future__ import annotations

import ast

import pytest

from tests.bot.platforms.driver import Driver, found
from tests.bot.platforms.matrix import SCENARIOS, Scenario, cannot, page, title
from tests.fakes.aio import Moving, running
from tests.house import ROOT, modules

CELLS = [
    pytest.param(scenario, driver, id=f"{driver.name} - {title(scenario)}")
    for driver in found()
    for scenario in SCENARIOS
    if not cannot(scenario, driver)
]


@pytest.mark.parametrize(("scenario", "driver"), CELLS)
def test_every_platform(scenario: Scenario, driver: type[Driver]) -> None:
    running(scenario)(driver(Moving()))


def test_every_adapter_has_a_driver() -> None:
    """An adapter is a module of bot/platforms with a class that delivers letters."""
    adapters = {
        module.name for module in modules("bot") if module.path.startswith("bot/platforms/") and _delivers(module.tree)
    }
    assert adapters == {driver.adapter for driver in found()}


def _delivers(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.AsyncFunctionDef) and node.name == "deliver" for node in ast.walk(tree))


@pytest.mark.parametrize("driver", found(), ids=lambda driver: driver.name)
def test_what_a_platform_cannot_have_is_a_scenario_and_has_a_reason(driver: type[Driver]) -> None:
    for name, why in driver.cannot.items():
        assert [one for one in SCENARIOS if title(one).startswith(name)], name
        assert len(why) > 20


def test_the_printed_page_is_of_today() -> None:
    path = ROOT / "docs" / "platforms" / "README.md"
    assert path.read_text(encoding="utf-8") == page(), "python -m tests.bot.platforms > docs/platforms/README.md"
