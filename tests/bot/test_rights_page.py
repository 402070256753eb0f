"""The page of rights is what the code says, and `python -m bot rights` prints it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import loading
from bot.__main__ import main
from bot.rights_page import rights_page
from handlers.rights import Power
from handlers.steps import TABLE
from handlers.town import Role

ROOT = Path(__file__).parents[2]


def test_the_page_in_docs_is_the_one_that_the_code_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rights", "--config", str(ROOT / "config.yaml")]) == 0
    printed = capsys.readouterr().out
    assert (ROOT / "docs" / "rights.md").read_text(encoding="utf-8") == printed, "python -m bot rights > docs/rights.md"


def test_every_step_power_and_role_stands_in_it() -> None:
    page = rights_page(loading.wording(ROOT / "handlers" / "wording"))
    lines = [line for line in page.splitlines() if line.startswith("| ")]
    for name in (*TABLE, *Power, *Role):
        assert any(line.startswith(f"| {name.value.replace('_', ' ')} ") for line in lines), name
