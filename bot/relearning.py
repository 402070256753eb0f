"""Knows how a running bot takes up what was learnt meanwhile: between two batches, without a restart."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot import hearing
from bot.hearing import Hears, NotTrainedError
from nlu.learning.versions import Shelf
from nlu.sound import ModelError

log = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two looks at the pointer."""

Take = Callable[[Hears], Awaitable[None]]
"""Hears with another model from now on."""
Refused = Callable[[], Awaitable[None]]
"""Tells the duty desk that what was learnt cannot be used."""


class Relearning:
    """Looks at the shelf's pointer; what is new is loaded on a thread of its own and handed over when it is sound."""

    def __init__(self, shelf: Shelf, hears: Hears, take: Take, refused: Refused) -> None:
        self._shelf = shelf
        self._take = take
        self._refused = refused
        self._mark = shelf.mark() if hears.mark is None else hears.mark
        self.hears = hears

    async def run(self) -> None:
        """Look again and again; the one broad guard of this loop."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.look()
            except Exception as error:
                log.error("what was learnt could not be taken up: %s", type(error).__name__)

    async def look(self) -> bool:
        """Whether another model is heard with now. One that is not sound is refused: the old one stays."""
        mark = await asyncio.to_thread(self._shelf.mark)
        if mark == self._mark:
            return False
        try:
            found = await asyncio.to_thread(self._found)
        except (ModelError, NotTrainedError) as error:
            self.hears = replace(self.hears, reason=str(error))
            log.error("%s; the bot goes on with %s %s", error, self.hears.kind, self.hears.version)
            await self._refused()
            self._mark = mark  # last: what the desk could not be told is tried again
            return False
        await self._take(found)
        self._mark, self.hears = mark, found
        log.info("the bot hears with %s %s from now on", found.kind, found.version or "(plain words)")
        return True

    def _found(self) -> Hears:
        found = hearing.learnt(self._shelf) or hearing.delivered()
        if found.model is None:
            raise ModelError(found.reason)
        return found
