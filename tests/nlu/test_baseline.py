"""What plain words promise while there is no sound model: danger is heard as ever, everything else is asked back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.baseline import Baseline
from nlu.ear import EmbeddedEar
from nlu.lexica import read_lexicon, words_of
from nlu.places import Gazetteer
from nlu.understanding import EMERGENCY_TYPES, LABELS, Understanding
from tests.nlu.conftest import CUES

CLOSE = 0.10  # nearer than this, the desk asks which of the two is meant (handlers/listening.py)


@pytest.fixture(scope="module")
def plain(gazetteer: Gazetteer) -> EmbeddedEar:
    return EmbeddedEar(Baseline(CUES), gazetteer, CUES)


def heard(ear: EmbeddedEar, text: str) -> Understanding:
    return ear.understand([(text, "")])[0].alone


def test_its_words_are_concepts_and_labels() -> None:
    lexicon, concepts = read_lexicon("baseline"), read_lexicon("concepts")
    assert set(lexicon) == set(LABELS) - {"emergency"}, "danger is the gate's, and the catalogue's words'"
    named = [name for names in lexicon.values() for name in words_of(names)]
    assert [name for name in named if name not in concepts] == []
    assert len(named) == len(set(named))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("楼道里有人飞线充电", "safety_hazard"),
        ("路灯坏了", "public_facilities"),
        ("垃圾没人清，臭死了", "sanitation_environment"),
        ("摆摊的把人行道占了", "urban_order"),
        ("楼上漏水要他赔，帮我们调解", "dispute_mediation"),
        ("低保怎么申请", "service_agency"),
        ("转人工", "human_handoff"),
        ("你好", "greeting"),
    ],
)
def test_plain_words(plain: EmbeddedEar, text: str, label: str) -> None:
    found = heard(plain, text)
    assert found.label == label
    assert found.confidence - found.runner_up_confidence < CLOSE


@pytest.mark.parametrize(("text", "kind"), [("着火了快来人", "fire"), ("我爸晕倒了叫不醒", "medical")])
def test_danger_is_heard_as_ever(plain: EmbeddedEar, text: str, kind: str) -> None:
    found = heard(plain, text)
    assert (found.label, found.emergency_type) == ("emergency", kind)
    assert found.confidence >= 0.9


def test_danger_without_a_rule_is_offered_and_never_decided(plain: EmbeddedEar) -> None:
    found = heard(plain, "电影里着火那一段拍得真好")
    assert found.label != "emergency"
    assert found.runner_up == "emergency"


@given(st.text(max_size=200))
def test_any_text(plain: EmbeddedEar, text: str) -> None:
    found = heard(plain, text)
    assert found.label in LABELS
    assert found.runner_up in LABELS
    assert found.label != found.runner_up
    assert found.emergency_type in EMERGENCY_TYPES
    sure = found.label == "emergency" or (found.label == "greeting" and found.confidence > 0.9)
    assert sure or found.confidence - found.runner_up_confidence < CLOSE


def test_strange_words_are_not_understood(plain: EmbeddedEar) -> None:
    assert heard(plain, "龘靐齉爩").confidence < 0.2


def test_an_ear_takes_another_model(plain: EmbeddedEar, ear: EmbeddedEar) -> None:
    assert heard(plain.with_model(Baseline({})), "路灯坏了").confidence <= 0.5
    assert plain.with_model(Baseline({})) is not plain
