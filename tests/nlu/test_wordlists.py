"""Knows that all word lists together are found as each would be found by itself, in one text and in many."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlu.corpus import read_corpus
from nlu.features import Featuriser
from nlu.gate import Gate
from nlu.needed import needed
from nlu.reading import Reader
from nlu.wordlists import WordLists, called, classes_of

CLASSES = (("火", "着火", "着火了吗"), ("车",), ("电动", "电动车", "动车"), ("了吗", "火"))
EXPRESSIONS = ("着火|冒烟", "电动车.{0,3}火", "火", ".")
WAYS = ((0, (0, 1)), (0, (2,)), (1, (3, 0, 2)), (2, ()))
TEXTS = st.lists(st.text(alphabet="电动车着火了吗冒烟\0\n\ud800𨋢，"), max_size=20)


def lists() -> tuple[WordLists, range, range, range]:
    made = WordLists()
    numbers = [made.add(words) for words in CLASSES]
    return made, range(numbers[0], numbers[-1] + 1), made.calls(3, lambda: WAYS), made.shortlist(EXPRESSIONS)


@given(TEXTS)
def test_each_list_is_found_as_if_it_were_alone(texts: list[str]) -> None:
    made, classes, calls, shortlist = lists()
    for text, seen in zip(texts, made.of_all(texts), strict=True):
        assert seen == made.of(text)
        there = [at for at, words in enumerate(CLASSES) if any(word in text for word in words)]
        assert classes_of(seen, classes) == there
        assert called(seen, calls) == sorted({at for at, asked in WAYS if set(asked) <= set(there)})
        assert called(seen, shortlist) == [
            at
            for at, expression in enumerate(EXPRESSIONS)
            if any(all(any(one in text for one in some) for some in way) for way in needed(expression))
        ]


def test_one_by_one_and_together_find_the_same_in_what_people_write() -> None:
    reader = Reader()
    gate, featuriser = Gate(lists=reader.lists), Featuriser(reader.lists)
    readings = reader.read_all(read_corpus().texts[::20])
    assert [reading.seen for reading in readings] == [reader.lists.of(reading.speech) for reading in readings]
    one = readings[0]
    assert gate.judge(one.speech, one.seen) == Gate().judge(one.speech)
    assert featuriser.features(one.speech, one.seen) == Featuriser().features(one.speech)


def test_lists_can_be_handed_in_after_texts_were_read() -> None:
    made = WordLists()
    first = made.add(["火"])
    assert made.of("着火").classes == [first]
    second = made.add(["着火"])
    assert made.of("着火").classes == [first, second]
    assert [seen.classes for seen in made.of_all(["着火", "车"] * 9)] == [[first, second], []] * 9
