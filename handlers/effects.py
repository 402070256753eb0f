"""Knows what one turn (一问一答) wants to happen: frozen values that the memory writes down in one go."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from handlers.cases import Case, Entry, Photo, Reporter, Task
from handlers.directory import Binding, Broadcast, Invitation
from handlers.letters import Errand, Letter
from handlers.thread import Thread
from handlers.town import STAFF, Group, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A step that the rules did not allow: who tried what, and why it was refused. Kept for the record."""

    at: datetime
    person: str
    action: str
    case: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question settled at the front by an approved answer (当场答复), without a case."""

    at: datetime
    person: str
    duty: str
    answer: str
    unit: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Everything one turn changes. Values are whole: a case stands here as it is after the turn."""

    cases: tuple[Case, ...] = ()
    tasks: tuple[Task, ...] = ()
    reporters: tuple[Reporter, ...] = ()
    entries: tuple[Entry, ...] = ()
    threads: tuple[Thread, ...] = ()
    persons: tuple[Person, ...] = ()
    photos: tuple[Photo, ...] = ()
    letters: tuple[Letter, ...] = ()
    errands: tuple[Errand, ...] = ()
    refusals: tuple[Refused, ...] = ()
    answered: tuple[Answered, ...] = ()
    groups: tuple[Group, ...] = ()
    bindings: tuple[Binding, ...] = ()
    invitations: tuple[Invitation, ...] = ()
    broadcasts: tuple[Broadcast, ...] = ()
    erased: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, part.name) for part in fields(self))

    @property
    def moves_town(self) -> bool:
        """Whether the town is another one after this: whoever holds it as a value must read it anew."""
        sent = any(one.until is not None for one in self.broadcasts)
        return bool(self.groups or self.bindings or sent or any(p.roles & STAFF for p in self.persons))
