"""What every test run does: generated tests without deadlines, and a word at the end on what was left out."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.left_out import summary
from tests.postgres import programs


def pytest_configure() -> None:
    """A busy machine is no reason to fail: generated tests have no deadline for one example."""
    settings.register_profile("house", deadline=None)
    settings.load_profile("house")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was left out in lines of their own, so that nobody takes a part for the whole."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = [report.longrepr[2] for report in skipped if isinstance(report.longrepr, tuple)]
    lines = summary(reasons)
    if programs() is None:
        lines.append("without PostgreSQL (initdb and postgres were not found): the memory was tested on SQLite only")
    if lines:
        terminalreporter.section("left out")
        for line in lines:
            terminalreporter.line(line)
        terminalreporter.line("Name what must be there: make test REQUIRE=postgres,chromium,rasa")
