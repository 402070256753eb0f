"""Knows how texts become a sparse matrix: which features are kept, how telling each is, rows of length one a block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from nlu.features import BLOCK_AT, BLOCKS, TEXT_AT, Features, Keys, written_out

Array = npt.NDArray[Any]
_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features that are kept, by their numbers and in order, the idf of each, and of a feature never seen."""

    keys: Keys
    idf: Array
    unknown_idf: tuple[float, ...]


def vocabulary_of(found: Iterable[Features]) -> Vocabulary:
    """The features that enough sentences share, in order, with how telling each is."""
    written = list(_written(found))
    keys, times = np.unique(np.concatenate(written), return_counts=True)
    kept = times >= np.array([least for _, _, least in BLOCKS])[keys >> BLOCK_AT]
    unknown = tuple(float(_idf(1, len(written))) for _ in BLOCKS)
    return Vocabulary(keys[kept], _idf(times[kept], len(written)), unknown)


def matrix_of(found: Iterable[Features], vocabulary: Vocabulary) -> Any:
    """Sentences as rows; each block has length one, counting what the vocabulary left out.

    Features are taken some at a time and kept as plain numbers: a hundred thousand sentences fit into memory.
    """
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    weights = np.array([weight for _, weight, _ in BLOCKS])
    unknown = np.square(vocabulary.unknown_idf)
    values: list[Array] = []
    columns: list[Array] = []
    for keys in _written(found):
        at = np.searchsorted(vocabulary.keys, keys)
        known = vocabulary.keys.take(at, mode="clip") == keys
        blocks = keys >> BLOCK_AT
        idf = vocabulary.idf.take(at, mode="clip")
        lengths = np.bincount(blocks, np.where(known, idf**2, unknown[blocks]))
        columns.append(at[known].astype(np.int32))
        values.append((weights[blocks] * idf / np.sqrt(lengths)[blocks])[known])
    ends = np.cumsum([0, *map(len, columns)])
    return csr_matrix((np.concatenate(values), np.concatenate(columns), ends), (len(columns), len(vocabulary.keys)))


def _written(found: Iterable[Features]) -> Iterator[Keys]:
    """The features of each sentence as numbers, sorted."""
    rest = iter(found)
    while part := list(islice(rest, _AT_ONCE)):
        keys = written_out(part)
        ends = np.searchsorted(keys >> TEXT_AT, np.arange(1, len(part)))
        yield from np.split(keys & (1 << TEXT_AT) - 1, ends)


def _idf(frequency: Array | int, count: int) -> Array:
    return np.asarray(np.log((1 + count) / (1 + np.asarray(frequency))) + 1)
