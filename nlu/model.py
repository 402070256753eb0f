"""Knows a trained model: plain arrays and a list of words on disk, and how to score a text with them."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nlu.corpus import DATA_DIR, code_mark, fingerprint
from nlu.features import Features
from nlu.sound import ModelError, refuse_arrays, refuse_facts

MODEL_DIR = Path(__file__).with_name("model")
_ARRAYS = "weights.npz"
_FACTS = "model.json"
_BROKEN = (ValueError, EOFError, RecursionError, MemoryError, NotImplementedError, zipfile.BadZipFile, zlib.error)
"""What reading a file that was cut off, changed or made by others can raise."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scores:
    """The probabilities of all labels for one text, the two best first."""

    label: str
    confidence: float
    runner_up: str
    runner_up_confidence: float
    emergency: float


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learnt. A feature's row already holds its idf and its block's weight."""

    labels: Floats
    labels_bias: Floats
    types: Floats
    types_bias: Floats
    idf: Floats


@dataclass(frozen=True, slots=True)
class Facts:
    """What belongs to the weights: names, the vocabulary of each block, and the numbers tuned by cross-validation."""

    label_names: tuple[str, ...]
    type_names: tuple[str, ...]
    vocabulary: tuple[tuple[str, ...], ...]
    unknown_idf: tuple[float, ...]
    temperature: float
    emergency_threshold: float
    unsure_rules: tuple[str, ...] = ()


class Model:
    """A multinomial logistic classifier over sparse features, scored with dictionary look-ups and one sum per block."""

    def __init__(self, weights: Weights, facts: Facts) -> None:
        self.facts = facts
        self.weights = weights
        self._rows: list[dict[str, int]] = []
        start = 0
        for words in facts.vocabulary:
            self._rows.append(dict(zip(words, range(start, start + len(words)), strict=True)))
            start += len(words)
        self._squares = weights.idf * weights.idf
        self._emergency = facts.label_names.index("emergency") if "emergency" in facts.label_names else -1

    @property
    def emergency_threshold(self) -> float:
        """From which probability on a text counts as an emergency although no rule found one."""
        return self.facts.emergency_threshold

    @property
    def unsure_rules(self) -> frozenset[str]:
        """The rules of danger that only hint (nlu/audit.py)."""
        return frozenset(self.facts.unsure_rules)

    def scores(self, batch: Sequence[Features]) -> list[Scores]:
        """The probabilities for each text."""
        logits = (self._sums(self.weights.labels, batch) + self.weights.labels_bias) / self.facts.temperature
        chances = np.exp(logits - logits.max(axis=1, keepdims=True))
        return [self._ranked(row) for row in (chances / chances.sum(axis=1, keepdims=True)).tolist()]

    def _ranked(self, shares: list[float]) -> Scores:
        first = max(range(len(shares)), key=shares.__getitem__)
        second = max((at for at in range(len(shares)) if at != first), key=shares.__getitem__, default=first)
        names = self.facts.label_names
        emergency = shares[self._emergency] if self._emergency >= 0 else 0.0
        return Scores(names[first], shares[first], names[second], shares[second], emergency)

    def emergency_type(self, features: Features, spoken_for: Mapping[str, float]) -> str:
        """The likeliest type of an emergency; `spoken_for` says what else speaks for a type, as logits."""
        logits: list[float] = (self._sums(self.weights.types, [features])[0] + self.weights.types_bias).tolist()
        names = self.facts.type_names
        return names[max(range(len(names)), key=lambda at: logits[at] + spoken_for.get(names[at], 0.0))]

    def _sums(self, weights: Floats, batch: Sequence[Features]) -> Floats:
        """The sum of the rows of each text's features, each block of a text brought to length one (texts × classes)."""
        at: list[int] = []
        counts: list[int] = []
        strange: list[float] = []
        for features in batch:
            for rows, found, unknown in zip(self._rows, features.blocks, self.facts.unknown_idf, strict=True):
                before = len(at)
                at += [row for row in map(rows.get, found) if row is not None]
                counts.append(len(at) - before)
                # What was never seen counts in the length too: a text of strange words gets small logits, thus doubt.
                strange.append((len(found) - counts[-1]) * unknown**2)
        if not at:
            return np.zeros((len(batch), weights.shape[1]), dtype=np.float32)
        counted = np.array(counts)
        block = np.repeat(np.arange(len(counts)), counted)
        lengths = np.bincount(block, self._squares[at], len(counts)) + strange
        scale = 1 / np.sqrt(np.maximum(lengths, 1e-12))
        rows_of = weights[at] * scale.astype(np.float32)[block][:, None]
        of_text = counted.reshape(len(batch), -1).sum(axis=1)
        spoken = np.flatnonzero(of_text)  # a text without a known feature has no rows to add up
        total = np.zeros((len(batch), weights.shape[1]), dtype=np.float32)
        total[spoken] = np.add.reduceat(rows_of, (np.cumsum(of_text) - of_text)[spoken], axis=0)
        return total

    def save(self, folder: Path) -> None:
        """Writes the model as arrays and JSON; a reader sees either nothing or all of it."""
        folder.mkdir(parents=True, exist_ok=True)
        weights = self.weights
        with (folder / _ARRAYS).open("wb") as file:
            np.savez(file, labels=weights.labels, labels_bias=weights.labels_bias, types=weights.types,
                     types_bias=weights.types_bias, idf=weights.idf)  # fmt: skip
        facts = {"mark": code_mark(), **{name: getattr(self.facts, name) for name in Facts.__slots__}}
        part = folder / f"{_FACTS}.part"
        part.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
        part.replace(folder / _FACTS)


def load(folder: Path) -> Model:
    """The model kept in a folder. Raises ModelError with a sentence for files that are damaged or foreign."""
    try:
        facts: dict[str, Any] = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
        refuse_facts(facts, code_mark())
        arrays = _arrays(folder / _ARRAYS)
    except OSError as error:
        raise ModelError(f"its files cannot be read: {error.strerror or error}") from error
    except _BROKEN as error:
        raise ModelError(f"its files are damaged ({type(error).__name__})") from error
    refuse_arrays(arrays, facts)
    weights = Weights(**{name: arrays[name] for name in Weights.__slots__})
    return Model(
        weights,
        Facts(
            label_names=tuple(facts["label_names"]),
            type_names=tuple(facts["type_names"]),
            vocabulary=tuple(tuple(words) for words in facts["vocabulary"]),
            unknown_idf=tuple(facts["unknown_idf"]),
            temperature=float(facts["temperature"]),
            emergency_threshold=float(facts["emergency_threshold"]),
            unsure_rules=tuple(facts["unsure_rules"]),
        ),
    )


def _arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a file that holds several, and no pickle."""
    with path.open("rb") as file:
        kept = np.load(file, allow_pickle=False)
        if not isinstance(kept, np.lib.npyio.NpzFile):
            raise ValueError("not several arrays")
        with kept:
            return {name: kept[name] for name in kept.files}  # bytes, where it is no array


def load_or_none(data_dir: Path = DATA_DIR, out_dir: Path = MODEL_DIR) -> Model | None:
    """The model trained from just this data and code, or None where it has not been trained yet."""
    folder = out_dir / fingerprint(data_dir)
    return load(folder) if (folder / _FACTS).is_file() else None
