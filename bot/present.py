"""Knows the desk and the ear of this moment: the town, and what the ear has learnt, may change while the bot runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handlers.desk import Desk
from handlers.rules import Rules
from handlers.town import Directory
from nlu.ear import EmbeddedEar
from storage.store import Reader

Refit = Callable[[Directory, Rules, EmbeddedEar], tuple[Desk, EmbeddedEar]]
"""Makes the desk and the ear of a changed town, of the rules and the ear of this moment."""


class Present:
    """One thread looks, before each batch and at each beat of the clock; a change made by any process is seen there."""

    def __init__(self, desk: Desk, ear: EmbeddedEar, refit: Refit | None = None) -> None:
        self.desk = desk
        self.ear = ear
        self.moved = False
        self._refit = refit
        self._version = ""

    def look(self, reader: Reader) -> None:
        """Where the directory has changed, desk and ear are made anew; `moved` says so until it is seen to."""
        version = reader.town_version()
        if version == self._version or self._refit is None:
            return
        self.desk, self.ear = self._refit(reader.directory(), self.desk.rules, self.ear)
        self._version, self.moved = version, True

    def hear(self, ear: EmbeddedEar, version: str) -> None:
        """Another ear from now on. Called on the thread that serves, so that no batch is heard by two.

        The desk asks within a transaction, so it asks the ear alone: a transaction never waits for another process.
        """
        self.ear = ear
        self.desk = self.desk.fitted(replace(self.desk.rules, ear=ear.by_itself(), ear_version=version))
