"""The numbers of broadcasts, and the newest of them: on both stores."""

from __future__ import annotations

from dataclasses import replace

from handlers.directory import Broadcast, BroadcastState
from handlers.raw import RawText
from storage.store import Store
from tests.storage.making import NOW, at_once, later, write

ONE = Broadcast(number="G0001", text=RawText("停水"), units=("jr",), made_by="han", made_at=NOW)


def test_numbers_are_given_once_whoever_asks(store: Store) -> None:
    found: list[str] = []

    def draw() -> None:
        with store.transaction() as tx:
            found.append(tx.reserve_broadcast())

    draw()
    at_once(*[draw] * 4)
    assert sorted(found) == ["G0001", "G0002", "G0003", "G0004", "G0005"]


def test_the_newest_come_first_and_what_is_due_is_found(store: Store) -> None:
    numbers = ["G0001", "G0002", "G9999", "G10000"]
    write(store, broadcasts=tuple(replace(ONE, number=number) for number in numbers))
    due = replace(ONE, number="G0002", state=BroadcastState.APPROVED, send_at=later(minutes=5), groups=3)
    write(store, broadcasts=(due,))
    with store.reading() as reader:
        assert [one.number for one in reader.last_broadcasts(3)] == ["G10000", "G9999", "G0002"]
        assert reader.due_broadcasts(later(minutes=4)) == []
        assert reader.due_broadcasts(later(minutes=5)) == [due]
        assert reader.next_due(NOW) == later(minutes=5)
