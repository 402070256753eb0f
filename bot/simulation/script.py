"""Knows what is said in the simulated month: sentences, answers and traces, read from the two files beside this one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeVar

from bot import documents
from bot.reading import Reader

T = TypeVar("T")
HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One kind of trouble (or question): what its author means, how people put it, what comes of it."""

    label: str
    texts: tuple[str, ...]
    weight: int = 1
    shared: bool = False
    flood: bool = False
    holiday: bool = False
    photo: bool = False
    results: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sayings:
    """sayings.yml as it stands."""

    matters: tuple[Matter, ...]
    emergencies: tuple[Matter, ...]
    questions: tuple[Matter, ...]
    greetings: tuple[str, ...]
    asides: tuple[str, ...]
    tails: tuple[str, ...]
    typos: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """working.yml as it stands."""

    patterns: Mapping[str, str]
    resident: Mapping[str, tuple[str, ...]]
    worker: Mapping[str, tuple[str, ...]]
    behalf: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """Everything that is said, with the patterns compiled."""

    sayings: Sayings
    working: Working
    patterns: Mapping[str, re.Pattern[str]] = field(default_factory=dict)

    def matches(self, key: str, text: str) -> re.Match[str] | None:
        """The trace of this kind in a text."""
        return self.patterns[key].search(text)

    def resident(self, key: str, dice: Random, **facts: object) -> str:
        """One of a resident's answers of this kind."""
        return dice.choice(self.working.resident[key]).format(**facts)

    def worker(self, key: str, dice: Random, **facts: object) -> str:
        """One of a worker's sentences of this kind."""
        return dice.choice(self.working.worker[key]).format(**facts)


def read() -> Script:
    """Both files. Raises ConfigError."""
    sayings, working = _file("sayings.yml", Sayings), _file("working.yml", Working)
    return Script(sayings, working, {key: re.compile(form) for key, form in working.patterns.items()})


def _file(name: str, kind: type[T]) -> T:
    reader = Reader(f"{name} ")
    found = reader.fill(kind, reader.load(partial(documents.load, HERE / name)), "")
    reader.settle()
    return found


def weighted(matters: Sequence[Matter], dice: Random) -> Matter:
    """One of these by weight."""
    return dice.choices(matters, [matter.weight for matter in matters])[0]
