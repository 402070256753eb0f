"""Knows shares with honest intervals, F1, and how far confidence is from the truth."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

_Z = 1.96  # 95 %
_ROUNDS = 1000
_MANY = 20_000  # rows: draws cost more, and a fifth of them tell as much
BINS = 10

Interval = tuple[float, float]
Sure = tuple[float, bool]
"""A confidence, and whether it was right."""


@dataclass(frozen=True, slots=True)
class LabelScore:
    """How well one label is found."""

    support: int
    precision: float
    precision_interval: Interval
    recall: float
    recall_interval: Interval
    f1: float


def wilson(successes: int, trials: int) -> Interval:
    """The 95 % interval of a share, honest for small numbers too."""
    if not trials:
        return 0.0, 1.0
    share = successes / trials
    spread = 1 + _Z**2 / trials
    centre = (share + _Z**2 / (2 * trials)) / spread
    half = _Z * math.sqrt(share * (1 - share) / trials + _Z**2 / (4 * trials**2)) / spread
    return max(0.0, centre - half), min(1.0, centre + half)


def bootstrap(rows: int, figure: Callable[[npt.NDArray[Any]], float], level: float = 0.95) -> Interval:
    """The interval of any figure of rows, by drawing as many rows again, always the same way."""
    if not rows:
        return 0.0, 1.0
    draw = np.random.default_rng(0)
    found = [figure(draw.integers(0, rows, rows)) for _ in range(_ROUNDS if rows < _MANY else _ROUNDS // 5)]
    edge = (1 - level) / 2
    return float(np.quantile(found, edge)), float(np.quantile(found, 1 - edge))


def label_scores(counts: Counter[tuple[str, str]], names: Sequence[str]) -> dict[str, LabelScore]:
    """Precision and recall of each label from the counts of (said, heard)."""
    said: Counter[str] = Counter()
    heard: Counter[str] = Counter()
    for (label, found), times in counts.items():
        said[label] += times
        heard[found] += times
    return {name: _score(counts[name, name], said[name], heard[name]) for name in names}


def _score(found: int, said: int, heard: int) -> LabelScore:
    precision, recall = found / heard if heard else 0.0, found / said if said else 0.0
    f1 = 2 * precision * recall / (precision + recall) if found else 0.0
    return LabelScore(said, precision, wilson(found, heard), recall, wilson(found, said), f1)


def macro_f1(said: Sequence[str], heard: Sequence[str]) -> float:
    """The mean F1 of the labels that were said."""
    names = sorted(set(said))
    scores = label_scores(Counter(zip(said, heard, strict=True)), names)
    return sum(score.f1 for score in scores.values()) / len(names) if names else 0.0


def macro_f1_interval(said: Sequence[str], heard: Sequence[str]) -> Interval:
    """The 95 % interval of the mean F1."""
    names = sorted(set(said) | set(heard))
    number = {name: at for at, name in enumerate(names)}
    one = np.array([number[name] for name in said])
    other = np.array([number[name] for name in heard])

    def figure(at: npt.NDArray[Any]) -> float:
        right = np.bincount(one[at][one[at] == other[at]], minlength=len(names))
        both = np.bincount(one[at], minlength=len(names)) + np.bincount(other[at], minlength=len(names))
        spoken = np.bincount(one[at], minlength=len(names)) > 0
        return float(np.mean(2 * right[spoken] / both[spoken]))

    return bootstrap(len(said), figure)


def calibration(sure: Sequence[Sure], bins: int = BINS) -> tuple[float, list[tuple[float, float, int]]]:
    """Expected calibration error over bins of equal mass; per bin: mean confidence, share right, sentences."""
    if not sure:
        return 0.0, []
    # Many are equally sure (rules always are): in an order drawn once, so that no bin gets the wrong ones of them all.
    rows = np.array([(confidence, float(right)) for confidence, right in sure])
    rows = rows[np.random.default_rng(0).permutation(len(rows))]
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    told = [(float(part[:, 0].mean()), float(part[:, 1].mean()), len(part))
            for part in np.array_split(rows, min(bins, len(rows)))]  # fmt: skip
    return sum(abs(mean - share) * count for mean, share, count in told) / len(sure), told


def calibration_interval(sure: Sequence[Sure], bins: int = BINS) -> Interval:
    """The 90 % interval of the calibration error."""
    rows = np.array([(confidence, float(right)) for confidence, right in sure]).reshape(-1, 2)

    def figure(at: npt.NDArray[Any]) -> float:
        drawn = rows[at]
        drawn = drawn[np.argsort(drawn[:, 0], kind="stable")]
        gaps = [
            abs(float(part.mean(axis=0) @ (1, -1))) * len(part) for part in np.array_split(drawn, bins) if len(part)
        ]
        return sum(gaps) / len(drawn)

    return bootstrap(len(rows), figure, 0.90)
