"""Knows what the memory lends to platforms: leases, stored pictures, letters that lie ready, ways back, settings."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from bot.counter import Counter
from bot.media import Shelf
from bot.mentions import asked_of_wecom
from bot.wiring import Wires
from handlers.ports import Clock
from handlers.wording import Wording
from storage.store import Store
from storage.values import Outgoing


class Lending:
    """The memory of one process (`owner`), as far as platforms may reach into it."""

    def __init__(self, counter: Counter, store: Store, shelf: Shelf, clock: Clock, owner: str) -> None:
        self._counter = counter
        self._store = store
        self._shelf = shelf
        self._clock = clock
        self._owner = owner

    def wires(self, count: Callable[..., None], wording: Wording) -> Wires:
        """Everything a platform is given."""
        return Wires(
            counter=self._counter,
            clock=self._clock,
            photo=self.photo,
            lease=self.lease,
            run=self._counter.run,
            count=count,
            note=self._counter.note,
            lying=self.lying,
            way=self.way,
            meant=asked_of_wecom(self._store),
            wording=wording,
        )

    async def lease(self, name: str) -> bool:
        """Whether this process may do alone what has this name, for a while."""
        return await self._counter.run(lambda tx: tx.hold(name, self._owner, self._clock.now()))

    async def way(self, chat: str) -> str:
        """An address good for one answer into a chat; “” when none is left."""
        return await self._counter.run(lambda tx: tx.take_way(chat, self._clock.now()))

    async def photo(self, id: str) -> bytes:
        """The bytes of a stored picture. Raises OSError when it is gone."""

        def path() -> str:
            with self._store.reading() as reader:
                photo = reader.photos_by_id([id]).get(id)
            return photo.path if photo is not None else ""

        found = await asyncio.to_thread(path)
        if not found:
            raise FileNotFoundError(id)
        return await self._shelf.read(found)

    async def lying(self, lane: str, after: int) -> Sequence[Outgoing]:
        """The letters that lie ready in a lane for whoever fetches them, from behind a number on."""

        def found() -> Sequence[Outgoing]:
            with self._store.reading() as reader:
                return reader.lying(lane, after)

        return await asyncio.to_thread(found)
