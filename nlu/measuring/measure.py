"""Knows how all sets are measured in one go: heard, compared with the targets, costs taken, put on record."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlu.measuring.cost import cost_lines, model_lines
from nlu.measuring.hearing import Answer, Ear, Tell, hear
from nlu.measuring.mistakes import Pair, hard_pairs, missed
from nlu.measuring.record import Record
from nlu.measuring.sets import Set
from nlu.measuring.spans import score_spans
from nlu.measuring.targets import Line, Measured, calibrating, deciding, lines_of, span_lines
from nlu.town import Duties

_Chosen = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Results:
    """What was found on the sets of the repository, on others, and on both."""

    here: Record
    elsewhere: Record | None
    pairs: tuple[Pair, ...]
    measured: tuple[Measured, ...]


def measure(
    ear: Ear,
    duties: Duties,
    sets: Sequence[Set],
    model: Path | None,
    engine: str = "embedded",
    tell: Tell | None = None,
) -> Results:
    """Measures an ear on sets; `model` is the folder of its model, where it has one of its own."""
    measured = [Measured(one, tuple(_heard(ear, duties, one, tell))) for one in sets if one.kind != "entities"]
    lines = [line for one in measured for line in lines_of(one)]
    lines += [*deciding(measured), *calibrating(measured)]
    lines += [line for one in sets if one.kind == "entities" for line in _span_lines(ear, one)]
    if tell:
        tell("cost")
    lines += cost_lines(ear, [text for one in measured for text in one.set.texts])
    lines += model_lines(model) if model else []
    name = model.name if model else engine
    foreign = {one.name for one in sets if not one.ours}
    return Results(
        _record(engine, name, lines, measured, lambda set_name: set_name not in foreign),
        _record(engine, name, lines, measured, lambda set_name: set_name in foreign) if foreign else None,
        tuple(hard_pairs(measured)),
        tuple(measured),
    )


def _heard(ear: Ear, duties: Duties, one: Set, tell: Tell | None) -> list[Answer]:
    if tell:
        tell(f"{one.name}: {len(one.examples)} messages")
    return hear(ear, one.texts, duties)


def _span_lines(ear: Ear, one: Set) -> list[Line]:
    heard = [found.alone for found in ear.understand([(text, "") for text in one.texts])]
    return span_lines(one.name, score_spans(one.examples, heard))


def _record(engine: str, model: str, lines: Sequence[Line], measured: Sequence[Measured], ours: _Chosen) -> Record:
    return Record(
        engine=engine,
        date=today(),
        model=model,
        lines=tuple(line for line in lines if ours(line.set)),
        missed=tuple(miss for miss in missed(measured) if ours(miss.set)),
    )


def today() -> str:
    """The day of the measuring."""
    return time.strftime("%Y-%m-%d", time.gmtime())
