"""Knows how a model is learnt from the corpus: a matrix of features, logistic regression, calibration, alarm level."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nlu.audit import unsure_rules
from nlu.corpus import DATA_DIR, Corpus, Sentence, fingerprint, read_corpus
from nlu.features import BLOCK_AT, BLOCKS, Features, Featuriser
from nlu.model import MODEL_DIR, Facts, Model, Weights
from nlu.reading import Reader
from nlu.training_copies import COPY_WEIGHT, copies_of
from nlu.training_fit import Learnt, learnt
from nlu.training_matrix import Vocabulary, matrix_of, vocabulary_of
from nlu.understanding import EMERGENCY_TYPES, LABELS

_FOLDS = 4  # one of them is held out to choose temperature and alarm level
_AT_ONCE = 512  # texts read together
_FALSE_ALARMS = 0.027  # of the corpus, a fourth of which was written to look like emergencies

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
    classes = _classes(corpus)
    meant = np.array([classes.meant(sentence) for sentence in corpus.sentences])
    seen_by, logits = _held_out(told, meant, classes)
    held_out = meant[seen_by, 0]
    temperature = temperature_of(logits, held_out, classes.of_labels)
    chances = classes.of_labels(softmax(logits / temperature))
    emergency = held_out == classes.alarm
    threshold = _alarm_level(chances[:, classes.alarm], emergency)
    unsure = unsure_rules(list(zip(corpus.texts, corpus.labels, strict=True)), reader)
    facts = Facts(classes.labels, classes.types, vocabulary.unknown_idf, temperature, threshold, unsure)
    model = Model(_weights(vocabulary, _fit(told, meant, classes)), facts)
    model.save(folder)
    return Report(
        folder=folder,
        sentences=len(corpus.texts),
        features=len(model.weights.idf),
        seconds=time.perf_counter() - began,
        accuracy=float(np.mean(chances.argmax(axis=1) == held_out)),
        emergency_recall=float(np.mean(chances[emergency, classes.alarm] >= threshold)),
        emergency_false_alarms=float(np.mean(chances[~emergency, classes.alarm] >= threshold)),
        emergency_threshold=threshold,
        temperature=temperature,
    )


@dataclass(frozen=True, slots=True)
class _Classes:
    """What is told apart: the labels, then the types of emergencies, each against everything else.

    Danger has many faces: a type by itself is heard more easily than all of them as one.
    """

    labels: tuple[str, ...]
    types: tuple[str, ...]

    @property
    def alarm(self) -> int:
        """Which of them is the emergency."""
        return self.labels.index("emergency")

    def meant(self, sentence: Sentence) -> tuple[int, int, int]:
        """The numbers of a sentence's label, second label and type; −1 for none."""
        names = (*self.labels, *self.types)
        said = (sentence.label, sentence.secondary, sentence.type)
        label, second, kind = (names.index(name) if name in names else -1 for name in said)
        return label, second, kind

    def of_labels(self, chances: Array) -> Array:
        """The chances of the labels alone (texts × labels): an emergency's are its own and those of all types."""
        found = chances[:, : len(self.labels)].copy()
        found[:, self.alarm] += chances[:, len(self.labels) :].sum(axis=1)
        return np.asarray(found)


def _classes(corpus: Corpus) -> _Classes:
    labels, types = set(corpus.labels), {sentence.type for sentence in corpus.sentences}
    known = tuple(kind for kind in EMERGENCY_TYPES if kind in types)
    return _Classes(tuple(label for label in LABELS if label in labels), known or EMERGENCY_TYPES[:1])


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
    featuriser = Featuriser(reader.lists)
    copies = copies_of(corpus.texts)
    found = list(_features(featuriser, reader, corpus.texts))
    vocabulary = vocabulary_of(found)
    shortened = _features(featuriser, reader, [text for _, text in copies])
    source = np.array([*range(len(found)), *(row for row, _ in copies)])
    weights = np.where(np.arange(len(source)) < len(found), 1.0, COPY_WEIGHT)
    return vocabulary, _Told(matrix_of(chain(found, shortened), vocabulary), source, weights)


def _features(featuriser: Featuriser, reader: Reader, texts: Sequence[str]) -> Iterator[Features]:
    for start in range(0, len(texts), _AT_ONCE):
        readings = reader.read_all(texts[start : start + _AT_ONCE])
        yield from (featuriser.features(reading.speech, reading.seen) for reading in readings)


def _held_out(told: _Told, meant: Array, classes: _Classes) -> tuple[Array, Array]:
    """A fourth of the sentences, and their logits from a model that has seen neither them nor their copies."""
    from sklearn.model_selection import StratifiedKFold

    target = meant[:, 0]
    folds = min(_FOLDS, int(np.bincount(target).min()))
    if folds < 2:  # noqa: PLR2004 - a toy corpus: nothing can be held out
        logits = np.full((len(target), len(classes.labels) + len(classes.types)), -1.0)
        logits[np.arange(len(target)), target] = 1.0
        return np.arange(len(target)), logits
    known, held_out = next(StratifiedKFold(folds, shuffle=True, random_state=0).split(target, target))
    return held_out, _fit(told.of(known), meant, classes).logits(told.matrix[held_out])


def _fit(told: _Told, meant: Array, classes: _Classes) -> Learnt:
    return learnt(told.matrix, meant[told.source], len(classes.labels) + len(classes.types), told.weights)


def softmax(logits: Array) -> Array:
    """Logits as probabilities."""
    chances = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(chances / chances.sum(axis=1, keepdims=True))


def temperature_of(logits: Array, target: Array, of_labels: Callable[[Array], Array] = np.asarray) -> float:
    """The temperature at which held-out probabilities are most honest; `of_labels` makes them those of the labels."""
    rows = np.arange(len(target))

    def loss(temperature: float) -> float:
        return float(-np.log(of_labels(softmax(logits / temperature))[rows, target] + 1e-12).mean())

    return min((step / 50 for step in range(10, 151)), key=loss)


def _alarm_level(chances: Array, emergency: Array) -> float:
    """The probability that only the permitted share of other sentences reaches."""
    others = np.sort(chances[~emergency])
    level = float(others[int(len(others) * (1 - _FALSE_ALARMS))]) if len(others) else 0.5
    return min(0.9, max(0.15, level))


def _weights(vocabulary: Vocabulary, both: Learnt) -> Weights:
    """What is kept: idf and block weight folded into the rows."""
    scale = (vocabulary.idf * np.array([weight for _, weight, _ in BLOCKS])[vocabulary.keys >> BLOCK_AT])[:, None]
    return Weights(
        vocabulary=vocabulary.keys,
        columns=(np.hstack((both.columns, both.net.columns)) * scale).astype(np.float32, order="C"),
        biases=np.concatenate((both.biases, both.net.biases)).astype(np.float32),
        idf=vocabulary.idf.astype(np.float32),
        out=both.net.out.astype(np.float32),
        out_biases=both.net.out_biases.astype(np.float32),
    )
