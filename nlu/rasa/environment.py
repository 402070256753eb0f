"""Knows Rasa's own environment, .venv-rasa: made once with a Python 3.10, and again only when its lock changes."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from nlu.rasa.files import LOCK, ROOT
from nlu.rasa.interpreters import find_python

FOLDER = ROOT / ".venv-rasa"
_STAMP = "lock.txt"  # the lock that was installed last: what is the same needs no second look
_OURS = "XIAOGE__"  # so the bot's own settings begin, secrets among them


class InstallError(Exception):
    """The environment could not be made; pip has said why."""


def python_of(folder: Path = FOLDER) -> Path:
    """The environment's interpreter."""
    return folder / "bin" / "python"


def is_made(folder: Path = FOLDER, lock: Path = LOCK) -> bool:
    """Whether just this lock is installed."""
    stamp = folder / _STAMP
    return python_of(folder).exists() and stamp.is_file() and stamp.read_bytes() == lock.read_bytes()


def make(folder: Path = FOLDER, lock: Path = LOCK, environ: Mapping[str, str] = os.environ) -> None:
    """The environment with just this lock. Raises NoPythonError, InstallError."""
    if is_made(folder, lock):
        return
    python = find_python(environ)
    sys.stderr.write(f"Making {folder.name} with {python}; Rasa and TensorFlow are 2.7 GB, some minutes, once.\n")
    install = ["-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input", "--require-hashes"]
    for command in (
        [str(python), "-m", "venv", "--clear", str(folder)],
        [str(python_of(folder)), *install, "-r", str(lock)],
    ):
        if subprocess.run(command, check=False).returncode != 0:
            raise InstallError(f"{folder.name} could not be made; see above")
    (folder / _STAMP).write_bytes(lock.read_bytes())


@contextmanager
def in_turn(folder: Path) -> Iterator[None]:
    """One after the other: two who install or train at once would tear up each other's files; the second finds all."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write("Somebody else is making the same; waiting for them.\n")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def quiet(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The surroundings in which Rasa runs: it reports to nobody, says only what matters, knows no secret of the bot."""
    said = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "PYTHONUTF8": "1"}  # fmt: skip
    return {**{name: value for name, value in environ.items() if not name.startswith(_OURS)}, **said}
