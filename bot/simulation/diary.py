"""Knows what happens in the town by itself, day by day: troubles, questions, the flood, the routine of who serves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.acts import Act
from bot.simulation.month import AT_WORK, Month, parts
from bot.simulation.people import Resident, Temper, grids, spot
from bot.simulation.plans import Dice, Plan, happens, minutes
from bot.simulation.residents import Residents
from bot.simulation.script import Matter, weighted
from bot.simulation.speech import Speech
from bot.simulation.workers import Workers
from handlers.town import Person, Role

MATTERS, QUESTIONS, GREETINGS, EMERGENCIES = 0.08, 0.40, 0.04, 0.002
"""How many a resident brings in thirty days; three of four demands are questions answered at the front (盐龙)."""

FLOODED = 0.04
"""How many of all residents report on the afternoon of the flood; a part of them is in danger."""

IN_DANGER = 0.08
ECHO, NEIGHBOURS = 0.25, 2
"""How often a shared trouble is told again, and by how many."""

IN_GROUP = 0.04
BEHALF, LISTS, MENU = 0.4, 0.6, 0.12
"""How often in a day somebody speaks for a caller, asks for their list, or a liaison opens the menu."""

LEAVE = (8, 4)
"""From which day, and for how many days, one worker is away."""

MONTH = 30


@dataclass(slots=True)
class Diary:
    """The days of a month."""

    month: Month
    residents: Residents
    workers: Workers
    speech: Speech
    tempers: dict[str, Temper]
    dice: Dice

    def day(self, day: int) -> list[Plan]:
        """Everything that people do of their own accord on a day."""
        dice = self.dice.of(f"day {day}")
        plans = [*self._troubles(day, dice), *self._small(day, dice), *self._dangers(day, dice)]
        if day == self.month.flood:
            plans += self._flood(day, dice)
        for person in self.speech.town.people.values():
            if person.staff and not self._away(person.id, day):
                plans += self._routine(person, day)
        return plans

    def send_away(self) -> list[Plan]:
        """One worker, the only one of a grid, goes on leave; they say so where the bot can hear it."""
        town, (first, days) = self.speech.town, LEAVE
        alone = [p for p in town.people.values() if p.has(Role.GRID_WORKER) and len(town.hands(p.unit)) == 1]
        if not alone or self.month.days < first:
            return []
        who, dice = alone[-1].id, self.dice.of("leave")
        self.workers.away[who] = (first, first + days - 1)
        words = self.speech.script.worker("leave", dice, days=days)
        return self.speech.line(who, "leave", words, self.month.at(first - 1, AT_WORK[1] - 1))

    def _away(self, who: str, day: int) -> bool:
        first, last = self.workers.away.get(who, (0, -1))
        return first <= day <= last

    def _count(self, day: int, a_head: float) -> int:
        """How many of something fall on a day: a head and thirty days, less on holidays."""
        shares = [self.month.share(one + 1) for one in range(self.month.days)]
        return parts(a_head * len(self.residents.people) * self.month.days / MONTH, shares)[day - 1]

    def _somebody(self, dice: Random, units: Sequence[str] = ()) -> Resident:
        people = [one for one in self.residents.people.values() if not units or one.person.unit in units]
        return dice.choice(people)

    # -- residents -------------------------------------------------------------------------------------------------

    def _troubles(self, day: int, dice: Random) -> list[Plan]:
        free = self.month.holiday(self.month.day(day))
        matters = [one for one in self.speech.script.sayings.matters if free or not one.holiday]
        if free:
            matters += [one for one in matters if one.holiday] * 8
        plans: list[Plan] = []
        for _ in range(self._count(day, MATTERS)):
            plans += self._told(self._somebody(dice), weighted(matters, dice), day, dice)
        return plans

    def _told(self, resident: Resident, matter: Matter, day: int, dice: Random) -> list[Plan]:
        """A trouble, and perhaps the same from neighbours within two hours, or said in the group of the grid."""
        at, place = self.month.some_time(day, dice), self.residents.somewhere(resident, dice)
        plans = self.residents.tell(resident.person.id, matter, at, place)
        room = self.speech.town.group_for(resident.person.unit, "residents")
        if room is not None and happens(dice, IN_GROUP):
            said = plans[0].act
            plans[0] = Plan(at, Act(who=said.who, text=said.text, group=room.id, addressed=True))
        if matter.shared and happens(dice, ECHO):
            for _ in range(dice.randint(1, NEIGHBOURS)):
                other = self._somebody(dice, (resident.person.unit,))
                later = at + minutes(dice, 4, 100)
                plans += self.residents.tell(other.person.id, matter, later, place, echo=True)
        return plans

    def _small(self, day: int, dice: Random) -> list[Plan]:
        """Questions and small talk."""
        sayings, plans = self.speech.script.sayings, []
        for _ in range(self._count(day, QUESTIONS)):
            kind = dice.choices(sayings.questions, [len(one.texts) for one in sayings.questions])[0]
            plans += self.residents.tell(self._somebody(dice).person.id, kind, self.month.some_time(day, dice))
        for _ in range(self._count(day, GREETINGS)):
            who, text = self._somebody(dice).person.id, dice.choice(sayings.greetings)
            plans.append(self.residents.greet(who, text, self.month.some_time(day, dice)))
        return plans

    def _dangers(self, day: int, dice: Random) -> list[Plan]:
        kinds = [one for one in self.speech.script.sayings.emergencies if not one.flood]
        plans: list[Plan] = []
        for _ in range(self._count(day, EMERGENCIES)):
            at = self.month.some_time(day, dice)
            plans += self.residents.tell(self._somebody(dice).person.id, dice.choice(kinds), at)
        return plans

    def _flood(self, day: int, dice: Random) -> list[Plan]:
        """A few hours of rain over two communities: the same trouble from many, some in danger."""
        town, sayings = self.speech.town, self.speech.script.sayings
        wet = [unit.id for unit in town.units.values() if unit.level == "community"][:2]
        units = [unit for unit in grids(town) if town.at_level(unit, "community") in wet]
        water = [one for one in sayings.matters if one.flood]
        danger = [one for one in sayings.emergencies if one.flood]
        plans: list[Plan] = []
        for n in range(round(len(self.residents.people) * FLOODED)):
            at = self.month.at(day, 15) + minutes(dice, 0, 240)
            who, kinds = self._somebody(dice, units), danger if happens(dice, IN_DANGER) else water
            plans += self.residents.tell(who.person.id, dice.choice(kinds), at, echo=n > 0)
        return plans

    # -- who serves ------------------------------------------------------------------------------------------------

    def _routine(self, person: Person, day: int) -> list[Plan]:
        dice, plans = self.dice.of(f"{person.id} {day}"), []
        free = not self.month.working(self.month.day(day))
        if not free and happens(dice, LISTS):
            plans += self.speech.line(person.id, "my_tasks", "", self.month.at(day, AT_WORK[0], dice.randrange(50)))
        if person.has(Role.GRID_WORKER):
            plans += self._rounds(person, day, dice, free=free)
        if not free and person.has(Role.GRID_HEAD) and happens(dice, BEHALF):
            plans += self.speech.line(person.id, "unit_tasks", "", self.month.at(day, AT_WORK[0], dice.randrange(60)))
        if person.has(Role.LIAISON) and happens(dice, MENU):
            plans += self.speech.line(person.id, "report_menu", "", self.month.at(day, 17, dice.randrange(60)))
        return plans

    def _rounds(self, person: Person, day: int, dice: Random, *, free: bool) -> list[Plan]:
        """自办, most of a worker's day, and 代报 for who called or stopped them on the way."""
        town, script = self.speech.town, self.speech.script
        plans: list[Plan] = []
        most = self.tempers[person.id].own // (2 if free else 1)
        for n in range(max(0, most + dice.choice((-1, 0, 0, 1)))):
            said = script.worker("own", dice, place=spot(person.unit, town, script, dice))
            at = self._in_the_day(day, dice)
            plans += self.speech.line(person.id, "self_solve", said, at, photo=f"o{person.id}{day}n{n}")
        if not free and happens(dice, BEHALF):
            text = dice.choice(script.working.behalf).format(place=spot(person.unit, town, script, dice))
            plans += self.speech.line(person.id, "report_for", text, self._in_the_day(day, dice))
        return plans

    def _in_the_day(self, day: int, dice: Random) -> datetime:
        return self.month.at(day, AT_WORK[0]) + timedelta(minutes=dice.randrange(60 * (AT_WORK[1] - AT_WORK[0])))
