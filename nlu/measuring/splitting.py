"""Knows how labelled messages are split into folds, and how long work tells what it is at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt

Step = Callable[[str, int, int], None]
"""Is told what is being done, how much is done, and of how much."""


def fold_of(texts: Sequence[str], labels: Sequence[str], folds: int) -> npt.NDArray[Any]:
    """The fold of each row: labels spread evenly, the same text always in one fold, none empty if texts are enough."""
    by_label: dict[str, dict[str, None]] = {}
    for text, label in zip(texts, labels, strict=True):
        by_label.setdefault(label, {})[text] = None
    place: dict[str, int] = {}
    chance = Random(0)
    for label in sorted(by_label):
        once = list(by_label[label])
        chance.shuffle(once)
        for text in once:
            place.setdefault(text, len(place) % folds)
    return np.array([place[text] for text in texts])
