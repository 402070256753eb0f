"""Knows how texts become a sparse matrix: which features are kept, how telling each is, rows of length one a block."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from nlu.features import BLOCK_AT, BLOCKS, TEXT_AT, Features, Keys, written_out

Array = npt.NDArray[Any]
_AT_ONCE = 1024  # sentences written out as numbers together
_WHICH = (1 << TEXT_AT) - 1
_KINDS = 1 << TEXT_AT - BLOCK_AT


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features kept, by their numbers and in order, the idf of each, and of a feature never seen by block."""

    keys: Keys
    idf: Array
    unknown_idf: tuple[float, ...]


def vocabulary_of(found: Iterable[Features]) -> Vocabulary:
    """The features that enough sentences share, in order, with how telling each is."""
    keys, times, count = np.empty(0, np.int64), np.empty(0, np.int64), 0
    for texts, written in _written(found):
        count += texts
        here, often = np.unique(written & _WHICH, return_counts=True)
        keys, place = np.unique(np.concatenate((keys, here)), return_inverse=True)
        times = np.bincount(place, np.concatenate((times, often)), len(keys))
    kept = times >= np.array([least for _, _, least in BLOCKS])[keys >> BLOCK_AT]
    return Vocabulary(keys[kept], _idf(times[kept], count), tuple(float(_idf(1, count)) for _ in BLOCKS))


def _written(found: Iterable[Features]) -> Iterator[tuple[int, Keys]]:
    """Some sentences at a time: how many they are, and their features as numbers."""
    left = iter(found)
    while some := list(islice(left, _AT_ONCE)):
        yield len(some), written_out(some)


def _idf(frequency: Array | int, count: int) -> Array:
    return np.asarray(np.log((1 + count) / (1 + np.asarray(frequency))) + 1)


def matrix_of(found: Iterable[Features], vocabulary: Vocabulary) -> Any:
    """Sentences as rows; each block has length one, counting what the vocabulary left out.

    Few features at a time are kept as more than plain numbers: a hundred thousand sentences fit into a few hundred MB.
    """
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    weights = np.resize([weight for _, weight, _ in BLOCKS], _KINDS)
    unknown = np.square(np.resize(vocabulary.unknown_idf, _KINDS))
    values, columns, ends = array("d"), array("i"), array("q", [0])
    for texts, written in _written(found):
        block, sought = written >> BLOCK_AT, written & _WHICH
        at = np.minimum(np.searchsorted(vocabulary.keys, sought), len(vocabulary.keys) - 1)
        known, idf, kind = vocabulary.keys[at] == sought, vocabulary.idf[at], block & (_KINDS - 1)
        lengths = np.sqrt(np.bincount(block, np.where(known, idf**2, unknown[kind])))
        columns.frombytes(at[known].astype(np.int32).tobytes())
        values.frombytes((weights[kind] * idf / lengths[block])[known].tobytes())
        before = ends[-1]
        ends.frombytes((before + np.cumsum(np.bincount(written[known] >> TEXT_AT, minlength=texts))).tobytes())
    parts = (np.frombuffer(values), np.frombuffer(columns, np.int32), np.frombuffer(ends, np.int64))
    return csr_matrix(parts, shape=(len(ends) - 1, len(vocabulary.idf)))
