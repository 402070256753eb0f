"""Knows how a town gets a past: some simulated days before today, for who wants to see it in use."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.app import Product
from bot.simulation.run import Simulation
from bot.simulation.totals import brief, totals

DAYS, PEOPLE, SEED = 14, 300, 7


def demo(product: Product, file: Path, opening: datetime, *, days: int = DAYS, people: int = PEOPLE) -> dict[str, Any]:
    """Put a town's last days into a new SQLite file, up to `opening`, the moment at which the town's clock goes on.

    Answers the few numbers that were counted. Raises FileExistsError: a town that is there is not overwritten.
    """
    if file.exists():
        raise FileExistsError(file)
    month = Simulation(product, opening - timedelta(days=days), days, people, SEED)
    month.run(lambda day, so_far: None)
    found = brief(totals(month))
    month.stage.store.copy_out(file)
    month.stage.store.close()
    return found
