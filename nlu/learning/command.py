"""Knows the command `python -m nlu learn`: learn, list, roll back, pin."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from nlu.corpus import DATA_DIR
from nlu.learning import corrections
from nlu.learning.comparing import PINNED
from nlu.learning.learner import Learner, LearningError, Place
from nlu.learning.versions import Shelf
from nlu.lexica import read_yaml
from nlu.model import MODEL_DIR
from nlu.sound import ModelError
from nlu.town import read_duties, read_gazetteer
from nlu.understanding import LABELS

FROZEN_DIR = Path(__file__).resolve().parents[1] / "frozen"
_CATALOGUES = Path(__file__).resolve().parents[2] / "handlers" / "catalogues"
_ENVIRONMENT = "XIAOGE__NLU__LEARNT"
_USUAL = "var/ear"


def add(commands: Any) -> None:
    """Adds the command to those of `python -m nlu`."""
    learn = commands.add_parser("learn", help="learn from people's corrections; promote the model, or refuse it")
    learn.add_argument("--config", type=Path, default=Path("config.yaml"), help="whose corrections (config.yaml)")
    learn.add_argument("--corrections", type=Path, metavar="FILE", help="JSON lines, instead of asking the memory")
    learn.add_argument("--force", action="store_true", help="promote what was refused, unless danger is heard worse")
    learn.add_argument("--hold-out", type=int, default=0, metavar="PERCENT", help="keep so many corrections apart")
    learn.add_argument("--list", action="store_true", help="the versions, and which is heard")
    learn.add_argument("--rollback", action="store_true", help="hear with the version before")
    learn.add_argument("--pin", nargs=2, metavar=("TEXT", "LABEL"), help="a sentence that must stay right")
    learn.add_argument("--data", type=Path, default=DATA_DIR, help="the sentences everything is learnt with")
    learn.add_argument("--models", type=Path, default=MODEL_DIR, help="where delivered models are kept")
    learn.add_argument("--frozen", type=Path, default=FROZEN_DIR, help="folder with the frozen sets")
    learn.add_argument("--ear", type=Path, help="where versions are kept, instead of nlu.learnt")
    learn.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """0 when something new is heard or there was nothing to do, 1 when refused, 2 when it could not be done."""
    try:
        shelf = Shelf(options.ear or _folder(options.config))
        with shelf.alone() as alone:
            if not alone:
                raise LearningError(f"somebody else is learning at {shelf.folder}")
            return _one(options, shelf)
    except (LearningError, ModelError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _one(options: argparse.Namespace, shelf: Shelf) -> int:
    if options.list:
        return _list(shelf)
    if options.rollback:
        return _roll_back(shelf)
    if options.pin:
        return _pin(shelf, *options.pin)
    return _learn(options, shelf)


def _learn(options: argparse.Namespace, shelf: Shelf) -> int:
    cues = read_duties(_catalogue(options.config)).cues
    place = Place(options.data, options.models, options.frozen, read_gazetteer(options.config), cues)
    learner = Learner(shelf, place, options.hold_out)
    told = corrections.read(_lines(options), learner.key)
    for line in told.bad:
        sys.stderr.write(f"passed by: {line}\n")
    learnt = learner.learn(told, force=options.force)
    sys.stdout.write("\n".join(filter(None, (learnt.report, learnt.sentence, ""))))
    return learnt.code


def _lines(options: argparse.Namespace) -> Iterable[str]:
    """From the file, or from the memory by the door's own command: the ear knows nothing of cases."""
    if options.corrections:
        if not options.corrections.is_file():
            raise LearningError(f"there is no file {options.corrections}")
        return list(options.corrections.read_text(encoding="utf-8").splitlines())
    command = [sys.executable, "-m", "bot", "export", "corrections", "--config", str(options.config)]
    asked = subprocess.run(
        command, capture_output=True, encoding="utf-8", check=False, env={**os.environ, "PYTHONUTF8": "1"}
    )
    if asked.returncode:
        raise LearningError(f"the corrections could not be read: {asked.stderr.strip()}")
    return asked.stdout.splitlines()


def _list(shelf: Shelf) -> int:
    pointer = shelf.pointer()
    rows = [(name, str(told.get("verdict", "")), told.get("counts", {})) for name, told in shelf.versions()]
    sys.stdout.write(f"{'* ' if not pointer.version else '  '}delivered\n")
    for name, verdict, counts in rows:
        mark = "* " if name == pointer.version else "  "
        note = "taken back" if name in pointer.taken_back else verdict
        sys.stdout.write(f"{mark}{name}  {note}, {counts.get('lessons', 0)} corrected texts\n")
    return 0


def _roll_back(shelf: Shelf) -> int:
    pointer = shelf.pointer()
    if not pointer.version:
        raise LearningError("the delivered model is heard; there is nothing before it")
    before = pointer.rolled_back()
    if before.version:
        shelf.load(before.version)  # what is not sound any more is not gone back to
    shelf.point(before)
    sys.stdout.write(f"{pointer.version} is taken back; {before.version or 'the delivered model'} is heard again.\n")
    return 0


def _pin(shelf: Shelf, text: str, label: str) -> int:
    if label not in LABELS or not text.strip():
        raise LearningError(f"expected a sentence and one of the labels {', '.join(LABELS)}")
    with (shelf.folder / PINNED).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"text": text.strip(), "label": label}, ensure_ascii=False) + "\n")
    sys.stdout.write("From now on no version is promoted that hears this otherwise, where the one before did not.\n")
    return 0


def _folder(config: Path) -> Path:
    """Where the running bot looks for what was learnt: the environment comes before the file, as there."""
    said = os.environ.get(_ENVIRONMENT, _section(config, "nlu").get("learnt", _USUAL))
    if not said:
        raise LearningError("nlu.learnt is empty: this town hears with the delivered model alone")
    return Path(str(said))


def _catalogue(config: Path) -> Path:
    name = os.environ.get("XIAOGE__TOWN__CATALOGUE", _section(config, "town").get("catalogue", "yanlong"))
    return _CATALOGUES / f"{Path(str(name)).name}.yml"


def _section(config: Path, name: str) -> Mapping[str, Any]:
    document = read_yaml(config) if config.is_file() else {}
    found = document.get(name) if isinstance(document, dict) else None
    return found if isinstance(found, dict) else {}
