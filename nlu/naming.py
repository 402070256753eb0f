"""Knows how names that a town knows are masked wherever they stand: in any script or width, apart or together."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nlu.normalise import Normaliser
from nlu.redaction import MASKS
from nlu.script import Scripts

_LATIN = re.compile("[a-z]")
SHORTEST = 2
"""Characters of a name that is looked for; a single one stands in half of all sentences."""


class Naming:
    """Masks names that are known, beside those that the redactor finds by their titles."""

    def __init__(self) -> None:
        self._normaliser = Normaliser(Scripts())

    def sought(self, names: Iterable[str]) -> re.Pattern[str] | None:
        """What finds any of these names in an even text, the longest first; None where there is none to be found.

        A name without a letter is none that can be told from a number (12栋).
        """
        even = {"".join(self._normaliser.plain(name).text.split()) for name in names}
        known = (name for name in even if len(name) >= SHORTEST and any(map(str.isalpha, name)))
        chosen = sorted(known, key=lambda name: (-len(name), name))
        return re.compile("|".join(map(_apart, chosen))) if chosen else None

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


def _apart(name: str) -> str:
    """Written together or apart; no Latin letter adjoins one that it begins or ends with: Li is not in police."""
    before, after = (_LATIN.fullmatch(end) for end in (name[0], name[-1]))
    letters = r"\s*".join(map(re.escape, name))
    return f"{'(?<![a-z])' if before else ''}{letters}{'(?![a-z])' if after else ''}"
