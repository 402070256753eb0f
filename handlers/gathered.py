"""Knows the effects of a turn while they are gathered, and how letters to one recipient become one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from handlers.cases import Case, Entry, Photo, Reporter, Task
from handlers.directory import Binding, Broadcast, Invitation
from handlers.effects import Answered, Effects, Refused
from handlers.letters import Button, Errand, Letter
from handlers.thread import Thread
from handlers.town import DUTY_DESK, Group, Person


@dataclass(slots=True)
class Gathered:
    """What one turn has done so far; the last value of a row wins."""

    cases: dict[str, Case] = field(default_factory=dict)
    tasks: dict[tuple[str, int], Task] = field(default_factory=dict)
    reporters: dict[tuple[str, str], Reporter] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    persons: dict[str, Person] = field(default_factory=dict)
    photos: dict[str, Photo] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    errands: list[Errand] = field(default_factory=list)
    refusals: list[Refused] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)
    groups: dict[str, Group] = field(default_factory=dict)
    bindings: dict[str, Binding] = field(default_factory=dict)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    broadcasts: dict[str, Broadcast] = field(default_factory=dict)
    erased: list[str] = field(default_factory=list)
    threads: dict[str, Thread] = field(default_factory=dict)

    def post(self, letter: Letter) -> None:
        """Put a letter into the outgoing tray; a second push to the same recipient joins the first."""
        for i, other in enumerate(self.letters):
            if (other.to, other.kind, other.chat) == (letter.to, "push", letter.chat) and letter.kind == "push":
                self.letters[i] = joined(other, letter)
                return
        self.letters.append(letter)

    def effects(self, letters: list[Letter], threads: tuple[Thread, ...]) -> Effects:
        """Everything gathered, as frozen values."""
        return Effects(
            cases=tuple(self.cases.values()),
            tasks=tuple(self.tasks.values()),
            reporters=tuple(self.reporters.values()),
            entries=tuple(self.entries),
            threads=threads,
            persons=tuple(self.persons.values()),
            photos=tuple(self.photos.values()),
            letters=tuple(letters),
            errands=tuple(self.errands),
            refusals=tuple(self.refusals),
            answered=tuple(self.answered),
            groups=tuple(self.groups.values()),
            bindings=tuple(self.bindings.values()),
            invitations=tuple(self.invitations.values()),
            broadcasts=tuple(self.broadcasts.values()),
            erased=tuple(self.erased),
        )


def once_each(letters: list[Letter]) -> list[Letter]:
    """A person of the duty desk who is written to by name (or answered) as well gets one letter, not two."""
    desk = next((letter for letter in letters if letter.to == DUTY_DESK), None)
    if desk is None:
        return letters
    named = {letter.to for letter in letters if letter.kind in ("push", "reply") and letter.to in desk.people}
    rest = replace(desk, people=tuple(person for person in desk.people if person not in named))
    others = [joined(x, desk) if x.to in named and x.kind in ("push", "reply") else x for x in letters if x is not desk]
    return [*others, rest] if rest.people else others


def joined(first: Letter, second: Letter) -> Letter:
    """Two pushes to one person in one turn are one letter: WeChat counts them."""
    return replace(
        first,
        text=first.text if second.text in first.text else f"{first.text}\n{second.text}",
        buttons=tuple(dict.fromkeys((*first.buttons, *second.buttons))),
        photos=(*first.photos, *second.photos),
        red=first.red or second.red,
        not_before=None if None in (first.not_before, second.not_before) else first.not_before,
    )


def scripted(letter: Letter, thread: Thread, write: Callable[[str, str], str]) -> Letter:
    """A letter in the characters that its reader writes."""
    if thread.script == "hans":
        return letter
    buttons = tuple(Button(write(b.label, thread.script), b.action) for b in letter.buttons)
    return replace(letter, text=write(letter.text, thread.script), buttons=buttons)
