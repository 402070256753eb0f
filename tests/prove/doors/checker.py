"""Knows whether anything was lost, doubled or too much: the senders' journal, the database and the fakes compared.

It reads the tables with plain SQL and nothing of the product, so that a mistake there is not made here again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import create_engine, text

from tests.prove.doors.journal import Journal, Said

UNFINISHED = ("waiting", "leased", "inline")


@dataclass
class Tables:
    """What the database holds after the run."""

    inbox: dict[tuple[str, str, str], tuple[int, str, str]]
    letters: list[tuple[str, str, str, int | None]]
    reporters: dict[str, list[str]]
    cases: int
    steps: Counter[str]
    unread: int
    doubled_steps: int
    intact: bool


def read(url: str) -> Tables:
    """Everything at once."""
    engine = create_engine(url)
    with engine.connect() as connection:

        def rows(query: str) -> list[Any]:
            return list(connection.execute(text(query)).all())

        inbox = {(p, a, k): (n, state, receipt) for p, a, k, n, state, receipt in rows(
            "SELECT platform, account, key, id, state, receipt FROM inbox")}  # fmt: skip
        held = defaultdict(list)
        for address, number in rows(
            "SELECT a.address, r.case_number FROM accounts a JOIN reporters r ON r.person = a.person"
        ):
            held[address].append(number)
        once = (
            "SELECT case_number, step FROM entries WHERE step IN ('open', 'close', 'withdraw', 'accept', 'feed_back') "
        )
        tables = Tables(
            inbox=inbox,
            letters=[tuple(row) for row in rows("SELECT lane, kind, state, inbox FROM letters")],
            reporters=held,
            cases=rows("SELECT count(*) FROM cases")[0][0],
            steps=Counter(dict(tuple(row) for row in rows("SELECT step, count(*) FROM entries GROUP BY step"))),
            unread=rows("SELECT count(*) FROM unread")[0][0],
            doubled_steps=len(rows(f"{once} GROUP BY case_number, step HAVING count(*) > 1")),
            intact=url.startswith("postgresql") or rows("PRAGMA integrity_check")[0][0] == "ok",
        )
    engine.dispose()
    return tables


@dataclass
class Seen:
    """What the platforms saw arrive: how many messages in each lane, and how often an answer of theirs was lost."""

    arrived: Counter[str]
    swallowed: Mapping[str, int]
    too_much: int
    dropped: int


@dataclass
class Verdict:
    """What was found; everything here should be 0 but for `torn_away`, `repeats`, and what was worked on."""

    lost: int = 0
    given_up: int = 0
    failed: int = 0
    from_nowhere: int = 0
    unread: int = 0
    cases_lost: int = 0
    cases_doubled: int = 0
    cases_from_nowhere: int = 0
    steps_doubled: int = 0
    other_words: int = 0
    unanswered: int = 0
    replies_lost: int = 0
    replies_doubled: int = 0
    torn_away: int = 0
    """Under way on the long connection when it was torn, and never arrived: no platform brings those again."""
    repeats: int = 0
    accepted: int = 0
    fed_back: int = 0
    letters_left: int = 0
    letters_dead: int = 0
    too_much: int = 0
    dropped: int = 0
    broken_store: int = 0
    examples: list[str] = field(default_factory=list)

    def note(self, what: str, one: object) -> None:
        """An example, for whoever looks for the reason."""
        if len(self.examples) < 40:
            self.examples.append(f"{what}: {one}")


def check(journal: Journal, tables: Tables, seen: Seen) -> Verdict:
    """Compare all three."""
    found = Verdict(
        unread=tables.unread, steps_doubled=tables.doubled_steps, broken_store=int(not tables.intact),
        too_much=seen.too_much, dropped=seen.dropped, accepted=tables.steps["accept"],
        fed_back=tables.steps["feed_back"],
    )  # fmt: skip
    for one in journal.said:
        _message(one, tables, found)
    known = {(one.platform, one.account, one.key) for one in journal.said}
    for key in tables.inbox.keys() - known:
        found.from_nowhere += 1
        found.note("a row of no message", key)
    opened = sum(bool(tables.reporters.get(one.sender)) for one in journal.said if one.opens)
    found.cases_from_nowhere = max(0, tables.cases - opened)
    _letters(journal, tables, seen, found)
    return found


def _message(one: Said, tables: Tables, found: Verdict) -> None:
    """One message: stored once, served, with the case it asks for and the same words each time."""
    row = tables.inbox.get((one.platform, one.account, one.key))
    if one.taken and row is None:
        found.lost += 1
        found.note("acknowledged and not there", one)
    found.torn_away += one.torn and row is None
    if one.given_up:
        found.given_up += 1
        found.note("given up", one)
    if row is not None and row[1] not in ("done", "answered"):
        found.failed += 1
        found.note(f"stored as {row[1]}", one)
    if one.opens:
        cases = tables.reporters.get(one.sender, [])
        if one.taken and not cases:
            found.cases_lost += 1
            found.note("no case", one)
        if len(cases) > 1:
            found.cases_doubled += 1
            found.note(f"cases {cases}", one)
    if one.inline and one.shown:
        words = set(one.shown)
        if len(words) > 1:
            found.other_words += 1
            found.note("other words to a repeat", one)
        if words == {""}:
            found.unanswered += 1
            found.note("no words", one)


def _letters(journal: Journal, tables: Tables, seen: Seen, found: Verdict) -> None:
    """Each letter that is said to be sent has arrived, and once; none is left behind."""
    states = Counter(state for _, _, state, _ in tables.letters)
    found.letters_left = sum(states[state] for state in UNFINISHED)
    found.letters_dead = states["dead"]
    sent = Counter(lane for lane, _, state, _ in tables.letters if state == "sent")
    edits = Counter(lane for lane, kind, state, _ in tables.letters if state == "sent" and kind == "edit")
    arrived = seen.arrived.copy()
    arrived.update(one.lane for one in journal.said if one.inline and one.shown and one.shown[0])
    doubled: Counter[str] = Counter()
    for lane in sent.keys() | arrived.keys():
        missing, more = sent[lane] - edits[lane] - arrived[lane], arrived[lane] - sent[lane]
        if missing > 0:
            found.replies_lost += missing
            found.note("said to be sent, never arrived", (lane, sent[lane], arrived[lane]))
        if more > 0:
            doubled[lane.partition(":")[0]] += more
            found.note("arrived more often than sent", (lane, sent[lane], arrived[lane]))
    _asked(journal, tables, arrived, doubled, found)
    for platform, more in doubled.items():
        excused = min(more, seen.swallowed.get(platform, 0))
        found.repeats += excused
        found.replies_doubled += more - excused


def _asked(journal: Journal, tables: Tables, arrived: Counter[str], doubled: Counter[str], found: Verdict) -> None:
    """Who only asks gets exactly one message for each question: counted without the database."""
    questions = Counter(one.lane for one in journal.said if not one.opens and (one.taken or one.torn))
    stored = tables.inbox.keys()
    unsure = {
        one.lane
        for one in journal.said
        if one.opens or not one.counted or (one.platform, one.account, one.key) not in stored
    }
    for lane, n in questions.items():
        if lane not in unsure and arrived[lane] < n:
            found.unanswered += n - arrived[lane]
            found.note("fewer answers than questions", (lane, n, arrived[lane]))
        if lane not in unsure and arrived[lane] > n and not doubled[lane.partition(":")[0]]:
            found.replies_doubled += arrived[lane] - n
            found.note("more answers than questions", (lane, n, arrived[lane]))


def heads(messages: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[str]:
    """The lanes of messages that begin a letter: buttons that do not fit beside long words follow as a card alone."""
    wordy: dict[str, bool] = {}
    for lane, body in messages:
        is_card = body.get("msgtype") == "template_card"
        tail = is_card and wordy.get(lane, False) and "sub_title_text" not in body["template_card"]
        wordy[lane] = not is_card
        if not tail:
            yield lane


def lanes(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    """A count of lanes."""
    found: Counter[str] = Counter()
    for lane, n in pairs:
        found[lane] += n
    return found
