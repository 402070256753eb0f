"""Knows how a text is read before anything is decided: evened out, with its way back, and in standard speech."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlu.dialect import Standardiser
from nlu.normalise import Normaliser, Plain
from nlu.script import Scripts
from nlu.seeking import Seen
from nlu.wordlists import WordLists


@dataclass(frozen=True, slots=True)
class Reading:
    """One text read: `plain` keeps the way back to the words as sent, `speech` is for deciding only.

    `told` and `seen` are what `plain` and `speech` have of the reader's word lists.
    """

    plain: Plain
    speech: str
    told: Seen
    seen: Seen


class Reader:
    """Reads texts: script, width, invisible characters, dialect."""

    def __init__(self, script: Scripts | None = None) -> None:
        self.script = script or Scripts()
        self._normaliser = Normaliser(self.script)
        self.lists = WordLists()
        self._standardiser = Standardiser(self.lists)

    def read(self, text: str) -> Reading:
        """One text, read."""
        return self.read_all([text])[0]

    def read_all(self, texts: Sequence[str]) -> list[Reading]:
        """Some texts, read: most are in standard speech already, the others are looked through once more."""
        plains = [self._normaliser.plain(text) for text in texts]
        told = self.lists.of_all([plain.text for plain in plains])
        speeches = [self._standardiser.standard(plain.text, seen) for plain, seen in zip(plains, told, strict=True)]
        pairs = list(zip(plains, speeches, strict=True))
        again = iter(self.lists.of_all([speech for plain, speech in pairs if speech != plain.text]))
        return [
            Reading(plain, speech, seen, seen if speech == plain.text else next(again))
            for (plain, speech), seen in zip(pairs, told, strict=True)
        ]
