"""Knows how a model is learnt from the corpus: a matrix of features, logistic regression, calibration, alarm level."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nlu.audit import unsure_rules
from nlu.corpus import DATA_DIR, Corpus, fingerprint, read_corpus
from nlu.features import BLOCK_AT, BLOCKS, Featuriser
from nlu.model import MODEL_DIR, Facts, Model, Weights
from nlu.reading import Reader
from nlu.training_matrix import Vocabulary, matrix_of, vocabulary_of
from nlu.understanding import EMERGENCY_TYPES, LABELS

_STRENGTH = 8.0
_FOLDS = 4  # one of them is held out to choose temperature and alarm level
_FALSE_ALARMS = 0.035  # of the corpus, a fourth of which was written to look like emergencies
_ROUGHLY, _CLOSELY = 0.3, 0.1  # when the solver stops: nearer than that no figure moves by a thousandth

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Report:
    """What came out of one training."""

    folder: Path
    sentences: int
    features: int
    seconds: float
    accuracy: float
    emergency_recall: float
    emergency_false_alarms: float
    emergency_threshold: float
    temperature: float

    def lines(self) -> list[str]:
        """The evaluation summary in lines to print."""
        return [
            f"trained on {self.sentences} sentences, {self.features} features, {self.seconds:.1f} s",
            f"accuracy on held-out sentences {self.accuracy:.3f} (the corpus holds many borderline ones)",
            f"emergencies, model alone: recall {self.emergency_recall:.3f},"
            f" false alarms {self.emergency_false_alarms:.4f}, threshold {self.emergency_threshold:.3f}",
            f"temperature {self.temperature:.2f}",
            f"model in {self.folder}",
        ]


def train(data_dir: Path = DATA_DIR, out_dir: Path = MODEL_DIR) -> Report:
    """Learns a model from the folder's sentences and keeps it under the fingerprint of data and code."""
    return train_on(read_corpus(data_dir), out_dir / fingerprint(data_dir))


def train_on(corpus: Corpus, folder: Path) -> Report:
    """Learns a model from these sentences, of which one may stand there several times, and keeps it in the folder."""
    began = time.perf_counter()
    reader, featuriser = Reader(), Featuriser()
    found = [featuriser.features(reader.read(text).speech) for text in corpus.texts]
    vocabulary = vocabulary_of(found)
    matrix = matrix_of(found, vocabulary)
    names = tuple(label for label in LABELS if label in set(corpus.labels))
    target = np.array([names.index(label) for label in corpus.labels])
    seen_by, logits = _held_out(matrix, target, len(names))
    held_out = target[seen_by]
    temperature = temperature_of(logits, held_out)
    emergency = held_out == names.index("emergency")
    chances = softmax(logits / temperature)[:, names.index("emergency")]
    threshold = _alarm_level(chances, emergency)
    labels, labels_bias = _fit(matrix, target, len(names))
    types, types_bias, type_names = _fit_types(matrix, corpus)
    unsure = unsure_rules(list(zip(corpus.texts, corpus.labels, strict=True)), reader)
    facts = Facts(names, type_names, vocabulary.unknown_idf, temperature, threshold, unsure)
    model = Model(_weights(vocabulary, (labels, labels_bias), (types, types_bias)), facts)
    model.save(folder)
    return Report(
        folder=folder,
        sentences=len(corpus.texts),
        features=len(model.weights.idf),
        seconds=time.perf_counter() - began,
        accuracy=float(np.mean(logits.argmax(axis=1) == held_out)),
        emergency_recall=float(np.mean(chances[emergency] >= threshold)),
        emergency_false_alarms=float(np.mean(chances[~emergency] >= threshold)),
        emergency_threshold=threshold,
        temperature=temperature,
    )


def classifier(tolerance: float = _ROUGHLY) -> Any:
    """What learns the labels from the matrix."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    # One label against the rest, in the dual: seconds instead of a minute, never worse on held-out text, and without
    # BLAS, whose threads spin for minutes where other processes want the cores too.
    return OneVsRestClassifier(
        LogisticRegression(
            C=_STRENGTH,
            solver="liblinear",
            dual=True,
            class_weight="balanced",
            tol=tolerance,
            max_iter=400,
            random_state=0,
        )
    )


def _held_out(matrix: Any, target: Array, labels: int) -> tuple[Array, Array]:
    """A fourth of the sentences, and their logits from a model that has not seen them."""
    from sklearn.model_selection import StratifiedKFold

    folds = min(_FOLDS, int(np.bincount(target).min()))
    if folds < 2:  # noqa: PLR2004 - a toy corpus: nothing can be held out
        everything = np.arange(len(target))
        return everything, np.where(np.arange(labels) == target[:, None], 1.0, -1.0)
    known, held_out = next(StratifiedKFold(folds, shuffle=True, random_state=0).split(matrix, target))
    return held_out, classifier(_ROUGHLY).fit(matrix[known], target[known]).decision_function(matrix[held_out])


def _fit(matrix: Any, target: Array, classes: int) -> tuple[Array, Array]:
    """Weights (features × classes) with each feature's own scale left out, and the biases."""
    fitted = classifier(_CLOSELY).fit(matrix, target)
    coefficients = np.vstack([one.coef_ for one in fitted.estimators_])
    biases = np.hstack([one.intercept_ for one in fitted.estimators_])
    assert coefficients.shape[0] == classes
    return coefficients.T.astype(np.float32), biases.astype(np.float32)


def _fit_types(matrix: Any, corpus: Corpus) -> tuple[Array, Array, tuple[str, ...]]:
    rows = [row for row, sentence in enumerate(corpus.sentences) if sentence.type]
    kinds = [corpus.sentences[row].type for row in rows]
    names = tuple(kind for kind in EMERGENCY_TYPES if kind in set(kinds))
    if len(names) < 3:  # noqa: PLR2004 - a toy corpus: one classifier per type needs three
        return np.zeros((matrix.shape[1], 1), np.float32), np.zeros(1, np.float32), (*names[:1], "medical")[:1]
    weights, biases = _fit(matrix[rows], np.array([names.index(kind) for kind in kinds]), len(names))
    return weights, biases, names


def softmax(logits: Array) -> Array:
    """Logits as probabilities."""
    chances = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(chances / chances.sum(axis=1, keepdims=True))


def temperature_of(logits: Array, target: Array) -> float:
    """The temperature at which held-out probabilities are most honest."""
    rows = np.arange(len(target))

    def loss(temperature: float) -> float:
        return float(-np.log(softmax(logits / temperature)[rows, target] + 1e-12).mean())

    return min((step / 50 for step in range(10, 151)), key=loss)


def _alarm_level(chances: Array, emergency: Array) -> float:
    """The probability that only the permitted share of other sentences reaches."""
    others = np.sort(chances[~emergency])
    level = float(others[int(len(others) * (1 - _FALSE_ALARMS))]) if len(others) else 0.5
    return min(0.9, max(0.15, level))


def _weights(vocabulary: Vocabulary, labels: tuple[Array, Array], types: tuple[Array, Array]) -> Weights:
    """What is kept: idf and block weight folded into the rows; half the digits are enough, they move no probability."""
    scale = (vocabulary.idf * np.array([weight for _, weight, _ in BLOCKS])[vocabulary.keys >> BLOCK_AT])[:, None]
    return Weights(
        vocabulary=vocabulary.keys,
        labels=(labels[0] * scale).astype(np.float32, order="C"),
        labels_bias=labels[1],
        types=(types[0] * scale).astype(np.float32, order="C"),
        types_bias=types[1],
        idf=vocabulary.idf.astype(np.float32),
    )
