"""Knows what can be changed in the memory, within one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from handlers.directory import Broadcast
from handlers.incoming import Incoming
from handlers.town import Directory, Person
from handlers.working_set import Wanted, WorkingSet
from storage import (
    crowds,
    directory,
    erasing,
    errand_queue,
    importing,
    leasing,
    marks,
    numbering,
    outbox,
    rates_roll,
    returns,
    taking,
    town_rows,
)
from storage.allowing import Allowing
from storage.bulk import Insert
from storage.columns import clean, document
from storage.directory import Spoken
from storage.flushing import Flusher
from storage.loading import Loader
from storage.reader import TOWN, Reader
from storage.tables import catalogues, settings
from storage.values import Crowd, DueErrand, ErrandOutcome, Left, LetterOutcome, Meter, Outgoing, Taken, Written

_SETTINGS = Insert(settings, ("name", "value"), key=("name",))
_CATALOGUES = Insert(catalogues, ("hash", "document"), key=("hash",), ignore=True)


class Tx(Reader):
    """One open transaction, for changing. Nothing counts before it ends without an exception."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._chains: dict[str, str] = {}

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Work that fails alone: what it wrote is undone, everything before it stands and the transaction goes on."""
        before = dict(self._chains)
        try:
            with self._connection.begin_nested():
                yield
        except Exception:
            self._chains = before
            raise

    # -- a batch of messages ---------------------------------------------------------------------------------------

    def take_in(self, batch: Sequence[Incoming], now: datetime) -> list[Taken]:
        """Keep deliveries, each once, in one statement; repeats come back with their stored receipt, in order."""
        return taking.take_in(self._connection, batch, now)

    def behind(self, batch: Sequence[Incoming], now: datetime) -> list[Incoming]:
        """These deliveries, with the button that each mark stands for: none for one unknown, foreign or too old."""
        return marks.behind(self._connection, batch, now)

    def load(self, wanted: Sequence[Wanted], now: datetime) -> WorkingSet:
        """Lock and load what these messages may need, in a number of statements that does not depend on theirs."""
        loader = Loader(self._connection, now)
        loaded = loader.load(wanted)
        self._chains.update(loader.chains)
        return loaded

    def load_cases(self, numbers: Iterable[str], now: datetime) -> WorkingSet:
        """Lock and load these cases with all that hangs on them, for the clock."""
        loader = Loader(self._connection, now)
        loaded = loader.load_cases(set(numbers))
        self._chains.update(loader.chains)
        return loaded

    def reserve(self, n: int) -> list[str]:
        """The next `n` case numbers, in order; gaps are allowed."""
        return numbering.reserve(self._connection, n)

    def reserve_broadcast(self) -> str:
        """The number of the next broadcast; gaps are allowed."""
        return numbering.reserve_broadcast(self._connection)

    def flush(self, outcomes: Sequence[Written], now: datetime) -> None:
        """Write down what turns have decided, in one statement a table; the last value of a row wins."""
        Flusher(self._connection, now, self._chains).flush(outcomes)
        if any(one.effects.moves_town for one in outcomes):
            self.move_town()

    def roll_up(self, now: datetime, zone: ZoneInfo) -> int:
        """Bring the roll-up of the rates up to date (the clock does, once a minute); how many days were counted."""
        return rates_roll.roll_up(self._connection, now, zone)

    def erase(self, persons: Sequence[str], now: datetime) -> None:
        """Blank these people's words everywhere; rows and chains stay, files are left to errands of kind “unlink”."""
        erasing.erase(self._connection, persons, now)

    def keep_unread(
        self,
        raw: bytes,
        *,
        platform: str,
        account: str = "",
        headers: Mapping[str, str],
        now: datetime,
        error: str = "",
    ) -> int:
        """Keep a signed delivery that could not be read; answers its number."""
        values = {"raw": raw, "platform": platform, "account": account, "headers": headers}
        return taking.keep_unread(self._connection, {**values, "received_at": now, "error": error})

    def take_way(self, chat: str, now: datetime) -> str:
        """A way back into a chat that is good for one answer; nobody gets it twice. “” when there is none."""
        return returns.take(self._connection, chat, now)

    # -- letters and errands ---------------------------------------------------------------------------------------

    def drop_unread(self, number: int) -> None:
        """Forget an unreadable delivery that has been read after all."""
        taking.drop_unread(self._connection, number)

    def claim_letters(
        self, now: datetime, owner: str, limit: int, busy: Collection[str] = (), meter: Meter | None = None
    ) -> list[Outgoing]:
        """Letters to send now: at most one a lane, red first, then the oldest.

        `busy` are left alone: lanes, and (ending in a colon) all lanes of an account that is down. `meter` tells what
        each takes of a chat that is sent only so much.
        """
        return outbox.claim(self._connection, now, owner, limit, busy, meter)

    def take_crowds(self, now: datetime) -> list[Crowd]:
        """Cards and lines of which a group would get several at once: taken out, for one message to say them."""
        return crowds.take(self._connection, now)

    def settle_letters(self, outcomes: Sequence[LetterOutcome], now: datetime) -> None:
        """Write down how sending went."""
        outbox.settle(self._connection, outcomes, now)

    def forget_marks(self, now: datetime, most: int) -> int:
        """Forget at most so many marks of buttons that are too old to be pressed; how many."""
        return marks.forget(self._connection, now, most)

    def mark_inline(self, inbox_ids: Iterable[int], now: datetime) -> None:
        """The inline answers to these deliveries were written to the socket: they need no push."""
        outbox.mark_inline(self._connection, inbox_ids, now)

    def claim_errands(self, now: datetime, owner: str, limit: int) -> list[DueErrand]:
        """Errands to run now."""
        return errand_queue.claim(self._connection, now, owner, limit)

    def settle_errands(self, outcomes: Sequence[ErrandOutcome], now: datetime) -> None:
        """Write down how errands went."""
        errand_queue.settle(self._connection, outcomes, now)

    @property
    def allowing(self) -> Allowing:
        """What platforms allow: budgets of messages, letters that are held, tokens."""
        return Allowing(self._connection)

    # -- leases ----------------------------------------------------------------------------------------------------

    def hold(self, name: str, owner: str, now: datetime, seconds: float = 30) -> bool:
        """Take or renew a lease; false when somebody else holds it."""
        return name in leasing.take(self._connection, [name], owner, now, timedelta(seconds=seconds))

    def release(self, name: str, owner: str) -> None:
        """Give a lease back."""
        leasing.release(self._connection, name, owner)

    def free_all(self, now: datetime) -> None:
        """Take every lease away, of lanes, letters and errands too: for the only process of a store, at its start."""
        leasing.free_all(self._connection, now)

    # -- the town --------------------------------------------------------------------------------------------------

    def register(self, person: Person, addresses: Sequence[str]) -> None:
        """Bind addresses to a person at run time."""
        directory.register(self._connection, person, addresses)

    def sync_directory(self, town: Directory, accounts: Spoken, chats: Spoken, holders: Collection[str] = ()) -> Left:
        """Take over the configuration: people (with accounts), units and groups (with chats).

        Answers who is no longer in it, and the open cases in the hands of anybody inactive. With `holders` (all units
        and departments there are) also the open cases led by none of them.
        """
        return directory.sync(self._connection, town, accounts, chats, holders)

    def import_town(self, change: importing.Change, what: str, now: datetime) -> int:
        """Take over a changed directory; answers the number by which it can be undone."""
        number = importing.apply(self._connection, change, what, now)
        self.move_town()
        return number

    def undo_import(self, number: int, now: datetime) -> None:
        """Set back what an import changed. Raises importing.UndoError."""
        importing.undo(self._connection, number, now)
        self.move_town()

    def move_town(self) -> None:
        """Whoever holds the town as a value, in any process, must read it anew."""
        self.set_setting(TOWN, secrets.token_hex(8))

    def due_broadcasts(self, now: datetime) -> list[Broadcast]:
        """Broadcasts to be sent now, or whose notice is over; locked, but for those somebody is deciding about."""
        return town_rows.due_broadcasts(self._connection, now)

    def timers(self) -> dict[str, datetime]:
        """Every timer of the clock's rounds: name → when it goes off next."""
        return town_rows.timers(self._connection)

    def set_timer(self, name: str, at: datetime) -> None:
        """When a round of the clock is wanted next; a stage that sets its clock forward stops there."""
        town_rows.set_timer(self._connection, name, at)

    def set_setting(self, name: str, value: str) -> None:
        """Remember a setting."""
        _SETTINGS.run(self._connection, [(name, clean(value))])

    def save_catalogue(self, content_hash: str, catalogue: Any) -> None:
        """Remember a catalogue (plain JSON values) under its hash, for the cases opened under it."""
        _CATALOGUES.run(self._connection, [(content_hash, document(catalogue))])
