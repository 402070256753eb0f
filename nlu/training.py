"""Knows how a model is learnt from the corpus: a matrix of features, logistic regression, calibration, alarm level."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nlu.audit import unsure_rules
from nlu.corpus import DATA_DIR, Corpus, fingerprint, read_corpus
from nlu.features import BLOCK_AT, BLOCKS, Featuriser
from nlu.model import MODEL_DIR, Facts, Model, Weights
from nlu.reading import Reader
from nlu.training_copies import COPY_WEIGHT, copies_of
from nlu.training_fit import CLOSELY, ROUGHLY, all_labels
from nlu.training_matrix import Vocabulary, matrix_of, vocabulary_of
from nlu.understanding import EMERGENCY_TYPES, LABELS

_FOLDS = 4  # one of them is held out to choose temperature and alarm level
_FALSE_ALARMS = 0.035  # of the corpus, a fourth of which was written to look like emergencies

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
    reader = Reader()
    vocabulary, told = _told(corpus, reader)
    names = tuple(label for label in LABELS if label in set(corpus.labels))
    meant = np.array([[_number(label, names) for label in (one.label, one.secondary)] for one in corpus.sentences])
    seen_by, logits = _held_out(told, meant, len(names))
    held_out = meant[seen_by, 0]
    temperature = temperature_of(logits, held_out)
    emergency = held_out == names.index("emergency")
    chances = softmax(logits / temperature)[:, names.index("emergency")]
    threshold = _alarm_level(chances, emergency)
    labels = _fit(told, meant, len(names), CLOSELY)
    types, type_names = _fit_types(told, corpus)
    unsure = unsure_rules(list(zip(corpus.texts, corpus.labels, strict=True)), reader)
    facts = Facts(names, type_names, vocabulary.unknown_idf, temperature, threshold, unsure)
    model = Model(_weights(vocabulary, labels, types), facts)
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


@dataclass(frozen=True, slots=True)
class _Told:
    """All that is learnt from: a row for each sentence, then one for each shortened copy; whose copy each row is."""

    matrix: Any
    source: Array
    weights: Array

    def of(self, rows: Array) -> _Told:
        """These sentences alone, with their copies."""
        mine = np.isin(self.source, rows)
        return _Told(self.matrix[mine], self.source[mine], self.weights[mine])


def _told(corpus: Corpus, reader: Reader) -> tuple[Vocabulary, _Told]:
    """Features are counted over the sentences alone: a copy says nothing new."""
    featuriser = Featuriser()
    copies = copies_of(corpus.texts)
    found = [featuriser.features(reader.read(text).speech) for text in corpus.texts]
    vocabulary = vocabulary_of(found)
    shortened = (featuriser.features(reader.read(text).speech) for _, text in copies)
    source = np.array([*range(len(found)), *(row for row, _ in copies)])
    weights = np.where(np.arange(len(source)) < len(found), 1.0, COPY_WEIGHT)
    return vocabulary, _Told(matrix_of(chain(found, shortened), vocabulary), source, weights)


def _number(label: str, names: tuple[str, ...]) -> int:
    return names.index(label) if label in names else -1


def _held_out(told: _Told, meant: Array, labels: int) -> tuple[Array, Array]:
    """A fourth of the sentences, and their logits from a model that has seen neither them nor their copies."""
    from sklearn.model_selection import StratifiedKFold

    target = meant[:, 0]
    folds = min(_FOLDS, int(np.bincount(target).min()))
    if folds < 2:  # noqa: PLR2004 - a toy corpus: nothing can be held out
        everything = np.arange(len(target))
        return everything, np.where(np.arange(labels) == target[:, None], 1.0, -1.0)
    known, held_out = next(StratifiedKFold(folds, shuffle=True, random_state=0).split(target, target))
    weights, biases = _fit(told.of(known), meant, labels, ROUGHLY)
    return held_out, told.matrix[held_out] @ weights + biases


def _fit(told: _Told, meant: Array, labels: int, tolerance: float) -> tuple[Array, Array]:
    return all_labels(told.matrix, meant[told.source], labels, told.weights, tolerance)


def _fit_types(told: _Told, corpus: Corpus) -> tuple[tuple[Array, Array], tuple[str, ...]]:
    kinds = [sentence.type for sentence in corpus.sentences]
    names = tuple(kind for kind in EMERGENCY_TYPES if kind in set(kinds))
    if len(names) < 3:  # noqa: PLR2004 - a toy corpus: one classifier per type needs three
        return (np.zeros((told.matrix.shape[1], 1)), np.zeros(1)), (*names[:1], "medical")[:1]
    meant = np.array([[_number(kind, names)] for kind in kinds])
    return _fit(told.of(np.flatnonzero(meant[:, 0] >= 0)), meant, len(names), CLOSELY), names


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
        labels_bias=labels[1].astype(np.float32),
        types=(types[0] * scale).astype(np.float32, order="C"),
        types_bias=types[1].astype(np.float32),
        idf=vocabulary.idf.astype(np.float32),
    )
