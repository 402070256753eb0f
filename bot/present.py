"""Knows the desk and the ear as they fit the town of this moment, which may change while the bot runs."""

from __future__ import annotations

from collections.abc import Callable

from handlers.desk import Desk
from handlers.ports import Ear
from handlers.town import Directory
from storage.store import Reader

Refit = Callable[[Directory], tuple[Desk, Ear]]
"""Makes the desk and the ear of a changed town."""


class Present:
    """One thread looks, before each batch and at each beat of the clock; a change made by any process is seen there."""

    def __init__(self, desk: Desk, ear: Ear, refit: Refit | None = None) -> None:
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
        self.desk, self.ear = self._refit(reader.directory())
        self._version, self.moved = version, True
