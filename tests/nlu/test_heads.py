"""Knows that expressions tried by their first character find what they would find if tried everywhere."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.heads import Tries, seconds
from nlu.lexica import either

EXPRESSIONS = (
    "(?:a|bc)d?",
    "[0-2x]y",
    r"(?<!a)b(?=c)",
    r"\d{2}",
    "(?:e)?f",
    "a+c",
    "(?<=x)y{1,2}?0?f",
    "(?:d(?!1)|f(?=2))e?",
)


@given(st.text(alphabet="abcdefxy0123"))
def test_tries_find_what_the_expressions_find(text: str) -> None:
    tried = [match.span() for match in Tries(EXPRESSIONS).matches(text)]
    assert tried == [match.span() for match in re.finditer("|".join(EXPRESSIONS), text)]


@pytest.mark.parametrize("expression", ["a?", ".b", "[^a]b", r"\w", ""])
def test_an_expression_that_can_begin_with_anything_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match="begin with anything"):
        Tries([expression])


@given(st.lists(st.text(alphabet="ab门口.", min_size=1, max_size=4), min_size=1), st.text(alphabet="ab门口.x"))
def test_either_finds_the_longest_word(words: list[str], text: str) -> None:
    longest = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    assert re.findall(either(words), text) == re.findall(longest, text)


@pytest.mark.parametrize(
    ("expression", "behind"),
    [
        ("(?:ab|ac?d|[ef]g)h", {"b", "c", "d"}),
        ("(?<!x)a(?=c)b", {"b"}),
        ("a{2,3}b", {"a"}),
        ("a{1,3}b", {"a", "b"}),
        ("x?(?:a|y)z", {"z"}),
        ("ab?", None),
        ("a.", None),
    ],
)
def test_what_can_stand_second(expression: str, behind: set[str] | None) -> None:
    assert seconds(expression, "a") == behind
