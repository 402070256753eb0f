"""Knows how the month goes by: what falls due first happens first, and people react to the letters they receive."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import count

from bot.acts import Act
from bot.app import Product, stage
from bot.calendars import working
from bot.clock import FakeClock
from bot.simulation import people, script
from bot.simulation.diary import Diary
from bot.simulation.failures import Failures
from bot.simulation.month import Month
from bot.simulation.plans import Dice, Plan
from bot.simulation.residents import Residents
from bot.simulation.speech import Speech
from bot.simulation.tally import Tally
from bot.simulation.workers import Workers
from bot.stage import Shown, Stage

Told = Callable[[int, "Simulation"], None]
"""Hears, after each day, which day is over."""


class Simulation:
    """One month of one town. `run` plays it; what came of it lies in `stage`, `tally` and `residents`."""

    def __init__(
        self, product: Product, start: datetime, days: int, head_count: int, seed: int, url: str = "sqlite://"
    ) -> None:
        self.seed = seed
        self.stage: Stage = stage(product, FakeClock(start), url)
        rules = self.stage.rules
        self.month = Month(start, days, self.stage.zone, working(product.config.calendar))
        dice, lines = Dice(seed), script.read()
        found = people.residents(rules.town, lines, head_count, dice.of("people"))
        speech = Speech(rules.wording, lines, rules.town)
        folk = {one.person.id: one for one in found}
        tempers = people.tempers(rules.town)
        self.residents = Residents(folk, lines, self.month, dice, rules.town, rules.wording)
        self.workers = Workers(tempers, speech, self.month, dice, rules.catalogue, self.residents.about)
        self._diary = Diary(self.month, self.residents, self.workers, speech, tempers, dice)
        self._rooms = self._members()
        self.tally, self.failures = Tally(tempers, self._rooms, self.month), Failures(rules.wording)
        self._heap: list[tuple[datetime, int, Plan]] = []
        self._order = count()
        self._join(found)

    def _join(self, found: Iterable[people.Resident]) -> None:
        self.stage.join([one.person for one in found if one.person.id not in self.stage.town.people])

    def _members(self) -> dict[str, tuple[str, ...]]:
        """Who of those who serve sits in which group."""
        staff = [person for person in self.stage.town.people.values() if person.staff]
        return {
            group.id: tuple(p.id for p in staff if any(g.id == group.id for g in self.stage.groups_of(p)))
            for group in self.stage.town.groups.values()
        }

    def run(self, told: Told) -> None:
        """Play every day; `told` hears when one is over."""
        self._plan(self._diary.send_away())
        for day in range(1, self.month.days + 1):
            self._plan(self._diary.day(day))
            self._until(self.month.at(day + 1, 0) if day < self.month.days else self.month.end)
            told(day, self)

    def _plan(self, plans: Iterable[Plan]) -> None:
        now = self.stage.clock.now()
        for plan in plans:
            heapq.heappush(self._heap, (max(plan.at, now), next(self._order), plan))

    def _until(self, end: datetime) -> None:
        """Everything before this moment, in order: what falls due by itself, then what people do."""
        while (moment := min(self._planned(), due := self.stage.next_due() or end)) < end:
            if due <= moment:
                self._react(self.stage.move_to(moment))
            self.stage.clock.move_to(moment)
            acts = list(self._ready(moment))
            if acts:
                self._react(self.stage.do(*acts))
        self._react(self.stage.move_to(end))

    def _planned(self) -> datetime:
        return self._heap[0][0] if self._heap else self.month.end

    def _ready(self, moment: datetime) -> Iterator[Act]:
        """What people do now, unless something keeps them from it."""
        while self._heap and self._heap[0][0] <= moment:
            plan = heapq.heappop(self._heap)[2]
            if plan.still():
                self.tally.act(plan.act)
                yield plan.act

    def _react(self, shown: Iterable[Shown]) -> None:
        """Everybody reads what they were sent."""
        for one in shown:
            reader = one.letter.chat.rpartition(":")[2]
            self.tally.letter(one, reader)
            self.failures.letter(one)
            self._plan(self._read(reader, one))

    def _read(self, reader: str, one: Shown) -> list[Plan]:
        if reader in self.residents.people:
            return self.residents.read(reader, one.letter, one.at)
        group = self.stage.town.groups.get(reader)
        if group is None:
            return self.workers.read(reader, one.letter, one.at) if reader in self.tally.burdens else []
        found: list[Plan] = []
        for person in self._rooms[group.id]:
            found += self.workers.read(person, one.letter, one.at, group)
        return found
