"""Knows how families of words are read and found, and that nothing in the lexica can take unbounded time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.families import Classes, Span, places, read_family, ways, written_out
from nlu.gate import Gate
from nlu.lexica import read_lexicon
from nlu.wordlists import WordLists, called

CLASSES = {"calls": "叫 喊 推", "silent": "不{醒|应} 没反应", "body": "@limbs 头", "limbs": "手 脚"}
GATE = Gate()


def spans(written: str, text: str) -> list[Span]:
    lists = WordLists()
    family = read_family(written, Classes(CLASSES, lists))
    calls = lists.calls(1, lambda: ways([family]))
    seen = lists.of(text)
    return list(family.spans(text, places(text, seen, lists, family.classes))) if called(seen, calls) else []


@pytest.mark.parametrize(
    ("written", "text", "found"),
    [
        ("calls >5 silent", "怎么叫都不醒", ["叫都不醒"]),
        ("calls >5 silent", "不醒,谁叫的", []),
        ("calls ~5 silent", "不醒,谁叫的", ["不醒,谁叫"]),
        ("calls >1 silent", "叫了好半天不醒", []),
        ("calls >9 silent", "别叫了。他不醒", []),
        ("calls >9 不动|没反应", "推了推没反应", ["推了推没反应", "推没反应"]),
        ("body ~4 疼", "手疼", ["手疼"]),
        ("body ~4 疼", "头有点疼", ["头有点疼"]),
        ("calls >4 silent >4 body", "喊了不应,手冰", ["喊了不应,手"]),
        ("silent", "没反应", ["没反应"]),
    ],
)
def test_words_near_each_other(written: str, text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in spans(written, text)] == found


def test_braces_write_words_out() -> None:
    assert list(written_out("{叫|喊}不{醒|应|}")) == ["叫不醒", "叫不应", "叫不", "喊不醒", "喊不应", "喊不"]


@pytest.mark.parametrize(("written", "error"), [("calls near silent", ValueError), ("calls ~4 unheardof", KeyError)])
def test_a_slip_in_the_lexicon_is_told(written: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_family(written, Classes(CLASSES, WordLists()))


@given(st.text(alphabet="叫喊推不醒应没反手脚。,", max_size=400))
def test_few_spans_whatever_the_text(text: str) -> None:
    """However often the words stand in a text, only so many places are looked at, and each span begins a family."""
    found = spans("calls ~6 silent", text)
    assert len(found) <= 6  # noqa: PLR2004
    assert all(any(word in text[start:end] for word in "叫喊推") for start, end in found)


def _unbounded(items: Any) -> Iterator[str]:
    for operation, argument in items:
        if "REPEAT" in str(operation):
            if str(argument[1]) == "MAXREPEAT":
                yield str(operation)
            yield from _unbounded(argument[2])
        elif str(operation) == "SUBPATTERN":
            yield from _unbounded(argument[-1])
        elif str(operation) == "BRANCH":
            for branch in argument[1]:
                yield from _unbounded(branch)


def test_repeats_are_bounded_or_of_one_class_of_characters_only() -> None:
    """`[。! ]*$` is linear; a repeat without bound around anything longer, or two in a row, would not be."""
    expressions = [rule.words for rule in GATE._rules] + [guard.words for guard in GATE._guards]
    expressions += [one for rule in GATE._rules for one in (rule.unless_words, rule.near_words)]
    parser = getattr(re, "_parser")  # noqa: B009 - the parser of `re` itself, not in its stubs
    many = [expression for expression in expressions if len(list(_unbounded(parser.parse(expression)))) > 2]  # noqa: PLR2004
    assert many == []


def test_a_long_text_is_heard_to_its_end() -> None:
    story = "我们小区的花坛和路灯最近都还不错,邻居也都很和气。" * 60
    assert "medical" in GATE.judge(story + "我爸晕倒了叫不醒").types
    assert GATE.judge(story).types == ()


def test_every_type_has_families_with_words() -> None:
    families = read_lexicon("danger")["families"]
    assert families.keys() == read_lexicon("emergency")["rules"].keys()


def test_fired_words_stand_in_the_text() -> None:
    verdict = GATE.judge("厨房冒烟了,老人晕倒在地上叫不醒")
    assert {"fire", "medical"} <= set(verdict.types)
    assert len(verdict.fired) == len(verdict.types) + len(verdict.hints)
