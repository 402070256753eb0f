"""Knows what a Rasa server answers to `/model/parse`, and what of it is believed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from nlu.model import Scores
from nlu.second import log_odds
from nlu.understanding import LABELS

_FALLBACK = "nlu_fallback"
_UNSURE = 0.3  # where Rasa falls back nothing is surer than this, so that the bot asks back
_KNOWN = frozenset({*LABELS, _FALLBACK})


class AnswerError(Exception):
    """What came is no answer of a Rasa server with our labels; the message says why, without a word of the text."""


def read_answer(body: bytes) -> Scores:
    """The probabilities in an answer. Raises AnswerError."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise AnswerError("no JSON") from error
    if not isinstance(answer, Mapping):
        raise AnswerError("no mapping")
    ranking = answer.get("intent_ranking")
    shares = [_share(one) for one in (ranking if isinstance(ranking, list) and ranking else [answer.get("intent")])]
    told = sorted(((name, share) for name, share in shares if name != _FALLBACK), key=lambda one: -one[1])
    if not told or len(dict(told)) < len(told):
        raise AnswerError("no label, or one twice")
    return _scores(told, _ceiling(answer.get("intent"), told[0][1]))


def _share(one: Any) -> tuple[str, float]:
    name, share = (one.get("name"), one.get("confidence")) if isinstance(one, Mapping) else (None, None)
    if not isinstance(name, str) or name not in _KNOWN:
        raise AnswerError("a label that is not ours")
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:  # NaN is neither
        raise AnswerError("a confidence that is none")
    return name, float(share)


def _ceiling(intent: Any, best: float) -> float:
    """By how much all shares are lowered: FallbackClassifier names itself where it found nothing or two things."""
    fallen = isinstance(intent, Mapping) and intent.get("name") == _FALLBACK
    return min(1.0, _UNSURE / best) if fallen and best else 1.0


def _scores(told: list[tuple[str, float]], scale: float) -> Scores:
    """The two best. The emergency's own share stays as it is: doubt between two labels is no reason not to alarm."""
    shares = dict(told)
    (first, share), *others = told
    second, runner_up = others[0] if others else (next((label for label in LABELS if label != first), first), 0.0)
    sure, other = share * scale, runner_up * scale
    return Scores(first, sure, second, other, shares.get("emergency", 0.0), log_odds(sure), log_odds(other))
