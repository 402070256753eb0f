"""Knows how each step moves the clock of a case, so that everything about it can be computed again from its history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from handlers import deadlines
from handlers.cases import Case, Entry, State
from handlers.catalogue import COLOURS
from handlers.deadlines import Timing, Told
from handlers.steps import TABLE, Actor, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """What of a case is moved by its entries and by nothing else; the case holds it as a cache."""

    clock_from: datetime | None = None
    accept_from: datetime | None = None
    accept_due: datetime | None = None
    first_due: datetime | None = None
    due_at: datetime | None = None
    supervise_due: datetime | None = None
    remind_due: datetime | None = None
    fed_back_at: datetime | None = None
    paused_at: datetime | None = None
    paused_until: datetime | None = None
    pause_reason: str = ""
    pauses: int = 0
    raised: int = 0
    supervised: int = 0
    alarms: int = 0
    reminded: int = 0
    reopened: int = 0
    returned: int = 0

    @classmethod
    def of(cls, case: Case) -> Clocks:
        """The clock of a case."""
        return cls(**dict(zip(NAMES, _values(case), strict=True)))

    def onto(self, case: Case) -> Case:
        """The case with this clock."""
        held = _values(self)
        return case if held == _values(case) else replace(case, **dict(zip(NAMES, held, strict=True)))


NAMES = tuple(field.name for field in fields(Clocks))
_values = attrgetter(*NAMES)
_NEW = Clocks()

ENDS_PAUSE = frozenset(
    {Step.RESUME, Step.FEED_BACK, Step.SOLVE_ON_SPOT, Step.HAND_OVER, Step.RETURN, Step.RAISE, Step.RELEASE,
     Step.TAKE_OVER, Step.RELABEL, Step.MERGE, Step.WITHDRAW, Step.REFER_OUT, Step.SHUT}
)  # fmt: skip
"""Steps after which nothing is waited for any more: a result, other hands, another matter, the end."""


def facts(case: Case, before: Case | None, step: Step, said: Mapping[str, str]) -> dict[str, str]:
    """What the entry of a step must carry besides what was said of it, so that the clock can be computed again."""
    more: dict[str, str] = {}
    if step in (Step.OPEN, Step.RELABEL):
        more = {"duty": case.duty, "item": case.item, "colour": case.colour}
    if step is Step.OPEN and case.emergency:
        more["emergency"] = case.emergency
    if step is Step.RECOLOUR:
        more = {"from": before.colour if before is not None else case.colour, "to": case.colour}
    return {**more, **said}


def fold(entries: Iterable[Entry], timing: Timing) -> Case:
    """A case as its history tells it: state, matter, colour and clock; who has it and what was said stay empty."""
    case: Case | None = None
    for entry in entries:
        if case is None:
            case = Case(number=entry.case, duty="", item="", opened_at=entry.at, changed_at=entry.at)
        else:
            case = replace(case, state=TABLE[Step(entry.step)].to or case.state)
        case = after(replace(case, entries=entry.n), entry, timing)
    if case is None:
        raise ValueError("a case without a history")
    return case


def moved(case: Case, before: Case | None, entry: Entry, timing: Timing) -> Case:
    """The case after one more entry: its clock is that of the case before, as the entry moves it, whatever it holds."""
    return after((Clocks.of(before) if before is not None else _NEW).onto(case), entry, timing)


def after(case: Case, entry: Entry, timing: Timing) -> Case:
    """The case (whose state has moved already) with its clock as this entry moves it."""
    step = Step(entry.step)
    if step is Step.RECOLOUR:
        case = replace(case, colour=entry.facts["from"])
    if case.paused_at is not None and (step in ENDS_PAUSE or entry.facts.get("to") == "red"):
        case = _resumed(case, entry, timing)
    change = _CHANGES.get(step)
    return deadlines.settled(change(case, entry, timing) if change is not None else case, timing)


# -- what each step does -----------------------------------------------------------------------------------------------


def _resumed(case: Case, entry: Entry, timing: Timing) -> Case:
    """What still runs ends later, by as long as the clock would have run in the pause; never sooner than before."""
    assert case.paused_at is not None
    counted = timing.counts(case.colour)
    ran = counted.between(case.paused_at, min(entry.at, case.paused_until or entry.at))
    names = ["clock_from", "due_at", *(["accept_from", "accept_due"] if case.state is State.ASSIGNED else [])]
    if not Told.FIRST & case.reminded:
        names.append("first_due")
    moved: dict[str, Any] = {
        name: counted.add(at, ran) for name in names if ran and (at := getattr(case, name)) is not None
    }
    return replace(case, paused_at=None, paused_until=None, pause_reason="", **moved)


def _fresh(case: Case, entry: Entry, timing: Timing) -> Case:
    duty, item = entry.facts.get("duty", case.duty), entry.facts.get("item", case.item)
    colour = case.colour
    if entry.step in (Step.OPEN, Step.RELABEL):
        colour = entry.facts.get("colour") or timing.catalogue.item(duty, item).colour
    case = replace(
        case, duty=duty, item=item, colour=colour, emergency=entry.facts.get("emergency", case.emergency), raised=0,
        supervised=0, reminded=case.reminded & Told.MANY,
    )  # fmt: skip
    return deadlines.set_clocks(case, timing.catalogue, timing.calendar, entry.at, timing.quiet)


def _open(case: Case, entry: Entry, timing: Timing) -> Case:
    """The first alarm of an emergency goes out as it is opened."""
    case = _fresh(case, entry, timing)
    return replace(case, alarms=1) if case.emergency else case


def _reopen(case: Case, entry: Entry, timing: Timing) -> Case:
    return _fresh(replace(case, reopened=case.reopened + 1, fed_back_at=None), entry, timing)


def _split(case: Case, entry: Entry, timing: Timing) -> Case:
    return _fresh(replace(case, fed_back_at=None), entry, timing)


def _assign(case: Case, entry: Entry, timing: Timing) -> Case:
    """A card that rests until the morning cannot be taken before."""
    rests = timing.seen(case.colour, entry.at) > entry.at
    return deadlines.accept_from(case, timing, entry.at) if rests else case


def _called(case: Case, entry: Entry, timing: Timing) -> Case:
    """Put before other hands: they have the whole time to take it."""
    case = replace(case, reminded=case.reminded & ~deadlines.ACCEPT)
    if entry.step == Step.RETURN:
        case = replace(case, returned=case.returned + 1)
    elif entry.role == Actor.CLOCK:
        case = replace(case, raised=case.raised + 1)
    return deadlines.accept_from(case, timing, entry.at)


def _supervise(case: Case, entry: Entry, timing: Timing) -> Case:
    reason = entry.facts.get("reason")
    if reason == "accept_overdue":
        return _called(case, entry, timing)
    if reason == "finish_overdue":
        return replace(case, supervised=case.supervised + 1, reminded=case.reminded | deadlines.FINISH)
    return case


def _recolour(case: Case, entry: Entry, timing: Timing) -> Case:
    """A higher colour never gives more time than there was, a lower one never less."""
    old, new = entry.facts["from"], entry.facts["to"]
    if entry.facts.get("why") == "many":
        case = replace(case, reminded=case.reminded | Told.MANY)
    case = replace(case, colour=new)
    if COLOURS.index(new) > COLOURS.index(old):
        there = deadlines.set_clocks(case, timing.catalogue, timing.calendar, entry.at, timing.quiet)
        return _bounded(case, there, sooner=True)
    start = case.clock_from or case.opened_at
    there = deadlines.set_clocks(case, timing.catalogue, timing.calendar, start, timing.quiet)
    return _bounded(case, there, sooner=False) if old != new else case


def _bounded(case: Case, there: Case, *, sooner: bool) -> Case:
    """The deadlines of `there` where they come sooner (or later) than those of the case."""

    def better(name: str) -> bool:
        mine, other = getattr(case, name), getattr(there, name)
        return mine is None or (other is not None and (other < mine if sooner else other > mine))

    names = [name for name in ("first_due", "due_at") if better(name)]
    if case.state is State.ASSIGNED and better("accept_due"):
        names += ["accept_from", "accept_due"]
    return replace(case, **{name: getattr(there, name) for name in names})


def _answered(case: Case, entry: Entry, timing: Timing) -> Case:
    """The resident has heard a first result from a human."""
    return replace(case, reminded=case.reminded | Told.FIRST)


def _fed_back(case: Case, entry: Entry, timing: Timing) -> Case:
    return replace(case, fed_back_at=entry.at, reminded=case.reminded | Told.FIRST)


def _reminded(case: Case, entry: Entry, timing: Timing) -> Case:
    told = deadlines.REMINDERS.get(entry.facts.get("what", ""), Told(0))
    return replace(case, reminded=case.reminded | told)


def _paused(case: Case, entry: Entry, timing: Timing) -> Case:
    until = datetime.fromisoformat(entry.facts["until"])
    reason = entry.facts.get("reason", "")
    return replace(case, paused_at=entry.at, paused_until=until, pause_reason=reason, pauses=case.pauses + 1)


def _alarmed(case: Case, entry: Entry, timing: Timing) -> Case:
    return replace(case, alarms=int(entry.facts.get("n", case.alarms + 1)))


_CHANGES: Mapping[Step, Callable[[Case, Entry, Timing], Case]] = {
    Step.OPEN: _open,
    Step.RELABEL: _fresh,
    Step.REOPEN: _reopen,
    Step.SPLIT: _split,
    Step.ASSIGN: _assign,
    Step.RAISE: _called,
    Step.HAND_OVER: _called,
    Step.RETURN: _called,
    Step.RELEASE: _called,
    Step.SUPERVISE: _supervise,
    Step.RECOLOUR: _recolour,
    Step.TELL: _answered,
    Step.ASK: _answered,
    Step.FEED_BACK: _fed_back,
    Step.SOLVE_ON_SPOT: _fed_back,
    Step.REMIND: _reminded,
    Step.PAUSE: _paused,
    Step.ALARM: _alarmed,
}
