"""Knows the sets the ear is measured on: those frozen in the repository, and those that lie somewhere else."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

FROZEN_DIR = Path(__file__).parents[1] / "frozen"
_FILES: Mapping[str, str] = {
    "real": "real_messages",
    "board": "board",
    "colloquial": "colloquial",
    "emergency": "emergency",
    "unrelated": "unrelated",
    "entities": "entities",
}
"""What each set is called, and the files that hold it: `<name>.csv`, `<name>_2.csv`, in a folder of others
`<name>_dev.csv`."""

_MORE = ("", "_2", "_dev")

SPAN_KINDS = ("place", "phone", "id_card", "plate", "person")


@dataclass(frozen=True, slots=True)
class Example:
    """One line of a set: what it is, what else may be defended, and which words are to be found in it."""

    line: int
    text: str
    label: str = ""
    acceptable: frozenset[str] = frozenset()
    type: str = "none"
    spans: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Set:
    """One set; `ours` says that it was written here and its sentences may be shown."""

    name: str
    kind: str
    ours: bool
    examples: tuple[Example, ...]

    @property
    def texts(self) -> list[str]:
        """The texts alone."""
        return [one.text for one in self.examples]


def read_sets(folder: Path, ours: bool) -> list[Set]:
    """The sets that lie in a folder, in a fixed order."""
    found: list[Set] = []
    for kind, stem in _FILES.items():
        paths = (folder / f"{stem}{more}.csv" for more in _MORE)
        found += [Set(path.stem, kind, ours, _examples(path)) for path in paths if path.is_file()]
    return found


def _examples(path: Path) -> tuple[Example, ...]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return tuple(_example(line, row) for line, row in enumerate(csv.DictReader(file), 2))


def _example(line: int, row: Mapping[str, str | None]) -> Example:
    cells = {name: cell or "" for name, cell in row.items()}
    label = cells.get("label", "")
    return Example(
        line=line,
        text=cells["text"],
        label=label,
        acceptable=frozenset(cells.get("acceptable", "").split("|")) - {""} | {label},
        type=cells.get("emergency_type", "") or "none",
        spans={kind: tuple(filter(None, cells[kind].split("|"))) for kind in SPAN_KINDS if kind in cells},
    )
