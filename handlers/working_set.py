"""Knows what a batch works on: the persons, cases and threads that were locked and loaded for it, nothing else."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace

from handlers.cases import Case, Photo, Reporter, Task
from handlers.directory import Broadcast, Invitation
from handlers.effects import Effects
from handlers.thread import Thread
from handlers.town import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What one message needs loaded.

    Its sender, the cases and broadcasts it names, a card it quotes, the desks whose lists it asks for, the one-time
    codes it may hold, and the items it may be about (for 同一件事？ their open cases of the last two hours). `loads`:
    a case may go to other hands, so it matters how much everybody has to do.
    """

    sender: str
    chat: str = ""
    cases: tuple[str, ...] = ()
    quoted: tuple[str, str] | None = None
    holders: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    broadcasts: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    loads: bool = False


@dataclass(slots=True, kw_only=True)
class WorkingSet:
    """Loaded values by id. `after` makes the effects of one message visible to the next of the same batch.

    `senders`: address → person id. `mine`: person id → numbers of the cases they speak in, newest first (open, or
    closed within 30 days). `in_hand`: holder (unit, department) → numbers of open cases led there, soonest due first.
    `called`: holder → numbers of open cases to which it was whistled (吹哨) and has not answered in full.
    `groups`: chat address → group id, for the chats of this batch. `quoted`: (chat, message reference) → case number
    of the card. `numbers`: reserved case numbers, in order. `fresh`: item → numbers of its open cases of the last two
    hours, oldest first. `loads`: person id → how many open cases they have in hand (for the pair of assignees).
    `codes`, `broadcast_numbers`: drawn ahead for this batch, one is taken by being used (handlers/drawn.py).
    """

    senders: dict[str, str] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    tasks: dict[str, tuple[Task, ...]] = field(default_factory=dict)
    reporters: dict[str, tuple[Reporter, ...]] = field(default_factory=dict)
    photos: dict[str, tuple[Photo, ...]] = field(default_factory=dict)
    threads: dict[str, Thread] = field(default_factory=dict)
    mine: dict[str, tuple[str, ...]] = field(default_factory=dict)
    in_hand: dict[str, tuple[str, ...]] = field(default_factory=dict)
    called: dict[str, tuple[str, ...]] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    quoted: dict[tuple[str, str], str] = field(default_factory=dict)
    numbers: deque[str] = field(default_factory=deque)
    fresh: dict[str, tuple[str, ...]] = field(default_factory=dict)
    loads: dict[str, int] = field(default_factory=dict)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    broadcasts: dict[str, Broadcast] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    broadcast_numbers: tuple[str, ...] = ()

    def thread(self, person: str) -> Thread:
        """The person's thread, a new one when they have never spoken."""
        return self.threads.get(person) or Thread(person=person)

    def after(self, effects: Effects) -> None:
        """Take over what one message changed."""
        for case in effects.cases:
            self._take(case)
        for task in effects.tasks:
            kept = tuple(t for t in self.tasks.get(task.case, ()) if t.n != task.n)
            self.tasks[task.case] = tuple(sorted((*kept, task), key=lambda t: t.n))
        for reporter in effects.reporters:
            spoken = {one.person: one for one in self.reporters.get(reporter.case, ())}
            self.reporters[reporter.case] = tuple({**spoken, reporter.person: reporter}.values())
            numbers = self.mine.get(reporter.person, ())
            if reporter.case not in numbers:
                self.mine[reporter.person] = (reporter.case, *numbers)
        for photo in effects.photos:
            for number in [
                n for n, held in self.photos.items() if n != photo.case and photo.id in {p.id for p in held}
            ]:
                self.photos[number] = tuple(p for p in self.photos[number] if p.id != photo.id)
            self.photos[photo.case] = (*(p for p in self.photos.get(photo.case, ()) if p.id != photo.id), photo)
        self.people.update((person.id, person) for person in effects.persons)
        for thread in effects.threads:
            self.threads[thread.person] = replace(thread, version=thread.version + 1)
        self.invitations.update((one.code, one) for one in effects.invitations)
        self.broadcasts.update((one.number, one) for one in effects.broadcasts)
        for person in effects.erased:
            self.threads.pop(person, None)

    def _take(self, case: Case) -> None:
        """A case as it stands now; a new one is among the fresh of its item, a taken one among its holder's load."""
        before = self.cases.get(case.number)
        self.cases[case.number] = case
        if case.number in self.numbers:
            self.numbers.remove(case.number)
        if before is None and case.number not in self.fresh.get(case.item, ()):
            self.fresh[case.item] = (*self.fresh.get(case.item, ()), case.number)
        for held, change in ((before, -1), (case, 1)):
            if held is not None and held.open and held.fed_back_at is None and held.lead_person:
                self.loads[held.lead_person] = self.loads.get(held.lead_person, 0) + change
