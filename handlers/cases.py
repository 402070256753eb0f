"""Knows what is remembered of a case (事件), its tasks (任务), its reporters and its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from handlers.raw import RawText


class State(StrEnum):
    """The eight states of a case; delivery, level and tasks are kept apart."""

    COLLECTED = "collected"
    ASSIGNED = "assigned"
    HANDLING = "handling"
    FED_BACK = "fed_back"
    CLOSED = "closed"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


ON_BEHALF, FINDER = "on_behalf", "finder"
"""The parts of staff in a case: for a caller or neighbour (代报), and in what they found and did themselves (自办)."""

OPEN = frozenset({State.COLLECTED, State.ASSIGNED, State.HANDLING, State.FED_BACK})


GENTLE = frozenset({"dv", "self_harm", "minor"})
"""Emergencies told with gentler words, and never by name on a phone that somebody else may read.

(反家庭暴力法 Art.13-16, 未成年人保护法 Art.11, 精神卫生法 Art.28)
"""


class TaskKind(StrEnum):
    """What somebody is asked to do in a case."""

    LEAD = "lead"
    JOIN = "join"
    MEDIATE = "mediate"
    CERTIFY = "certify"
    VISIT = "visit"


class TaskState(StrEnum):
    """How far a task has come."""

    CALLED = "called"
    REPORTED_IN = "reported_in"
    DONE = "done"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The place of a case. `text` is the resident's own words; `estate`, `building` are gazetteer names."""

    text: RawText = field(default_factory=RawText)
    unit: str = ""
    estate: str = ""
    building: str = ""
    room: RawText = field(default_factory=RawText)
    public_ground: bool = False
    point: tuple[float, float] | None = None
    known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case as it stands now; its history tells how it came there. Times are aware UTC.

    `assignees` are the pair asked to take it, the less loaded first; `rule` is the rule that chose the lead, and
    `confidence` how sure the ear was of the matter; `came_from` is who handed it to the lead, “” when that was the bot
    or a dispatcher. `clock_from` is where the running clock began (moved on by every pause), `accept_from` the clock of
    those who can take it now. Deadlines, pauses and counts are moved by entries alone (handlers/history.py), but for
    `whistle_due`, when the next department called by a whistle must have reported in. `maybe_same` is the case of which
    the reporter was asked 同一件事？. `shut`: closed by a dispatcher with a reason, neither settled nor rated;
    `on_spot`: solved as it was found (自办). `coloured_by` is who set the colour by hand. `from_group`: the group in
    which it was reported by addressing the bot; the result is told there.
    """

    number: str
    state: State = State.COLLECTED
    colour: str = "green"
    duty: str
    item: str
    demand: str = "report"
    catalogue: str = ""
    emergency: str = ""
    confidential: bool = False
    channel: str = ""
    from_group: str = ""
    where: Where = field(default_factory=Where)
    level: str = "grid"
    lead: str = ""
    lead_person: str = ""
    assignees: tuple[str, ...] = ()
    rule: str = ""
    confidence: float = 0.0
    came_from: str = ""
    words: RawText = field(default_factory=RawText)
    opened_at: datetime
    changed_at: datetime
    accept_due: datetime | None = None
    due_at: datetime | None = None
    wake_at: datetime | None = None
    accepted_at: datetime | None = None
    first_answer_at: datetime | None = None
    fed_back_at: datetime | None = None
    closed_at: datetime | None = None
    acknowledged_by: str = ""
    alarms: int = 0
    raised: int = 0
    supervised: int = 0
    reopened: int = 0
    returned: int = 0
    urged_at: datetime | None = None
    clock_from: datetime | None = None
    accept_from: datetime | None = None
    first_due: datetime | None = None
    supervise_due: datetime | None = None
    remind_due: datetime | None = None
    whistle_due: datetime | None = None
    reminded: int = 0
    paused_at: datetime | None = None
    paused_until: datetime | None = None
    pause_reason: str = ""
    pauses: int = 0
    maybe_same: str = ""
    solved: bool | None = None
    rating: int = 0
    result: RawText = field(default_factory=RawText)
    photos: tuple[str, ...] = ()
    merged_into: str = ""
    shut: bool = False
    on_spot: bool = False
    coloured_by: str = ""
    entries: int = 0

    @property
    def open(self) -> bool:
        """Whether somebody still owes something here."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing asked of one holder (unit or department; `person` once somebody took it, at `reported_at`)."""

    case: str
    n: int
    kind: TaskKind = TaskKind.LEAD
    state: TaskState = TaskState.CALLED
    holder: str
    person: str = ""
    called_at: datetime
    due_at: datetime | None = None
    reported_at: datetime | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """A person who speaks in a case: n—n.

    `part` is reporter, co_reporter, other_side, on_behalf (代报: staff for a caller or neighbour) or finder (自办).
    `words` are what a co-reporter said of the matter (those of who opened it are the case's own). `via` is the case
    that was merged and brought them; `parted`: they have left this case, the row stays for what they said.
    """

    case: str
    person: str
    part: str = "reporter"
    anonymous: bool = False
    since: datetime
    solved: bool | None = None
    rating: int = 0
    words: RawText = field(default_factory=RawText)
    via: str = ""
    parted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of history: appended, never edited. `facts` hold no personal words; `note` may, and can be erased."""

    case: str
    n: int
    at: datetime
    step: str
    by: str
    role: str
    facts: Mapping[str, str] = field(default_factory=dict)
    note: RawText = field(default_factory=RawText)


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture that belongs to a person and perhaps a case; `public` is the worker's 可公开."""

    id: str
    person: str
    case: str = ""
    ref: str
    address: str
    public: bool = False
    path: str = ""
    at: datetime
