"""Knows what understanding costs: milliseconds alone and in a batch, loading, the size of the file."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from nlu.measuring.hearing import Ear
from nlu.measuring.targets import Line
from nlu.model import load

_ROUNDS = 5
_BATCH = 64
_MOST = 640
_LOADS = 3
_MEGABYTE = 1_000_000


def cost_lines(ear: Ear, texts: Sequence[str]) -> list[Line]:
    """Time a message, by the wall and by the processor; each the median of several rounds."""
    chosen = texts[:: max(1, len(texts) // _MOST)][:_MOST]
    alone = [(text, "") for text in chosen]
    batches = [alone[at : at + _BATCH] for at in range(0, len(alone) - _BATCH + 1, _BATCH)] or [alone]
    inside = sum(map(len, batches))
    wall, processor = _rounds([partial(ear.understand, [one]) for one in alone])
    many_wall, many_processor = _rounds([partial(ear.understand, batch) for batch in batches], total=inside)
    return [
        _ms("cost: one message alone, p50", len(alone), processor, wall, 0.3),
        _ms("cost: each in a batch of 64", inside, many_processor, many_wall, 0.1),
    ]


def model_lines(folder: Path) -> list[Line]:
    """Loading and size of the model that lies in a folder, and that scikit-learn is not there."""
    took = median(_timed(lambda: load(folder))[0] for _ in range(_LOADS))
    size = sum(path.stat().st_size for path in folder.iterdir()) / _MEGABYTE
    without = "sklearn" not in sys.modules
    return [
        Line("cost: loading the model, s", "", 1, took / 1000, None, "≤ 0.1 s", took <= 100),  # noqa: PLR2004
        Line("cost: size of the model, MB", "", 1, size, None, "< 10 MB, no pickle", size < 10),  # noqa: PLR2004
        Line("cost: scikit-learn at run time", "", 1, float(not without), None, "not imported", without),
    ]


def _rounds(runs: Sequence[Callable[[], object]], total: int = 0) -> tuple[float, float]:
    """Milliseconds by wall and by processor: the median message of the median round, or a share of the total."""
    found: list[tuple[float, float]] = []
    for _ in range(_ROUNDS):
        times = [_timed(run) for run in runs]
        sides = [[wall for wall, _ in times], [processor for _, processor in times]]
        found.append((_told(sides[0], total), _told(sides[1], total)))
    return median(wall for wall, _ in found), median(processor for _, processor in found)


def _told(times: list[float], total: int) -> float:
    return sum(times) / total if total else median(times)


def _timed(run: Callable[[], object]) -> tuple[float, float]:
    processor, wall = time.process_time(), time.perf_counter()
    run()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - processor) * 1000


def _ms(what: str, count: int, processor: float, wall: float, target: float) -> Line:
    return Line(f"{what}, ms", "all", count, processor, None, f"≤ {target} ms", processor <= target,
                f"processor; {wall:.2f} by the wall")  # fmt: skip
