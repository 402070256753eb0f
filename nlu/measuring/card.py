"""Knows the algorithm card: what the ear decides and what people do, on which data, with which errors, whom to ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nlu.corpus import Sentence
from nlu.measuring.figures import calibration, label_scores, wilson
from nlu.measuring.markdown import LINE_HEADINGS, line_cells, span, table
from nlu.measuring.record import Record
from nlu.measuring.targets import Line, Measured, sureness
from nlu.understanding import EMERGENCY_TYPES, LABELS, Caution

_UNKNOWN = "not noted"
_TEXTS = Path(__file__).with_name("texts")


@dataclass(frozen=True, slots=True)
class Card:
    """All that the card tells."""

    date: str
    model: str
    contact: str
    sentences: Sequence[Sentence]
    measured: Sequence[Measured]
    lines: Sequence[Line]
    elsewhere: Record | None
    caution: Caution

    def markdown(self) -> str:
        """The card."""
        enough = self.caution.enough("default")
        cued = enough * self.caution.number("cued")
        parts = [_text("card_head").format(contact=self.contact, date=self.date, model=self.model)]
        parts.append(
            _text("card_what").format(labels=len(LABELS), default=enough, cued=cued, close=self.caution.number("close"))
        )
        parts += [*self._data(), *self._errors(), *self._dangers(), *self._sureness()]
        parts += [_text("card_limits"), "## Contact", "", self.contact, ""]
        return "\n".join(parts)

    def _data(self) -> list[str]:
        registers = Counter(one.register or _UNKNOWN for one in self.sentences)
        writers = Counter(one.writer or _UNKNOWN for one in self.sentences)
        types = Counter(one.type for one in self.sentences if one.type)
        return [
            "## Data it learnt from",
            "",
            _text("card_data").format(count=len(self.sentences), registers=_told(registers), writers=_told(writers)),
            "",
            *table(("label", "sentences:", *(f"{name}:" for name in registers)), self._by_register(list(registers))),
            *table(("kind of danger", "sentences:"), [(kind, types[kind]) for kind in EMERGENCY_TYPES if types[kind]]),
        ]  # fmt: skip

    def _by_register(self, registers: Sequence[str]) -> list[tuple[str | int, ...]]:
        counts = Counter((one.label, one.register or _UNKNOWN) for one in self.sentences)
        return [
            (label, sum(counts[label, name] for name in registers), *(counts[label, name] for name in registers))
            for label in LABELS
        ]

    def _errors(self) -> list[str]:
        pairs = Counter((said.label, heard.label) for one in self.measured for said, heard in one.pairs)
        scores = label_scores(pairs, LABELS)
        rows = [(label, score.support, *_error(score.recall, score.recall_interval),
                 *_error(score.precision, score.precision_interval)) for label, score in scores.items()]  # fmt: skip
        right = sum(times for (said, heard), times in pairs.items() if said == heard)
        whole = sum(pairs.values())
        return [
            "## Error rates",
            "",
            f"On the frozen sets together ({whole} sentences nobody trained on):"
            f" accuracy {right / max(1, whole):.3f} ({span(wilson(right, whole))}). *Missed*: of what is meant so, the"
            " share heard as something else. *Wrongly so heard*: of what is heard so, the share that means something"
            " else. 95 % intervals.",
            "",
            *table(("label", "sentences:", "missed:", "95 %", "wrongly so heard:", "95 %"), rows),
        ]

    def _dangers(self) -> list[str]:
        lines = [*self.lines, *(self.elsewhere.lines if self.elsewhere else ())]
        told = [line for line in lines if line.what.startswith(("emergencies", "unrelated", "deciding", "real"))]
        return ["## Danger, and deciding alone", "", *table(LINE_HEADINGS, map(line_cells, told))]

    def _sureness(self) -> list[str]:
        error, bins = calibration([one for measured in self.measured for one in sureness(measured)])
        rows = [(f"{mean:.2f}", f"{share:.2f}", count) for mean, share, count in bins]
        return [
            "## Confidence",
            "",
            f"Expected calibration error {error:.3f} over bins of equal mass: what it says, and how often it is right.",
            "",
            *table(("confidence:", "right:", "sentences:"), rows),
        ]


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {times}" for name, times in counts.most_common())


def _error(right: float, interval: tuple[float, float]) -> tuple[str, str]:
    return f"{1 - right:.2f}", f"{1 - interval[1]:.2f}–{1 - interval[0]:.2f}"


def _text(name: str) -> str:
    return (_TEXTS / f"{name}.md").read_text(encoding="utf-8")
