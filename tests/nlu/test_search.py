"""Knows what the look-up promises: the right answer first, and low scores where there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.search import Lookup

LOOKUP = Lookup(
    {
        "residence": ("居住证怎么办理", "办居住证要什么材料", "暂住证在哪里办"),
        "subsidy": ("高龄补贴怎么申请", "八十岁老人的津贴怎么领"),
        "dogs": ("养狗有什么规定", "遛狗要不要拴绳"),
        "overtime": ("公司不给加班费怎么办", "加班工资怎么算"),
        "noise": ("装修几点到几点", "夜间施工有什么规定"),
        "empty": (),
    }
)


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("居住证怎么办", "residence"),
        ("請問居住證要帶咩材料", "residence"),
        ("我妈八十岁了，高龄补贴怎么领", "subsidy"),
        ("遛狗不拴绳违法吗", "dogs"),
        ("加班费怎么算", "overtime"),
        ("半夜施工有没有规定", "noise"),
    ],
)
def test_finds_the_answer(query: str, key: str) -> None:
    best, score = LOOKUP.search(query, 1)[0]
    assert best == key
    assert score > 0.4


@pytest.mark.parametrize(
    "query", ["今天天气怎么样", "怎么办", "推荐一部电影", "电梯坏了", "我想问一下这个怎么弄", "!!!", ""]
)
def test_unrelated_questions_score_low(query: str) -> None:
    assert all(score < 0.35 for _, score in LOOKUP.search(query))


def test_the_same_words_score_highest() -> None:
    assert LOOKUP.search("居住证怎么办理", 1)[0][1] == pytest.approx(1.0, abs=0.05)


def test_gives_no_more_than_asked_for() -> None:
    found = LOOKUP.search("怎么办理补贴和居住证的规定", 2)
    assert len(found) == 2
    assert found[0][1] >= found[1][1]


def test_nothing_to_search_in() -> None:
    assert Lookup({}).search("居住证") == []


@given(st.text())
def test_scores_are_shares(query: str) -> None:
    assert all(0 <= score <= 1 for _, score in LOOKUP.search(query))
