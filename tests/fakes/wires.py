"""Knows what a platform is given where nothing of it matters but what the test says."""

from __future__ import annotations

from typing import Any

from bot.wiring import Wires
from tests.fakes.aio import Moving
from tests.fakes.window import LittleWindow
from tests.product import product


async def _nothing(*given: object) -> Any:
    raise FileNotFoundError(str(given))


def wires(**given: Any) -> Wires:
    """Wires to nothing, but for those that are given."""
    rest = dict.fromkeys(("photo", "lease", "lying", "run", "note", "meant", "way"), _nothing)
    town: dict[str, Any] = {"counter": LittleWindow(), "clock": Moving(), "wording": product().desk.rules.wording}
    return Wires(**{**rest, **town, "count": lambda *names, **labels: None, **given})
