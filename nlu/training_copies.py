"""Knows how a sentence is told again with a part left out, so that a label is not learnt from one word of it alone."""

from __future__ import annotations

import re
from random import Random
from zlib import crc32

COPIES = 2
"""So many shortened copies of a sentence are learnt beside it. Five do no better than two, none is worse."""
COPY_WEIGHT = 0.6
"""What a copy counts for, of a sentence's 1."""

_CLAUSES = re.compile(r"(?<=[，。！？,.!?；; ])")
_ENOUGH_CLAUSES, _BY_CLAUSE = 3, 0.6
_SHORTEST = 8  # of a shorter sentence every character may be the one that matters
_LEAST, _MOST = 0.15, 0.3


def shortened(text: str, chance: Random) -> str:
    """The text without one of its clauses, or without a stretch of 15–30 % of its characters; "" if it is too short."""
    clauses = [clause for clause in _CLAUSES.split(text) if clause]
    if len(clauses) >= _ENOUGH_CLAUSES and chance.random() < _BY_CLAUSE:
        del clauses[chance.randrange(len(clauses))]
        return "".join(clauses)
    if len(text) < _SHORTEST:
        return ""
    length = max(2, int(len(text) * chance.uniform(_LEAST, _MOST)))
    start = chance.randrange(len(text) - length)
    return text[:start] + text[start + length :]


def copies_of(texts: tuple[str, ...]) -> list[tuple[int, str]]:
    """The shortened copies of all texts, with the row of the text each was made from.

    A text's copies depend on nothing but itself: one sentence more changes no other's.
    """
    made = [
        (row, shortened(text, Random(crc32(f"{copy} {text}".encode("utf-8", "surrogatepass")))))
        for row, text in enumerate(texts)
        for copy in range(COPIES)
    ]
    return [(row, text) for row, text in made if text]
