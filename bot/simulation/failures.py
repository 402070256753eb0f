"""Knows by which sentences of the bot something went wrong for whoever heard them, and counts these."""

from __future__ import annotations

import re
from collections import Counter

from bot.stage import Shown
from handlers.wording import Wording

_HEADS = ("refuse.", "unclear.", "ask.meaning", "ask.place_again", "human.noted", "place.unknown_ok", "failed")
"""Keys of sentences that tell of something that did not go through at once."""

_FIELD = re.compile(r"\\\{\w+\\\}")
LEAST = 4
"""A sentence with fewer characters of its own is in too many letters."""


class Failures:
    """Counts answers that say no, ask back or hand over, by the key of their sentence."""

    def __init__(self, wording: Wording) -> None:
        self.found: Counter[str] = Counter()
        sentences = [(key, text) for key, text in wording.sentences.items() if key.startswith(_HEADS)]
        self._forms = [
            (key, re.compile(_FIELD.sub(".+?", re.escape(text))))
            for key, text in sorted(sentences, key=lambda pair: (-len(pair[1]), pair[0]))
            if len(re.sub(r"\{\w+\}", "", text)) >= LEAST
        ]

    def letter(self, one: Shown) -> None:
        """A letter is looked through for the longest of these sentences."""
        if one.letter.kind == "reply":
            key = next((key for key, form in self._forms if form.search(one.letter.text)), "")
            if key:
                self.found[key] += 1
