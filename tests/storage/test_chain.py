"""History proves itself: whatever is changed behind our back is found, and what is erased by right is not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from storage.store import Store
from tests.storage.making import NOW, a_case, an_entry, report, write


def tamper(store: Store, sql: str) -> None:
    """Change a table behind the memory's back."""
    with store._writing.begin() as connection:  # what somebody with a shell on the database could do
        connection.execute(text(sql))


def broken(store: Store) -> list[str]:
    with store.reading() as reader:
        return reader.verify()


@pytest.fixture
def told(store: Store) -> Store:
    """A store with two cases of three entries each."""
    for number in (report(store, 1), report(store, 2)):
        write(store, cases=(a_case(number),), entries=(an_entry(number, 3, "urge", "还没人来"),))
    return store


def test_an_untouched_history_is_whole(told: Store) -> None:
    assert broken(told) == []
    with told.reading() as reader:
        assert reader.verify("A0001") == []
        assert reader.verify("A9999") == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE entries SET step = 'close' WHERE case_number = 'A0001' AND n = 2", "entry 2: was changed"),
        ("UPDATE entries SET \"by\" = 'li' WHERE case_number = 'A0001' AND n = 1", "entry 1: was changed"),
        ("UPDATE entries SET facts = '{}' WHERE case_number = 'A0001' AND n = 1", "entry 1: was changed"),
        ("UPDATE entries SET \"at\" = '2026-03-02T00:00:00.000000+00:00' WHERE case_number = 'A0001' AND n = 3",
         "entry 3: was changed"),
        ("UPDATE entry_texts SET text = '别的' WHERE case_number = 'A0001' AND n = 3", "entry 3: its note was changed"),
        ("UPDATE entry_texts SET salt = 'x' WHERE case_number = 'A0001' AND n = 1", "entry 1: its note was changed"),
        ("DELETE FROM entries WHERE case_number = 'A0001' AND n = 2", "entry 3: does not follow the entry before it"),
        ("DELETE FROM entries WHERE case_number = 'A0001' AND n = 3", "the newest entries are missing"),
        ("DELETE FROM entries WHERE case_number = 'A0001'", "its history is missing"),
        ("UPDATE cases SET chain = '' WHERE number = 'A0001'", "the newest entries are missing"),
    ],
)  # fmt: skip
def test_what_was_changed_is_found(told: Store, change: str, found: str) -> None:
    tamper(told, change)
    assert broken(told) == [f"A0001: {found}"]
    with told.reading() as reader:
        assert reader.verify("A0002") == []


def test_a_resealed_entry_breaks_the_next(told: Store) -> None:
    tamper(told, "UPDATE entries SET hash = 'f00' WHERE case_number = 'A0001' AND n = 1")
    assert broken(told) == ["A0001: entry 1: was changed", "A0001: entry 2: does not follow the entry before it"]


def test_a_note_erased_by_right_leaves_the_chain_whole(told: Store) -> None:
    tamper(told, "DELETE FROM entry_texts WHERE case_number = 'A0001'")
    assert broken(told) == []
    with told.reading() as reader:
        assert [entry.note.reveal() for entry in reader.entries("A0001")] == ["", "", ""]


def test_the_order_of_facts_does_not_matter(store: Store) -> None:
    entry = an_entry("A0001", 1, lead="jr-2", level="grid")
    write(store, cases=(a_case(),), entries=(replace(entry, facts=dict(sorted(entry.facts.items(), reverse=True))),))
    with store.reading() as reader:
        assert reader.entries("A0001")[0].facts == entry.facts
        assert list(reader.entries("A0001")[0].facts) == ["lead", "level"]
        assert reader.verify() == []
    assert entry.at == NOW
