"""An import is one change that can be undone, on either store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.town import Directory, Group, Person, Role, Unit
from storage.importing import Change, UndoError
from storage.store import Store
from tests.storage.making import NOW, later

UNIT = Unit(id="jr-2", name="第二网格", level="grid", places=("1-8号楼",), center=(33.38, 120.15))
LI = Person(id="li", name="李明", roles=frozenset({Role.GRID_WORKER}), unit="jr-2", away_until=later(days=2))
WORK = Group(id="work", name="工作群", unit="jr-2", purpose="work")
TOWN = Directory(units=(UNIT,), people=(LI,), groups=(WORK,))
CHANGE = Change(
    units=(replace(UNIT, phone="1"), replace(UNIT, id="jr-3", name="第三网格")),
    people=(replace(LI, name="李明明"), replace(LI, id="ding")),
    groups_out=("work",),
    accounts={"ding": ("telegram::7",)},
)


def test_what_was_imported_stands_and_is_set_back(store: Store) -> None:
    with store.transaction() as tx:
        tx.sync_directory(TOWN, {}, {})
        version = tx.town_version()
        number = tx.import_town(CHANGE, "a.xlsx", NOW)
        assert tx.town_version() != version
    with store.reading() as reader:
        made = reader.directory()
    assert made.units == CHANGE.units
    assert made.groups == ()
    assert {person.id: person for person in made.people} == {person.id: person for person in CHANGE.people}
    with store.transaction() as tx:
        tx.sync_directory(TOWN, {}, {})
        assert tx.directory() == made, "the next start leaves it as it is"
        tx.undo_import(number, later(hours=1))
    with store.reading() as reader:
        back = reader.directory()
    assert back.units == TOWN.units
    assert back.groups == TOWN.groups
    assert [person for person in back.people if person.staff] == [LI]


def test_only_once_and_only_when_nothing_came_after(store: Store) -> None:
    with store.transaction() as tx:
        tx.sync_directory(TOWN, {}, {})
        first = tx.import_town(CHANGE, "a.xlsx", NOW)
        second = tx.import_town(Change(units=(replace(UNIT, phone="2"),)), "b.xlsx", NOW)
        with pytest.raises(UndoError, match=f"changed again since import {first}: jr-2"):
            tx.undo_import(first, NOW)
        tx.undo_import(second, NOW)
        tx.undo_import(first, NOW)
        with pytest.raises(UndoError, match="undone already"):
            tx.undo_import(first, NOW)
        assert tx.directory().units == TOWN.units
