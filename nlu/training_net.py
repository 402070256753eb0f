"""Knows how the small network is learnt: one layer of units over the same features, by descent in small batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from nlu.training_matrix import Array

UNITS = 32
"""Measured: 32 to 96 units do the same beside the linear classifier; 32 keep the model small."""
_ROUNDS, _BATCH = 3, 256
_RATE = 0.1  # of AdaGrad, sinking to nothing
_UNSEEN, _RESTING = 0.2, 0.3  # of the features and of the units, so large a part is left out at each step


@dataclass(frozen=True, slots=True)
class Net:
    """What was learnt: `columns` (features × units), their biases, `out` (units × labels) and its biases."""

    columns: Array
    biases: Array
    out: Array
    out_biases: Array

    def logits(self, matrix: Any) -> Array:
        """What it says of each row (rows × labels)."""
        units = np.maximum(matrix @ self.columns + self.biases, 0)
        return np.asarray(units @ self.out + self.out_biases)


def network(matrix: Any, meant: Array, labels: int, weights: Array) -> Net:
    """A network for rows that mean one of `labels` each and count their weight; the same rows give the same network.

    It hears what words mean together, which the linear classifier cannot; alone it is no better (decision 0051).
    Descent is AdaGrad (Duchi, Hazan and Singer 2011) and looks at a batch's own features only, so a round over
    150,000 rows takes seconds without any BLAS of note.
    """
    chance = np.random.default_rng(0)
    rows = matrix.astype(np.float32)
    parts = [
        chance.standard_normal((rows.shape[1], UNITS)) * 0.1,
        np.zeros(UNITS),
        chance.standard_normal((UNITS, labels)) * np.sqrt(2 / UNITS),
        np.zeros(labels),
    ]
    learner = _Learner([np.asarray(part, np.float32) for part in parts], chance)
    batches = list(_batches(rows.shape[0], chance))
    for step, batch in enumerate(batches):
        learner.learn(rows[batch], meant[batch], weights[batch], _RATE * (1 - step / len(batches)))
    return Net(*learner.parts)


def _batches(count: int, chance: np.random.Generator) -> Iterator[Array]:
    for _ in range(_ROUNDS):
        order = chance.permutation(count)
        yield from np.array_split(order, max(1, count // _BATCH))


class _Learner:
    """The network while it learns, with how much each of its numbers has moved so far."""

    def __init__(self, parts: list[Array], chance: np.random.Generator) -> None:
        self.parts = parts
        self._moved = [np.full_like(part, 1e-6) for part in parts]
        self._chance = chance

    def learn(self, rows: Any, meant: Array, weights: Array, rate: float) -> None:
        """One step: what the batch's rows mean against what is said of them, followed back through both layers."""
        own, met = self._met(rows)
        columns, biases, out, out_biases = self.parts
        sums = met @ columns[own] + biases
        awake = (sums > 0) * self._kept(sums.shape, _RESTING)
        units = sums * awake
        wrong = _shares(units @ out + out_biases)
        wrong[np.arange(len(meant)), meant] -= 1
        wrong *= (weights / len(meant))[:, None].astype(np.float32)
        back = (wrong @ out.T) * awake
        self._move(0, met.T @ back, rate, own)
        self._move(1, back.sum(axis=0), rate)
        self._move(2, units.T @ wrong, rate)
        self._move(3, wrong.sum(axis=0), rate)

    def _met(self, rows: Any) -> tuple[Array, Any]:
        """The features that the batch has, and its rows over these alone, some of them left out by chance."""
        from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

        own, at = np.unique(rows.indices, return_inverse=True)
        values = rows.data * self._kept(rows.data.shape, _UNSEEN)
        return own, csr_matrix((values, at.ravel(), rows.indptr), (rows.shape[0], len(own)))

    def _kept(self, shape: tuple[int, ...], left_out: float) -> Array:
        """Nothing for what is left out, somewhat more than 1 for the rest, so that the sum stays what it was."""
        return ((self._chance.random(shape) >= left_out) / (1 - left_out)).astype(np.float32)

    def _move(self, part: int, slope: Array, rate: float, rows: Array | slice = slice(None)) -> None:
        self._moved[part][rows] += slope * slope
        self.parts[part][rows] -= np.float32(rate) * slope / np.sqrt(self._moved[part][rows])


def _shares(logits: Array) -> Array:
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))
