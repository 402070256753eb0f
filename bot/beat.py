"""Knows the beat of the clock: cases that are due, rounds, and people and units that came or went."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot import reclocking
from bot.frames import frames
from bot.present import Present
from bot.rounds import ROUNDS, Round
from handlers.desk import Desk
from handlers.effects import Effects
from handlers.ports import Clock
from handlers.town import Directory
from handlers.working_set import WorkingSet
from storage.store import Tx
from storage.values import Written

log = logging.getLogger(__name__)

AT_ONCE = 64
"""How many cases are looked at in one beat."""

LATER = timedelta(minutes=10)
"""When the clock comes back to a case or a round on which it broke."""


class Beat:
    """What happens without anybody saying anything; one process at a time, by lease."""

    def __init__(
        self, present: Present, clock: Clock, roll_every: timedelta = timedelta(minutes=1),
        rounds: Sequence[Round] = ROUNDS,
    ) -> None:  # fmt: skip
        self._present = present
        self._clock = clock
        self._roll_every = roll_every
        self._rounds = tuple(rounds)
        self._rolled: datetime | None = None
        self._broken: dict[Round, datetime] = {}

    # -- the town --------------------------------------------------------------------------------------------------

    def read_town(self, tx: Tx, accounts: Mapping[str, Sequence[str]], chats: Mapping[str, Sequence[str]]) -> None:
        """Take the configuration over; the open cases of people who are no longer in it change hands."""
        town = self._present.desk.rules.town
        said = Directory(
            units=tuple(town.units.values()), people=tuple(town.people.values()), groups=tuple(town.groups.values())
        )
        tx.sync_directory(said, accounts, chats)
        tx.move_town()
        self._present.look(tx)
        self._orphans(tx, self._clock.now())

    def _orphans(self, tx: Tx, now: datetime) -> int:
        """The open cases of who has left, and of units that are gone, change hands; how many."""
        town = self._present.desk.rules.town
        numbers = tx.orphans((*town.units, *town.departments))
        ws = tx.load_cases(numbers, now) if numbers else WorkingSet()
        for number in numbers:
            effects = self._given_on(ws, number, now)
            tx.flush([Written(effects=effects)], now)
        self._present.moved = False
        return len(numbers)

    def _given_on(self, ws: WorkingSet, number: str, now: datetime) -> Effects:
        """One case whose hands are gone; one that breaks never stops the others."""
        try:
            effects = self._present.desk.left(ws, number, now)
        except Exception as error:
            log.error("%s could not change hands: %s\n%s", number, type(error).__name__, frames(error))
            return Effects()
        ws.after(effects)
        return effects

    # -- the clock -------------------------------------------------------------------------------------------------

    def tick(self, tx: Tx) -> int:
        """Let what is due happen, at most 64 cases and what the rounds find; answers how much was looked at.

        Nothing falls due while cases are still counted by a calendar that does not hold any more.
        """
        now = self._clock.now()
        self._present.look(tx)
        if self._present.moved and (given := self._orphans(tx, now)):
            return given  # in a transaction of their own: cases are locked in one order
        counted = reclocking.run(tx, self._present.desk, now)
        if counted:
            return counted
        due = tx.due_cases(now, AT_ONCE)
        if due:
            ws = tx.load_cases(due, now)
            tx.flush([Written(effects=self._woken(ws, number, now)) for number in due], now)
        return len(due) + sum(self._round(go, tx, now) for go in (*self._rounds, self._roll_up))

    def _round(self, go: Round, tx: Tx, now: datetime) -> int:
        """One round; one that breaks is undone alone and comes again later: alarms and deadlines never wait for it."""
        if now < self._broken.get(go, now):
            return 0
        try:
            with tx.apart():
                return go(tx, self._present.desk, now)
        except Exception as error:
            log.error("a round of the clock broke: %s\n%s", type(error).__name__, frames(error))
            self._broken[go] = now + LATER
            return 0

    def _roll_up(self, tx: Tx, desk: Desk, now: datetime) -> int:
        """Days whose cases have changed are counted anew; readings are right without it, and slower."""
        if self._rolled is None or not self._rolled <= now < self._rolled + self._roll_every:
            tx.roll_up(now, desk.rules.quiet_residents.zone)
            self._rolled = now
        return 0

    def _woken(self, ws: WorkingSet, number: str, now: datetime) -> Effects:
        """What the clock does to one case; one that breaks is looked at again later, and never stops the others."""
        try:
            effects = self._present.desk.wake(ws, number, now)
        except Exception as error:
            log.error("the clock broke on %s: %s\n%s", number, type(error).__name__, frames(error))
            return Effects(cases=(replace(ws.cases[number], wake_at=now + LATER),))
        ws.after(effects)
        return effects
