"""Knows the rates (domain.md 2.5): what one case adds to them, and how they are read, always with the denominator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from operator import add, sub
from typing import Protocol

from handlers.cases import Reporter, State


class Counted(Protocol):
    """What the rates ask of a case: a `Case` has all of it, and so has a row of the memory without words and places."""

    @property
    def state(self) -> str: ...
    @property
    def open(self) -> bool: ...
    @property
    def accept_due(self) -> datetime | None: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def accepted_at(self) -> datetime | None: ...
    @property
    def first_answer_at(self) -> datetime | None: ...
    @property
    def fed_back_at(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def solved(self) -> bool | None: ...
    @property
    def rating(self) -> int: ...
    @property
    def paused_at(self) -> datetime | None: ...
    @property
    def shut(self) -> bool: ...
    @property
    def on_spot(self) -> bool: ...


SATISFIED = 4
"""From this many of five a rating is 满意."""

FRONT_GOAL = 0.76
"""The share of demands settled at the front (当场办结) that 盐龙 reached: the goal."""

NAMES = ("response_rate", "resolution_rate", "satisfaction", "closure_rate", "on_time", "settled_at_front", "rated")
"""The rates in the order in which they are shown; of those owed a rating, `rated` says how many did."""

STAFF_PARTS = frozenset({"on_behalf", "finder"})
"""Parts of reporters who are the town's own people: their word is never the resident's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share with its denominator; `value` is None where nothing was due yet."""

    value: float | None
    of: int
    n: int

    @property
    def rest(self) -> int:
        """Those below the line that are not above it: of `rated`, the not rated (未评价)."""
        return self.of - self.n


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts that can be added up; every rate is a quotient of two of them.

    `answer_due` of these `answer_in_time` · `verdicts` of these `solved` · `stars` of these `satisfied` · `accepted` of
    these `closed` · `timed` (closed, or overdue) of these `in_time` · `accepted` of these `at_front` · `owed` a rating
    of these `rated` · `questions` settled at the front without a case.
    """

    answer_due: int = 0
    answer_in_time: int = 0
    verdicts: int = 0
    solved: int = 0
    stars: int = 0
    satisfied: int = 0
    accepted: int = 0
    closed: int = 0
    timed: int = 0
    in_time: int = 0
    at_front: int = 0
    owed: int = 0
    rated: int = 0
    questions: int = 0

    def counts(self) -> tuple[int, ...]:
        """The counts in the order of COUNTS."""
        return (
            self.answer_due, self.answer_in_time, self.verdicts, self.solved, self.stars, self.satisfied,
            self.accepted, self.closed, self.timed, self.in_time, self.at_front, self.owed, self.rated,
            self.questions,
        )  # fmt: skip

    def __add__(self, other: Tally) -> Tally:
        return Tally(*map(add, self.counts(), other.counts()))

    def __sub__(self, other: Tally) -> Tally:
        return Tally(*map(sub, self.counts(), other.counts()))


COUNTS = tuple(field.name for field in fields(Tally))
NOTHING = Tally()
_OVERDUE = {(a, b): Tally(answer_due=int(a), timed=int(b)) for a in (False, True) for b in (False, True)}
QUESTION = Tally(questions=1)
"""What a question adds that an approved answer settled at the front, without a case."""


def heard(reporters: Iterable[Reporter]) -> bool:
    """Whether a case has a voice of its own: somebody other than staff who report for others or found it themselves.

    A case without any reporter (older than reporters are kept) has one: nothing says that it has not.
    """
    parts = {reporter.part for reporter in reporters}
    return not parts or not parts <= STAFF_PARTS


def tally(case: Counted, resident: bool = True) -> Tally:
    """What one case adds to the rates whatever the time is; `resident`: it is `heard`, so its rating counts.

    What was withdrawn, merged into another case or passed to another body is nobody's to close here: it is not
    accepted. Work is done when its result was fed back; the resident's days of silence until the close are not the
    worker's. A case in which only staff speak is owed no rating, and what stands in it is nobody's 满意 or 解决. A case
    that a dispatcher shut with a reason is closed, but it was not settled at the front, and it is in time only when it
    was over (fed back or shut) by its deadline. A closed case that nobody ever touched says nothing of answering.
    """
    closed = case.state == State.CLOSED
    accepted = closed or case.open
    answered = accepted and case.accept_due is not None and _touched(case)
    timed = closed and case.due_at is not None
    verdict, stars = resident and case.solved is not None, resident and case.rating > 0
    owed = closed and resident and case.fed_back_at is not None
    return _bits(
        answered, answered and _answered_in_time(case),
        verdict, verdict and case.solved is True,
        stars, stars and case.rating >= SATISFIED,
        accepted, closed,
        timed, timed and _by(case.due_at, case.fed_back_at or case.closed_at),
        accepted and _at_front(case),
        owed, owed and (verdict or stars),
    )  # fmt: skip


def _at_front(case: Counted) -> bool:
    """当场办结: answered at once, or solved on the spot by who found it (自办). 盐龙 counts both: nobody was sent."""
    if case.fed_back_at is None:
        return case.state == State.CLOSED and not case.shut
    return case.on_spot


@lru_cache(maxsize=1024)
def _bits(*held: bool) -> Tally:
    """The tally of one case: few are different, so each is made once."""
    return Tally(*map(int, held))


def overdue(case: Counted, now: datetime) -> Tally:
    """What an open case adds to the rates only because time has passed: nobody came, or its result is late.

    While it rests (暂停) nothing is late: its deadlines move when it goes on.
    """
    if not case.open or case.paused_at is not None:
        return NOTHING
    unanswered = not _touched(case) and _by(now, case.accept_due)
    late = case.fed_back_at is None and case.due_at is not None and case.due_at < now
    return _OVERDUE[unanswered, late]


def _touched(case: Counted) -> bool:
    return case.first_answer_at is not None or case.accepted_at is not None


def _answered_in_time(case: Counted) -> bool:
    return _by(case.accept_due, case.first_answer_at) or _by(case.accept_due, case.accepted_at)


def _by(limit: datetime | None, moment: datetime | None) -> bool:
    """Whether something happened, and not after its limit."""
    return limit is not None and moment is not None and moment <= limit


def rates(counted: Tally) -> Mapping[str, Rate]:
    """Name → rate, in the order of NAMES."""
    asked = counted.questions
    parts = (
        (counted.answer_in_time, counted.answer_due),
        (counted.solved, counted.verdicts),
        (counted.satisfied, counted.stars),
        (counted.closed, counted.accepted),
        (counted.in_time, counted.timed),
        (counted.at_front + asked, counted.accepted + asked),
        (counted.rated, counted.owed),
    )
    return {name: _rate(n, of) for name, (n, of) in zip(NAMES, parts, strict=True)}


def _rate(n: int, of: int) -> Rate:
    return Rate(value=n / of if of else None, of=of, n=n)
