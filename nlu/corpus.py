"""Knows the training data: Rasa-format YAML, hard negatives, sentences by emergency type, and their fingerprint."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu.lexica import LEXICON_DIR, read_yaml

DATA_DIR = Path(__file__).with_name("data")
_ENTITY = re.compile(r"\[([^\[\]]+)\](?:\([^()]*\)|\{[^{}]*\})")
_CODE = (
    "corpus", "dialect", "features", "lexica", "model", "normalise", "pinyin", "reading", "script", "training",
    "understanding",
)  # fmt: skip
_LEXICA = ("concepts", "dialect", "syllables")


@dataclass(frozen=True, slots=True)
class Corpus:
    """All that is learnt from: texts with their labels, and the emergency type of those texts that have one."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    types: Mapping[str, str]


def read_corpus(data_dir: Path = DATA_DIR) -> Corpus:
    """Every sentence of the folder, in a fixed order, each (text, label) once."""
    rows: dict[tuple[str, str], None] = {}
    types: dict[str, str] = {}
    for path in _files(data_dir):
        document = read_yaml(path) or {}
        rows.update((row, None) for row in _intents(document))
        rows.update(((str(row["text"]), str(row["label"])), None) for row in document.get("hard_negatives", ()))
        for kind, sentences in document.get("emergency_types", {}).items():
            types.update((str(sentence), str(kind)) for sentence in sentences)
    rows.update(((text, "emergency"), None) for text in types)
    return Corpus(tuple(text for text, _ in rows), tuple(label for _, label in rows), types)


def fingerprint(data_dir: Path = DATA_DIR) -> str:
    """A hash of the data, the lexica and the code that turn them into a model: same hash, same model."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    inputs = [*_files(data_dir), *(LEXICON_DIR / f"{name}.yml" for name in _LEXICA), *(here / f"{m}.py" for m in _CODE)]
    for path in inputs:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _files(data_dir: Path) -> list[Path]:
    return sorted(data_dir.glob("*.yml"))


def _intents(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for entry in document.get("nlu", ()):
        label = entry.get("intent")
        if not label:
            continue  # synonyms, look-up tables and expressions are Rasa's business
        examples = entry.get("examples", "")
        lines = examples.splitlines() if isinstance(examples, str) else [f"- {row['text']}" for row in examples]
        for line in lines:
            text = _ENTITY.sub(r"\1", line.strip().removeprefix("-").strip())
            if text:
                yield text, str(label)
