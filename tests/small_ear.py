"""Knows an ear that is learnt in seconds: some sentences of each label, all labels, for tests that train again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import yaml

from nlu.corpus import Sentence, read_corpus

EACH = 150


def few_sentences(folder: Path) -> None:
    """Writes the first sentences of each label, and of each type of emergency, as training data."""
    counts: Counter[tuple[str, str]] = Counter()
    rows: dict[tuple[str, str], list[str]] = {}
    for one in read_corpus().sentences:
        if counts[_kind(one)] < EACH:
            counts[_kind(one)] += 1
            rows.setdefault(_kind(one), []).append(one.text)
    blocks = [
        {"intent": label, "metadata": {"type": kind}, "examples": [{"text": text} for text in texts]}
        for (label, kind), texts in rows.items()
    ]
    folder.mkdir(parents=True)
    (folder / "few.yml").write_text(yaml.safe_dump({"nlu": blocks}, allow_unicode=True), encoding="utf-8")


def _kind(one: Sentence) -> tuple[str, str]:
    return one.label, one.type
