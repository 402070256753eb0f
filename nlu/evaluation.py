"""Knows how good an ear is on labelled sentences: accuracy, F1, intervals, confusion, calibration, latency."""

from __future__ import annotations

import json
import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from nlu.drawing import confusion_svg
from nlu.understanding import LABELS, Heard

_Z = 1.96  # 95 %
_BINS = 10
_MOST_MISTAKES = 200
_CONFUSIONS_TOLD = 15


class _Ear(Protocol):
    def understand(self, batch: Sequence[tuple[str, str]]) -> list[Heard]: ...


@dataclass(frozen=True, slots=True)
class LabelScore:
    """How well one label is found."""

    support: int
    precision: float
    precision_interval: tuple[float, float]
    recall: float
    recall_interval: tuple[float, float]
    f1: float


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds a message, one at a time."""

    p50: float
    p99: float
    mean: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came out for one file of sentences."""

    count: int
    accuracy: float
    accuracy_interval: tuple[float, float]
    macro_f1: float
    labels: dict[str, LabelScore]
    confusion: dict[str, dict[str, int]]
    calibration_error: float
    calibration: list[tuple[float, float, int]]
    latency_ms: Latency
    mistakes: list[dict[str, str]]

    def write(self, folder: Path) -> None:
        """report.json for machines, report.md for people, confusion.svg to look at."""
        folder.mkdir(parents=True, exist_ok=True)
        report = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        (folder / "report.json").write_text(report, encoding="utf-8")
        (folder / "report.md").write_text(self.summary(), encoding="utf-8")
        (folder / "confusion.svg").write_text(confusion_svg(self.confusion), encoding="utf-8")

    def summary(self) -> str:
        """The report in Markdown."""
        low, high = self.accuracy_interval
        latency = self.latency_ms
        lines = [
            "# Evaluation",
            "",
            f"{self.count} sentences, accuracy {self.accuracy:.3f} (95 %: {low:.3f}–{high:.3f}),"
            f" macro-F1 {self.macro_f1:.3f}, calibration error {self.calibration_error:.3f},"
            f" {latency.p50:.2f} ms a message (p99 {latency.p99:.2f}).",
            "",
            "| label | sentences | precision | 95 % | recall | 95 % | F1 |",
            "|---|--:|--:|---|--:|---|--:|",
            *(_row(label, score) for label, score in self.labels.items()),
            "",
            "| said | heard as | times |",
            "|---|---|--:|",
            *(f"| {said} | {heard} | {times} |" for said, heard, times in self._confusions()),
            "",
        ]
        return "\n".join(lines)

    def _confusions(self) -> list[tuple[str, str, int]]:
        pairs = [(said, heard, times) for said, row in self.confusion.items() for heard, times in row.items()
                 if said != heard]  # fmt: skip
        return sorted(pairs, key=lambda pair: -pair[2])[:_CONFUSIONS_TOLD]


def evaluate(ear: _Ear, sentences: Sequence[tuple[str, str]]) -> Evaluation:
    """Hears every (text, label) and compares."""
    answers: list[tuple[str, str, float]] = []
    times: list[float] = []
    for text, label in sentences:
        began = time.perf_counter()
        heard = ear.understand([(text, "")])[0].alone
        times.append((time.perf_counter() - began) * 1000)
        answers.append((label, heard.label, heard.confidence))
    right = sum(said == heard for said, heard, _ in answers)
    counts = Counter((said, heard) for said, heard, _ in answers)
    scores = _label_scores(counts)
    supported = [score.f1 for score in scores.values() if score.support]
    error, bins = _calibration(answers)
    return Evaluation(
        count=len(answers),
        accuracy=right / len(answers) if answers else 0.0,
        accuracy_interval=wilson(right, len(answers)),
        macro_f1=sum(supported) / len(supported) if supported else 0.0,
        labels=scores,
        confusion=_confusion(counts),
        calibration_error=error,
        calibration=bins,
        latency_ms=_latency(times),
        mistakes=[{"text": text, "label": said, "heard": heard}
                  for (text, _), (said, heard, _) in zip(sentences, answers, strict=True)
                  if said != heard][:_MOST_MISTAKES],
    )  # fmt: skip


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % interval of a share, honest for small numbers too."""
    if not trials:
        return 0.0, 1.0
    share = successes / trials
    spread = 1 + _Z**2 / trials
    centre = (share + _Z**2 / (2 * trials)) / spread
    half = _Z * math.sqrt(share * (1 - share) / trials + _Z**2 / (4 * trials**2)) / spread
    return max(0.0, centre - half), min(1.0, centre + half)


def _label_scores(counts: Counter[tuple[str, str]]) -> dict[str, LabelScore]:
    names = _ordered({name for pair in counts for name in pair})
    scores: dict[str, LabelScore] = {}
    for name in names:
        found = counts[name, name]
        said = sum(times for (label, _), times in counts.items() if label == name)
        heard = sum(times for (_, label), times in counts.items() if label == name)
        precision, recall = found / heard if heard else 0.0, found / said if said else 0.0
        f1 = 2 * precision * recall / (precision + recall) if found else 0.0
        scores[name] = LabelScore(said, precision, wilson(found, heard), recall, wilson(found, said), f1)
    return scores


def _confusion(counts: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
    names = _ordered({name for pair in counts for name in pair})
    return {said: {heard: counts[said, heard] for heard in names if counts[said, heard]} for said in names}


def _ordered(names: set[str]) -> list[str]:
    return [label for label in LABELS if label in names] + sorted(names - set(LABELS))


def _calibration(answers: Sequence[tuple[str, str, float]]) -> tuple[float, list[tuple[float, float, int]]]:
    """Expected calibration error, and per bin: mean confidence, share right, sentences."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for said, heard, confidence in answers:
        bins[min(_BINS - 1, int(confidence * _BINS))].append((confidence, said == heard))
    told = [
        (sum(c for c, _ in inside) / len(inside), sum(right for _, right in inside) / len(inside), len(inside))
        for inside in bins
        if inside
    ]
    error = sum(abs(confidence - share) * count for confidence, share, count in told) / max(1, len(answers))
    return error, told


def _latency(times: Sequence[float]) -> Latency:
    ordered = sorted(times) or [0.0]
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.99)]
    return Latency(at[0], at[1], sum(ordered) / len(ordered))


def _row(label: str, score: LabelScore) -> str:
    precision = f"{score.precision:.2f} | {score.precision_interval[0]:.2f}–{score.precision_interval[1]:.2f}"
    recall = f"{score.recall:.2f} | {score.recall_interval[0]:.2f}–{score.recall_interval[1]:.2f}"
    return f"| {label} | {score.support} | {precision} | {recall} | {score.f1:.2f} |"
