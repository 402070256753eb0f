"""Rows as bytes: what comes back is near what was kept, however large or small a row is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nlu.packing import mixed, packed, unpacked

NUMBERS = st.floats(-1e4, 1e4, width=32, allow_subnormal=False)


@given(arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=NUMBERS), st.data())
def test_every_number_comes_back_within_half_a_step(rows: np.ndarray, data: st.DataObject) -> None:
    labels = data.draw(st.integers(0, rows.shape[1]))
    kept, steps = packed(rows, labels)
    back = unpacked(kept, steps, labels)
    assert kept.dtype == np.int8
    for part, step in ((slice(0, labels), steps[:, [0]]), (slice(labels, None), steps[:, [1]])):
        assert (np.abs(back[:, part] - rows[:, part]) <= 0.51 * step + 1e-30).all()


def test_a_small_row_keeps_its_digits_beside_a_large_one() -> None:
    rows = np.array([[1000.0, -1.0, 5.0], [0.001, -0.0005, 0.0]], np.float32)
    kept, steps = packed(rows, 2)
    assert unpacked(kept, steps, 2)[1] == pytest.approx(rows[1], rel=0.01)
    assert unpacked(kept, steps, 2)[0, 2] == pytest.approx(5.0)


def test_two_opinions_count_alike() -> None:
    assert mixed(np.array([[2.0, 0.0]]), np.array([[0.0, 4.0]])).tolist() == [[1.0, 2.0]]
