"""Knows the page docs/nlu.md: what must be reached and what is, what is missed, what is near, what else was tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlu.measuring.markdown import LINE_HEADINGS, figure, line_cells, table
from nlu.measuring.mistakes import Missed, Pair
from nlu.measuring.record import Record
from nlu.measuring.targets import Line

_TRIED = "tried.md"

_HEAD = """# How well the ear hears

Written by `python -m nlu evaluate`; do not edit. Model `{model}`, measured on {date}.

Shares have 95 % Wilson intervals; macro-F1 and calibration are bootstrapped (1,000 draws; calibration 90 %). *Deciding
alone* and *without asking back* go by the desk's own rule: the `thresholds` of the catalogue
(`nlu.understanding.Caution`, the very code the desk uses). No set is ever trained on. `emergency`, `colloquial`,
`board`, `unrelated` and `entities` lie in [nlu/frozen](../nlu/frozen/README.md); sets whose names end in `_dev` do not
lie in this repository (real messages of citizens, and samples written by others): their figures are those of the day
on which somebody measured who has them, {elsewhere}.
"""
_MISSED_HEAD = """## Dangers not heard

Line of the file, type, and why not as far as can be seen from outside. Sentences are shown only of sets written here.
"""
_PAIRS_HEAD = """## Pairs that people confuse too

Over all sets measured on the day of the model.
"""
_RASA_HEAD = """## The Rasa engine on the same data

Trained on the same files; dates and models beside the names. What is missing was not measured.
"""


@dataclass(frozen=True, slots=True)
class Page:
    """All that the page tells."""

    here: Record
    elsewhere: Record | None
    pairs: Sequence[Pair]
    rasa: Mapping[str, Record | dict[str, float]]
    tried: str = ""

    def markdown(self) -> str:
        """The page."""
        other = self.elsewhere
        told = f"{other.date} with model `{other.model}`" if other else "which nobody did yet"
        head = _HEAD.format(model=self.here.model, date=self.here.date, elsewhere=told)
        parts = [head, *table(LINE_HEADINGS, map(line_cells, self._lines())), *self._told_missed()]
        parts += [_PAIRS_HEAD, *_pairs(self.pairs), *self._beside_rasa()]
        if self.tried.strip():
            parts += ["## What was tried and did not help", "", self.tried.strip(), ""]
        return "\n".join(parts)

    def _lines(self) -> list[Line]:
        """The lines of both, what belongs together side by side; cost last."""
        lines = [*self.here.lines, *(self.elsewhere.lines if self.elsewhere else ())]
        order = list(dict.fromkeys(_group(line) for line in lines))
        order.sort(key=lambda group: _ORDER.index(group) if group in _ORDER else len(_ORDER))
        return [line for group in order for line in sorted((x for x in lines if _group(x) == group), key=_by_set)]

    def _told_missed(self) -> Iterator[str]:
        missed: list[Missed] = [*self.here.missed, *(self.elsewhere.missed if self.elsewhere else ())]
        yield _MISSED_HEAD
        if not missed:
            yield "None.\n"
            return
        rows = [(one.set, one.line, one.type, one.reason, one.text) for one in missed]
        yield from table(("set", "line:", "type", "why", "sentence"), rows)

    def _beside_rasa(self) -> Iterator[str]:
        if not self.rasa:
            return
        yield _RASA_HEAD
        records = {name: one for name, one in self.rasa.items() if isinstance(one, Record)}
        if records:
            yield from self._side_by_side(records)
        flat = {name: one for name, one in self.rasa.items() if not isinstance(one, Record)}
        if flat:
            what = list(dict.fromkeys(what for one in flat.values() for what in one))
            rows = [(key, *(f"{one[key]:.3f}" if key in one else "" for one in flat.values())) for key in what]
            yield from table(("figure", *(f"{name}:" for name in flat)), rows)

    def _side_by_side(self, records: Mapping[str, Record]) -> list[str]:
        found = {name: {(line.what, line.set): line for line in one.lines} for name, one in records.items()}
        rows = []
        for line in self._lines():
            cells = [figure(one[line.what, line.set]) if (line.what, line.set) in one else "" for one in found.values()]
            if any(cells):
                rows.append((line.what, line.set, figure(line), *cells))
        names = [f"{name} ({one.date}):" for name, one in records.items()]
        return table(("what", "set", "embedded:", *names), rows)


_ORDER = (
    "real messages",
    "message board",
    "colloquial",
    "emergencies",
    "unrelated chat",
    "deciding alone",
    "calibration error",
    "spans",
    "cost",
)


def _group(line: Line) -> str:
    return line.what.split(":")[0].split(",")[0]


def _by_set(line: Line) -> bool:
    """Sets of the repository first."""
    return line.set.endswith("_dev")


def _pairs(pairs: Sequence[Pair]) -> list[str]:
    rows = [
        (pair.one, pair.other, pair.said_one, pair.one_as_other, pair.said_other, pair.other_as_one) for pair in pairs
    ]
    headings = ("one", "other", "said one:", "heard as other:", "said other:", "heard as one:")
    return table(headings, rows)


def read_tried(folder: Path) -> str:
    """The hand-written lines on what did not help, beside the frozen sets."""
    path = folder / _TRIED
    return path.read_text(encoding="utf-8") if path.is_file() else ""
