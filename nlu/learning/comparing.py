"""Knows how two models compare on sentences that none was trained on, and what must not become worse."""

from __future__ import annotations

import csv
import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nlu.lexica import read_yaml
from nlu.measuring.figures import wilson
from nlu.measuring.hearing import Ear, understood
from nlu.understanding import Understanding
from nlu.usage import UsageError

MOST_FALSE_ALARMS = 0.03
_Z = 1.96
_SPOKEN_OF = "spoken of"  # danger that the desk does not act on: an exercise, a story, a question
PINNED = "pinned.jsonl"
REGRESSION = "pinned"
"""The set of sentences that must stay right: each counts by itself, none in a share."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One sentence of a frozen set with the label it must get; those of a regression list are of the set `pinned`."""

    text: str
    label: str
    of: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What one ear made of all sentences: the label it heard in each, in the order they were asked."""

    asked: Sequence[Asked]
    heard: Sequence[str] = field(repr=False)

    def right(self, of: str = "") -> tuple[int, int]:
        """How many are right, and of how many; of one set or of all but the regression list."""
        pairs = [(one, heard) for one, heard in self._measured() if not of or one.of == of]
        return sum(one.label == heard for one, heard in pairs), len(pairs)

    def found(self, label: str) -> tuple[int, int]:
        """How often a label was found, and how often it was there."""
        pairs = [heard for one, heard in self._measured() if one.label == label]
        return sum(heard == label for heard in pairs), len(pairs)

    def false_alarms(self) -> tuple[int, int]:
        """How many sentences were heard as an emergency that are none, and of how many."""
        pairs = [heard for one, heard in self._measured() if one.label != "emergency"]
        return sum(heard == "emergency" for heard in pairs), len(pairs)

    def sets(self) -> list[str]:
        """The names of the sets, in order."""
        return list(dict.fromkeys(one.of for one in self.asked if one.of != REGRESSION))

    def labels(self) -> list[str]:
        """The labels asked for, the most frequent first."""
        return [label for label, _ in Counter(one.label for one, _ in self._measured()).most_common()]

    def _measured(self) -> Iterator[tuple[Asked, str]]:
        return ((one, heard) for one, heard in zip(self.asked, self.heard, strict=True) if one.of != REGRESSION)


def frozen(folder: Path, shelf: Path) -> list[Asked]:
    """Every CSV file with the columns text and label, and the sentences that must stay right."""
    asked: list[Asked] = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row.get("text") and row.get("label")]
        asked += [Asked(row["text"], row["label"], path.stem) for row in rows]
    return asked + list(_pinned(folder, shelf))


def _pinned(folder: Path, shelf: Path) -> Iterator[Asked]:
    shipped = folder / "regressions.yml"
    if shipped.is_file():
        yield from (Asked(str(one["text"]), str(one["label"]), REGRESSION) for one in read_yaml(shipped) or ())
    own = shelf / PINNED
    if own.is_file():
        lines = enumerate(own.read_text(encoding="utf-8", errors="replace").split("\n"), 1)
        yield from (_pin_of(line, f"{own}, line {number}") for number, line in lines if line.strip())


def _pin_of(line: str, where: str) -> Asked:
    """A promise that cannot be read must not be forgotten in silence."""
    try:
        row = json.loads(line)
        return Asked(str(row["text"]), str(row["label"]), REGRESSION)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise UsageError(f"{where} is no pinned sentence: mend it or take it out") from error


def measure(ear: Ear, asked: Sequence[Asked]) -> Figures:
    """What an ear makes of every sentence; danger is heard only where the desk would act on it."""
    return Figures(asked, [_label(one) for one in understood(ear, [one.text for one in asked])])


def _label(heard: Understanding) -> str:
    return _SPOKEN_OF if heard.label == "emergency" and heard.hypothetical else heard.label


def against(live: Figures, new: Figures) -> list[str]:
    """Why the new model must not take the live one's place; nothing where it may."""
    return [*danger(live, new), *_recalls(live, new), *_whole(live, new), *_regressions(live, new)]


def danger(live: Figures, new: Figures) -> list[str]:
    """What no hand may overrule: emergencies that would not be heard any more, and false alarms."""
    reasons: list[str] = []
    was, count = live.found("emergency")
    now, _ = new.found("emergency")
    if now < was:
        reasons.append(f"emergencies found fall from {was} to {now} of {count}")
    before, others = live.false_alarms()
    after, _ = new.false_alarms()
    if after > before and after > MOST_FALSE_ALARMS * others:
        reasons.append(f"false alarms rise from {before} to {after} of {others}, beyond {MOST_FALSE_ALARMS:.0%}")
    return reasons


def _recalls(live: Figures, new: Figures) -> Iterator[str]:
    """A label may lose no more than chance explains: the lower end of the live model's interval."""
    for label in live.labels():
        (was, count), (now, _) = live.found(label), new.found(label)
        low, _ = wilson(was, count)
        if label != "emergency" and now / count < low:
            yield f"{label}: recall falls from {was / count:.3f} to {now / count:.3f}, below {low:.3f}"


def _whole(live: Figures, new: Figures) -> Iterator[str]:
    """Sentence by sentence: more lost than won, and by more than chance."""
    pairs = list(zip(live.asked, live.heard, new.heard, strict=True))
    lost = sum(one.label == was != now for one, was, now in pairs if one.of != REGRESSION)
    won = sum(one.label == now != was for one, was, now in pairs if one.of != REGRESSION)
    if lost - won > _Z * math.sqrt(lost + won):
        yield f"accuracy: {lost} sentences are lost and {won} won"


def _regressions(live: Figures, new: Figures) -> Iterator[str]:
    for one, was, now in zip(live.asked, live.heard, new.heard, strict=True):
        if one.of == REGRESSION and one.label == was != now:
            yield f"must stay right: {one.text} is {one.label}, heard as {now}"
