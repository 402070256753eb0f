"""Knows the hash chain of a case's history: what is hashed, how words can go without breaking it, where it broke."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.cases import Entry
from storage.columns import canonical, clean, moment_out

ENTRY = ("case_number", "n", "at", "step", "by", "role", "facts", "text_digest", "previous_hash", "hash")
ENTRY_TEXT = ("case_number", "n", "salt", "text")


@dataclass(frozen=True, slots=True)
class Linked:
    """One entry as it is stored: its row, and the row of its note when it has one."""

    entry: tuple[Any, ...]
    note: tuple[Any, ...] | None

    @property
    def hash(self) -> str:
        """The hash that the next entry builds on."""
        return str(self.entry[-1])


def link(entry: Entry, previous: str) -> Linked:
    """The rows of an entry that follows the entry with hash `previous` (“” for the first)."""
    note = clean(entry.note.reveal())
    salt = secrets.token_hex(16) if note else ""
    plain = (
        entry.case, entry.n, moment_out(entry.at), entry.step, entry.by, entry.role, canonical(dict(entry.facts)),
        digest(salt, note) if note else "", previous,
    )  # fmt: skip
    return Linked((*plain, seal(plain)), (entry.case, entry.n, salt, note) if note else None)


def digest(salt: str, note: str) -> str:
    """What stays of personal words: with the salt gone, nobody can try words against it."""
    return hashlib.sha256(f"{salt}\n{note}".encode()).hexdigest()


def seal(plain: Sequence[Any]) -> str:
    """The hash over everything of an entry but its hash: the columns of ENTRY in order."""
    return hashlib.sha256(canonical(list(plain)).encode()).hexdigest()


def breaks(number: str, head: str, rows: Iterable[Sequence[Any]]) -> list[str]:
    """Where the chain of one case does not hold: `rows` are ENTRY with salt and text (None when erased), by n.

    `head` is the hash that the case remembers of its newest entry, so that a cut tail is found too.
    """
    found: list[str] = []
    previous = ""
    for row in rows:
        *plain, sealed, salt, note = row
        plain[2] = moment_out(plain[2])
        wrong = _wrong(plain, sealed, previous, salt, note)
        if wrong:
            found.append(f"{number}: entry {row[1]}: {wrong}")
        previous = sealed
    if previous != head:
        found.append(f"{number}: the newest entries are missing")
    return found


def _wrong(plain: Sequence[Any], sealed: str, previous: str, salt: str | None, note: str | None) -> str:
    if plain[8] != previous:
        return "does not follow the entry before it"
    if seal(plain) != sealed:
        return "was changed"
    if salt is not None and note is not None and digest(salt, note) != plain[7]:
        return "its note was changed"
    return ""
