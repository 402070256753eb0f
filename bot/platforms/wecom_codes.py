"""Knows the codes by which a card can be changed: single-use, good for three days, kept where a restart finds them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.platforms.wecom_cards import EDITABLE

SETTING: Final = "wecom_cards"
MOST: Final = 500
"""So many cards can be edited at most, the newest; an older one is followed by a message instead."""

Note = Callable[[str, Callable[[str], str]], Awaitable[str]]
"""Changes one setting of the memory in one transaction; its value before."""

Held = dict[str, tuple[str, float]]


class CardCodes:
    """Card → its newest code. Codes that come with a click wait here until `keep` has written them down."""

    def __init__(self, note: Note, hours: float) -> None:
        self._note = note
        self._good = timedelta(hours=hours)
        self._fresh: dict[str, tuple[str, datetime]] = {}

    def clicked(self, task: str, code: str, now: datetime) -> bool:
        """A click has brought a newer code; whether it is of a card that may ever be edited."""
        if not task.startswith(EDITABLE):
            return False
        self._fresh[task] = (code, now)
        return True

    async def keep(self, now: datetime, more: Mapping[str, str] | None = None) -> None:
        """Write down what clicks have brought, and `more`: the codes that came with cards just sent."""
        added = {**self._fresh, **{task: (code, now) for task, code in (more or {}).items() if code}}
        self._fresh = {}
        if not added:
            return
        new: Held = {task: (code, (at + self._good).timestamp()) for task, (code, at) in added.items()}
        try:
            await self._note(SETTING, lambda held: _written({**_read(held), **new}, now))
        except Exception:
            self._fresh = {**added, **self._fresh}
            raise

    async def take(self, task: str, now: datetime) -> str:
        """The newest code of a card, which is used up by that; “” where there is none any more."""
        await self.keep(now)

        def without(held: str) -> str:
            return _written({name: one for name, one in _read(held).items() if name != task}, now)

        code, until = _read(await self._note(SETTING, without)).get(task, ("", 0.0))
        return code if until > now.timestamp() else ""


def _read(held: str) -> Held:
    return {task: (str(code), float(until)) for task, (code, until) in json.loads(held or "{}").items()}


def _written(cards: Held, now: datetime) -> str:
    good = {task: one for task, one in cards.items() if one[1] > now.timestamp()}
    newest = sorted(good.items(), key=lambda item: item[1][1])[-MOST:]
    return json.dumps(dict(newest))
