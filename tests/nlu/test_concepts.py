"""The lexicon of concepts holds what the featuriser can find, and the featuriser finds it."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from nlu.features import BLOCK_AT, BLOCKS, TEXT_AT, Featuriser, written_out
from nlu.lexica import read_lexicon, words_of
from nlu.reading import Reader

CONCEPTS = {name: words_of(words) for name, words in read_lexicon("concepts").items()}
READER, FEATURISER = Reader(), Featuriser()
NAMES = [name for name, _, _ in BLOCKS]


def found(text: str) -> set[str]:
    return set(FEATURISER.features(READER.read(text).speech).concepts)


def test_families() -> None:
    assert {name[:2] for name in CONCEPTS} == {"t_", "a_", "s_"}


@pytest.mark.parametrize("name", CONCEPTS)
def test_words_can_be_found(name: str) -> None:
    words = CONCEPTS[name]
    assert len(words) >= 5
    assert [word for word, times in Counter(words).items() if times > 1] == []
    assert [word for word in words if not 2 <= len(word) <= 9] == []
    assert [word for word in words if READER.read(word).speech != word] == []
    assert [word for word in words if name not in found(word)] == []


def test_no_word_is_in_many_concepts() -> None:
    times = Counter(word for words in CONCEPTS.values() for word in words)
    assert [word for word, count in times.items() if count > 3] == []


def test_what_is_said_is_apart_from_what_it_is_about() -> None:
    assert found("请问低保怎么申请") >= {"t_benefit/minimum", "t_procedure", "a_consult"}
    one = written_out([FEATURISER.features(READER.read("请问低保怎么申请").speech)])
    blocks = Counter(NAMES[block] for block in (one >> BLOCK_AT).tolist())
    concepts = blocks["topics"] + blocks["acts"]
    assert blocks["topics"] >= 2
    assert blocks["acts"] >= 1
    assert blocks["meetings"] == concepts * (concepts - 1) // 2


def test_kin_words_meet_in_one_concept() -> None:
    assert {name for name in found("声控灯坏了") & found("路灯不亮") if name.startswith("t_")} == {"t_lamp"}
    assert {name for name in found("小格") if name.startswith("t_")} == set()


def test_a_text_meets_few_concepts() -> None:
    assert 1 <= len(found("三栋楼道里又有人给电动车充电，线从五楼吊下来")) <= 12


def test_each_feature_once_and_by_its_text() -> None:
    """However texts are put together, each is written out as it is by itself: no pair reaches into the next text."""
    alone = [FEATURISER.features(text) for text in ("路灯路灯坏了", "", "𨋢坏咗\ud800", "a0001好了没")]
    together = written_out(alone)
    assert (np.diff(together) > 0).all()
    for at, features in enumerate(alone):
        own = written_out([features])
        assert together[together >> TEXT_AT == at].tolist() == [key | at << TEXT_AT for key in own.tolist()]
        pairs = {first + second for first, second in zip(features.bare, features.bare[1:], strict=False)}
        sounds = {first + second for first, second in zip(features.heard, features.heard[1:], strict=False)}
        assert len(own) == len({*features.bare, *pairs}) + len(sounds) + len(set(features.others))
