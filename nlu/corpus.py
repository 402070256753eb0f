"""Knows the training data: sentences in Rasa's YAML with labels, what else was noted of them, and a fingerprint."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nlu.lexica import LEXICON_DIR, read_yaml

DATA_DIR = Path(__file__).with_name("data")
_ENTITY = re.compile(r"\[([^\[\]]+)\](?:\([^()]*\)|\{[^{}]*\})")
_CODE = (
    "audit", "corpus", "dialect", "families", "features", "gate", "lexica", "model", "needed", "normalise", "packing",
    "pinyin", "reading", "script", "seeking", "training", "training_copies", "training_fit", "training_matrix",
    "training_net", "understanding", "wordlists",
)  # fmt: skip
_LEXICA = ("concepts", "danger", "dialect", "emergency", "syllables")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence to learn from.

    `type` is the emergency's type, `secondary` the label of a second ask; `writer` and `register` (chat, board) are
    kept so that what one person wrote is never measured with what the same person taught. "" where nothing was noted.
    """

    text: str
    label: str
    type: str = ""
    secondary: str = ""
    writer: str = ""
    register: str = ""


@dataclass(frozen=True, slots=True)
class Corpus:
    """All that is learnt from, in a fixed order."""

    sentences: tuple[Sentence, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts alone."""
        return tuple(one.text for one in self.sentences)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels alone."""
        return tuple(one.label for one in self.sentences)


def read_corpus(data_dir: Path = DATA_DIR) -> Corpus:
    """Every sentence of the folder, each (text, label) once."""
    found: dict[tuple[str, str], Sentence] = {}
    for path in _files(data_dir):
        for sentence in _sentences(read_yaml(path) or {}):
            found.setdefault((sentence.text, sentence.label), sentence)
    return Corpus(tuple(found.values()))


def fingerprint(data_dir: Path = DATA_DIR) -> str:
    """A hash of the data, the lexica and the code that turn them into a model: same hash, same model."""
    return _hash([*_files(data_dir), *_makers()])


@cache
def code_mark() -> str:
    """A hash of the lexica and the code alone: a model made under another mark means other things by its features."""
    return _hash(_makers())


def _makers() -> list[Path]:
    here = Path(__file__).parent
    return [*(LEXICON_DIR / f"{name}.yml" for name in _LEXICA), *(here / f"{module}.py" for module in _CODE)]


def _hash(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _files(data_dir: Path) -> list[Path]:
    return sorted(data_dir.glob("*.yml"))


def _sentences(document: Mapping[str, Any]) -> Iterator[Sentence]:
    """The examples of every block `intent:`; a block's and an example's `metadata` say what else was noted."""
    for block in document.get("nlu", ()):
        label = block.get("intent")
        if not label:
            continue  # synonyms, look-up tables and expressions are Rasa's business
        noted: Mapping[str, Any] = block.get("metadata") or {}
        for line, own in _examples(block.get("examples", "")):
            text = _ENTITY.sub(r"\1", line.strip())
            if text:
                yield Sentence(text, str(label), **{key: str(own.get(key, noted.get(key, ""))) for key in _NOTED})


_NOTED = ("type", "secondary", "writer", "register")


def _examples(examples: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(examples, str):
        yield from ((line.strip().removeprefix("-"), {}) for line in examples.splitlines())
    else:
        yield from ((str(row["text"]), row.get("metadata") or {}) for row in examples)
