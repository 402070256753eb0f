"""Makes the values that the tests of the memory store: deliveries, cases and whole turns, short to say."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from handlers.cases import Case, Entry, Reporter, State, Task, Where
from handlers.effects import Effects
from handlers.incoming import Incoming
from handlers.letters import Button, Letter
from handlers.raw import RawText
from handlers.thread import Choice, Question, Thread
from handlers.town import Directory, Group, Person, Role
from handlers.working_set import Wanted
from storage.store import Store, Tx
from storage.values import Left, Written

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
GROUP_CHAT = "telegram::-1001"


def later(**span: float) -> datetime:
    """A moment after NOW."""
    return NOW + timedelta(**span)


def address(n: int | str) -> str:
    """The address of resident `n`."""
    return f"wechat:gh_0:o{n}"


def said(n: int | str, text: str = "3号楼楼道有人给电动车飞线充电，怕着火", **more: Any) -> Incoming:
    """A delivery with key `n` from the resident of the same number."""
    given: dict[str, Any] = {
        "platform": "wechat", "account": "gh_0", "key": f"k{n}", "sender": address(n), "chat": address(n),
        "text": RawText(text), "inline": True, "said_at": NOW,
    }  # fmt: skip
    return Incoming(**{**given, **more})


def a_case(number: str = "A0001", **more: Any) -> Case:
    """A case of the usual kind."""
    given: dict[str, Any] = {
        "number": number, "state": State.ASSIGNED, "colour": "yellow", "duty": "safety_hazard", "item": "fly_wire",
        "catalogue": "c0ffee", "channel": "wechat", "level": "grid", "lead": "jr-2",
        "where": Where(
            text=RawText("3号楼楼道"), unit="jr-2", estate="健仁小区", building="3号楼", room=RawText("2单元"),
            known=True,
        ),
        "words": RawText("3号楼楼道有人给电动车飞线充电，怕着火"), "opened_at": NOW, "changed_at": NOW,
        "accept_due": later(hours=4), "due_at": later(hours=24), "wake_at": later(hours=4), "entries": 2,
    }  # fmt: skip
    return Case(**{**given, **more})


def an_entry(number: str, n: int, step: str = "open", note: str = "", **facts: str) -> Entry:
    """One line of history."""
    return Entry(case=number, n=n, at=NOW, step=step, by="bot", role="bot", facts=facts, note=RawText(note))


def a_letter(to: str, text: str = "已登记", **more: Any) -> Letter:
    """A letter."""
    return Letter(**{"to": to, "text": text, **more})


def opened(number: str, person: str, chat: str) -> Effects:
    """What opening a case does: the rows that design.md's floor counts, and more."""
    case = a_case(number)
    thread = Thread(person=person, welcomed=True, topic=number).heard(case.words.reveal(), NOW, number)
    choice = Choice("不用拍", "no_photo")
    thread = thread.asking(Question(kind="photo", case=number, choices=(choice,), asked_at=NOW))
    return Effects(
        cases=(case,),
        tasks=(Task(case=number, n=1, holder="jr-2", called_at=NOW, due_at=case.accept_due),),
        reporters=(Reporter(case=number, person=person, since=NOW),),
        entries=(
            an_entry(number, 1, note=case.words.reveal(), duty=case.duty, item=case.item),
            an_entry(number, 2, "assign", lead="jr-2", level="grid", rule="place.grid"),
        ),
        threads=(thread,),
        letters=(
            a_letter(person, f"已登记，编号 {number}。网格员 4 小时内接单。", kind="reply", chat=chat, case=number,
                     buttons=(Button("更正", f"correct:{number}"),)),
            a_letter("jr-2-work", f"🟡 {number} 飞线充电 健仁小区3号楼", kind="card", case=number,
                     buttons=(Button("接单", f"accept:{number}"), Button("不归我管", f"return:{number}"))),
            a_letter("li", f"{number} 待接单", case=number),
        ),
    )  # fmt: skip


def settle_in(store: Store) -> None:
    """A small town: a work group with one chat, a grid worker with one account."""
    li = Person(id="li", name="李明", roles=frozenset({Role.GRID_WORKER}), unit="jr-2")
    group = Group(id="jr-2-work", name="第二网格工作群", unit="jr-2", purpose="work")
    with store.transaction() as tx:
        take_over(tx, [(li, ["telegram::1001"])], [(group, [GROUP_CHAT])])


def take_over(
    tx: Tx, people: Sequence[tuple[Person, Sequence[str]]], groups: Sequence[tuple[Group, Sequence[str]]] = (),
    holders: Sequence[str] = (),
) -> Left:  # fmt: skip
    """A configuration of these people and groups, each with its addresses."""
    town = Directory(people=tuple(one for one, _ in people), groups=tuple(one for one, _ in groups))
    return tx.sync_directory(
        town, {one.id: held for one, held in people}, {one.id: held for one, held in groups}, holders
    )


def serve(tx: Tx, batch: list[Incoming], now: datetime = NOW) -> list[Written]:
    """What the counter does with a batch of new deliveries that each open a case."""
    taken = tx.take_in(batch, now)
    working = tx.load([Wanted(sender=one.sender) for one in batch], now)
    numbers = tx.reserve(len(batch))
    outcomes = [
        Written(
            inbox_id=mark.id, effects=opened(number, working.senders[one.sender], one.chat), chat=one.chat,
            inline=one.inline, person=working.senders[one.sender],
        )
        for mark, one, number in zip(taken, batch, numbers, strict=True)
    ]  # fmt: skip
    tx.flush(outcomes, now)
    return outcomes


def report(store: Store, n: int | str = 1, now: datetime = NOW, **more: Any) -> str:
    """Resident `n` reports a case; its number."""
    with store.transaction() as tx:
        return serve(tx, [said(n, **more)], now)[0].effects.cases[0].number


class Undone(Exception):
    """Thrown to leave a store as it was."""


@contextmanager
def undone(store: Store) -> Iterator[Tx]:
    """A transaction that is rolled back."""
    with suppress(Undone), store.transaction() as tx:
        yield tx
        raise Undone


def write(store: Store, now: datetime = NOW, **effects: Any) -> None:
    """Write some effects down."""
    with store.transaction() as tx:
        tx.flush([Written(effects=Effects(**effects))], now)


def at_once(*work: Callable[[], None]) -> None:
    """Run each in a thread of its own; what one raises, the test raises."""
    errors: list[BaseException] = []

    def guarded(one: Callable[[], None]) -> None:
        try:
            one()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    if errors:
        raise errors[0]
