"""Knows what one measuring found, as a file: kept beside the frozen sets for those who lack the other sets or Rasa."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nlu.measuring.mistakes import Missed
from nlu.measuring.targets import Line

ELSEWHERE = "elsewhere.json"
"""Beside the frozen sets: the last figures on sets that are not in the repository."""

RASA = "rasa.json"
"""Beside the frozen sets: the last figures of the Rasa engine, by name of its pipeline."""


@dataclass(frozen=True, slots=True)
class Record:
    """The lines of one engine on one day, and the dangers it missed."""

    engine: str
    date: str
    model: str
    lines: tuple[Line, ...]
    missed: tuple[Missed, ...] = ()

    def write(self, path: Path) -> None:
        """Writes it, readable."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_record(path: Path) -> Record | None:
    """What was written, None where nothing was."""
    return record_of(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def record_of(document: Mapping[str, Any]) -> Record:
    """The record in a document."""
    lines = tuple(Line(**_with_pair(line)) for line in document["lines"])
    missed = tuple(Missed(**miss) for miss in document.get("missed", ()))
    return Record(document["engine"], document["date"], document["model"], lines, missed)


def _with_pair(line: Mapping[str, Any]) -> dict[str, Any]:
    interval = line.get("interval")
    return {**line, "interval": tuple(interval) if interval else None}


def others(path: Path) -> dict[str, Record | dict[str, float]]:
    """The figures of other engines by name: records as this command writes them, or any figures in nested mappings."""
    if not path.is_file():
        return {}
    document = json.loads(path.read_text(encoding="utf-8"))
    if "lines" in document:
        return {str(document["engine"]): record_of(document)}
    return {
        str(name): record_of(entry) if isinstance(entry, dict) and "lines" in entry else _flat(entry)
        for name, entry in document.items()
    }


def _flat(entry: Any, name: str = "") -> dict[str, float]:
    if isinstance(entry, dict):
        return {
            key: number
            for part, inside in entry.items()
            for key, number in _flat(inside, f"{name}, {part}" if name else str(part)).items()
        }
    return {name or "figure": float(entry)} if isinstance(entry, int | float) else {}
