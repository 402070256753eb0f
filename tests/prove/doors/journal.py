"""Knows what the platforms remember of a run: what each person said, which tries it took, which answers came back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Said:
    """One thing somebody said, as its platform keeps it until it is acknowledged.

    `platform`, `account` and `key` are what a repeat is known by; `opens`: it must become exactly one case;
    `inline`: the answer comes back with the delivery.
    """

    platform: str
    account: str
    key: str
    sender: str
    lane: str
    words: str
    opens: bool = False
    counted: bool = True
    """Whether exactly one answer is expected: who works gets more."""
    inline: bool = False
    at: float = 0.0
    tries: list[str] = field(default_factory=list)
    taken: bool = False
    given_up: bool = False
    torn: bool = False
    """The connection ended while it was under way: nobody can know whether it arrived, and nobody brings it again."""
    took: float = 0.0
    shown: list[str] = field(default_factory=list)
    """The words of each answer that came back, in order; “” for none."""


@dataclass
class Journal:
    """Everything that was said in one run."""

    said: list[Said] = field(default_factory=list)
    begun: float = 0.0
    ended: float = 0.0

    def add(self, one: Said) -> Said:
        """Write it down before it is sent."""
        self.said.append(one)
        return one

    def by_platform(self) -> Counter[str]:
        """How much was said on each."""
        return Counter(one.platform for one in self.said)

    def tries(self) -> Counter[str]:
        """How all tries went."""
        return Counter(outcome for one in self.said for outcome in one.tries)

    def rate(self) -> float:
        """Messages a second that were really said."""
        return len(self.said) / max(self.ended - self.begun, 0.001)


def share(values: Sequence[float], part: float) -> float:
    """The value below which this part of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0
