"""Knows how a text is read before anything is decided: evened out, with its way back, and in standard speech."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from nlu.dialect import Standardiser
from nlu.lexica import pieces_of
from nlu.normalise import Normaliser, Plain
from nlu.script import Scripts


@dataclass(frozen=True, slots=True)
class Reading:
    """One text read: `plain` keeps the way back to the words as sent, `speech` is for deciding only.

    `pieces` are the characters and pairs of characters of `speech`: what a text does not have need not be sought in it.
    """

    plain: Plain
    speech: str
    pieces: Set[str]


class Reader:
    """Reads texts: script, width, invisible characters, dialect."""

    def __init__(self, script: Scripts | None = None) -> None:
        self.script = script or Scripts()
        self._normaliser = Normaliser(self.script)
        self._standardiser = Standardiser()

    def read(self, text: str) -> Reading:
        """One text, read."""
        plain = self._normaliser.plain(text)
        pieces = pieces_of(plain.text)
        speech = self._standardiser.standard(plain.text, pieces)
        return Reading(plain, speech, pieces if speech == plain.text else pieces_of(speech))
