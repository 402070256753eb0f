"""Knows a counter small enough to see through: it remembers receipts by key, as the real one does in its inbox."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.doors import Delivery, Served
from handlers.incoming import Incoming


@dataclass
class LittleWindow:
    """Serves with the words that `reply` gives. A repeat, also an overlapping one, gets the words of the first."""

    reply: Callable[[Incoming], str] = lambda incoming: f"已登记：{incoming.text.reveal()}"
    delay: float = 0.0
    broken: int = 0
    served: list[Incoming] = field(default_factory=list)
    repeats: int = 0
    written_rows: list[int] = field(default_factory=list)
    unread: list[tuple[str, str, Delivery, str]] = field(default_factory=list)
    _rows: dict[tuple[str, str, str], tuple[int, asyncio.Future[str]]] = field(default_factory=dict)

    async def serve(self, incoming: Incoming) -> Served:
        """Serve one message, or raise as a failed commit does."""
        key = (incoming.platform, incoming.account, incoming.key)
        if key in self._rows:
            row, words = self._rows[key]
            self.repeats += 1
            return Served(row, await asyncio.shield(words), repeat=True)
        row, words = len(self._rows) + 1, asyncio.get_running_loop().create_future()
        self._rows[key] = row, words
        await asyncio.sleep(self.delay)
        if self.broken:
            self.broken -= 1
            del self._rows[key]
            words.cancel()
            raise OSError("disk full while storing 13800138000")
        self.served.append(incoming)
        words.set_result(self.reply(incoming))
        return Served(row, words.result())

    def written(self, inbox: int) -> None:
        """Remember which answers left."""
        self.written_rows.append(inbox)

    async def keep_unread(self, platform: str, account: str, delivery: Delivery, reason: str) -> None:
        """Remember what could not be read."""
        self.unread.append((platform, account, delivery, reason))
