"""The numbers of broadcasts, and the newest of them: on both stores."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from handlers.directory import Broadcast, BroadcastState, Invitation, InvitationState
from handlers.effects import Effects
from handlers.raw import RawText
from handlers.working_set import Wanted
from storage.store import Store
from storage.values import Written
from tests.storage.making import NOW, address, at_once, later, write

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
    with store.transaction() as reader:
        assert [one.number for one in reader.last_broadcasts(3)] == ["G10000", "G9999", "G0002"]
        assert reader.due_broadcasts(later(minutes=4)) == []
        assert reader.due_broadcasts(later(minutes=5)) == [due]
        assert reader.next_due(NOW) == later(minutes=5)


def test_what_one_decides_about_waits_for_nobody_else_and_is_decided_once(store: Store) -> None:
    code = Invitation(code="123456", made_by="pan", made_at=NOW, expires_at=later(days=3))
    write(store, invitations=(code,), broadcasts=(replace(ONE, state=BroadcastState.APPROVED, send_at=NOW),))
    taken: list[str] = []

    def take(person: str) -> None:
        with store.transaction() as tx:
            ws = tx.load([Wanted(sender=person, codes=("123456",), broadcasts=("G0001",))], NOW)
            if ws.invitations["123456"].state is InvitationState.APPROVED:
                taken.append(f"code {person}")
            if ws.broadcasts["G0001"].state is BroadcastState.APPROVED:
                taken.append("back")
            used = replace(code, state=InvitationState.USED)
            back = replace(ONE, state=BroadcastState.TAKEN_BACK)
            tx.flush([Written(effects=Effects(invitations=(used,), broadcasts=(back,)))], NOW)

    def send() -> None:
        with store.transaction() as tx:
            due = tx.due_broadcasts(NOW)
            taken.extend("sent" for _ in due)
            sent = tuple(replace(one, state=BroadcastState.SENT) for one in due)
            tx.flush([Written(effects=Effects(broadcasts=sent))], NOW)

    at_once(send, *(partial(take, address(n)) for n in range(4)))
    assert sum(one.startswith("code") for one in taken) == 1
    assert len([one for one in taken if one in ("back", "sent")]) == 1
