"""Knows everything that is kept about one person, as plain JSON values: 我的数据."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from storage.case_tables import answered, cases, entries, entry_texts, photos, refusals, reporters
from storage.columns import moment_out
from storage.post_tables import letters
from storage.tables import accounts, inbox, persons, threads

_DOCUMENTS = frozenset({"names", "roles", "tags", "document", "payload", "buttons", "facts", "rest"})


def export(connection: Connection, person: str) -> dict[str, Any]:
    """Rows by table; columns by name; moments as ISO text in UTC."""
    mine = select(reporters.c.case_number).where(reporters.c.person == person)
    notes = (
        select(entries.c.case_number, entries.c.n, entries.c.at, entries.c.step, entry_texts.c.text)
        .join(
            entry_texts, (entry_texts.c.case_number == entries.c.case_number) & (entry_texts.c.n == entries.c.n)
        )
        .where(entries.c.by == person, entries.c.case_number.in_(mine))
        .order_by(entries.c.case_number, entries.c.n)
    )  # fmt: skip
    told = letters.c.recipient == person
    shelves: Sequence[tuple[str, Select[Any]]] = (
        ("person", select(persons).where(persons.c.id == person)),
        ("accounts", select(accounts).where(accounts.c.person == person).order_by(accounts.c.address)),
        ("conversation", select(threads).where(threads.c.person == person)),
        ("messages", select(inbox).where(inbox.c.person == person, inbox.c.person != "").order_by(inbox.c.id)),
        ("reported", select(reporters).where(reporters.c.person == person).order_by(reporters.c.case_number)),
        ("cases", select(cases).where(cases.c.number.in_(mine)).order_by(cases.c.opened_at, cases.c.number)),
        ("notes", notes),
        ("photos", select(photos).where(photos.c.person == person).order_by(photos.c.at, photos.c.id)),
        ("letters", select(letters).where(told).order_by(letters.c.id)),
        ("answers", select(answered).where(answered.c.person == person).order_by(answered.c.id)),
        ("refusals", select(refusals).where(refusals.c.person == person).order_by(refusals.c.id)),
    )
    found = {name: [_plain(row) for row in connection.execute(statement).mappings()] for name, statement in shelves}
    joined = {row["case_number"]: row["words"] for row in found["reported"] if row["part"] == "co_reporter"}
    found["cases"] = [_own(row, joined.get(row["number"])) for row in found["cases"]]
    return found


def _own(row: dict[str, Any], words: str | None) -> dict[str, Any]:
    """A case as one of its reporters may have it: who joined it gets their own words, not those of who opened it."""
    if words is None:
        return row
    rest = {name: value for name, value in row["rest"].items() if name not in ("where", "photos")}
    return {**row, "words": words, "place": "", "room": "", "rest": rest}


def _plain(row: Any) -> dict[str, Any]:
    return {name: _value(name, value) for name, value in row.items()}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return moment_out(value)
    return json.loads(value) if name in _DOCUMENTS else value
