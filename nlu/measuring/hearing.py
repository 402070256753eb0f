"""Knows how many messages are heard: in batches, telling how far it has come, keeping of each only what is measured."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from nlu.measuring.figures import Sure
from nlu.town import Duties
from nlu.understanding import Heard, Understanding

_BATCH = 64
_TOLD_FROM = 2000
_TOLD_EVERY = 2.0  # seconds

T = TypeVar("T")
Tell = Callable[[str], None]


class Ear(Protocol):
    """Whatever understands messages: the embedded engine, or Rasa behind the same contract."""

    def understand(self, batch: Sequence[tuple[str, str]]) -> list[Heard]: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What was heard of one message, as far as it is measured."""

    label: str
    confidence: float
    runner_up: str
    runner_up_confidence: float
    emergency_type: str
    hypothetical: bool
    demand: str
    decided: bool
    """The desk acts on it without asking back."""
    fired: bool = False
    """Some rule of danger found words, be it as a hint only."""

    @property
    def alarm(self) -> bool:
        """Whether the desk takes it for danger now."""
        return self.label == "emergency" and not self.hypothetical

    def sure(self, right: bool) -> Sure:
        """Its confidence, with whether it was right."""
        return self.confidence, right


def understood(ear: Ear, texts: Sequence[str], tell: Tell | None = None) -> Iterator[Understanding]:
    """Every text understood alone, some at once."""
    for batch in told(list(_batches(texts)), tell or quiet(len(texts)), "heard", _BATCH):
        yield from (heard.alone for heard in ear.understand([(text, "") for text in batch]))


def hear(ear: Ear, texts: Sequence[str], duties: Duties, tell: Tell | None = None) -> list[Answer]:
    """Every text heard alone, as far as it is measured."""
    return [_answer(heard, duties) for heard in understood(ear, texts, tell)]


def decided(heard: Understanding, duties: Duties) -> bool:
    """Whether the desk acts on it without asking back, be it a matter of a duty or words that are none."""
    if duties.by_label and duties.duty(heard.label) is None:
        return duties.caution.talks(heard, beside=duties.duty(heard.runner_up) is None)
    return not duties.caution.doubts(heard)


def _answer(heard: Understanding, duties: Duties) -> Answer:
    return Answer(
        label=heard.label,
        confidence=heard.confidence,
        runner_up=heard.runner_up,
        runner_up_confidence=heard.runner_up_confidence,
        emergency_type=heard.emergency_type,
        hypothetical=heard.hypothetical,
        demand=heard.demand,
        decided=decided(heard, duties),
        fired=bool(heard.fired),
    )


def told(steps: Sequence[T], tell: Tell, verb: str, size: int = 1) -> Iterator[T]:
    """The steps, telling every few seconds how many are done and how long the rest will take."""
    began = last = time.monotonic()
    for done, step in enumerate(steps):
        yield step
        now = time.monotonic()
        if now - last >= _TOLD_EVERY:
            last = now
            left = (now - began) / (done + 1) * (len(steps) - done - 1)
            tell(f"{verb} {(done + 1) * size} of {len(steps) * size}, about {left:.0f} s left")


def quiet(count: int) -> Tell:
    """Long files tell their progress on stderr, short ones say nothing."""
    return _on_stderr if count >= _TOLD_FROM else lambda line: None


def _on_stderr(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    return (texts[at : at + _BATCH] for at in range(0, len(texts), _BATCH))
