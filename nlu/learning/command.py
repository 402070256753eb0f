"""Knows the command `python -m nlu learn`: learn, list, roll back, pin."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from nlu.corpus import DATA_DIR
from nlu.learning import corrections
from nlu.learning.comparing import PINNED
from nlu.learning.learner import Learner, Place
from nlu.learning.versions import Shelf, write_whole
from nlu.model import MODEL_DIR
from nlu.redaction import Redactor
from nlu.sound import ModelError
from nlu.town import read_duties, read_gazetteer, section
from nlu.understanding import LABELS
from nlu.usage import UsageError

FROZEN_DIR = Path(__file__).resolve().parents[1] / "frozen"
_CATALOGUES = Path(__file__).resolve().parents[2] / "handlers" / "catalogues"
_ENVIRONMENT = "XIAOGE__NLU__LEARNT"
_USUAL = "var/ear"
_WHOLE = 100


def add(commands: Any) -> None:
    """Adds the command to those of `python -m nlu`."""
    learn = commands.add_parser("learn", help="learn from people's corrections; promote the model, or refuse it")
    learn.add_argument("--config", type=Path, default=Path("config.yaml"), help="whose corrections (config.yaml)")
    learn.add_argument("--corrections", type=Path, metavar="FILE", help="JSON lines, instead of asking the memory")
    learn.add_argument("--force", action="store_true", help="promote what was refused, unless danger is heard worse")
    learn.add_argument("--hold-out", type=_percent, default=0, metavar="PERCENT", help="keep so many corrections apart")
    learn.add_argument("--list", action="store_true", help="the versions, and which is heard")
    learn.add_argument("--rollback", action="store_true", help="hear with the version before")
    learn.add_argument("--pin", nargs=2, metavar=("TEXT", "LABEL"), help="a sentence that must stay right")
    learn.add_argument("--data", type=Path, default=DATA_DIR, help="the sentences everything is learnt with")
    learn.add_argument("--models", type=Path, default=MODEL_DIR, help="where delivered models are kept")
    learn.add_argument("--frozen", type=Path, default=FROZEN_DIR, help="folder with the frozen sets")
    learn.add_argument("--ear", type=Path, help="where versions are kept, instead of nlu.learnt")
    learn.set_defaults(run=run)


def _percent(said: str) -> int:
    if not said.isdecimal() or int(said) >= _WHOLE:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to {_WHOLE - 1}")
    return int(said)


def run(options: argparse.Namespace) -> int:
    """0 when something new is heard or there was nothing to do, 1 when refused, 2 when it could not be done."""
    try:
        shelf = Shelf(options.ear or _folder(options.config))
        if options.list:  # it changes nothing: who wonders how far a learning is may look
            return _list(shelf)
        with shelf.alone() as alone:
            if not alone:
                raise UsageError(f"somebody else is learning at {shelf.folder}")
            return _one(options, shelf)
    except (ModelError, OSError) as error:
        raise UsageError(str(error)) from error


def _one(options: argparse.Namespace, shelf: Shelf) -> int:
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
    sys.stdout.write("\n".join([*filter(None, (learnt.report, learnt.sentence)), ""]))
    return learnt.code


def _lines(options: argparse.Namespace) -> Iterable[str]:
    """From the file, or from the memory by the door's own command: the ear knows nothing of cases."""
    if options.corrections:
        if not options.corrections.is_file():
            raise UsageError(f"there is no file {options.corrections}")
        return _parted(options.corrections.read_bytes(), f"{options.corrections}")
    command = [sys.executable, "-m", "bot", "export", "corrections", "--config", str(options.config)]
    asked = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "PYTHONUTF8": "1"})
    if asked.returncode:
        raise UsageError(f"the corrections could not be read: {asked.stderr.decode(errors='replace').strip()}")
    return _parted(asked.stdout, "what the memory told")


def _parted(raw: bytes, what: str) -> list[str]:
    """The lines, parted where JSON lines are: a resident's words may hold what Python takes for the end of one."""
    try:
        return raw.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise UsageError(f"{what} is not UTF-8") from error


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
        raise UsageError("the delivered model is heard; there is nothing before it")
    before = pointer.rolled_back()
    while before.version and not shelf.sound(before.version):
        sys.stderr.write(f"{before.version} is passed by: it cannot be heard with any more\n")
        before = replace(before.rolled_back(), taken_back=before.taken_back)
    shelf.point(before)
    sys.stdout.write(f"{pointer.version} is taken back; {before.version or 'the delivered model'} is heard again.\n")
    return 0


def _pin(shelf: Shelf, text: str, label: str) -> int:
    if label not in LABELS or not text.strip():
        raise UsageError(f"expected a sentence and one of the labels {', '.join(LABELS)}")
    if not corrections.UNWRITABLE.isdisjoint(text):
        raise UsageError("the sentence holds half a character, which cannot be written")
    path, kept = shelf.folder / PINNED, " ".join(Redactor().redact(text).split())
    known = path.read_text(encoding="utf-8") if path.is_file() else ""
    line = json.dumps({"text": kept, "label": label}, ensure_ascii=False)
    write_whole(path, f"{known.rstrip()}\n{line}\n".lstrip())
    sys.stdout.write(f"Pinned: {kept}\n")
    sys.stdout.write("From now on no version is promoted that hears this otherwise, where the one before did not.\n")
    return 0


def _folder(config: Path) -> Path:
    """Where the running bot looks for what was learnt: the environment comes before the file, as there."""
    said = os.environ.get(_ENVIRONMENT, section(config, "nlu").get("learnt", _USUAL))
    if not said:
        raise UsageError("nlu.learnt is empty: this town hears with the delivered model alone")
    return Path(str(said))


def _catalogue(config: Path) -> Path:
    name = os.environ.get("XIAOGE__TOWN__CATALOGUE", section(config, "town").get("catalogue", "yanlong"))
    return _CATALOGUES / f"{Path(str(name)).name}.yml"
