"""What is done for every message stays as quick with a million cases: no statement of the day walks a whole table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, event, text

from handlers.effects import Effects
from handlers.letters import Errand, Letter, LetterKind
from handlers.working_set import Wanted
from storage.store import Store
from storage.tables import metadata
from storage.values import ErrandOutcome, LetterOutcome, Opened, Token, Written
from tests.storage.making import GROUP_CHAT, NOW, address, later, said, serve, settle_in

Executed = dict[str, Any]
HUNG: tuple[LetterKind, ...] = ("card", "edit", "line")
FAILURES = "ix_inbox_failed"
"""An index that holds nothing but failures may be read from end to end."""

KEYED = f"Index Cond|{FAILURES}"


@contextmanager
def listening(store: Store) -> Iterator[Executed]:
    """The statements that are executed meanwhile, with their parameters."""
    found: Executed = {}

    def note(_c: Connection, _cursor: Any, sql: str, given: Any, _context: Any, many: bool) -> None:
        if re.match("SELECT|INSERT|UPDATE|DELETE", sql):
            found.setdefault(sql, given[0] if many else given)

    event.listen(store._writing, "before_cursor_execute", note)
    yield found
    event.remove(store._writing, "before_cursor_execute", note)


def a_day(store: Store, n: int) -> None:
    """One of everything that happens all day long."""
    with store.transaction() as tx:
        serve(tx, [said(f"{n}a"), said(f"{n}b", sender=address(1), chat=address(1))])
    with store.transaction() as tx:
        tx.take_in([said(f"{n}a")], NOW)
        wanted = Wanted(sender=address(1), chat=GROUP_CHAT, cases=("A0001",), quoted=("c", "r"), holders=("jr-2",))
        tx.load([wanted], NOW)
        hung = [Letter(to="jr-2-work", text="x", kind=kind, case=f"A{n:04}", chat=GROUP_CHAT) for kind in HUNG]
        tx.flush([Written(effects=Effects(errands=(Errand(kind="download"),), letters=tuple(hung)))], NOW)
        tx.take_crowds(later(hours=1))
        letters = tx.claim_letters(later(hours=1), "me", 9, ["busy"])
        tx.settle_letters([LetterOutcome(id=one.id, state="sent", ref=f"m{one.id}") for one in letters], NOW)
        errands = tx.claim_errands(later(hours=1), "me", 9)
        tx.settle_errands([ErrandOutcome(id=one.id, state="retry") for one in errands], NOW)
        tx.mark_inline([1], NOW)
        tx.hold("clock", "me", NOW)
        tx.allowing.open([Opened(address(1), 5, later(hours=48))])
        tx.allowing.spend(address(1), NOW)
        tx.allowing.lasts(address(1), NOW)
        tx.allowing.give_back(address(1), later(hours=48))
        tx.allowing.shut(address(1), later(hours=48))
        tx.allowing.hold(1, address(1), "over", NOW, unless_open=True)
        tx.allowing.held([address(1)])
        tx.allowing.release(address(1), [1], NOW)
        tx.allowing.fold(address(1), [1])
        tx.allowing.note(1, "template", "over", "template:1")
        tx.allowing.hold_again(address(1), "template:1", "not arrived")
        tx.allowing.token("wechat")
        tx.allowing.keep_token("wechat", Token("x", later(hours=2)))
        tx.due_cases(later(hours=9))
        tx.next_due(NOW)
        tx.failed()
        tx.threads_of([address(1)])
        tx.lying("web:site:a", 7)
        tx.roll_up(NOW, ZoneInfo("Asia/Shanghai"))


def presses(store: Store) -> None:
    """Buttons with and without marks, and what is forgotten of them."""
    pressed: dict[str, Any] = {"kind": "press", "sender": "telegram::1001", "chat": GROUP_CHAT, "group": True}
    with store.transaction() as tx:
        tx.behind([said(mark, mark=mark, **pressed) for mark in ("Qk3_x-9TwErA.0", "v1:accept:A0001")], NOW)
        tx.forget_marks(NOW, 9)


def plans(store: Store, executed: Executed) -> Iterator[tuple[str, str]]:
    """(statement, how the store goes about it)."""
    with store._writing.connect() as connection:
        if not store.sqlite:
            # Nearly empty tables are walked rightly; what matters is whether there is another way.
            for way in ("seqscan", "hashjoin", "mergejoin"):
                connection.execute(text(f"SET LOCAL enable_{way} = off"))
        explain = "EXPLAIN QUERY PLAN " if store.sqlite else "EXPLAIN "
        for sql, given in executed.items():
            rows = connection.exec_driver_sql(explain + sql, given).all()
            yield sql, "\n".join(str(row[-1]) for row in rows)


def sqlite_walks(plan: str) -> list[str]:
    """What SQLite reads from end to end, be it in the order of an index."""
    return [name for name, how in re.findall(r"SCAN (\w+)(.*)", plan) if FAILURES not in how]


def postgres_walks(plan: str) -> list[str]:
    """What PostgreSQL reads from end to end: a table, or an index without a condition (the soonest row is one row)."""
    nodes = re.split(r"\n\s*->|^", plan)
    found = [re.search(r"(?:Seq Scan|Index Scan|Index Only Scan)\b.*? on (\w+)", node) for node in nodes]
    return [hit[1] for hit, node in zip(found, nodes, strict=True) if hit and not re.search(KEYED, node)]


def test_no_table_is_walked(store: Store) -> None:
    settle_in(store)
    a_day(store, 1)
    with listening(store) as executed:
        a_day(store, 2)
        presses(store)
    assert len(executed) >= 30
    walked = {
        f"{table}: {sql[:150]}"
        for sql, plan in plans(store, executed)
        for table in (sqlite_walks(plan) if store.sqlite else postgres_walks(plan))
        if table in metadata.tables
    }
    assert walked == set()
