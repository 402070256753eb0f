"""Knows how a model's rows are kept in a fourth of their bytes: whole numbers, and for each row how large a step is."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

_MOST = 127  # what a byte with a sign holds

Array = npt.NDArray[Any]


def packed(columns: Array, labels: int) -> tuple[Array, Array]:
    """Rows (features × columns) as bytes, and the size of a step in each: of its first `labels` columns, of the rest.

    A row's own size counts, so a rare feature keeps as many digits as a common one.
    """
    parts = [columns[:, :labels], columns[:, labels:]]
    steps = np.stack([np.abs(part).max(axis=1, initial=0.0) / _MOST for part in parts], axis=1).astype(np.float32)
    sizes = np.where(steps > 0, steps, 1.0)
    bytes_ = [np.rint(part / sizes[:, [at]]) for at, part in enumerate(parts)]
    return np.clip(np.concatenate(bytes_, axis=1), -_MOST, _MOST).astype(np.int8), steps


def unpacked(columns: Array, steps: Array, labels: int) -> npt.NDArray[np.float32]:
    """The rows as they were, almost."""
    rows = columns.astype(np.float32, order="C")
    rows[:, :labels] *= steps[:, [0]]
    rows[:, labels:] *= steps[:, [1]]
    return rows


def mixed(odds: Array, second: Array) -> Array:
    """What two opinions on the same labels make together (texts × labels): the mean of their logits."""
    return np.asarray((odds + second) / 2)
