"""Knows what script conversion promises: same length, Cantonese left alone, Cantonese no sign of a script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.script import Scripts

SCRIPTS = Scripts()


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("路灯坏了", "hans"),
        ("路燈壞了", "hant"),
        ("唔該，幾時修好", "hant"),
        ("佢喺楼下嗌", "hans"),  # Cantonese words in simplified writing
        ("唔好意思", "hans"),
        ("hello 123", "hans"),
        ("", "hans"),
        ("我是業主", "hant"),
        ("一位姓張的老人家说路灯坏了很久一直没有人来修，晚上黑漆漆的，请你们派人来看一看好不好谢谢", "hans"),
    ],
)
def test_detects_the_script(text: str, script: str) -> None:
    assert SCRIPTS.detect(text) == script


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ("樓道裡堆滿雜物", "楼道里堆满杂物"),
        ("著火了", "着火了"),
        ("升降機困咗人，嗰個𨋢", "升降机困咗人，嗰个𨋢"),
        ("劏房", "劏房"),
        ("already simple 路灯", "already simple 路灯"),
    ],
)
def test_simplifies(text: str, simple: str) -> None:
    assert SCRIPTS.to_simplified(text) == simple


@given(st.text())
def test_simplifying_keeps_every_place(text: str) -> None:
    assert len(SCRIPTS.to_simplified(text)) == len(text)


@given(st.text())
def test_never_raises(text: str) -> None:
    assert SCRIPTS.detect(text) in {"hans", "hant"}
    SCRIPTS.to_traditional(text)


def test_writes_wording_in_the_script_of_the_writer() -> None:
    assert SCRIPTS.write("已登记，请稍候", "hant") == "已登記，請稍候"
    assert SCRIPTS.write("已登记，请稍候", "hans") == "已登记，请稍候"


def test_a_lone_surrogate_becomes_a_space() -> None:
    assert SCRIPTS.to_simplified("樓\ud800道") == "楼 道"
