"""Knows which modules of the suite hold assertions besides the test module."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite(
    *(f"tests.bot.platforms.scenarios_{name}" for name in ("in", "hostile", "out", "desk")),
    "tests.bot.platforms.standing",
)
