"""Knows how a learnt version is told to an operator: what it learnt, what changed against the live one, the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlu.learning.comparing import Figures
from nlu.learning.corrections import Told
from nlu.measuring.figures import wilson


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one learning. `corrected`: how many corrected texts the old and the new model hear rightly.

    `gone`: why the version that was to be heard could not be compared with; "" where it could.
    """

    version: str
    live: str
    told: Told
    old: Figures
    new: Figures
    corrected: tuple[int, int]
    held_out: tuple[int, int, int]
    reasons: Sequence[str]
    forced: bool
    seconds: float
    gone: str = ""

    @property
    def promoted(self) -> bool:
        """Whether the new version is heard from now on."""
        return not self.reasons or self.forced


def markdown(out: Outcome) -> str:
    """The report."""
    lessons = len(out.told.lessons)
    lines = [
        f"# Version {out.version}: {'promoted' if out.promoted else 'refused'}",
        "",
        f"Compared with {out.live or 'the delivered model'}. {lessons} corrected texts from"
        f" {len(out.told.cases)} cases; of them the old model hears {out.corrected[0]} rightly, the new one"
        f" {out.corrected[1]}. Trained and measured in {out.seconds:.0f} s.",
        "",
        *((f"{out.gone}.", "") if out.gone else ()),
        *_held_out(out),
        *_verdict(out),
        "| frozen set | sentences | accuracy before | now | 95 % |",
        "|---|--:|--:|--:|---|",
        *(_set(out, name) for name in (*out.old.sets(), "")),
        "",
        "| label | sentences | recall before | 95 % | now |",
        "|---|--:|--:|---|--:|",
        *(_label(out, label) for label in out.old.labels()),
        "",
        f"Emergencies found: {_of(out.old.found('emergency'))} before, {_of(out.new.found('emergency'))} now."
        f" False alarms: {_of(out.old.false_alarms())} before, {_of(out.new.false_alarms())} now.",
        "",
        *_rest(out.told),
    ]
    return "\n".join(lines)


def _verdict(out: Outcome) -> list[str]:
    if not out.reasons:
        return ["Nothing became worse by more than chance.", ""]
    said = "Promoted by hand (`--force`) although:" if out.forced else "Refused, because:"
    return [said, "", *(f"* {reason}" for reason in out.reasons), ""]


def _held_out(out: Outcome) -> list[str]:
    old, new, count = out.held_out
    if not count:
        return []
    return [f"Of {count} corrections kept apart, the old model hears {old} rightly, the new one {new}.", ""]


def _set(out: Outcome, name: str) -> str:
    (was, count), (now, _) = out.old.right(name), out.new.right(name)
    low, high = wilson(now, count)
    return f"| {name or 'all'} | {count} | {_share(was, count)} | {_share(now, count)} | {low:.3f}–{high:.3f} |"


def _label(out: Outcome, label: str) -> str:
    (was, count), (now, _) = out.old.found(label), out.new.found(label)
    low, high = wilson(was, count)
    return f"| {label} | {count} | {_share(was, count)} | {low:.3f}–{high:.3f} | {_share(now, count)} |"


def _rest(told: Told) -> list[str]:
    """Labels that workers refused without another say where to look; lines that could not be read say why."""
    refused = [f"* {label}: {times}" for label, times in told.refused]
    bad = [f"* {line}" for line in told.bad]
    return [
        *(("Given back as not theirs, without another label (not learnt from):", "", *refused, "") if refused else ()),
        *(("Lines that were passed by:", "", *bad, "") if bad else ()),
    ]


def _share(found: int, count: int) -> str:
    return f"{found / count:.3f}" if count else "–"


def _of(pair: tuple[int, int]) -> str:
    return f"{pair[0]} of {pair[1]}"
