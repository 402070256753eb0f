"""Knows what runs of digits promise: one row of ASCII digits, cut where people pause, with the way back to the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.digits import DIGITS, in_ascii, runs


@pytest.mark.parametrize(
    ("text", "digits", "cuts"),
    [
        ("打13900001234", "13900001234", (0, 11)),
        ("139 0000-1234。", "13900001234", (0, 3, 7, 11)),
        ("幺三九，零零零零，一二三四".replace("，", ","), "13900001234", (0, 3, 7, 11)),
        ("13815566019二哥", "138155660192", (0, 11, 12)),
        ("一三八一二三四五六七八一直占线", "138123456781", (0, 11, 12)),
        ("1 3 9 0 0 0 0 1", "13900001", tuple(range(9))),
    ],
)
def test_runs(text: str, digits: str, cuts: tuple[int, ...]) -> None:
    (run,) = runs(text)
    assert (run.digits, tuple(run.cuts)) == (digits, cuts)


@pytest.mark.parametrize("text", ["", "3号楼501", "一起去", "12:30到18:45", "1,2,3"])
def test_short_numbers_are_no_runs(text: str) -> None:
    assert list(runs(text)) == []


@given(st.text(alphabet="019零一九幺 -,.、a楼"))
def test_every_digit_has_its_place(text: str) -> None:
    for run in runs(text):
        assert len(run.digits) == len(run.at)
        assert all(
            text[at] in DIGITS and in_ascii(text[at]) == digit for at, digit in zip(run.at, run.digits, strict=True)
        )
        assert run.cut(0)
        assert run.cut(len(run.digits))
