"""Knows how to open a Chromium page in a test: which program, with which switches, or why not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.left_out import leave_out

NAMES = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium(environ: Mapping[str, str] = os.environ) -> str:
    """The path of the Chromium to use: CHROMIUM when it is set, else the first known name in PATH, else “”."""
    named = environ.get("CHROMIUM", "")
    names = (named,) if named else NAMES
    return next((path for name in names if (path := shutil.which(name, path=environ.get("PATH")))), "")


def chromium_or_skip() -> str:
    """The path of Chromium. Without one the test is left out, or fails where REQUIRE names chromium."""
    return find_chromium() or leave_out("chromium", f"none of {', '.join(NAMES)} is in PATH, and CHROMIUM names none")


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless Chromium; closed, with everything in it, when the block ends."""
    path = chromium_or_skip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(SWITCHES), headless=True)
        try:
            yield browser
        finally:
            browser.close()
