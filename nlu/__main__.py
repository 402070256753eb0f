"""Knows the command line of the ear: `train`, `parse`, `evaluate`, `learn`."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from nlu.corpus import DATA_DIR
from nlu.ear import NON_DUTY, EmbeddedEar
from nlu.evaluation import evaluate
from nlu.learning import command as learning
from nlu.model import MODEL_DIR, Model, load_or_none
from nlu.rasa.asking import AskingError, add_options, asking, finish
from nlu.scoring import OwnScorer
from nlu.sound import ModelError
from nlu.town import Duties, read_duties, read_gazetteer
from nlu.understanding import SLOT_KINDS, Understanding

_ROOT = Path(__file__).resolve().parents[1]
_CATALOGUE = _ROOT / "handlers" / "catalogues" / "yanlong.yml"
_CONFIG = _ROOT / "config.yaml"
_CLOSE = 0.10  # two labels nearer than this are asked about


class _UsageError(Exception):
    """What was asked for cannot be done; the message says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when it worked, 2 when it could not be done as asked."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (_UsageError, AskingError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except BrokenPipeError:  # `| head` has read enough
        return 0
    finally:
        finish(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m nlu", description="The ear: trains it, asks it, measures it.")
    commands = parser.add_subparsers(required=True, metavar="command")
    train = commands.add_parser("train", help="train the embedded engine from Rasa-format YAML")
    train.add_argument("--data", type=Path, default=DATA_DIR, help="folder with the training data")
    train.add_argument("--out", type=Path, default=MODEL_DIR, help="folder in which models are kept by fingerprint")
    train.set_defaults(run=_train)
    parse = commands.add_parser("parse", help="lines of text in, JSON lines out")
    parse.add_argument("--clarify-below", type=float, default=0.45, help="confidence below which the bot asks back")
    _ear_options(parse)
    parse.set_defaults(run=_parse)
    measure = commands.add_parser("evaluate", help="measure on a CSV file with texts and labels")
    measure.add_argument("file", type=Path)
    measure.add_argument("--text-col", default="text")
    measure.add_argument("--label-col", default="label")
    measure.add_argument("--out", type=Path, help="folder for report.json, report.md, confusion.svg")
    _ear_options(measure)
    measure.set_defaults(run=_evaluate)
    learning.add(commands)
    return parser


def _ear_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--engine", choices=("embedded", "rasa"), default="embedded")
    add_options(parser)
    parser.add_argument("--catalogue", type=Path, default=_CATALOGUE, help="duties and items")
    parser.add_argument("--config", type=Path, default=_CONFIG, help="units with their places, and aliases")
    parser.add_argument("--data", type=Path, default=DATA_DIR, help="the data whose model is used")
    parser.add_argument("--models", type=Path, default=MODEL_DIR, help="where trained models are kept")


def _train(options: argparse.Namespace) -> int:
    if _kept(options.data, options.out) is not None:
        sys.stdout.write("The ear is trained on just this data and code already; nothing to do.\n")
        return 0
    from nlu.training import train  # it brings scikit-learn, which the running bot does without

    report = train(options.data, options.out)
    sys.stdout.write("\n".join([*report.lines(), ""]))
    return 0


def _kept(data: Path, models: Path) -> Model | None:
    """The model of just this data and code; one that is damaged is told of, and trained anew."""
    try:
        return load_or_none(data, models)
    except ModelError as error:
        sys.stderr.write(f"The model that was kept is refused: {error}. It is trained anew.\n")
        return None


def _parse(options: argparse.Namespace) -> int:
    duties = read_duties(options.catalogue)
    ear = _ear(options, duties)
    for line in sys.stdin:
        heard = ear.understand([(line.rstrip("\r\n"), "")])[0].alone
        answer = _answer(heard, duties, options.clarify_below)
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    report = evaluate(_ear(options, read_duties(options.catalogue)), _sentences(options))
    if options.out:
        report.write(options.out)
    sys.stdout.write(report.summary())
    return 0


def _sentences(options: argparse.Namespace) -> list[tuple[str, str]]:
    if not options.file.is_file():
        raise _UsageError(f"there is no file {options.file}")
    with options.file.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        wanted = (options.text_col, options.label_col)
        missing = [column for column in wanted if column not in (rows.fieldnames or ())]
        if missing:
            raise _UsageError(f"{options.file} has no column {', '.join(missing)}; it has {rows.fieldnames}")
        return [(row[options.text_col] or "", row[options.label_col] or "") for row in rows]


def _ear(options: argparse.Namespace, duties: Duties) -> EmbeddedEar:
    try:
        model = load_or_none(options.data, options.models)
    except ModelError as error:
        raise _UsageError(f"the model is refused: {error}. Run `python -m nlu train`") from error
    if model is None:
        raise _UsageError("there is no model of this data and code yet: run `python -m nlu train` first")
    ear = EmbeddedEar(model, read_gazetteer(options.config), duties.cues)
    return ear if options.engine == "embedded" else ear.with_scorer(asking(options, OwnScorer(model)))


def _answer(heard: Understanding, duties: Duties, clarify_below: float) -> dict[str, object]:
    unsure = heard.confidence < clarify_below or heard.confidence - heard.runner_up_confidence < _CLOSE
    return {
        "text": heard.text,
        "label": heard.label,
        "duty": duties.duty(heard.label),
        "item": duties.item(heard) or None,
        "confidence": round(heard.confidence, 4),
        "runner_up": heard.runner_up,
        "clarify": unsure and heard.label not in NON_DUTY,
        "emergency_type": heard.emergency_type,
        "colour": duties.colour(heard),
        "demand": heard.demand,
        "slots": {kind: list(heard.slot(kind)) for kind in SLOT_KINDS},
    }


if __name__ == "__main__":
    sys.exit(main())
