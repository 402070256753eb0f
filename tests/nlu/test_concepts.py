"""The lexicon of concepts holds what the featuriser can find, and the featuriser finds it."""

from __future__ import annotations

from collections import Counter

import pytest

from nlu.features import BLOCKS, Featuriser
from nlu.lexica import read_lexicon, words_of
from nlu.reading import Reader

CONCEPTS = {name: words_of(words) for name, words in read_lexicon("concepts").items()}
READER, FEATURISER = Reader(), Featuriser()
NAMES = [name for name, _, _ in BLOCKS]


def found(text: str, block: str) -> set[str]:
    return set(FEATURISER.features(READER.read(text).speech).blocks[NAMES.index(block)])


def test_families() -> None:
    assert {name[:2] for name in CONCEPTS} == {"t_", "a_", "s_"}


@pytest.mark.parametrize("name", CONCEPTS)
def test_words_can_be_found(name: str) -> None:
    words = CONCEPTS[name]
    assert len(words) >= 5
    assert [word for word, times in Counter(words).items() if times > 1] == []
    assert [word for word in words if not 2 <= len(word) <= 9] == []
    assert [word for word in words if READER.read(word).speech != word] == []
    block = "topics" if name.startswith("t_") else "acts"
    assert [word for word in words if name not in found(word, block)] == []


def test_no_word_is_in_many_concepts() -> None:
    times = Counter(word for words in CONCEPTS.values() for word in words)
    assert [word for word, count in times.items() if count > 3] == []


def test_what_is_said_is_apart_from_what_it_is_about() -> None:
    assert found("请问低保怎么申请", "topics") >= {"t_benefit/minimum", "t_procedure"}
    assert "a_consult" in found("请问低保怎么申请", "acts")
    assert "a_consult" not in found("请问低保怎么申请", "topics")
    assert "a_consult+t_benefit/minimum" in found("请问低保怎么申请", "meetings")


def test_kin_words_meet_in_one_concept() -> None:
    assert found("声控灯坏了", "topics") & found("路灯不亮", "topics") == {"t_lamp"}
    assert found("小格", "topics") == set()


def test_a_text_meets_few_concepts() -> None:
    counts = [len(found("三栋楼道里又有人给电动车充电，线从五楼吊下来", block)) for block in ("topics", "acts")]
    assert 1 <= sum(counts) <= 12
