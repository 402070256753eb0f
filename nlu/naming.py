"""Knows how names that a town knows are masked wherever they stand: in any script or width, apart or together."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nlu.normalise import Normaliser
from nlu.redaction import MASKS
from nlu.script import Scripts

SHORTEST = 2
"""Characters of a name that is looked for; a single one stands in half of all sentences."""


class Naming:
    """Masks names that are known, beside those that the redactor finds by their titles."""

    def __init__(self) -> None:
        self._normaliser = Normaliser(Scripts())

    def sought(self, names: Iterable[str]) -> re.Pattern[str] | None:
        """What finds any of these names in an even text, the longest first; None where there is none to be found."""
        even = {"".join(self._normaliser.plain(name).text.split()) for name in names}
        chosen = sorted((name for name in even if len(name) >= SHORTEST), key=lambda name: (-len(name), name))
        return re.compile("|".join(r"\s*".join(map(re.escape, name)) for name in chosen)) if chosen else None

    def mask(self, text: str, sought: re.Pattern[str] | None) -> str:
        """The text with a mask in the place of each name; everything else is as it was sent."""
        if sought is None:
            return text
        plain = self._normaliser.plain(text)
        out: list[str] = []
        kept = 0
        for found in sought.finditer(plain.text):
            start, end = plain.original(*found.span())
            if start >= kept:
                out += (text[kept:start], MASKS["person"])
                kept = end
        return "".join([*out, text[kept:]])
