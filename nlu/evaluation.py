"""Knows the report on one file of labelled messages: accuracy, F1, intervals, confusion, calibration, latency."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from nlu.drawing import confusion_svg
from nlu.measuring.figures import (
    Interval,
    LabelScore,
    calibration,
    calibration_interval,
    label_scores,
    macro_f1_interval,
    wilson,
)
from nlu.measuring.hearing import Ear, Tell, hear
from nlu.measuring.markdown import span, table
from nlu.measuring.tables import Row
from nlu.redaction import Redactor
from nlu.town import Duties
from nlu.understanding import LABELS

_MOST_MISTAKES = 200
_CONFUSIONS_TOLD = 15
_TIMED = 300


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds a message, one at a time."""

    p50: float
    p99: float
    mean: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """One message as it was labelled and as it was heard."""

    row: Row
    heard: str
    confidence: float

    @property
    def right(self) -> bool:
        """Heard as it was labelled."""
        return self.heard == self.row.label


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came out for one file of sentences; `acceptable` is None where the file does not say what else would do."""

    engine: str
    count: int
    accuracy: float
    accuracy_interval: Interval
    acceptable: float | None
    acceptable_interval: Interval | None
    macro_f1: float
    macro_f1_interval: Interval
    labels: dict[str, LabelScore]
    confusion: dict[str, dict[str, int]]
    calibration_error: float
    calibration_interval: Interval
    calibration: list[tuple[float, float, int]]
    latency_ms: Latency | None
    mistakes: list[dict[str, str | int]]
    skipped: tuple[tuple[int, str], ...] = ()

    def write(self, folder: Path, name: str = "report") -> None:
        """report.json for machines, report.md for people, confusion.svg to look at."""
        folder.mkdir(parents=True, exist_ok=True)
        report = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(report, encoding="utf-8")
        (folder / f"{name}.md").write_text(self.summary(), encoding="utf-8")
        drawing = name.replace("report", "confusion")
        (folder / f"{drawing}.svg").write_text(confusion_svg(self.confusion), encoding="utf-8")

    def summary(self) -> str:
        """The report in Markdown."""
        scores = ("label", "sentences:", "precision:", "95 %", "recall:", "95 %", "F1:")
        lines = [
            "# Evaluation",
            "",
            self._head(),
            "",
            *table(scores, (_row(label, score) for label, score in self.labels.items())),
            *table(("said", "heard as", "times:"), self._confusions()),
            *table(
                ("confidence:", "right:", "sentences:"),
                ((f"{mean:.2f}", f"{share:.2f}", count) for mean, share, count in self.calibration),
            ),
        ]
        return "\n".join(lines)

    def _head(self) -> str:
        told = [
            f"{self.engine}: {self.count} sentences",
            f"accuracy {self.accuracy:.3f} (95 %: {span(self.accuracy_interval)})",
            f"macro-F1 {self.macro_f1:.3f} ({span(self.macro_f1_interval)})",
            f"calibration error {self.calibration_error:.3f} (90 %: {span(self.calibration_interval)})",
        ]
        if self.acceptable is not None and self.acceptable_interval is not None:
            told.insert(2, f"acceptable {self.acceptable:.3f} ({span(self.acceptable_interval)})")
        if self.latency_ms is not None:
            told.append(f"{self.latency_ms.p50:.2f} ms a message (p99 {self.latency_ms.p99:.2f})")
        return ", ".join(told) + "."

    def _confusions(self) -> list[tuple[str, str, int]]:
        pairs = [(said, heard, times) for said, row in self.confusion.items() for heard, times in row.items()
                 if said != heard]  # fmt: skip
        return sorted(pairs, key=lambda pair: -pair[2])[:_CONFUSIONS_TOLD]


def evaluate(
    ear: Ear, rows: Sequence[Row], duties: Duties, engine: str = "embedded", tell: Tell | None = None
) -> Evaluation:
    """Hears every row and compares."""
    answers = hear(ear, [row.text for row in rows], duties, tell)
    outcomes = [Outcome(row, answer.label, answer.confidence) for row, answer in zip(rows, answers, strict=True)]
    return compared(outcomes, engine, _latency(ear, rows[:_TIMED]))


def compared(outcomes: Sequence[Outcome], engine: str, latency: Latency | None = None) -> Evaluation:
    """The report on messages that have been heard."""
    said, heard = [one.row.label for one in outcomes], [one.heard for one in outcomes]
    counts = Counter(zip(said, heard, strict=True))
    names = _ordered({*said, *heard})
    scores = label_scores(counts, names)
    supported = [score.f1 for score in scores.values() if score.support]
    sure = [(one.confidence, one.right) for one in outcomes]
    error, bins = calibration(sure)
    right = sum(one.right for one in outcomes)
    other = any(len(one.row.acceptable) > 1 for one in outcomes)
    fine = sum(one.heard in one.row.acceptable for one in outcomes)
    return Evaluation(
        engine=engine,
        count=len(outcomes),
        accuracy=right / max(1, len(outcomes)),
        accuracy_interval=wilson(right, len(outcomes)),
        acceptable=fine / len(outcomes) if other else None,
        acceptable_interval=wilson(fine, len(outcomes)) if other else None,
        macro_f1=sum(supported) / max(1, len(supported)),
        macro_f1_interval=macro_f1_interval(said, heard),
        labels=scores,
        confusion={name: {other: counts[name, other] for other in names if counts[name, other]} for name in names},
        calibration_error=error,
        calibration_interval=calibration_interval(sure),
        calibration=bins,
        latency_ms=latency,
        mistakes=_mistakes(outcomes),
    )


def _mistakes(outcomes: Sequence[Outcome]) -> list[dict[str, str | int]]:
    """Some of what was heard wrongly, masked: a report is passed around."""
    wrong = [one for one in outcomes if not one.right][:_MOST_MISTAKES]
    redactor = Redactor() if wrong else None
    return [
        {"line": one.row.line, "text": redactor.redact(one.row.text), "label": one.row.label, "heard": one.heard}
        for one in wrong
        if redactor is not None
    ]


def _ordered(names: set[str]) -> list[str]:
    return [label for label in LABELS if label in names] + sorted(names - set(LABELS))


def _latency(ear: Ear, rows: Sequence[Row]) -> Latency | None:
    times: list[float] = []
    for row in rows:
        began = time.perf_counter()
        ear.understand([(row.text, "")])
        times.append((time.perf_counter() - began) * 1000)
    if not times:
        return None
    ordered = sorted(times)
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.99)]
    return Latency(at[0], at[1], sum(ordered) / len(ordered))


def _row(label: str, score: LabelScore) -> tuple[str, ...]:
    return (
        label, str(score.support), f"{score.precision:.2f}", _short(score.precision_interval), f"{score.recall:.2f}",
        _short(score.recall_interval), f"{score.f1:.2f}",
    )  # fmt: skip


def _short(interval: Interval) -> str:
    return f"{interval[0]:.2f}–{interval[1]:.2f}"
