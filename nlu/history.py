"""Knows how a town's own history becomes training data: rows in our labels, masked, one YAML file beside ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlu.measuring.tables import Row
from nlu.redaction import Redactor
from nlu.understanding import LABELS
from nlu.usage import UsageError

FILE = "history.yml"
"""Lies with the other training data, so that both engines and relearning take it; git does not."""

MOST = 3000
"""Sentences of one label; more makes training long and the ear hardly better."""

_LONGEST = 2000
_SHORTEST = 2
_NO_ENTITIES = str.maketrans("[](){}", "〔〕（）（）")


@dataclass(frozen=True, slots=True)
class History:
    """Sentences by label, and how often labels occur that nobody mapped."""

    sentences: Mapping[str, Sequence[str]]
    unmapped: Counter[str]

    @property
    def count(self) -> int:
        """How many sentences there are."""
        return sum(map(len, self.sentences.values()))


def history_of(rows: Sequence[Row], mapping: Mapping[str, str], most: int = MOST) -> History:
    """The rows whose label the mapping knows, or that is ours, each sentence once, at most so many of a label."""
    strange = sorted(set(mapping.values()) - set(LABELS))
    if strange:
        raise UsageError(f"the mapping names labels that the ear does not have: {', '.join(strange)}")
    found: dict[str, dict[str, None]] = {}
    unmapped: Counter[str] = Counter()
    for row in rows:
        label = mapping.get(row.label, row.label)
        if label in LABELS:
            found.setdefault(label, {})[row.text] = None
        else:
            unmapped[row.label] += 1
    redactor = Redactor()
    sentences: dict[str, list[str]] = {}
    for label in sorted(found):
        texts = list(found[label])
        step = max(1, -(-len(texts) // most))
        masked = (one_line(redactor.redact(text[:_LONGEST])) for text in texts[::step])
        sentences[label] = list(dict.fromkeys(text for text in masked if len(text) >= _SHORTEST))
    return History(sentences, unmapped)


def one_line(text: str) -> str:
    """One line without signs that YAML or Rasa would read as their own."""
    whole = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return whole.translate(_NO_ENTITIES).lstrip("-# ")


def write_history(history: History, data_dir: Path) -> Path:
    """Writes the file; a reader sees the old one or the new one."""
    if not history.count:
        raise UsageError("no row has a label of ours or of the mapping; give --mapping FILE.yml")
    lines = [
        'version: "3.1"',
        "",
        "# A town's own history, masked; written by `python -m nlu train --history`.",
        "nlu:",
    ]
    for label, sentences in history.sentences.items():
        lines += [f"- intent: {label}", "  metadata: {writer: history, register: history}", "  examples: |"]
        lines += [f"    - {sentence}" for sentence in sentences]
    path = data_dir / FILE
    part = path.with_suffix(".part")
    part.write_text("\n".join([*lines, ""]), encoding="utf-8")
    part.replace(path)
    return path
