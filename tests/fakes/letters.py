"""Knows how a test writes a letter that the courier has claimed, and a letterbox that behaves as the memory's does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from storage.values import LetterOutcome, Outgoing

BORN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def letter(number: int = 1, chat: str = "wechat:gh_0123456789ab:oResident", **more: Any) -> Outgoing:
    """A letter with what the test cares about; its buttons have marks as the memory gives them."""
    facts = {"to": "p1", "kind": "push", "text": f"第{number}封", "created_at": BORN, **more}
    facts["buttons"] = tuple(
        replace(one, mark=one.mark or mark(number, n)) for n, one in enumerate(facts.get("buttons", ()))
    )
    return Outgoing(id=number, chat=chat, **facts)


def mark(number: int = 1, n: int = 0) -> str:
    """What the n-th button of letter `number` brings back."""
    return f"mark-{number:07}.{n}"


@dataclass
class Letterbox:
    """Hands out at most one due letter a lane, red first; counts a try at each claim, as storage/outbox.py does."""

    now: Callable[[], datetime]
    prefixes: bool = True
    waiting: dict[int, tuple[datetime, Outgoing]] = field(default_factory=dict)
    leased: dict[int, Outgoing] = field(default_factory=dict)
    outcomes: dict[int, list[LetterOutcome]] = field(default_factory=dict)
    batches: list[int] = field(default_factory=list)
    claims: int = 0
    broken: int = 0

    def post(self, *letters: Outgoing) -> None:
        """Write letters down; they are due at once."""
        for one in letters:
            self.waiting[one.id] = (self.now(), one)

    async def claim(self, limit: int, busy: Collection[str]) -> list[Outgoing]:
        """The first due letters of lanes that are not busy."""
        self.claims += 1
        self._trip()
        shut = tuple(name for name in busy if name.endswith(":")) if self.prefixes else ()
        found: dict[str, Outgoing] = {}
        due = [one for at, one in self.waiting.values() if at <= self.now()]
        for one in sorted(due, key=lambda one: (not one.red, one.id)):
            if one.chat not in busy and not one.chat.startswith(shut or ("\0",)) and len(found) < limit:
                found.setdefault(one.chat, one)
        for one in found.values():
            del self.waiting[one.id]
            self.leased[one.id] = one
        return list(found.values())

    async def settle(self, outcomes: Sequence[LetterOutcome]) -> None:
        """Write down what became of letters."""
        self._trip()
        self.batches.append(len(outcomes))
        for outcome in outcomes:
            self.outcomes.setdefault(outcome.id, []).append(outcome)
            one = self.leased.pop(outcome.id)
            if outcome.state == "retry":
                assert outcome.retry_at is not None
                self.waiting[one.id] = (outcome.retry_at, replace(one, attempts=one.attempts + 1))

    def state(self, number: int) -> str:
        """What became of a letter last."""
        found = self.outcomes.get(number)
        return found[-1].state if found else "waiting"

    def _trip(self) -> None:
        if self.broken:
            self.broken -= 1
            raise OSError("the database is away")
