"""Knows how tests look for slots: the words found in a text, by kind."""

from __future__ import annotations

from nlu.placewords import PlaceWords
from nlu.reading import Reader
from nlu.slots import Slots
from nlu.understanding import Span

_READER = Reader()
WORDS = PlaceWords()
_SLOTS = Slots(WORDS)


def spans(text: str) -> tuple[Span, ...]:
    """All that is found in a text."""
    return _SLOTS.find(text, _READER.read(text).plain)


def found(text: str, kind: str) -> list[str]:
    """The words of one kind, in order."""
    return [span.text for span in spans(text) if span.kind == kind]
