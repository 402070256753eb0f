"""Knows corrections as they come (JSON lines of `python -m bot export corrections`), and what of them can be learnt."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nlu.corpus import Corpus, Sentence
from nlu.understanding import EMERGENCY_TYPES, LABELS

LONGEST = 2000
WRITER = "correction"
_RANKS = ("resident", "worker", "dispatcher")
UNWRITABLE = frozenset(map(chr, range(0xD800, 0xE000)))
"""Halves of characters: no file in UTF-8 can hold one."""

_KINDS = ("relabelled", "refused", "moved", "recoloured")


@dataclass(frozen=True, slots=True)
class Lesson:
    """One text with the label that people gave it, and the cases in which they did."""

    text: str
    label: str
    type: str = ""
    cases: tuple[str, ...] = ()

    def line(self) -> str:
        """As it stands in data.jsonl."""
        kept = {"text": self.text, "label": self.label, "type": self.type, "cases": list(self.cases)}
        return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def cases_of(line: str) -> Sequence[str]:
    """The cases of a lesson as it stands in data.jsonl; none where it cannot be read any more."""
    try:
        return [str(case) for case in json.loads(line)["cases"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        return ()


@dataclass(frozen=True, slots=True)
class Told:
    """What came: lessons in a fixed order, labels that were refused without another, lines that could not be read.

    `read` is how many lines could be: corrections of any kind.
    """

    lessons: tuple[Lesson, ...] = ()
    refused: tuple[tuple[str, int], ...] = ()
    bad: tuple[str, ...] = ()
    read: int = 0

    @property
    def cases(self) -> frozenset[str]:
        """All cases that may still be learnt from."""
        return frozenset(case for lesson in self.lessons for case in lesson.cases)


@dataclass(frozen=True, slots=True)
class _Said:
    text: str
    label: str
    type: str
    case: str
    rank: int
    at: str


def read(lines: Iterable[str], key: Callable[[str], str]) -> Told:
    """Lines that cannot be understood are told by number and passed by. `key`: texts of one key are one text."""
    said: dict[str, list[_Said]] = {}
    refused: Counter[str] = Counter()
    bad: list[str] = []
    count = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = _row(line)
        except ValueError as error:
            bad.append(f"line {number}: {error}")
            continue
        count += 1
        if row["kind"] == "refused":
            refused[row["heard"]] += 1
        elif row["kind"] == "relabelled":
            one = _said(row)
            said.setdefault(key(one.text), []).append(one)
    lessons = sorted((_settled(them) for them in said.values()), key=lambda lesson: (lesson.text, lesson.label))
    return Told(tuple(lessons), tuple(sorted(refused.items())), tuple(bad), count)


def taught(base: Corpus, lessons: Sequence[Lesson], times: int, key: Callable[[str], str]) -> Corpus:
    """The base and the lessons, each so many times; where people of the town say otherwise, the base gives way."""
    said = {key(lesson.text): lesson.label for lesson in lessons}
    kept = [one for one in base.sentences if said.get(key(one.text), one.label) == one.label]
    learnt = [Sentence(one.text, one.label, one.type, writer=WRITER) for one in lessons for _ in range(times)]
    return Corpus((*kept, *learnt))


def _row(line: str) -> dict[str, str]:
    try:
        found: Any = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("no JSON") from None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise ValueError("no correction")
    if not UNWRITABLE.isdisjoint("".join(found.values())):
        raise ValueError("half a character, which cannot be written")
    row = {name: found.get(name, "") for name in ("case", "text", "heard", "said", "item", "kind", "by_role", "at")}
    if row["kind"] not in _KINDS:
        raise ValueError("of no known kind")
    if row["kind"] == "relabelled":
        if row["said"] not in LABELS:
            raise ValueError("its label is none of ours")
        if not row["text"].strip() or len(row["text"]) > LONGEST:
            raise ValueError("its text is empty or too long")
    return row


def _said(row: dict[str, str]) -> _Said:
    kind = row["item"] if row["said"] == "emergency" and row["item"] in EMERGENCY_TYPES else ""
    rank = _RANKS.index(row["by_role"]) if row["by_role"] in _RANKS else 0
    return _Said(" ".join(row["text"].split()), row["said"], kind, row["case"], rank, row["at"])


def _settled(said: Sequence[_Said]) -> Lesson:
    """Where people contradict each other over the same words: the highest right, then the most, then the last."""
    highest = max(one.rank for one in said)
    deciding = [one for one in said if one.rank == highest]
    counts = Counter(one.label for one in deciding)
    chosen = max(deciding, key=lambda one: (counts[one.label], one.at, one.label))
    cases = tuple(sorted({one.case for one in said if one.label == chosen.label and one.case}))
    return Lesson(chosen.text, chosen.label, chosen.type, cases)
