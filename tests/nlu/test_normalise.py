"""Knows what normalisation promises: even writing, numerals of addresses as digits, and a true way back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.normalise import Normaliser, han_number, with_digits
from nlu.script import Scripts

NORMALISER = Normaliser(Scripts())


@pytest.mark.parametrize(
    ("text", "even"),
    [
        ("３号楼　Ａ座", "3号楼 a座"),
        ("樓道\u200b著火", "楼道着火"),
        ("①号 ㎡", "1号 m2"),
        ("1\ufe0f\u20e3号楼", "1号楼"),
        ("多\n行\t文", "多 行 文"),
        ("\u202e反\u202c", "反"),
        ("", ""),
        ("！？，", "!?,"),
    ],
)
def test_makes_even(text: str, even: str) -> None:
    assert NORMALISER.plain(text).text == even


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("三号楼", "3号楼"),
        ("第三栋", "3栋"),
        ("十二幢", "12幢"),
        ("二十一号楼", "21号楼"),
        ("两单元", "2单元"),
        ("七棟一零一", "7栋101"),
        ("三栋二单元五〇一室", "3栋2单元501室"),
        ("一百零三号", "103号"),
        ("万一着火", "万一着火"),
        ("一起去，十分危险", "一起去,十分危险"),
    ],
)
def test_numerals_of_addresses(text: str, digits: str) -> None:
    assert with_digits(NORMALISER.plain(text)).text == digits


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("三", 3),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("二十一", 21),
        ("一百零三", 103),
        ("一百二", 120),
        ("二零一", 201),
        ("两", 2),
    ],
)
def test_han_numbers(word: str, number: int) -> None:
    assert han_number(word) == number


@given(st.text())
def test_the_way_back_is_true(text: str) -> None:
    plain = with_digits(NORMALISER.plain(text))
    assert len(plain.starts) == len(plain.ends) == len(plain.text)
    assert all(0 <= start < end <= len(text) for start, end in zip(plain.starts, plain.ends, strict=True))
    assert list(plain.starts) == sorted(plain.starts)


@given(st.text(alphabet="三号楼一二十栋单元〇Ａ３樓\u200b 室"))
def test_the_way_back_of_addresses(text: str) -> None:
    plain = with_digits(NORMALISER.plain(text))
    if plain.text:
        start, end = plain.original(0, len(plain.text))
        assert text[start:end].strip("\u200b") == text.strip("\u200b")
