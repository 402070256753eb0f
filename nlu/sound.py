"""Knows whether what lies in a model's files can be a model of this code; a file that cannot be is refused with why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from nlu.features import BLOCK_AT, BLOCKS
from nlu.understanding import EMERGENCY_TYPES, LABELS

Arrays = Mapping[str, npt.NDArray[Any] | bytes]

_TUNED = ("temperature", "emergency_threshold")
_MOST_SAID = 60


class ModelError(Exception):
    """A model's files are damaged or foreign; the message is a sentence that says how."""


def refuse_facts(facts: Any, mark: str) -> None:
    """Raises ModelError unless these are the facts of a model made by the code with this mark."""
    if not isinstance(facts, dict):
        raise ModelError("model.json holds no model")
    made_by = facts.get("mark", "")
    if made_by != mark:
        raise ModelError(f"it was made by another version ({_short(made_by) or 'unknown'}, this one is {mark})")
    _named(facts, "label_names", LABELS)
    _named(facts, "type_names", EMERGENCY_TYPES)
    unknown: Any = facts.get("unknown_idf")
    if not _is_list(unknown, len(BLOCKS)) or not all(_is_number(one) and one > 0 for one in unknown):
        raise ModelError("the weights of unknown words are no numbers above 0")
    unsure: Any = facts.get("unsure_rules")
    if not isinstance(unsure, list) or not all(isinstance(one, str) for one in unsure):
        raise ModelError("the rules of danger that only hint are no list of names")
    for name in _TUNED:
        if not _is_number(facts.get(name)) or not facts[name] > 0:
            raise ModelError(f"{name} is not a number above 0: {_short(facts.get(name))}")


def refuse_arrays(arrays: Arrays, facts: Mapping[str, Any]) -> None:
    """Raises ModelError unless the arrays have the shapes that the facts ask for and hold numbers only."""
    vocabulary = arrays.get("vocabulary")
    features = len(vocabulary) if isinstance(vocabulary, np.ndarray) and vocabulary.ndim else 0
    labels = len(facts["label_names"]) + len(facts["type_names"])
    out = arrays.get("out")
    units = len(out) if isinstance(out, np.ndarray) and out.ndim else 0
    kinds = {"vocabulary": ((features,), np.int64), "columns": ((features, labels + units), np.int8),
             "steps": ((features, 2), np.float32), "biases": ((labels + units,), np.float32),
             "idf": ((features,), np.float32), "out": ((units, labels), np.float32),
             "out_biases": ((labels,), np.float32)}  # fmt: skip
    for name, (shape, kind) in kinds.items():
        if name not in arrays:
            raise ModelError(f"weights.npz has no array {name}")
        found = arrays[name]
        if not isinstance(found, np.ndarray):
            raise ModelError(f"{name} is no array")
        if found.shape != shape:
            raise ModelError(f"the array {name} is {_by(found.shape)} and must be {_by(shape)}")
        if found.dtype != kind:
            raise ModelError(f"the array {name} holds {found.dtype} instead of {np.dtype(kind)}")
        if not np.isfinite(found).all():
            raise ModelError(f"the array {name} holds something that is no number")
    if not _is_vocabulary(arrays["vocabulary"]):
        raise ModelError("its vocabulary is not that of this version's features")


def _named(facts: Mapping[str, Any], name: str, known: tuple[str, ...]) -> None:
    found = facts.get(name)
    if not isinstance(found, list) or not found or not all(isinstance(one, str) for one in found):
        raise ModelError(f"{name} is no list of names")
    strange = [one for one in found if one not in known]
    if strange:
        raise ModelError(f"{name} has names that nobody knows here: {_short(', '.join(strange))}")
    if len(set(found)) != len(found):
        raise ModelError(f"{name} has a name twice")


def _is_list(found: Any, length: int) -> bool:
    return isinstance(found, list) and len(found) == length


def _is_vocabulary(found: Any) -> bool:
    """Features in order, each once, and of no block that is not known here."""
    return len(found) > 0 and bool((np.diff(found) > 0).all()) and found[0] >= 0 and found[-1] < len(BLOCKS) << BLOCK_AT


def _is_number(found: Any) -> bool:
    return isinstance(found, int | float) and not isinstance(found, bool) and bool(np.isfinite(found))


def _short(found: Any) -> str:
    text = str(found)
    return text if len(text) <= _MOST_SAID else f"{text[:_MOST_SAID]}…"


def _by(shape: Iterable[int]) -> str:
    return "×".join(map(str, shape))
