"""Knows what the ear must reach, set by set, and whether it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from nlu.ear import NON_DUTY
from nlu.measuring.figures import (
    Interval,
    Sure,
    calibration,
    calibration_interval,
    macro_f1,
    macro_f1_interval,
    wilson,
)
from nlu.measuring.hearing import Answer
from nlu.measuring.sets import Example, Set
from nlu.measuring.spans import SpanScore

_MISSED = 2 / 175
_NUMBERS = ("phone", "id_card", "plate")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. `reached` is None where nothing is demanded."""

    what: str
    set: str
    count: int
    figure: float
    interval: Interval | None
    target: str
    reached: bool | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """A set with what was heard of each of its messages."""

    set: Set
    answers: tuple[Answer, ...]

    @property
    def pairs(self) -> Iterable[tuple[Example, Answer]]:
        """Each message with what was heard of it."""
        return zip(self.set.examples, self.answers, strict=True)


def lines_of(measured: Measured) -> list[Line]:
    """The lines of one set of messages."""
    by_kind: dict[str, Callable[[Measured], list[Line]]] = {
        "real": _board,
        "board": _board,
        "colloquial": _colloquial,
        "emergency": _emergency,
        "unrelated": _unrelated,
    }
    return by_kind[measured.set.kind](measured)


def _board(measured: Measured) -> list[Line]:
    what = "real messages" if measured.set.kind == "real" else "message board"
    pairs = list(measured.pairs)
    label = sum(heard.label == said.label for said, heard in pairs)
    fine = sum(heard.label in said.acceptable for said, heard in pairs)
    return [
        _at_least(f"{what}: accuracy on `label`", measured.set.name, label, len(pairs), 0.82),
        _at_least(f"{what}: within `acceptable`", measured.set.name, fine, len(pairs), 0.94),
    ]


def _colloquial(measured: Measured) -> list[Line]:
    pairs = list(measured.pairs)
    said, heard = [one.label for one, _ in pairs], [one.label for _, one in pairs]
    right = sum(one == other for one, other in zip(said, heard, strict=True))
    score = macro_f1(said, heard)
    name = measured.set.name
    return [
        _at_least("colloquial: accuracy", name, right, len(pairs), 0.85),
        Line("colloquial: macro-F1", name, len(pairs), score, macro_f1_interval(said, heard), "≥ 0.83", score >= 0.83),  # noqa: PLR2004
    ]


def _emergency(measured: Measured) -> list[Line]:
    true = [(said, heard) for said, heard in measured.pairs if said.label == "emergency"]
    false = [heard for said, heard in measured.pairs if said.label != "emergency"]
    found = [(said, heard) for said, heard in true if heard.alarm]
    typed = sum(said.type == heard.emergency_type for said, heard in found)
    name = measured.set.name
    missed, alarms = len(true) - len(found), sum(heard.alarm for heard in false)
    return [
        _at_most("emergencies: missed", name, missed, len(true), _MISSED, "≤ 2 of 175"),
        _at_most("emergencies: false alarms", name, alarms, len(false), 0.03),
        _at_least("emergencies: the type right, of those heard", name, typed, len(found), 0.93),
    ]


def _unrelated(measured: Measured) -> list[Line]:
    """Counted strictly: what is taken for a question of a duty's is only answered, and is no case yet."""
    taken = [heard for heard in measured.answers if heard.label not in NON_DUTY and heard.decided]
    asked = sum(heard.demand == "consult" for heard in taken)
    line = _at_most("unrelated chat: a case without asking back", measured.set.name, len(taken),
                    len(measured.answers), 0.03)  # fmt: skip
    return [replace(line, note=f"{line.note}, {asked} of them as questions, which are answered")]


def deciding(all_measured: Sequence[Measured]) -> list[Line]:
    """How much of what is a duty's is decided without asking back, and how well; set by set and together."""
    kinds = ("real", "board", "colloquial")
    chosen = [one for one in all_measured if one.set.kind in kinds]
    parts = [(one.set.name, _of_duties(one)) for one in chosen]
    if len(parts) > 1:
        parts.append(("together", [pair for _, pairs in parts for pair in pairs]))
    return [line for name, pairs in parts if pairs for line in _decided(name, pairs)]


def _of_duties(measured: Measured) -> list[tuple[Example, Answer]]:
    return [(said, heard) for said, heard in measured.pairs if said.label not in NON_DUTY]


def _decided(name: str, pairs: Sequence[tuple[Example, Answer]]) -> list[Line]:
    sure = [(said, heard) for said, heard in pairs if heard.decided]
    right = sum(said.label == heard.label for said, heard in sure)
    fine = sum(heard.label in said.acceptable for said, heard in sure)
    return [
        _at_least("deciding alone: share of duty messages", name, len(sure), len(pairs), 0.80),
        _at_least("deciding alone: right on `label`", name, right, len(sure), 0.90),
        _at_least("deciding alone: within `acceptable`", name, fine, len(sure), 0.97),
    ]


def sureness(measured: Measured) -> list[Sure]:
    """Each confidence with whether it was right; of unrelated chat every label that opens no case is right."""
    loose = measured.set.kind == "unrelated"
    return [
        heard.sure(heard.label in NON_DUTY if loose else heard.label == said.label) for said, heard in measured.pairs
    ]


def calibrating(all_measured: Sequence[Measured]) -> list[Line]:
    """How honest confidence is: all sets pooled, then each."""
    pooled = [one for measured in all_measured for one in sureness(measured)]
    error, _ = calibration(pooled)
    interval = calibration_interval(pooled)
    lines = [Line("calibration error, pooled", "all", len(pooled), error, interval, "≤ 0.05", error <= 0.05,  # noqa: PLR2004
                  "equal-mass bins; 90 % interval")]  # fmt: skip
    for measured in all_measured:
        sure = sureness(measured)
        error, _ = calibration(sure)
        interval = calibration_interval(sure)
        lines.append(Line("calibration error", measured.set.name, len(sure), error, interval, "interval reaches 0.05",
                          min(error, interval[0]) <= 0.05, "90 % interval"))  # fmt: skip  # noqa: PLR2004
    return lines


def span_lines(name: str, scores: Sequence[SpanScore]) -> list[Line]:
    """Recall of phones, ID cards and plates together, of places, of names; each kind for itself without a target."""
    kinds = {score.kind: score for score in scores}
    lines = [_spans("phones, ID cards, plates", name, [kinds[kind] for kind in _NUMBERS], 0.97)]
    lines.append(_spans("places", name, [kinds["place"]], 0.90))
    lines.append(_spans("names with titles", name, [kinds["person"]], 0.85))
    lines += [_spans(kind, name, [kinds[kind]], None) for kind in _NUMBERS]
    return lines


def _spans(what: str, name: str, scores: Sequence[SpanScore], target: float | None) -> Line:
    wanted, exact = sum(one.wanted for one in scores), sum(one.exact for one in scores)
    found, false = sum(one.found for one in scores), sum(one.false for one in scores)
    mostly = sum(one.mostly for one in scores) / max(1, wanted)
    line = _at_least(f"spans: {what}, exact", name, exact, wanted, target or 0.0)
    note = f"mostly found {mostly:.3f}; false finds {false} of {found}"
    if target is None:
        return Line(line.what, name, wanted, line.figure, line.interval, "", None, note)
    return Line(line.what, name, wanted, line.figure, line.interval, line.target, line.reached, note)


def _at_least(what: str, name: str, right: int, count: int, target: float) -> Line:
    share = right / max(1, count)
    return Line(what, name, count, share, wilson(right, count), f"≥ {target:.2f}", share >= target)


def _at_most(what: str, name: str, wrong: int, count: int, target: float, said: str = "") -> Line:
    share = wrong / max(1, count)
    return Line(what, name, count, share, wilson(wrong, count), said or f"≤ {target:.2f}", share <= target,
                f"{wrong} of {count}")  # fmt: skip
