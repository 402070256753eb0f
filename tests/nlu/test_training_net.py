"""The small network: it learns what words mean together, and the same rows always teach the same."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

from nlu.training_fit import learnt
from nlu.training_net import network

# Either of two words alone means one thing, both or neither the other: no line parts them.
_ROWS = np.array([[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1]], np.float32)
_MEANT = np.array([0, 0, 1, 1])
_TIMES = 800


def _many() -> tuple[csr_matrix, np.ndarray, np.ndarray]:
    return csr_matrix(np.tile(_ROWS, (_TIMES, 1))), np.tile(_MEANT, _TIMES), np.ones(len(_ROWS) * _TIMES)


def test_it_hears_what_words_mean_together() -> None:
    rows, meant, weights = _many()
    said = network(rows, meant, 2, weights).logits(csr_matrix(_ROWS))
    assert said.argmax(axis=1).tolist() == _MEANT.tolist()


def test_the_same_rows_teach_the_same() -> None:
    rows, meant, weights = _many()
    one, other = (network(rows, meant, 2, weights) for _ in range(2))
    np.testing.assert_array_equal(one.columns, other.columns)
    np.testing.assert_array_equal(one.out, other.out)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_handful_of_rows_is_enough_to_learn_something(count: int) -> None:
    said = network(csr_matrix(_ROWS[:count]), _MEANT[:count], 2, np.ones(count)).logits(csr_matrix(_ROWS))
    assert np.isfinite(said).all()


def test_both_opinions_count_and_a_type_is_an_example_of_its_label_too() -> None:
    rows, _, weights = _many()
    meant = np.tile(np.array([[0, -1, 2], [0, -1, 2], [1, -1, -1], [1, -1, -1]]), (_TIMES, 1))
    both = learnt(rows, meant, 3, weights)
    own = csr_matrix(_ROWS) @ both.columns + both.biases
    np.testing.assert_allclose(both.logits(csr_matrix(_ROWS)), (own + both.net.logits(csr_matrix(_ROWS))) / 2)
    assert own[0].argmax() in (0, 2)
    assert both.net.logits(csr_matrix(_ROWS))[0].argmax() == 2
