"""Knows how a person's words are blanked everywhere while the rows, and the chains of history, stay."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Executable, and_, case, delete, exists, null, or_, select, update

from handlers.cases import Case, Reporter
from handlers.raw import RawText
from handlers.town import Person
from storage.bulk import Change, Insert
from storage.case_tables import cases, entries, entry_texts, photos, reporters
from storage.codec import incoming_of, incoming_text
from storage.columns import among, document, moment_out, parameter
from storage.post_tables import errands, letters
from storage.tables import accounts, inbox, leases, persons, threads
from storage.wire_tables import budgets, paces

_SPOKEN = select(reporters.c.case_number, reporters.c.person, reporters.c.part, reporters.c.parted).where(
    reporters.c.case_number.in_(select(reporters.c.case_number).where(among(reporters.c.person, "ids")))
)
_ADDRESSES = select(accounts.c.address).where(among(accounts.c.person, "ids"))

_CASES = update(cases).values(words="", place="", room="", result="").where(among(cases.c.number, "alone"))
# What was done for all of them stays while others are in the case.
_SHARED = update(cases).values(words="", place="", room="").where(among(cases.c.number, "shared"))
_REPORTERS = update(reporters).values(words="").where(among(reporters.c.person, "ids"))
_RESTS = select(cases.c.rest, cases.c.number).where(among(cases.c.number, "numbers"))
_SET_REST = Change(cases, ("rest",), key="number")

_own_entry = exists().where(
    entries.c.case_number == entry_texts.c.case_number, entries.c.n == entry_texts.c.n, among(entries.c.by, "ids")
)
_NOTES = delete(entry_texts).where(
    or_(among(entry_texts.c.case_number, "alone"), and_(among(entry_texts.c.case_number, "spoken"), _own_entry))
)

_blank = {"text": "", "buttons": "[]", "photos": "[]", "follow_up": "", "mark": ""}
_unsent = letters.c.next_at.is_not(None)
_LETTERS_TO = (
    update(letters)
    .values(
        **_blank,
        lane=case((among(letters.c.lane, "addresses"), ""), else_=letters.c.lane),
        state=case((_unsent, "dead"), else_=letters.c.state),
        error=case((_unsent, "erased"), else_=letters.c.error),
        next_at=null(),
    )
    .where(among(letters.c.case_number, "spoken_or_none"), among(letters.c.recipient, "ids"))
)
# What others were told in private about their case held their words too, if redacted; cards hold none.
_LETTERS_ABOUT = (
    update(letters)
    .values(**_blank)
    .where(among(letters.c.case_number, "numbers"), ~_unsent, letters.c.kind.in_(["push", "reply"]))
)
# A number given to one handler (请给我打电话) went out as it was, in a case of several too.
_shared = exists().where(
    entries.c.case_number == letters.c.case_number, entries.c.step == "share", among(entries.c.by, "ids")
)
_LETTERS_SHARED = (
    update(letters)
    .values(**_blank)
    .where(among(letters.c.case_number, "spoken"), _shared, ~_unsent, letters.c.kind.in_(["push", "reply"]))
)
_ERRANDS = (
    update(errands)
    .values(facts="{}", state=case((errands.c.next_at.is_not(None), "dead"), else_=errands.c.state), next_at=null())
    .where(among(errands.c.case_number, "spoken"), errands.c.kind == "download")
)
_BUDGETS = delete(budgets).where(among(budgets.c.lane, "addresses"))
_PACES = delete(paces).where(among(paces.c.lane, "addresses"))
_LEASES = delete(leases).where(among(leases.c.name, "lanes"))

_INBOX = select(inbox.c.payload, inbox.c.id).where(among(inbox.c.person, "ids"), inbox.c.person != "")
_SET_INBOX = Change(inbox, ("sender", "chat", "payload", "receipt", "error"))
_THREADS = delete(threads).where(among(threads.c.person, "ids"))
_PATHS = select(photos.c.path).where(among(photos.c.person, "ids"), photos.c.path != "")
_PHOTOS = update(photos).values(ref="", address="", path="").where(among(photos.c.person, "ids"))
_UNLINK = Insert(errands, ("kind", "case_number", "facts", "state", "next_at", "created_at"))
# People of the configuration keep their name and accounts: those are the town's data, read again at the next start.
_ACCOUNTS = delete(accounts).where(among(accounts.c.person, "ids"), accounts.c.source == "run")
_PERSONS = (
    update(persons)
    .values(name="", names="[]", tags="[]", unit="", away_until=null())
    .where(among(persons.c.id, "ids"), persons.c.source == "run")
)
_BLANKING: Sequence[tuple[Executable, tuple[str, ...]]] = (
    (_CASES, ("alone",)),
    (_SHARED, ("shared",)),
    (_REPORTERS, ("ids",)),
    (_NOTES, ("alone", "spoken", "ids")),
    (_LETTERS_TO, ("spoken_or_none", "ids", "addresses")),
    (_LETTERS_ABOUT, ("numbers",)),
    (_LETTERS_SHARED, ("spoken", "ids")),
    (_ERRANDS, ("spoken",)),
    (_BUDGETS, ("addresses",)),
    (_PACES, ("addresses",)),
    (_LEASES, ("lanes",)),
    (_THREADS, ("ids",)),
    (_PHOTOS, ("ids",)),
    (_ACCOUNTS, ("ids",)),
    (_PERSONS, ("ids",)),
)


@dataclass(slots=True)
class Erased:
    """Who and which cases were erased so far in a batch: later values of it still hold the words, and lose them.

    `shared` are those of the cases in which others still speak: the result is theirs as well.
    """

    persons: set[str] = field(default_factory=set)
    cases: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)

    def add(self, other: Erased) -> None:
        """Take over what was erased."""
        self.persons |= other.persons
        self.cases |= other.cases
        self.shared |= other.shared

    def case(self, value: Case) -> Case:
        """The case, without words when they were erased."""
        if value.number not in self.cases:
            return value
        nothing = RawText()
        where = replace(value.where, text=nothing, room=nothing, point=None)
        result = value.result if value.number in self.shared else nothing
        return replace(value, words=nothing, result=result, where=where)

    def reporter(self, value: Reporter) -> Reporter:
        """The reporter, without words when they were erased."""
        return replace(value, words=RawText()) if value.person in self.persons else value

    def person(self, value: Person) -> Person:
        """The person, without a name when it was erased."""
        return replace(value, name="", names=(), tags=(), unit="") if value.id in self.persons else value


def erase(connection: Connection, ids: Sequence[str], now: datetime) -> Erased:
    """Blank the words of these people. Files of photos are left to errands of kind “unlink”."""
    keys = {"ids": parameter(sorted(ids))}
    spoken, opened, shared = _cases_of(connection, ids, keys)
    addresses = list(connection.execute(_ADDRESSES, keys).scalars())
    keys.update(
        spoken=parameter(spoken),
        spoken_or_none=parameter([*spoken, ""]),
        numbers=parameter(opened),
        shared=parameter(shared),
        alone=parameter(sorted(set(opened) - set(shared))),
        addresses=parameter(addresses),
        lanes=parameter([f"lane:{address}" for address in addresses]),
    )
    _case_places(connection, keys)
    _unlink(connection, list(connection.execute(_PATHS, keys).scalars()), now)
    _inbox(connection, keys)
    for statement, names in _BLANKING:
        connection.execute(statement, {name: keys[name] for name in names})
    return Erased(set(ids), set(opened), set(shared))


def _cases_of(connection: Connection, ids: Iterable[str], keys: dict[str, str]) -> tuple[list[str], ...]:
    """The cases in which they spoke; of these the ones whose words are theirs; of these the ones others are in too."""
    rows = connection.execute(_SPOKEN, keys).all()
    gone = set(ids)
    spoken = {number for number, person, _, _ in rows if person in gone}
    opened = {number for number, person, part, _ in rows if person in gone and part in ("reporter", "on_behalf")}
    others = {number for number, person, _, parted in rows if person not in gone and not parted}
    return sorted(spoken), sorted(opened | (spoken - others)), sorted(opened & others)


def _case_places(connection: Connection, keys: dict[str, str]) -> None:
    """The exact point lies in the document beside plain fields."""
    changed: list[tuple[Any, ...]] = []
    for text, number in connection.execute(_RESTS, keys):
        rest = json.loads(text)
        if rest.get("where", {}).pop("point", None) is not None:
            changed.append((document(rest), number))
    _SET_REST.run(connection, changed)


def _unlink(connection: Connection, paths: Sequence[str], now: datetime) -> None:
    moment = moment_out(now)
    if paths:
        _UNLINK.run(connection, [("unlink", "", document({"paths": "\n".join(paths)}), "waiting", moment, moment)])


def _inbox(connection: Connection, keys: dict[str, str]) -> None:
    """Deliveries stay as rows, for a repeat must still be known; what was said in them goes."""
    rows = []
    for payload, number in connection.execute(_INBOX, keys):
        held = incoming_of(payload)
        chat = held.chat if held.group else ""
        bare = replace(
            held,
            sender="",
            chat=chat,
            text=RawText(),
            media=(),
            location=None,
            button="",
            mark="",
            quoted="",
            scene="",
        )
        rows.append(("", chat, incoming_text(bare), "", "", number))
    _SET_INBOX.run(connection, rows)
