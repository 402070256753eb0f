"""Knows what it means for the outgoing tray that somebody comes by: what may go now, what was held is read out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from handlers.effects import Effects
from handlers.incoming import Incoming
from handlers.letters import Letter
from storage.store import Tx
from storage.values import Held, Opened, Written

NOT_ARRIVED = "not arrived"


class Terms(Protocol):
    """What a visit means on one account. `room`: bytes of an answer; `pushes`: whether one may write unasked at all."""

    prefix: str
    room: int
    pushes: bool

    def opened(self, incoming: Incoming, now: datetime) -> Opened | None: ...
    def undelivered(self, incoming: Incoming) -> str: ...


@dataclass(frozen=True, slots=True)
class Visits:
    """The accounts on which one may not write to everybody at any time; none of them, and nothing is looked at."""

    terms: Sequence[Terms] = ()
    head: Callable[[], str] = field(default=str)

    def begin(self, tx: Tx, batch: Sequence[Incoming], now: datetime) -> dict[str, list[Held]]:
        """Open what these visits open; what is held for who may hear it now, by chat."""
        found = [(terms, one) for one in batch if (terms := self._terms(one)) is not None]
        if not found:
            return {}
        for terms, one in found:
            if ref := terms.undelivered(one):
                tx.allowing.hold_again(one.chat, ref, NOT_ARRIVED)
        opened = [visit for terms, one in found if (visit := terms.opened(one, now)) is not None]
        tx.allowing.open(opened)
        waiting: dict[str, list[Held]] = {}
        for letter in tx.allowing.held({visit.chat for visit in opened if visit.messages}):
            waiting.setdefault(letter.chat, []).append(letter)
        return waiting

    def tell(
        self, tx: Tx, written: Written, incoming: Incoming, waiting: dict[str, list[Held]], now: datetime
    ) -> Written:
        """The answer, followed by what was held. In a danger nothing is read out: it stays for the next time."""
        terms = self._terms(incoming)
        held = waiting.get(incoming.chat, [])
        if terms is None or not held or written.state != "done" or not incoming.inline or _alarming(written.effects):
            return written
        del waiting[incoming.chat]
        letters = list(written.effects.letters)
        at = next((n for n, one in enumerate(letters) if one.kind == "reply" and one.chat == incoming.chat), None)
        said = letters[at].text if at is not None else ""
        told, text = _fitting(said, self.head(), held, terms.room)
        self._settle(tx, told, [one for one in held if one not in told], terms, now)
        if not told:
            return written
        if at is None:
            letters.append(Letter(to=held[0].to, chat=incoming.chat, text=text, kind="reply"))
        else:
            letters[at] = replace(letters[at], text=text)
        if terms.pushes:
            letters += [_photos(one) for one in told if one.photos]
        return replace(written, effects=replace(written.effects, letters=tuple(letters)), receipt=text)

    def _settle(self, tx: Tx, told: Sequence[Held], rest: Sequence[Held], terms: Terms, now: datetime) -> None:
        """What is read out is done with; for what found no room there is now a way of its own, or the next visit."""
        if told:
            tx.allowing.fold(told[0].chat, [one.id for one in told])
        for one in told:
            tx.allowing.note(one.id, "read out")
        if terms.pushes and rest:
            tx.allowing.release(rest[0].chat, [one.id for one in rest], now)

    def _terms(self, incoming: Incoming) -> Terms | None:
        return next((one for one in self.terms if incoming.chat.startswith(one.prefix)), None)


NO_TERMS = Visits()
"""Everybody may be written to at any time."""


def _alarming(effects: Effects) -> bool:
    return any(letter.red for letter in effects.letters)


def _photos(held: Held) -> Letter:
    return Letter(to=held.to, chat=held.chat, text="", case=held.case, photos=held.photos)


def _fitting(said: str, head: str, held: Sequence[Held], room: int) -> tuple[list[Held], str]:
    """As many as there is room for, oldest first, after the answer itself; one at least where there is no answer."""
    told: list[Held] = []
    text = said
    for letter in held:
        start = "\n\n".join(part for part in (said, head) if part) if not told else text
        longer = f"{start}\n{letter.text}"
        if not letter.text or (len(longer.encode()) > room and (said or told)):
            continue
        told.append(letter)
        text = longer
    return told, text
