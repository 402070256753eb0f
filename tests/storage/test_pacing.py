"""What all processes together have sent into a chat: counted before it leaves, told to whoever takes the lane over."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from storage.pacing import LATE, _after, _elsewhere
from storage.store import Store
from storage.values import Charge, LetterOutcome, Outgoing, Sendings
from tests.storage.making import NOW, a_letter, later, write

CHAT = "wecom::liming"
MINUTE, HOUR = 60.0, 3600.0


def two_each(letter: Outgoing) -> Charge | None:
    """Two messages a letter, where the chat is counted."""
    return Charge(messages=2, seconds=HOUR) if letter.chat == CHAT else None


def claim(store: Store, at: datetime, owner: str) -> list[Outgoing]:
    """What one process takes, and has sent at once."""
    with store.transaction() as tx:
        letters = tx.claim_letters(at, owner, 9, (), two_each)
        tx.settle_letters([LetterOutcome(id=letter.id, state="sent") for letter in letters], at)
    return letters


def told(letters: Sequence[Outgoing]) -> list[tuple[float, int]]:
    return [(one.ago, one.messages) for letter in letters for one in letter.elsewhere]


def test_whoever_takes_a_lane_over_learns_what_others_have_sent_there(store: Store) -> None:
    write(store, letters=tuple(a_letter("li", str(n), chat=CHAT) for n in range(6)))
    assert told(claim(store, NOW, "one")) == []
    assert told(claim(store, later(seconds=7), "one")) == [], "its own it knows itself"
    assert told(claim(store, later(seconds=40), "two")) == [(10.0, 2), (0.0, 2)], "as late as it may have left"
    assert told(claim(store, later(seconds=200), "one")) == [(130.0, 2)], "and back again"
    assert sum(count for _, count in told(claim(store, later(seconds=300), "three"))) == 8
    assert told(claim(store, later(seconds=4000), "four")) == [], "an hour later nothing counts any more"


def test_a_chat_that_nobody_counts_costs_no_statement(store: Store) -> None:
    write(store, letters=(a_letter("li", "1", chat="web:hall:x"), a_letter("li", "2", chat=CHAT)))
    counted = [_statements(store, "web:"), _statements(store, "wecom::")]
    assert counted[0] - counted[1] == 2, "one reads, one writes, however many lanes are claimed at once"


def _statements(store: Store, left_alone: str) -> int:
    before = store.statements()
    with store.transaction() as tx:
        assert len(tx.claim_letters(NOW, "me", 9, [left_alone], two_each)) == 1
    return store.statements() - before


sends = st.lists(st.tuples(st.floats(0, 500), st.integers(1, 9), st.sampled_from("ab")), max_size=40)


@given(sends, st.sampled_from([MINUTE, HOUR]), st.floats(0, 4000))
def test_nothing_that_may_still_count_is_forgotten_or_told_as_older(
    sent: list[tuple[float, int, str]], seconds: float, pause: float
) -> None:
    """For every moment of the span: as many messages are told behind it as may have left behind it, or more."""
    log: dict[str, list[list[int]]] = {}
    at, journal = NOW.timestamp(), []
    for wait, messages, owner in sent:
        at += wait
        log = json.loads(json.dumps(_after(log, owner, at, Charge(messages=messages, seconds=seconds))))
        journal.append((at + LATE, messages))
    now = at + pause
    found = list(_elsewhere(log, "c", now, Charge(messages=1, seconds=seconds)))
    for since in (moment for moment, _ in journal if moment > now - seconds):
        may_count = sum(messages for moment, messages in journal if moment >= since)
        assert sum(one.messages for one in found if now - one.ago >= min(since, now) - 0.01) >= may_count


def test_a_log_stays_short() -> None:
    log: dict[str, list[list[int]]] = {}
    for n in range(3000):
        log = _after(log, "a", NOW.timestamp() + n, Charge(messages=1, seconds=HOUR))
    assert len(json.dumps(log)) < 2000
    assert sum(count for _, count in log["a"]) >= 3000


def test_what_left_long_ago_is_told_to_nobody() -> None:
    log = {"a": [[int(NOW.timestamp()), 5]]}
    at = NOW.timestamp() + MINUTE + LATE
    assert list(_elsewhere(log, "b", at, Charge(messages=1, seconds=MINUTE))) == []
    assert list(_elsewhere(log, "b", at - 1, Charge(messages=1, seconds=MINUTE))) == [Sendings(MINUTE - 1, 5)]
