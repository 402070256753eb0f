"""Knows the commands that measure: `evaluate`, `cross-validate` and `card`."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlu.corpus import DATA_DIR, fingerprint, read_corpus
from nlu.evaluation import Evaluation, Outcome, compared, evaluate
from nlu.measuring.card import Card
from nlu.measuring.columns import column_options, counted, in_our_labels, read_mapping, read_rows
from nlu.measuring.hearing import Ear, quiet
from nlu.measuring.measure import measure, today
from nlu.measuring.page import Page, read_tried
from nlu.measuring.rasa_folds import rasa_folds
from nlu.measuring.record import ELSEWHERE, RASA, Record, others, read_record
from nlu.measuring.sets import FROZEN_DIR, Set, read_sets
from nlu.measuring.splitting import Step
from nlu.town import Duties, read_contact, read_duties
from nlu.understanding import LABELS
from nlu.usage import UsageError

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]

Options = Callable[[argparse.ArgumentParser], None]
Learner = Callable[[Sequence[str], Sequence[str], int, Step], list[tuple[str, float]]]
MakeEar = Callable[[argparse.Namespace, Duties], Ear]

_DOCS = Path(__file__).resolve().parents[2] / "docs"
_TELL_EVERY = 2.0
_LEAST_FOLDS = 2
_ENGINES = ("embedded", "rasa")


def add(commands: Commands, ear_options: Options, make_ear: MakeEar) -> None:
    """Adds the commands; the ear is made by whoever knows the engines."""
    _add_evaluate(commands, ear_options, make_ear)
    folds = commands.add_parser("cross-validate", help="learn and measure on your own labelled file, fold by fold")
    folds.add_argument("file", type=Path)
    folds.add_argument("--folds", type=int, default=5)
    folds.add_argument("--engines", default="embedded", help="several side by side: embedded,rasa (needs `make rasa`)")
    folds.add_argument("--out", type=Path, help="folder for report.json, report.md, confusion.svg")
    column_options(folds)
    folds.set_defaults(run=_cross_validate)
    card = commands.add_parser("card", help="write docs/algorithm-card.md")
    card.add_argument("--frozen", type=Path, default=FROZEN_DIR, help="folder of the frozen sets")
    card.add_argument("--page", type=Path, default=_DOCS / "algorithm-card.md")
    ear_options(card)
    card.set_defaults(run=lambda options: _card(options, make_ear))


def _add_evaluate(commands: Commands, ear_options: Options, make_ear: MakeEar) -> None:
    parser = commands.add_parser("evaluate", help="measure on a labelled file; without one write docs/nlu.md")
    parser.add_argument("file", type=Path, nargs="?", help="CSV or XLSX; without it the frozen sets are measured")
    parser.add_argument("--out", type=Path, help="folder for report.json, report.md, confusion.svg")
    parser.add_argument("--engines", default="", help="several engines side by side: embedded,rasa")
    parser.add_argument("--mapping", type=Path, help="YAML with `their label: our label`")
    column_options(parser)
    parser.add_argument("--frozen", type=Path, default=FROZEN_DIR, help="folder of the frozen sets and their notes")
    parser.add_argument("--sets", type=Path, help="folder with further sets (real_messages_dev.csv …)")
    parser.add_argument("--page", type=Path, default=_DOCS / "nlu.md")
    parser.add_argument("--rasa-figures", type=Path, help="figures of the Rasa engine to show beside")
    parser.add_argument("--figures-out", type=Path, help="write the figures as JSON instead of the page")
    ear_options(parser)
    parser.set_defaults(run=lambda options: _evaluate(options, make_ear))


def _evaluate(options: argparse.Namespace, make_ear: MakeEar) -> int:
    return _evaluate_file(options, make_ear) if options.file else _evaluate_sets(options, make_ear)


def _evaluate_file(options: argparse.Namespace, make_ear: MakeEar) -> int:
    duties = read_duties(options.catalogue)
    found = in_our_labels(read_rows(options, options.file), read_mapping(options.mapping, duties.history_labels))
    strange = Counter(row.label for row in found.rows if row.label not in LABELS)
    if strange:
        sys.stderr.write(f"labels that the ear does not have, always counted as wrong: {counted(strange)}\n")
    engines = _engines(options.engines or options.engine)
    reports: list[Evaluation] = []
    for engine in engines:
        options.engine = engine
        report = evaluate(make_ear(options, duties), found.rows, duties, engine, quiet(len(found.rows)))
        reports.append(replace(report, skipped=found.skipped))
    _put_out(reports, options.out)
    return 0


def _engines(said: str) -> list[str]:
    engines = [name.strip() for name in said.split(",") if name.strip()]
    if not engines or set(engines) - set(_ENGINES):
        raise UsageError(f"--engines is one or both of {', '.join(_ENGINES)}")
    return engines


def _put_out(reports: list[Evaluation], folder: Path | None) -> None:
    for report in reports:
        if folder:
            report.write(folder, "report" if report is reports[0] else f"report-{report.engine}")
        sys.stdout.write(report.summary())
    if len(reports) > 1:
        sys.stdout.write(_side_by_side(reports))


def _side_by_side(reports: list[Evaluation]) -> str:
    rows = [("accuracy", "accuracy"), ("macro-F1", "macro_f1"), ("calibration error", "calibration_error")]
    lines = ["", f"| | {' | '.join(one.engine for one in reports)} |", f"|---|{'--:|' * len(reports)}"]
    lines += [f"| {said} | {' | '.join(f'{getattr(one, name):.3f}' for one in reports)} |" for said, name in rows]
    times = (f"{one.latency_ms.p50:.2f}" if one.latency_ms else "" for one in reports)
    return "\n".join([*lines, f"| ms a message | {' | '.join(times)} |", ""])


def _evaluate_sets(options: argparse.Namespace, make_ear: MakeEar) -> int:
    duties = read_duties(options.catalogue)
    frozen: Path = options.frozen
    rasa = _others(options.rasa_figures, frozen / RASA)
    sets = _sets(frozen, options.sets)
    results = measure(make_ear(options, duties), duties, sets, _model(options), options.engine, _tell)
    if options.figures_out:
        lines = (*results.here.lines, *(results.elsewhere.lines if results.elsewhere else ()))
        replace(results.here, lines=lines, missed=()).write(options.figures_out)
        return 0
    if results.elsewhere:
        results.elsewhere.write(frozen / ELSEWHERE)
    page = Page(results.here, read_record(frozen / ELSEWHERE), results.pairs, rasa, read_tried(frozen))
    options.page.write_text(page.markdown(), encoding="utf-8")
    short = [line for line in results.here.lines if line.reached is False]
    short += [line for line in (results.elsewhere.lines if results.elsewhere else ()) if line.reached is False]
    for line in short:
        sys.stdout.write(f"not reached: {line.what} ({line.set}): {line.figure:.3f}, wanted {line.target}\n")
    sys.stdout.write(f"{options.page} is written\n")
    return 0


def _others(named: Path | None, usual: Path) -> dict[str, Record | dict[str, float]]:
    """The figures beside; looked at first, for the measuring takes minutes."""
    if named and not named.is_file():
        raise UsageError(f"there is no file {named}")
    try:
        return others(named or usual)
    except (ValueError, TypeError, KeyError) as error:
        raise UsageError(f"{named or usual} holds no figures that `--figures-out` writes") from error


def _sets(frozen: Path, folder: Path | None) -> list[Set]:
    sets = read_sets(frozen, ours=True)
    if not any(one.examples for one in sets if one.kind != "entities"):
        raise UsageError(f"{frozen} holds no frozen set such as board.csv")
    if folder is None:
        return sets
    more = read_sets(folder, ours=False)
    if not more:
        raise UsageError(f"{folder} holds no set such as real_messages_dev.csv")
    return sets + more


def _model(options: argparse.Namespace) -> Path | None:
    """The folder of the embedded model that was measured; a server's model is its own business."""
    folder: Path = options.models / fingerprint(options.data)
    return folder if options.engine == "embedded" and folder.is_dir() else None


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _cross_validate(options: argparse.Namespace) -> int:
    found = read_rows(options, options.file)
    labels = [row.label for row in found.rows]
    texts = [row.text for row in found.rows]
    if len(set(labels)) < _LEAST_FOLDS or options.folds < _LEAST_FOLDS or len(set(texts)) < options.folds:
        raise UsageError("cross-validation needs two labels and two folds at least, and a text of its own for each")
    rare = Counter({label: times for label, times in Counter(labels).items() if times < options.folds})
    if rare:
        sys.stderr.write(f"labels with fewer rows than folds cannot be learnt well: {counted(rare)}\n")
    reports: list[Evaluation] = []
    for engine in _engines(options.engines):
        heard = _learner(engine)(texts, labels, options.folds, _Steps())
        outcomes = [Outcome(row, label, sure) for row, (label, sure) in zip(found.rows, heard, strict=True)]
        reports.append(replace(compared(outcomes, engine), skipped=found.skipped))
    sys.stdout.write(f"{options.folds} folds, each heard by what has learnt from the others.\n\n")
    _put_out(reports, options.out)
    return 0


def _learner(engine: str) -> Learner:
    from nlu.training_folds import cross_validated  # it brings scikit-learn

    return rasa_folds if engine == "rasa" else cross_validated


class _Steps:
    """Tells the progress of long work every few seconds."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self, verb: str, done: int, whole: int) -> None:
        if time.monotonic() - self._last >= _TELL_EVERY:
            self._last = time.monotonic()
            _tell(f"{verb}: {done} of {whole}")


def _card(options: argparse.Namespace, make_ear: MakeEar) -> int:
    duties = read_duties(options.catalogue)
    sets = _sets(options.frozen, None)
    results = measure(make_ear(options, duties), duties, sets, _model(options), options.engine, _tell)
    card = Card(
        date=today(),
        model=results.here.model,
        contact=read_contact(options.config),
        sentences=read_corpus(options.data or DATA_DIR).sentences,
        measured=results.measured,
        lines=results.here.lines,
        elsewhere=read_record(options.frozen / ELSEWHERE),
        caution=duties.caution,
    )
    options.page.write_text(card.markdown(), encoding="utf-8")
    sys.stdout.write(f"{options.page} is written\n")
    return 0
