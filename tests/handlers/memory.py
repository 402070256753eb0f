"""Knows how working sets are loaded and kept as the store does it, in plain dictionaries: no more than was asked."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handlers import rights
from handlers.cases import FINDER, Case, Entry, TaskKind, TaskState
from handlers.command import numbers
from handlers.effects import Effects
from handlers.incoming import Incoming
from handlers.town import ERASE_WHEN_CLOSED, Person, Town
from handlers.working_set import WorkingSet

RECENT = timedelta(days=30)
FRESH = timedelta(hours=2)


@dataclass(slots=True)
class Memory:
    """Everything that is remembered of a small town, and the little of it that one turn is given."""

    town: Town
    all: WorkingSet = field(default_factory=WorkingSet)
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    count: int = 0
    erased: list[str] = field(default_factory=list)

    def load(self, incoming: Incoming, person: Person, now: datetime, holders: tuple[str, ...] = ()) -> WorkingSet:
        """What one message is given: its sender's cases, those it names, the lists of these (or their own) desks."""
        holders = holders or rights.desks(person)
        self.all.people.setdefault(person.id, person)
        self.all.senders[incoming.sender] = person.id
        thread = self.all.thread(person.id)
        mine = tuple(case.number for case in self._spoken(person.id, now))
        named = numbers(f"{incoming.text.reveal()} {incoming.button} {incoming.scene}")
        asked = [thread.topic, *(question.case for question in thread.questions)]
        quoted = self.all.quoted.get((incoming.chat, incoming.quoted), "")
        in_hand = {desk: self._led(desk) for desk in holders}
        called = {desk: self._called(desk) for desk in holders}
        fresh = self._fresh(now)
        held = (number for shelf in (in_hand, called, fresh) for found in shelf.values() for number in found)
        ws = self.cases({*mine, *named, *asked, quoted, *held}, person.id)
        ws.fresh = fresh
        ws.senders = {incoming.sender: person.id}
        ws.mine = {person.id: mine}
        ws.in_hand = in_hand
        ws.called = called
        ws.groups = {incoming.chat: self.all.groups[incoming.chat]} if incoming.chat in self.all.groups else {}
        ws.quoted = dict(self.all.quoted)
        ws.numbers = deque([f"A{self.count + 1:04d}"])
        held = (case.lead_person for case in self.all.cases.values() if case.open and case.fed_back_at is None)
        ws.loads = dict(Counter(filter(None, held)))
        return ws

    def woken(self, number: str, now: datetime) -> WorkingSet:
        """What the clock is given for one case: also the other cases of who waits to be erased."""
        spoken = [reporter.person for reporter in self.all.reporters.get(number, ())]
        waiting = [who for who in spoken if ERASE_WHEN_CLOSED in self.all.people[who].tags]
        mine = {who: tuple(case.number for case in self._spoken(who, now)) for who in waiting}
        ws = self.cases({number, *(other for numbers in mine.values() for other in numbers)})
        ws.mine = mine
        return ws

    def cases(self, keys: Iterable[str], *people: str) -> WorkingSet:
        """These cases with all that hangs on them, and those who speak or act in them."""
        ws = WorkingSet()
        for number in sorted(set(keys) & self.all.cases.keys()):
            ws.cases[number] = self.all.cases[number]
            ws.tasks[number] = self.all.tasks.get(number, ())
            ws.photos[number] = self.all.photos.get(number, ())
            ws.reporters[number] = self.all.reporters.get(number, ())
        acting = {reporter.person for spoken in ws.reporters.values() for reporter in spoken}
        acting |= {case.lead_person for case in ws.cases.values()} | set(people)
        for who in sorted(acting - {""}):
            ws.people[who] = self.all.people.get(who) or self.town.people[who]
            if who in self.all.threads:
                ws.threads[who] = self.all.threads[who]
        return ws

    def keep(self, effects: Effects) -> None:
        """Write down what a turn did; history must go on without a gap, and agree with its case."""
        self.all.after(effects)
        for entry in effects.entries:
            line = self.entries.setdefault(entry.case, [])
            assert entry.n == len(line) + 1, f"history of {entry.case} has a gap"
            line.append(entry)
        for case in effects.cases:
            assert case.entries == len(self.entries[case.number])
            self.count = max(self.count, int(case.number[1:]))
        self.erased += effects.erased

    def due(self, until: datetime) -> list[Case]:
        """The cases at which the clock must look by then, soonest first."""
        waking = [case for case in self.all.cases.values() if case.wake_at is not None and case.wake_at <= until]
        return sorted(waking, key=lambda case: (case.wake_at or until, case.number))

    def _spoken(self, person: str, now: datetime) -> list[Case]:
        found = [
            case
            for number, case in self.all.cases.items()
            if any(r.person == person and r.part != FINDER for r in self.all.reporters.get(number, ()))
            and (case.open or now - (case.closed_at or case.changed_at) < RECENT)
        ]
        return sorted(found, key=lambda case: (case.opened_at, case.number), reverse=True)

    def _fresh(self, now: datetime) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for case in self.all.cases.values():
            if case.open and case.fed_back_at is None and not case.confidential and now - case.opened_at < FRESH:
                found[case.item] = (*found.get(case.item, ()), case.number)
        return found

    def _led(self, holder: str) -> tuple[str, ...]:
        led = [case for case in self.all.cases.values() if case.open and case.lead == holder]
        return tuple(case.number for case in sorted(led, key=lambda case: case.due_at or case.opened_at))

    def _called(self, holder: str) -> tuple[str, ...]:
        waits = (TaskState.CALLED, TaskState.REPORTED_IN)
        found = (t for tasks in self.all.tasks.values() for t in tasks if t.kind is TaskKind.JOIN and t.state in waits)
        return tuple(t.case for t in found if t.holder == holder and self.all.cases[t.case].open)
