"""Leaving out is told, and is a failure where it was forbidden."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import find_chromium, launched
from tests.left_out import leave_out, required, summary


def test_what_is_required_is_a_list_of_names() -> None:
    assert required({"REQUIRE": "postgres, Chromium,"}) == {"postgres", "chromium"}
    assert required({}) == frozenset()


def test_leaving_out_is_a_skip_or_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUIRE", "postgres")
    with pytest.raises(pytest.skip.Exception, match="left out: chromium: it is away"):
        leave_out("chromium", "it is away")
    with pytest.raises(pytest.fail.Exception, match="postgres is required"):
        leave_out("postgres", "it is away")


def test_the_summary_counts() -> None:
    reasons = ["Skipped: left out: postgres: no programs"] * 2 + ["Skipped: left out: chromium: none", "Skipped: other"]
    assert summary(reasons) == [
        "1 test left out: chromium: none",
        "2 tests left out: postgres: no programs",
    ]


def test_chromium_is_found_by_name_or_by_choice(tmp_path: Path) -> None:
    program = tmp_path / "google-chrome"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert find_chromium({"PATH": str(tmp_path)}) == str(program)
    assert find_chromium({"PATH": "", "CHROMIUM": str(program)}) == str(program)
    assert find_chromium({"PATH": str(tmp_path), "CHROMIUM": "/nowhere/chromium"}) == ""


def test_a_page_opens() -> None:
    with launched() as browser:
        page = browser.new_page()
        page.set_content("<h1>小格</h1>")
        assert page.inner_text("h1") == "小格"
