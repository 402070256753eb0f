"""Knows what the desk needs from outside it; `nlu`, `storage` and `bot` fit these shapes without knowing them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from nlu.understanding import Heard


class Ear(Protocol):
    """Understands a batch of (text, earlier bubble or “”), in order. Never raises on any text, never calls out."""

    def understand(self, batch: Sequence[tuple[str, str]]) -> list[Heard]: ...


class Redactor(Protocol):
    """Masks what identifies a person, so that words may be read by the one who handles the case.

    With `rooms` False the rooms stay: in a place they are what is looked for.
    """

    def redact(self, text: str, *, rooms: bool = True) -> str: ...


class Scripts(Protocol):
    """Turns approved simplified wording into the writer's script (“hans” or “hant”)."""

    def write(self, text: str, script: str) -> str: ...


class Lookup(Protocol):
    """Finds approved answers near to a question: (key, score in 0..1), best first."""

    def search(self, query: str, k: int = 3) -> list[tuple[str, float]]: ...


class Calendar(Protocol):
    """Counts the hours of a deadline: when so many will have run, and how many run between two moments (aware UTC).

    `add` is never earlier than its start, `between` never below 0, and `between(start, add(start, hours))` is `hours`.
    """

    def add(self, start: datetime, hours: float) -> datetime: ...

    def between(self, start: datetime, end: datetime) -> float: ...


class Clock(Protocol):
    """Tells the time, aware UTC."""

    def now(self) -> datetime: ...
