"""Knows how a labelled history is cross-validated: learnt on some folds, heard on the one left out, any label set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import numpy as np

from nlu.features import Features, Featuriser
from nlu.measuring.splitting import Step, fold_of
from nlu.reading import Reader
from nlu.training import softmax, temperature_of
from nlu.training_fit import one_label
from nlu.training_matrix import Array, matrix_of, vocabulary_of

_LONGEST = 2000
_TUNED_ON = 10_000


def cross_validated(texts: Sequence[str], labels: Sequence[str], folds: int, step: Step) -> list[tuple[str, float]]:
    """The label heard of each text, and how surely, by a classifier that has not seen it.

    The same words never stand on both sides. Features are counted over all texts, which tells nothing of labels.
    """
    names = sorted(set(labels))
    target = np.array([names.index(label) for label in labels])
    vocabulary = vocabulary_of(_features(texts, "counting features", step))
    matrix = matrix_of(_features(texts, "taking features", step), vocabulary)
    fold = fold_of(texts, labels, folds)
    logits = np.full((len(texts), len(names)), -10.0)
    for left_out in range(folds):
        here, rest = np.flatnonzero(fold == left_out), np.flatnonzero(fold != left_out)
        train, test = matrix[rest], matrix[here]
        for at in range(len(names)):
            step("learning", left_out * len(names) + at, folds * len(names))
            logits[here, at] = _one_label(train, target[rest] == at, test)
    some = Random(0).sample(range(len(texts)), min(len(texts), _TUNED_ON))
    chances = softmax(logits / temperature_of(logits[some], target[some]))
    best = chances.argmax(axis=1)
    return [(names[at], float(chances[row, at])) for row, at in enumerate(best)]


def _one_label(train: Any, is_it: Array, test: Any) -> Array | float:
    if is_it.all() or not is_it.any():
        return 10.0 if is_it.all() else -10.0
    weights, bias = one_label(train, is_it, np.ones(len(is_it)))
    return np.asarray(test @ weights + bias)


def _features(texts: Sequence[str], verb: str, step: Step) -> Iterator[Features]:
    reader = Reader()
    featuriser = Featuriser(reader.lists)
    for at, text in enumerate(texts):
        step(verb, at, len(texts))
        reading = reader.read(text[:_LONGEST])
        yield featuriser.features(reading.speech, reading.seen)
