"""Knows what is believed of a Rasa server's answer."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.model import Scores
from nlu.rasa.answers import AnswerError, read_answer
from nlu.second import log_odds
from nlu.understanding import LABELS


def body(ranking: Any, intent: Any = None) -> bytes:
    return json.dumps({"text": "…", "intent": intent, "intent_ranking": ranking}).encode()


def rank(**shares: float) -> list[dict[str, Any]]:
    return [{"name": name, "confidence": share} for name, share in shares.items()]


@pytest.mark.parametrize(
    ("answer", "scores"),
    [
        (body(rank(petition=0.7, greeting=0.2, emergency=0.1)), Scores("petition", 0.7, "greeting", 0.2, 0.1)),
        (body(rank(greeting=0.2, petition=0.7)), Scores("petition", 0.7, "greeting", 0.2, 0.0)),
        (body(rank(emergency=1)), Scores("emergency", 1.0, LABELS[0], 0.0, 1.0)),
        (body([], {"name": "greeting", "confidence": 0.6}), Scores("greeting", 0.6, LABELS[0], 0.0, 0.0)),
        (body(None, {"name": "emergency", "confidence": 0.6}), Scores("emergency", 0.6, LABELS[0], 0.0, 0.6)),
    ],
)
def test_an_answer_is_read(answer: bytes, scores: Scores) -> None:
    found = read_answer(answer)
    odds, other_odds = log_odds(scores.confidence), log_odds(scores.runner_up_confidence)
    assert (found.odds, found.runner_up_odds) == pytest.approx((odds, other_odds))
    assert replace(found, odds=scores.odds, runner_up_odds=scores.runner_up_odds) == scores


def test_where_rasa_falls_back_nothing_is_sure() -> None:
    """Of two labels near to each other the better is still told; the share of an emergency is not lowered."""
    ranking = rank(nlu_fallback=0.3, petition=0.45, emergency=0.40)
    found = read_answer(body(ranking, {"name": "nlu_fallback", "confidence": 0.3}))
    assert (found.label, found.runner_up) == ("petition", "emergency")
    assert found.confidence == pytest.approx(0.3)
    assert found.runner_up_confidence == pytest.approx(0.3 * 0.40 / 0.45)
    assert found.emergency == 0.40


def test_a_low_share_stays_as_low_as_it_is() -> None:
    ranking = rank(nlu_fallback=0.3, petition=0.1, greeting=0.05)
    assert read_answer(body(ranking, ranking[0])).confidence == 0.1


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"<html>", b"[]", b"{", b"null", b"{}", b"\xff", b"[" * 100_000,
        body([]), body(None), body("greeting"), body([None]), body([[]]),
        body(rank(nlu_fallback=0.3)), body(rank(weather=0.3)),
        body([{"name": "greeting"}]), body([{"confidence": 1.0}]), body([{"name": ["greeting"], "confidence": 1.0}]),
        body(rank(greeting=1.5)), body(rank(greeting=-0.1)), body(rank(greeting=float("nan"))),
        body([{"name": "greeting", "confidence": "0.5"}]), body([{"name": "greeting", "confidence": True}]),
        body([*rank(greeting=0.5), *rank(greeting=0.4)]), body([*rank(greeting=0.5), *rank(weather=0.1)]),
        body([], {"name": None, "confidence": 0.0}),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused(answer: bytes) -> None:
    with pytest.raises(AnswerError):
        read_answer(answer)


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8) | st.sampled_from(LABELS),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["intent", "intent_ranking", "name", "confidence"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(answer=_JSON)
def test_any_json_is_read_or_refused(answer: Any) -> None:
    try:
        found = read_answer(json.dumps(answer).encode())
    except AnswerError:
        return
    assert {found.label, found.runner_up} <= set(LABELS)
    assert 0 <= found.runner_up_confidence <= found.confidence <= 1
