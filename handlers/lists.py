"""Knows how lists of open cases read: soonest due first, what is overdue marked, short lines, no word of a resident."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers import cards, rights
from handlers.cases import Case, State, Task
from handlers.turn import Turn

WAITING = (State.COLLECTED, State.ASSIGNED, State.HANDLING)


@dataclass(frozen=True, slots=True)
class Line:
    """One case in a list: `what` is waited for (a state, “paused”, or “join” where another leads), by when."""

    case: Case
    what: str
    due: datetime | None


def line(case: Case) -> Line:
    """A case as its lead has it: before it is taken the moment of taking counts, afterwards that of the result."""
    if case.paused_at is not None:
        return Line(case, "paused", case.paused_until)
    due = case.accept_due if case.state is State.ASSIGNED and case.accept_due is not None else case.due_at
    return Line(case, case.state.value, due)


def joined(case: Case, task: Task) -> Line:
    """A case as who was whistled (吹哨) has it."""
    return Line(case, "join", task.due_at or case.due_at)


def soonest(lines: Iterable[Line]) -> list[Line]:
    """In the order in which they fall due; what has no moment comes last."""
    return sorted(lines, key=lambda one: (one.due is None, one.due or one.case.opened_at, one.case.number))


def late(one: Line, now: datetime) -> bool:
    """Whether its moment has passed; while a case rests (暂停) nothing of it is late."""
    return one.case.paused_at is None and one.due is not None and one.due < now


def text(turn: Turn, one: Line) -> str:
    """One short line."""
    key = "list.late" if late(one, turn.now) else "list.line"
    return turn.word(
        key, colour=turn.word(f"list.colour.{one.case.colour}"), number=one.case.number,
        item=turn.item(one.case).name, what=turn.word(f"list.what.{one.what}"), due=cards.when(turn, one.due),
    )  # fmt: skip


def counts(turn: Turn, lines: Sequence[Line]) -> str:
    """How many of each state."""
    found = Counter(one.what for one in lines)
    several = (turn.word("list.count", what=turn.word(f"list.what.{what}"), n=n) for what, n in found.most_common())
    return turn.word("list.comma").join(several)


def own(turn: Turn) -> list[Line]:
    """What waits for the sender: theirs, what nobody of their desk has taken yet, and where their desk is called."""
    desks = rights.desks(turn.sender)
    led = (turn.case(number) for desk in desks for number in turn.ws.in_hand.get(desk, ()))
    found = {case.number: line(case) for case in led if case is not None and _waits(turn, case)}
    for number in dict.fromkeys(number for desk in desks for number in turn.ws.called.get(desk, ())):
        case = turn.case(number)
        task = next((task for task in turn.tasks(number) if rights.helps(turn.sender, task)), None)
        if case is not None and case.state in WAITING and task is not None:
            found.setdefault(number, joined(case, task))
    return soonest(found.values())


def _waits(turn: Turn, case: Case) -> bool:
    mine = case.lead_person in ("", turn.sender.id)
    return mine and case.state in WAITING and bool(turn.actors(case))


def of(turn: Turn, holders: Iterable[str], *, masked: bool) -> list[Line]:
    """What these holders have not done yet and the sender may see; for who only supervises, nothing confidential."""
    numbers = dict.fromkeys(number for holder in holders for number in turn.ws.in_hand.get(holder, ()))
    cases = [case for case in map(turn.case, numbers) if case is not None and case.state in WAITING]
    seen = [case for case in cases if (not case.confidential if masked else bool(turn.actors(case)))]
    return soonest(line(case) for case in seen)
