"""Knows that no text, however made, is too much for the ear: a few thousand of those that `tests.nlu.fuzz` makes."""

from __future__ import annotations

import pytest

from nlu.ear import EmbeddedEar
from nlu.placewords import PlaceWords
from nlu.reading import Reader
from nlu.redaction import Redactor
from nlu.slots import Slots
from nlu.understanding import LABELS
from tests.nlu.fuzz import Unkindness, run, sentences

TEXTS = 3000
HUGE = 65536
SHAPES = {
    "empty": "",
    "one character": "火" * HUGE,
    "a digit": "1" * HUGE,
    "digits apart": "1 " * (HUGE // 2),
    "a surname": "王" * HUGE,
    "lone surrogates": "\ud800" * HUGE,
    "zero-width": "\u200b" * HUGE,
    "bidi": "\u202e救命\u202c" * 5000,
    "emoji": "😀" * 10_000,
    "web page": "<div><p>路灯坏了</p></div>" * 2000,
    "JSON": '{"text": ["着火", null, 1e9]}' * 2000,
    "another language": "Пожалуйста, помогите, здесь темно. " * 1500,
}


def test_no_made_text_is_too_much(ear: EmbeddedEar) -> None:
    outcome = run(ear, Unkindness(1, sentences(), huge=False).texts(TEXTS))
    assert outcome.count == TEXTS


@pytest.mark.parametrize("shape", list(SHAPES))
def test_every_shape_has_an_answer(ear: EmbeddedEar, shape: str) -> None:
    heard = ear.understand([(SHAPES[shape], "")])[0].alone
    assert heard.label in LABELS
    masked = Redactor().redact(SHAPES[shape])
    assert Redactor().redact(masked) == masked


@pytest.mark.parametrize("made", ["points", "numbers", "mutated", "odd"])
def test_spans_of_made_texts_are_the_texts(made: str) -> None:
    reader, slots = Reader(), Slots(PlaceWords())
    texts = [text for how, text in Unkindness(2, sentences(), huge=False).texts(3000) if how == made]
    assert texts
    for text in texts:
        spans = slots.find(text, reader.read(text).plain)
        assert all(span.text == text[span.start : span.end] for span in spans)
        assert all(before.end <= after.start for before, after in zip(spans, spans[1:], strict=False))


def test_masking_made_texts_again_changes_nothing() -> None:
    redactor = Redactor()
    for how, text in Unkindness(3, sentences(), huge=False).texts(3000):
        once = redactor.redact(text)
        assert redactor.redact(once) == once, (how, text[:200])
