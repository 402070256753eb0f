"""A conversation survives a restart: the JSON round trip, the stack of questions, and bubbles that grow old."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.raw import RawText
from handlers.thread import BUBBLES, Bubble, Choice, Question, Thread

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
words = st.text(max_size=20)
raw = words.map(RawText)
times = st.datetimes(timezones=st.just(UTC))
questions = st.builds(
    Question,
    kind=words,
    case=words,
    choices=st.lists(st.builds(Choice, words, words), max_size=3).map(tuple),
    asked_at=times,
    times=st.integers(1, 5),
    facts=st.dictionaries(words, words, max_size=3),
    words=raw,
)
threads = st.builds(
    Thread,
    person=st.just("zhang"),
    welcomed=st.booleans(),
    script=st.sampled_from(["hans", "hant"]),
    questions=st.lists(questions, max_size=4).map(tuple),
    bubbles=st.lists(st.builds(Bubble, raw, times, words), max_size=5).map(tuple),
    topic=words,
    answer=words,
    unclear=st.integers(0, 3),
    anonymous=st.booleans(),
    version=st.integers(0, 9),
)


@settings(deadline=None)
@given(threads)
def test_what_was_written_is_read_back(thread: Thread) -> None:
    document = json.loads(json.dumps(thread.to_json(), ensure_ascii=False))
    assert Thread.from_json("zhang", thread.version, document) == thread


def test_a_thread_of_nothing_is_read_from_nothing() -> None:
    assert Thread.from_json("zhang", 0, {}) == Thread(person="zhang")


@settings(deadline=None)
@given(threads, questions)
def test_a_question_is_asked_once_per_kind_and_case(thread: Thread, question: Question) -> None:
    asked = thread.asking(question).asking(question)
    assert asked.question == question
    assert [(q.kind, q.case) for q in asked.questions].count((question.kind, question.case)) == 1
    assert len(asked.questions) <= 4
    answered = asked.without(question)
    assert (question.kind, question.case) not in [(q.kind, q.case) for q in answered.questions]
    assert not [q for q in asked.without_kinds(question.kind).questions if q.kind == question.kind]


def test_only_the_last_fresh_bubble_is_joined() -> None:
    thread = Thread(person="zhang").heard("在3号楼", NOW).heard("门口", NOW + timedelta(seconds=30))
    assert thread.earlier(NOW + timedelta(seconds=40)) == "门口"
    assert thread.earlier(NOW + timedelta(seconds=30) + BUBBLES) == "门口"
    assert thread.earlier(NOW + timedelta(seconds=31) + BUBBLES) == ""
    assert Thread(person="zhang").earlier(NOW) == ""


def test_old_bubbles_are_forgotten_and_few_are_kept() -> None:
    thread = Thread(person="zhang")
    for n in range(10):
        thread = thread.heard(f"第{n}句", NOW + timedelta(seconds=n))
    assert [bubble.words.reveal() for bubble in thread.bubbles] == ["第5句", "第6句", "第7句", "第8句", "第9句"]
    thread = thread.heard("很久以后", NOW + timedelta(hours=1))
    assert [bubble.words.reveal() for bubble in thread.bubbles] == ["很久以后"]


def test_words_do_not_slip_into_a_log() -> None:
    thread = Thread(person="zhang").heard("我电话13812345678", NOW)
    assert "138" not in repr(thread)
    assert "138" not in f"{thread.bubbles[0]}"
