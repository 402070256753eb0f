"""Knows the command line of the ear: `train`, `parse`; `learn` and those that measure have modules of their own."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

from yaml import YAMLError

from nlu.corpus import DATA_DIR, read_corpus
from nlu.ear import NON_DUTY, EmbeddedEar
from nlu.history import FILE, MOST, history_of, write_history
from nlu.learning import command as learning
from nlu.measuring import commands as measuring
from nlu.measuring.columns import column_options, counted, read_mapping, read_rows
from nlu.model import MODEL_DIR, Model, load_or_none
from nlu.rasa.asking import AskingError, add_options, asking, finish
from nlu.sound import ModelError
from nlu.town import Duties, read_duties, read_gazetteer
from nlu.understanding import LABELS, SLOT_KINDS, Caution, Understanding
from nlu.usage import UsageError

_ROOT = Path(__file__).resolve().parents[1]
_CATALOGUE = _ROOT / "handlers" / "catalogues" / "yanlong.yml"
_CONFIG = _ROOT / "config.yaml"
_LEAST_LABELS = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when it worked, 2 when it could not be done as asked."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (UsageError, AskingError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except BrokenPipeError:  # `| head` has read enough
        return 0
    except (OSError, UnicodeDecodeError) as error:
        told = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and error.filename else error
        sys.stderr.write(f"{told}\n")
        return 2
    finally:
        finish(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m nlu", description="The ear: trains it, asks it, measures it.")
    commands = parser.add_subparsers(required=True, metavar="command")
    train = commands.add_parser("train", help="train the embedded engine from Rasa-format YAML")
    train.add_argument("--data", type=Path, default=DATA_DIR, help="folder with the training data")
    train.add_argument("--out", type=Path, default=MODEL_DIR, help="folder in which models are kept by fingerprint")
    train.add_argument("--history", type=Path, help="labelled file of your own to learn from as well (CSV, XLSX)")
    train.add_argument("--mapping", type=Path, help="YAML with `their label: our label`; else the catalogue's")
    train.add_argument("--most-per-label", type=int, default=MOST, help="sentences taken of one label of the history")
    train.add_argument("--forget-history", action="store_true", help="take out what --history put in")
    train.add_argument("--catalogue", type=Path, default=_CATALOGUE, help="its history_labels are the mapping")
    column_options(train)
    train.set_defaults(run=_train)
    parse = commands.add_parser("parse", help="lines of text in, JSON lines out")
    parse.add_argument(
        "--clarify-below", type=float, help="confidence below which the bot asks back; else the catalogue's"
    )
    _ear_options(parse)
    parse.set_defaults(run=_parse)
    measuring.add(commands, _ear_options, _ear)
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
    if options.forget_history:
        (options.data / FILE).unlink(missing_ok=True)
    if options.history:
        _take_history(options)
    if _kept(options.data, options.out) is not None:
        sys.stdout.write("The ear is trained on just this data and code already; nothing to do.\n")
        return 0
    _refuse(options.data)
    from nlu.training import train  # it brings scikit-learn, which the running bot does without

    report = train(options.data, options.out)
    sys.stdout.write("\n".join([*report.lines(), ""]))
    return 0


def _refuse(data: Path) -> None:
    """Raises UsageError where nothing can be learnt from a folder: before minutes of training, and with a reason."""
    try:
        said = set(read_corpus(data).labels)
    except (YAMLError, AttributeError, TypeError, KeyError) as error:
        raise UsageError(f"{data} holds a file that is no training data: {' '.join(str(error).split())}") from error
    strange = sorted(said - set(LABELS))
    if strange:
        raise UsageError(f"{data} has labels that are none of the ear's: {', '.join(strange)}")
    if "emergency" not in said or len(said) < _LEAST_LABELS:
        raise UsageError(f"{data} must hold sentences of emergency and of two other labels at least")


def _take_history(options: argparse.Namespace) -> None:
    mapping = read_mapping(options.mapping, read_duties(options.catalogue).history_labels)
    found = history_of(read_rows(options, options.history).rows, mapping, options.most_per_label)
    if found.unmapped:
        sys.stderr.write(f"labels without a mapping, left out: {counted(found.unmapped)}\n")
    path = write_history(found, options.data)
    sys.stdout.write(f"{found.count} sentences of your history, masked, are in {path}\n")


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
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # one line in another encoding does not stop the others
    for line in sys.stdin:
        heard = ear.understand([(line.rstrip("\r\n"), "")])[0].alone
        answer = _answer(heard, duties, options.clarify_below)
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return 0


def _ear(options: argparse.Namespace, duties: Duties) -> EmbeddedEar:
    try:
        model = load_or_none(options.data, options.models)
    except ModelError as error:
        raise UsageError(f"the model is refused: {error}. Run `python -m nlu train`") from error
    if model is None:
        raise UsageError("there is no model of this data and code yet: run `python -m nlu train` first")
    ear = EmbeddedEar(model, read_gazetteer(options.config), duties.cues)
    return ear if options.engine == "embedded" else ear.with_scorer(asking(options, ear.own))


def _answer(heard: Understanding, duties: Duties, clarify_below: float | None) -> dict[str, object]:
    caution = duties.caution if clarify_below is None else Caution({"default": clarify_below, "cued": 1.0})
    return {
        "text": heard.text,
        "label": heard.label,
        "duty": duties.duty(heard.label),
        "item": duties.item(heard) or None,
        "confidence": round(heard.confidence, 4),
        "runner_up": heard.runner_up,
        "clarify": caution.doubts(heard) and heard.label not in NON_DUTY,
        "emergency_type": heard.emergency_type,
        "colour": duties.colour(heard),
        "demand": heard.demand,
        "slots": {kind: list(heard.slot(kind)) for kind in SLOT_KINDS},
        "fired": list(heard.fired),
    }


def _step_aside() -> None:
    """Learning takes all cores for minutes: whoever wants them too, a running bot first of all, goes before."""
    if hasattr(os, "nice"):
        os.nice(10)


if __name__ == "__main__":
    if sys.argv[1:2] in (["train"], ["learn"]):
        _step_aside()
    sys.exit(main())
