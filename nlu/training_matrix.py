"""Knows how texts become a sparse matrix: which features are kept, how telling each is, rows of length one a block."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nlu.features import BLOCKS, Features

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of each block, the idf of all of them in order, and of a feature never seen."""

    words: tuple[tuple[str, ...], ...]
    idf: Array
    unknown_idf: tuple[float, ...]


def vocabulary_of(found: Iterable[Features]) -> Vocabulary:
    """The features that enough sentences share, in a fixed order, with how telling each is."""
    frequencies: list[Counter[str]] = [Counter() for _ in BLOCKS]
    count = 0
    for features in found:
        count += 1
        for frequency, block in zip(frequencies, features.blocks, strict=True):
            frequency.update(block.keys())
    words: list[tuple[str, ...]] = []
    idf: list[float] = []
    for frequency, (_, _, least) in zip(frequencies, BLOCKS, strict=True):
        kept = tuple(sorted(feature for feature, times in frequency.items() if times >= least))
        words.append(kept)
        idf.extend(_idf(frequency[feature], count) for feature in kept)
    return Vocabulary(tuple(words), np.array(idf), tuple(_idf(1, count) for _ in BLOCKS))


def _idf(frequency: int, count: int) -> float:
    return math.log((1 + count) / (1 + frequency)) + 1


def matrix_of(found: Iterable[Features], vocabulary: Vocabulary) -> Any:
    """Sentences as rows; each block has length one, counting what the vocabulary left out.

    Features are taken one by one and kept as plain numbers: a hundred thousand sentences fit into a few hundred MB.
    """
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    values, columns, ends = array("d"), array("i"), array("q", [0])
    starts = np.cumsum([0, *(len(words) for words in vocabulary.words)])
    index = [{word: int(start) + at for at, word in enumerate(words)}
             for start, words in zip(starts, vocabulary.words, strict=False)]  # fmt: skip
    for features in found:
        for block, (_, weight, _) in enumerate(BLOCKS):
            at = [index[block][feature] for feature in features.blocks[block] if feature in index[block]]
            unknown = len(features.blocks[block]) - len(at)
            idf = vocabulary.idf[at]
            length = math.sqrt(float((idf**2).sum()) + unknown * vocabulary.unknown_idf[block] ** 2) or 1.0
            columns.extend(at)
            values.extend(weight * idf / length)
        ends.append(len(columns))
    parts = (np.frombuffer(values), np.frombuffer(columns, np.int32), np.frombuffer(ends, np.int64))
    return csr_matrix(parts, shape=(len(ends) - 1, len(vocabulary.idf)))
