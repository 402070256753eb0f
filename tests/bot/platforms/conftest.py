"""Knows which modules of the suite hold assertions besides the test module."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite(
    *(f"tests.bot.platforms.{name}" for name in ("scenarios_in", "scenarios_hostile", "scenarios_out", "scenarios_desk", "standing"))
)
