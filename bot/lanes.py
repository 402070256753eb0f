"""Knows when each letter may leave: lanes and their pace, retries and their patience, accounts that are down. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Final, Literal

from bot.doors import Abilities, SendFailed
from storage.values import Outgoing

PARALLEL: Final = 16
BACKOFF: Final = (0.0, 5.0, 30.0, 300.0, 1800.0)
STEPS_ASIDE: Final = 3
JITTER: Final = 0.2
LONGEST_WAIT: Final = 3600.0
PATIENCE: Final = 20
PROBE_EVERY: Final = 30.0
DOWN: Final = 3
IDLE: Final = 1.0
GAP: Final = 0.02
FORGET: Final = 10_000


@dataclass(slots=True)
class _Account:
    """How one account is doing. While it is `down` one letter at a time is its probe."""

    abilities: Abilities
    down: bool = False
    probing: bool = False
    until: float = 0.0
    failed: set[str] = field(default_factory=set)
    next_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a letter: `wait` in seconds for a retry; `paused` when its account has just gone down."""

    state: Literal["sent", "retry", "dead"]
    wait: float = 0.0
    paused: bool = False


class Schedule:
    """Who may leave when. Pure: time comes in as a number of seconds, nothing goes out."""

    def __init__(self, abilities: Mapping[str, Abilities], jitter: Callable[[], float]) -> None:
        self._accounts = {prefix: _Account(able) for prefix, able in abilities.items()}
        self._jitter = jitter
        self._hand: dict[str, Outgoing] = {}
        self._flying: set[str] = set()
        self._ready: dict[str, float] = {}
        self._turn: dict[str, float] = {}
        self._excused: dict[int, int] = {}

    @property
    def free(self) -> int:
        """How many more letters may be taken in hand."""
        return PARALLEL - len(self._hand) - len(self._flying)

    def prefix(self, lane: str) -> str | None:
        """The account a lane belongs to."""
        return next((prefix for prefix in self._accounts if lane.startswith(prefix)), None)

    def busy(self, now: float) -> frozenset[str]:
        """Lanes, and accounts, of which no letter should be brought now."""
        for waiting in (self._ready, self._turn):
            for lane in [lane for lane, at in waiting.items() if at <= now]:
                del waiting[lane]
        shut = {p for p, account in self._accounts.items() if account.down and (account.probing or now < account.until)}
        return frozenset({*self._ready, *self._hand, *self._flying, *shut})

    def admit(self, letter: Outgoing, now: float) -> list[tuple[Outgoing, float]]:
        """Take a letter in hand; the letters that must wait instead, each with its seconds. One in hand per lane."""
        lane, account = letter.chat, self._account(letter.chat)
        held = self._hand.get(lane)
        if account.down and (account.probing or now < account.until):
            return self._back(letter, max(account.until - now, PROBE_EVERY / 3))
        if held is not None and letter.red and not held.red:
            self._hand[lane] = letter
            return self._back(held, self._later(lane, now))
        if held is not None or lane in self._flying or self._ready.get(lane, now) > now:
            return self._back(letter, self._later(lane, now))
        account.probing = account.down
        self._hand[lane] = letter
        return []

    def launch(self, now: float) -> list[Outgoing]:
        """The letters in hand that leave now, red ones first."""
        leaving: list[Outgoing] = []
        for letter in sorted(self._hand.values(), key=lambda letter: (not letter.red, letter.id)):
            account = self._account(letter.chat)
            if account.next_at > now:
                continue
            rate = account.abilities.total_per_second
            account.next_at = now + (1.0 / rate if rate > 0 else 0.0)
            del self._hand[letter.chat]
            self._flying.add(letter.chat)
            leaving.append(letter)
        return leaving

    def next_moment(self, now: float) -> float:
        """When to look again at the latest."""
        moments = [*self._ready.values()]
        moments += [self._account(lane).next_at for lane in self._hand]
        moments += [account.until for account in self._accounts.values() if account.down and not account.probing]
        return min((at for at in moments if at > now), default=now + IDLE)

    def done(self, letter: Outgoing, now: float, failure: SendFailed | None) -> Verdict:
        """A letter has come back: what becomes of it, of its lane and of its account."""
        lane, account = letter.chat, self._account(letter.chat)
        self._flying.discard(lane)
        self._ready[lane] = now + account.abilities.pace(lane)
        was_probe, account.probing = account.probing, False
        if failure is None or failure.permanent:
            account.down, account.until = False, 0.0
            account.failed.clear()
            self._excused.pop(letter.id, None)
            return Verdict("sent" if failure is None else "dead")
        told = _sensible(failure.retry_after)
        if failure.account:
            return self._pause(letter, account, now, told)
        if account.down or was_probe:
            return self._other_probe(letter, account, now)
        if told is not None and self._excused.get(letter.id, 0) < PATIENCE:
            self._excuse(letter)
            self._ready[lane] = now + told
            return Verdict("retry", told)
        return self._again(letter, account, now)

    def _again(self, letter: Outgoing, account: _Account, now: float) -> Verdict:
        """Try later, longer each time; a letter that keeps failing lets the others of its lane pass."""
        account.failed.add(letter.chat)
        if len(account.failed) >= DOWN:
            return self._pause(letter, account, now, None)
        tries = letter.attempts + 1 - self._excused.get(letter.id, 0)
        if tries >= len(BACKOFF):
            self._excused.pop(letter.id, None)
            return Verdict("dead")
        wait = BACKOFF[max(tries, 1)] * (1.0 + JITTER * self._jitter())
        if tries < STEPS_ASIDE:
            self._ready[letter.chat] = now + wait
        return Verdict("retry", wait)

    def _pause(self, letter: Outgoing, account: _Account, now: float, told: float | None) -> Verdict:
        """The account is down: that is not the letter's fault, so it costs none of its tries."""
        news, account.down = not account.down, True
        account.until = max(account.until, now + max(PROBE_EVERY, told or 0.0))
        account.failed.clear()
        self._excuse(letter)
        return Verdict("retry", account.until - now, paused=news)

    def _other_probe(self, letter: Outgoing, account: _Account, now: float) -> Verdict:
        """While the account is down, a letter that fails by itself waits longer, so that another is the next probe."""
        verdict = self._pause(letter, account, now, None)
        return Verdict("retry", verdict.wait + min(PROBE_EVERY * self._excused[letter.id], BACKOFF[-1]))

    def _excuse(self, letter: Outgoing) -> None:
        if len(self._excused) > FORGET:
            self._excused.clear()
        self._excused[letter.id] = self._excused.get(letter.id, 0) + 1

    def _back(self, letter: Outgoing, wait: float) -> list[tuple[Outgoing, float]]:
        """Hand a letter back untried: that costs it no try."""
        self._excuse(letter)
        return [(letter, wait)]

    def _later(self, lane: str, now: float) -> float:
        """Seconds until the next free turn in this lane."""
        pace = self._account(lane).abilities.pace(lane)
        turn = max(self._turn.get(lane, now), self._ready.get(lane, now)) + max(pace, GAP)
        self._turn[lane] = turn
        return turn - now

    def _account(self, lane: str) -> _Account:
        prefix = self.prefix(lane)
        if prefix is None:
            raise KeyError(lane)
        return self._accounts[prefix]


def _sensible(seconds: float | None) -> float | None:
    """A waiting time a platform asks for, bounded to an hour; None for nonsense."""
    if seconds is None or not isfinite(seconds) or seconds <= 0:
        return None
    return min(seconds, LONGEST_WAIT)
