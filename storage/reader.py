"""Knows what can be asked of the memory."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, Literal, Unpack, overload

from sqlalchemy import Connection, bindparam, select

from handlers.cases import Case, Entry, Photo, Reporter, Task
from handlers.directory import Broadcast
from handlers.rates import NOTHING, Rate, rates
from handlers.thread import Thread
from handlers.town import Directory, Person
from storage import (
    correcting,
    directory,
    exporting,
    importing,
    outbox,
    rates_burden,
    rates_lines,
    reading,
    standing,
    taking,
    town_rows,
)
from storage.loading import people
from storage.rates import Asked, By, Which, sums
from storage.rates_burden import Burden
from storage.rates_lines import CaseLine
from storage.standing import Standing
from storage.tables import catalogues, settings
from storage.values import InboxRow, LetterRow, Line, Outgoing, UnreadRow

TOWN = "town"
"""The setting that is another one after every change of the directory."""

_SETTING = select(settings.c.value).where(settings.c.name == bindparam("named"))


class Reader:
    """One open transaction, for looking. Values come out as they went in; moments are aware UTC."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- conversations and deliveries ------------------------------------------------------------------------------

    def threads_of(self, addresses: Sequence[str]) -> dict[str, Thread]:
        """Address → conversation (a new one for who has said nothing yet); an address nobody has is not there."""
        return reading.threads_of(self._connection, addresses)

    def inbox_row(self, number: int) -> InboxRow | None:
        """A delivery as it was kept, for replay."""
        found = taking.inbox_rows(self._connection, [number])
        return found[0] if found else None

    def failed(self, limit: int = 100) -> list[InboxRow]:
        """Deliveries that could not be served, oldest first."""
        return taking.failed(self._connection, limit)

    def unread(self, limit: int = 100) -> list[UnreadRow]:
        """Signed deliveries that could not be read, oldest first."""
        return taking.unread_rows(self._connection, limit)

    def timeline(self, chat: str, since_id: str = "", limit: int = 200) -> list[Line]:
        """What both sides said in a chat, oldest first, from the line `since_id` on."""
        return reading.timeline(self._connection, chat, since_id, limit)

    def told_in(self) -> dict[str, int]:
        """How many letters have arrived in each chat."""
        return reading.told_in(self._connection)

    def letters_of(self, *, chat: str = "", state: str = "") -> list[LetterRow]:
        """Letters by chat, by state or both, oldest first."""
        return reading.letters_of(self._connection, chat=chat, state=state)

    def lying(self, lane: str, after: int, limit: int = 50) -> list[Outgoing]:
        """Letters that lie ready to be fetched, of a platform on which people fetch them; from behind `after` on."""
        return outbox.lying(self._connection, lane, after, limit)

    # -- cases -----------------------------------------------------------------------------------------------------

    def cases_of(self, numbers: Collection[str]) -> dict[str, Case]:
        """Cases by number, as they are now and not locked."""
        return reading.cases_of(self._connection, numbers)

    def case(self, number: str) -> Case | None:
        """One case."""
        return reading.case(self._connection, number)

    def cases(self, *, open_only: bool = False, limit: int = 100, offset: int = 0) -> list[Case]:
        """Cases, newest last."""
        return reading.case_list(self._connection, open_only=open_only, limit=limit, offset=offset)

    def waiting(self) -> list[Case]:
        """Open cases that have no result yet, soonest due first; so many at most as a morning can tell of."""
        return reading.waiting(self._connection)

    def joining(self, since: datetime) -> list[tuple[Task, str]]:
        """Calls for help that wait for somebody, or were answered since then, each with who leads the case."""
        return reading.joining(self._connection, since)

    def last_cases(self, limit: int = 100) -> list[Case]:
        """The newest cases, newest last."""
        return reading.last_cases(self._connection, limit)

    def entries(self, number: str) -> list[Entry]:
        """The history of a case."""
        return reading.entries_of(self._connection, number)

    def histories(self, steps: Collection[str]) -> Iterator[tuple[Case, list[Entry], list[Reporter]]]:
        """The cases in whose history one of these steps was taken, with all of it and with who speaks in them."""
        return correcting.histories(self._connection, steps)

    def tasks(self, number: str) -> list[Task]:
        """The tasks of a case."""
        return reading.tasks_of(self._connection, number)

    def reporters(self, number: str) -> list[Reporter]:
        """Those who speak in a case."""
        return reading.reporters_of(self._connection, number)

    def photos(self, number: str) -> list[Photo]:
        """The pictures of a case."""
        return reading.photos_of(self._connection, number)

    def photos_by_id(self, ids: Sequence[str]) -> dict[str, Photo]:
        """Pictures by id, for a letter that carries them."""
        return reading.photos_by_id(self._connection, ids)

    def verify(self, number: str | None = None) -> list[str]:
        """Where a history was changed behind our back: “case: entry n: what is wrong”; all cases without a number."""
        return reading.broken_chains(self._connection, number)

    @overload
    def rates(self, now: datetime, *, by: Literal[""] = "", **asked: Unpack[Which]) -> Mapping[str, Rate]: ...

    @overload
    def rates(self, now: datetime, *, by: By, **asked: Unpack[Which]) -> Mapping[str, Mapping[str, Rate]]: ...

    def rates(self, now: datetime, *, by: By | Literal[""] = "", **asked: Unpack[Which]) -> Mapping[str, Any]:
        """The rates of the cases opened from `since` to before `until`, as they stand now: name → rate.

        With `by`, for each group: group → name → rate. `units` is a set of unit ids, empty for all of them.
        """
        found = sums(self._connection, now, Asked(by=by, **asked))
        return {group: rates(one) for group, one in found.items()} if by else rates(found.get("", NOTHING))

    def burden(
        self,
        now: datetime,
        since: datetime,
        until: datetime | None = None,
        *,
        zone: tzinfo,
        people: Mapping[str, Collection[str]],
    ) -> dict[str, Burden]:
        """What the work asked of these people (person id → ids of the groups they sit in), till now without `until`."""
        return rates_burden.burden(self._connection, (since, until or now), zone, people)

    def case_lines(self, since: datetime | None, until: datetime | None) -> Iterator[CaseLine]:
        """The cases opened in a span of time as lines of a table, without personal data."""
        return rates_lines.case_lines(self._connection, (since, until))

    # -- people ----------------------------------------------------------------------------------------------------

    def persons(self, *, source: str = "", tag: str = "") -> list[Person]:
        """People, by where they come from (“config” or “run”) and by a tag."""
        return directory.find(self._connection, source=source, tag=tag)

    def person_by_id(self, person: str) -> Person | None:
        """One person."""
        return people(self._connection, [person]).get(person)

    def accounts_of(self, person: str) -> list[str]:
        """A person's addresses, the one used last first."""
        return directory.accounts_of(self._connection, person)

    def town_version(self) -> str:
        """A mark that is another one after every change of the directory."""
        return self.get_setting(TOWN)

    def directory(self) -> Directory:
        """Units, groups and everybody who serves, as they are now."""
        return directory.read(self._connection)

    def addresses(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """Accounts of everybody who serves, and chats of every group, by id."""
        return importing.addresses(self._connection)

    def open_cases_of(self, holders: Collection[str]) -> dict[str, int]:
        """How many open cases are led by each of these units or lie in it; who has none is not there."""
        return importing.open_cases(self._connection, holders)

    def orphans(self, holders: Collection[str] = ()) -> tuple[str, ...]:
        """Open cases in the hands of who left, or (with `holders`, all there are) led by a holder that is not there."""
        return directory.orphans(self._connection, holders)

    def last_broadcasts(self, limit: int) -> list[Broadcast]:
        """The newest broadcasts, newest first."""
        return town_rows.last_broadcasts(self._connection, limit)

    def export_person(self, person: str) -> dict[str, Any]:
        """Everything kept about a person, as plain JSON values."""
        return exporting.export(self._connection, person)

    # -- the clock and the rest ------------------------------------------------------------------------------------

    def due_cases(self, now: datetime, limit: int = 64) -> list[str]:
        """Open cases that the clock must look at, soonest first.

        They are not locked: `load_cases` locks persons before cases, as every batch does; a case locked here would
        turn that order round and make deadlocks. The clock is one by lease, and looks again at what it has loaded.
        """
        return reading.due_cases(self._connection, now, limit)

    def open_after(self, last: str, limit: int) -> list[str]:
        """The numbers of open cases behind `last`, in one order for all; “” begins."""
        return reading.open_after(self._connection, last, limit)

    def next_due(self, now: datetime) -> datetime | None:
        """The soonest moment after `now` at which a letter, an errand or a case falls due."""
        return reading.next_due(self._connection, now)

    def standing(self, now: datetime) -> Standing:
        """How the doors stand. It walks whole tables: for an operator, not for every second."""
        return standing.standing(self._connection, now)

    def get_setting(self, name: str, default: str = "") -> str:
        """A setting, or the default."""
        found = self._connection.execute(_SETTING, {"named": name}).scalar_one_or_none()
        return default if found is None else found

    def catalogue(self, content_hash: str) -> Any:
        """A catalogue that was saved under its hash; None when there is none."""
        wanted = select(catalogues.c.document).where(catalogues.c.hash == content_hash)
        found = self._connection.execute(wanted).scalar_one_or_none()
        return None if found is None else json.loads(found)
