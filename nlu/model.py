"""Knows a trained model: plain arrays and a few facts on disk, and how to score a text with them."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import numpy.typing as npt

from nlu.corpus import DATA_DIR, code_mark, fingerprint
from nlu.features import BLOCK_AT, TEXT_AT, Features, Keys, written_out
from nlu.packing import mixed, packed, unpacked
from nlu.sound import ModelError, refuse_arrays, refuse_facts

MODEL_DIR = Path(__file__).with_name("model")
_ARRAYS = "weights.npz"
_FACTS = "model.json"
_BROKEN = (ValueError, EOFError, RecursionError, MemoryError, NotImplementedError, zipfile.BadZipFile, zlib.error)
"""What reading a file that was cut off, changed or made by others can raise."""

Floats = npt.NDArray[np.float32]
NEVER = -99.0
"""The log-odds of what is not meant at all."""
_WHICH = (1 << TEXT_AT) - 1  # of a feature's number: what tells it from other features, whatever text it is of
_BLOCK = (1 << TEXT_AT - BLOCK_AT) - 1  # of a block's number: what tells it from others of the same text


@dataclass(frozen=True, slots=True)
class Scores:
    """The probabilities of all labels for one text, the two best first.

    `odds` and `runner_up_odds` tell how surely each of the two is meant by itself, whatever else is (log-odds).
    """

    label: str
    confidence: float
    runner_up: str
    runner_up_confidence: float
    emergency: float
    odds: float = 0.0
    runner_up_odds: float = NEVER


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learnt, a row for each feature; a row already holds the feature's idf and its block's weight.

    `vocabulary` are the features by their numbers (`written_out`), in order. `columns` (features × columns) and
    `biases` have the labels first, then the types of emergencies, then the units of the network, from which `out`
    (units × labels and types) and `out_biases` make a second opinion on the labels and types.
    """

    vocabulary: Keys
    columns: Floats
    biases: Floats
    idf: Floats
    out: Floats
    out_biases: Floats


@dataclass(frozen=True, slots=True)
class Facts:
    """What belongs to the weights: names, and the numbers tuned by cross-validation."""

    label_names: tuple[str, ...]
    type_names: tuple[str, ...]
    unknown_idf: tuple[float, ...]
    temperature: float
    emergency_threshold: float
    unsure_rules: tuple[str, ...] = ()


class Model:
    """A linear classifier and a small network over the same features; many texts are scored with one search and sum.

    What they say of each label is averaged: they err on different messages (decision 0051).
    """

    def __init__(self, weights: Weights, facts: Facts) -> None:
        self.facts = facts
        self.weights = weights
        self._squares = np.square(weights.idf, dtype=np.float64)
        self._unknown = np.square(np.resize(facts.unknown_idf, _BLOCK + 1))
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
        """The probabilities for each text. An emergency is as likely as itself and all its types are together."""
        if not batch:
            return []
        odds, logits = self._logits(batch)
        tempered = logits / self.facts.temperature
        chances = np.exp(tempered - np.maximum.reduce(tempered, axis=1, keepdims=True))
        chances /= np.add.reduce(chances, axis=1, keepdims=True)
        names, alarm = self.facts.label_names, self._emergency
        if alarm >= 0:
            chances[:, alarm] += np.add.reduce(chances[:, len(names) :], axis=1)
        ranks = (-chances[:, : len(names)]).argsort(axis=1, kind="stable")[:, :2].tolist()
        found = zip(ranks, chances.tolist(), odds.tolist(), strict=True)
        return [
            Scores(names[best], shares[best], names[next_], shares[next_], shares[alarm] if alarm >= 0 else 0.0,
                   sure[best], sure[next_])
            for (best, *_, next_), shares, sure in found
        ]  # fmt: skip

    def emergency_types(self, asked: Sequence[tuple[Features, Mapping[str, float]]]) -> list[str]:
        """The likeliest type of each emergency; beside its features stands what else speaks for types, as logits."""
        if not asked:
            return []
        logits = self._logits([features for features, _ in asked])[1][:, len(self.facts.label_names) :]
        names = self.facts.type_names
        return [
            max(zip(names, own, strict=True), key=lambda one: one[1] + spoken_for.get(one[0], 0.0))[0]  # noqa: B023
            for own, (_, spoken_for) in zip(logits.tolist(), asked, strict=True)
        ]

    def _logits(self, batch: Sequence[Features]) -> tuple[Floats, Floats]:
        """How surely each label and type is meant by itself, and what both opinions make of it (texts × those)."""
        sums, weights = self._sums(batch), self.weights
        odds = sums[:, : len(weights.out_biases)]
        units = np.maximum(sums[:, len(weights.out_biases) :], 0)
        return odds, mixed(odds, units @ weights.out + weights.out_biases)

    def _sums(self, batch: Sequence[Features]) -> Floats:
        """The sum of the rows of each text's features, each block of a text brought to length one (texts × columns)."""
        keys = written_out(batch)
        block, sought = keys >> BLOCK_AT, keys & _WHICH
        rows = self.weights.vocabulary.searchsorted(sought)
        known = self.weights.vocabulary.take(rows, mode="clip") == sought
        # What was never seen counts in the length too: a text of strange words gets small logits, thus doubt.
        squares = np.where(known, self._squares.take(rows, mode="clip"), self._unknown.take(block & _BLOCK))
        scale = (known / np.sqrt(np.bincount(block, squares)).take(block)).astype(np.float32)
        found = self.weights.columns.take(rows, axis=0, mode="clip")
        found *= scale[:, np.newaxis]
        total: Floats = np.add.reduceat(found, keys.searchsorted(np.arange(len(batch)) << TEXT_AT), axis=0)
        total += self.weights.biases
        return total

    def save(self, folder: Path) -> None:
        """Writes the model as arrays and JSON; a reader sees nothing or all of it, however many write at once."""
        folder.mkdir(parents=True, exist_ok=True)
        weights = self.weights
        own = uuid4().hex
        part = folder / f"{_ARRAYS}.{own}"
        with part.open("wb") as file:
            columns, steps = packed(weights.columns, len(weights.out_biases))
            rest = {name: getattr(weights, name) for name in Weights.__slots__ if name != "columns"}
            np.savez(file, columns=columns, steps=steps, **rest)
        facts = {"mark": code_mark(), **{name: getattr(self.facts, name) for name in Facts.__slots__}}
        part.replace(folder / _ARRAYS)
        part = folder / f"{_FACTS}.{own}"
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
    arrays["columns"] = unpacked(arrays["columns"], arrays["steps"], len(arrays["out_biases"]))
    weights = Weights(**{name: arrays[name] for name in Weights.__slots__})
    return Model(
        weights,
        Facts(
            label_names=tuple(facts["label_names"]),
            type_names=tuple(facts["type_names"]),
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
