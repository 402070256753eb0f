"""Knows what the training data promise: enough of everything, many voices, no word that gives away, nothing frozen."""

from __future__ import annotations

from collections import Counter

import pytest

from nlu.corpus import Sentence, read_corpus
from nlu.diversity import ALIKE, Evened, Pairs, alike, alike_across, giveaways, growth, two_labels
from nlu.measuring.sets import FROZEN_DIR, read_sets
from nlu.understanding import EMERGENCY_TYPES, LABELS

LEAST = {label: 250 for label in LABELS} | {"emergency": 500, "out_of_scope": 500}
LEAST_OF_TYPE = 40
MOST_ALIKE = 0.02
"""Of a label: there are only so many ways of asking for a person."""
KEEPS_GROWING = 0.6
REGISTERS = {"chat": 0.3, "board": 0.15, "near": 0.0}
"""What registers there are, and the least share of each."""


@pytest.fixture(scope="module")
def sentences() -> tuple[Sentence, ...]:
    """What is shipped; a town's own history, where one lies there, is not held to this."""
    return tuple(one for one in read_corpus().sentences if one.writer != "history")


@pytest.fixture(scope="module")
def evened() -> Evened:
    return Evened()


@pytest.fixture(scope="module")
def pairs(sentences: tuple[Sentence, ...], evened: Evened) -> list[Pairs]:
    return [evened.pairs(one.text) for one in sentences]


def test_there_is_enough_of_every_label(sentences: tuple[Sentence, ...]) -> None:
    counts = Counter(one.label for one in sentences)
    assert set(counts) == set(LABELS)
    assert {label: counts[label] for label, least in LEAST.items() if counts[label] < least} == {}


def test_there_is_enough_of_every_danger(sentences: tuple[Sentence, ...]) -> None:
    counts = Counter(one.type for one in sentences if one.label == "emergency")
    assert set(counts) == set(EMERGENCY_TYPES[1:]), "every emergency has its type"
    assert {kind: times for kind, times in counts.items() if times < LEAST_OF_TYPE} == {}
    assert [one.text for one in sentences if one.type and one.label != "emergency"] == []


def test_every_sentence_has_a_writer_and_a_register(sentences: tuple[Sentence, ...]) -> None:
    counts = Counter(one.register for one in sentences)
    assert set(counts) <= set(REGISTERS)
    assert {name: counts[name] for name, share in REGISTERS.items() if counts[name] < share * len(sentences)} == {}
    assert [one.text for one in sentences if not one.writer] == []
    assert len({one.writer for one in sentences}) > 4


def test_no_text_has_two_labels(sentences: tuple[Sentence, ...], evened: Evened) -> None:
    assert two_labels(sentences, evened.text) == {}


def test_hardly_a_sentence_is_there_twice(sentences: tuple[Sentence, ...], pairs: list[Pairs]) -> None:
    found = alike(pairs)
    across = [(sentences[x.one].text, sentences[x.other].text) for x in found
              if sentences[x.one].label != sentences[x.other].label]  # fmt: skip
    assert across == []
    repeated = Counter(sentences[x.other].label for x in found)
    whole = Counter(one.label for one in sentences)
    assert {label: times for label, times in repeated.items() if times > MOST_ALIKE * whole[label]} == {}


@pytest.mark.parametrize("label", LABELS)
def test_the_vocabulary_keeps_growing(label: str, sentences: tuple[Sentence, ...], pairs: list[Pairs]) -> None:
    """Templates run out of words; people do not."""
    rates = growth([one for one, sentence in zip(pairs, sentences, strict=True) if sentence.label == label])
    assert rates[-1] >= KEEPS_GROWING * rates[1]


def test_no_word_gives_a_label_away(sentences: tuple[Sentence, ...]) -> None:
    assert giveaways(sentences) == []


def test_nothing_frozen_is_learnt(sentences: tuple[Sentence, ...], pairs: list[Pairs], evened: Evened) -> None:
    """Take the sentence out of the training data, or out of the set."""
    frozen = [(one.name, example) for one in read_sets(FROZEN_DIR, ours=True) for example in one.examples]
    found = alike_across(pairs, [evened.pairs(example.text) for _, example in frozen])
    assert [(frozen[x.other][0], frozen[x.other][1].line, sentences[x.one].text) for x in found] == []


def test_the_check_itself_finds_what_it_looks_for(evened: Evened) -> None:
    texts = ["三号楼的路灯坏了两天没人修", "四号楼的路灯坏了两天没人修呀", "楼下烧烤店的烟一直往家里飘"]
    found = alike([evened.pairs(text) for text in texts], 0.6)
    assert [(x.one, x.other) for x in found] == [(0, 1)]
    assert evened.pairs("路燈壞了!!") == evened.pairs("路灯坏了")
    same = [evened.pairs(text) for text in ("1号楼停水", "2号楼停水", "停水了")]
    assert [(x.one, x.other) for x in alike(same, ALIKE)] == [(0, 1)]
    assert [(x.one, x.other) for x in alike_across(same[:1], same[1:])] == [(0, 0)]


def test_templates_stop_growing(evened: Evened) -> None:
    made = [f"{who}家{what}坏了" for who in "张王李赵钱孙周吴郑冯" for what in ("灯", "门", "窗", "锁")]
    rates = growth([evened.pairs(text) for text in made])
    assert rates[-1] < KEEPS_GROWING * rates[1]


def test_a_keyword_is_found() -> None:
    said = [Sentence(f"信访{word}", "petition") for word in "甲乙丙"] + [Sentence("路灯坏了", "public_facilities")] * 60
    assert {(one.label, one.word) for one in giveaways(said)} == {
        ("petition", "信访"),
        ("public_facilities", "路灯"),
        ("public_facilities", "灯坏"),
        ("public_facilities", "坏了"),
    }
