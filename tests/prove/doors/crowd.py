"""Knows who says what when in the mixed run: residents who ask, residents who report, at an even pace on all doors."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.prove.doors.journal import Journal, Said
from tests.prove.doors.people import People

SHARES = {"wechat": 40, "telegram": 20, "web": 15, "wecom-bot": 13, "wecom": 12}
"""Of a hundred messages so many come on each."""

ASKED = ("居住证续签要带什么", "你好", "查进度", "谢谢", "医保怎么报销", "帮助", "😀", "办身份证要什么材料")
"""Each gets one answer and opens nothing."""

PLACES = (
    "健仁小区11号楼", "健仁小区6号楼", "康宁苑4号楼", "龙港花园8号楼", "翠湖雅居3号楼", "秋实新村7号楼",
    "银杏公寓2号楼",
)  # fmt: skip
MATTERS = ("独居老人没人照顾", "楼上天天装修太吵", "物业乱收费", "小区里有流浪狗咬人")
"""Each opens a case of its own, however many others have said the same: it is nobody's but the resident's."""

REPORTS = 0.012
"""The share of messages that report something: who reports is somebody new, and says nothing else."""

REST = 45.0
"""Seconds at least between two messages of one person: people read what they are answered."""


@dataclass
class Habits:
    """What platforms do besides: bring something again, or much later, or everything twice at once (as shares)."""

    again: float = 0.02
    twice: float = 0.01
    late: float = 0.01
    latest: float = 8.0


@dataclass
class Crowd:
    """Everybody who writes. `rate` is messages a second over all doors."""

    people: Mapping[str, People]
    chance: random.Random
    rate: float
    length: float
    reports: float = REPORTS
    habits: Habits = field(default_factory=Habits)
    say: Callable[[float, str], None] = lambda done, words: None
    _free: dict[str, list[tuple[float, str]]] = field(default_factory=dict)
    _serial: int = 0

    async def speak(self, journal: Journal) -> None:
        """An open loop: the n-th message is said at its moment, whether or not the bot keeps up."""
        begun = journal.begun = time.monotonic()
        doors = list(self.people)
        weights = [SHARES[door] for door in doors]
        async with asyncio.TaskGroup() as group:
            for n in range(round(self.rate * self.length)):
                await asyncio.sleep(max(0.0, begun + n / self.rate - time.monotonic()))
                door = self.chance.choices(doors, weights)[0]
                group.create_task(self._one(door))
                if n % 16 == 0:
                    self.say(n / self.rate / self.length, _state(journal))
            journal.ended = time.monotonic()

    async def _one(self, door: str) -> None:
        """One message, and what its platform does besides."""
        people, opens = self.people[door], self.chance.random() < self.reports
        person = self._new(door) if opens else self._somebody(door)
        words = self.chance.choice(PLACES) + self.chance.choice(MATTERS) if opens else self.chance.choice(ASKED)
        drawn = self.chance.random()
        if drawn < self.habits.late:
            await asyncio.sleep(self.chance.uniform(0.5, self.habits.latest))
        said = await people.say(person, words, opens=opens)
        number = _number(said)
        if drawn > 1 - self.habits.twice:
            await asyncio.gather(*(people.again(said, number, person) for _ in range(2)))
        elif drawn > 1 - self.habits.twice - self.habits.again:
            await asyncio.sleep(self.chance.uniform(0.0, 5.0))
            await people.again(said, number, person)
        if not opens:
            self._free.setdefault(door, []).append((time.monotonic() + REST, person))

    def _somebody(self, door: str) -> str:
        """Who has rested longest, when that is long enough; else somebody new."""
        waiting = self._free.get(door, [])
        if waiting and waiting[0][0] <= time.monotonic():
            return waiting.pop(0)[1]
        return self._new(door)

    def _new(self, door: str) -> str:
        self._serial += 1
        return str(7_000_000 + self._serial) if door == "telegram" else f"p{self._serial}"


def _number(said: Said) -> int:
    return int("".join(filter(str.isdigit, said.key.rpartition(":")[2])))


def _state(journal: Journal) -> str:
    taken = sum(one.taken for one in journal.said)
    return f"{len(journal.said):,} said, {taken:,} taken, {len(journal.said) - taken} under way"
