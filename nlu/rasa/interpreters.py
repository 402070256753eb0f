"""Knows where a Python 3.10 may be, which Rasa needs: named, on the path, pyenv's, uv's, or fetched by uv."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

Run = Callable[[list[str], float], str]
"""Runs a command for at most so many seconds; what it wrote, "" where it failed."""

_NAMES = ("python3.10", "python3", "python")
_QUESTION = "import sys, venv, ensurepip; print(sys.version_info[:2] == (3, 10), sys.executable)"
_ANSWERING, _FETCHING = 30.0, 900.0


class NoPythonError(Exception):
    """There is no Python 3.10 to be found; the message says what to do."""


def find_python(environ: Mapping[str, str], run: Run | None = None) -> Path:
    """A Python 3.10 that can make environments. Raises NoPythonError."""
    run = run or _run
    named = environ.get("RASA_PYTHON", "")
    if named:
        found = _answering(named, run)
        if found is None:
            raise NoPythonError(f"RASA_PYTHON={named} is no Python 3.10 with its venv module")
        return found
    for candidate in candidates(environ):
        if (found := _answering(candidate, run)) is not None:
            return found
    found = _of_uv(environ, run)
    if found is None:
        raise NoPythonError(
            "Rasa 3.6 needs Python 3.10, and none was found: not on the path, not with pyenv, not with uv. "
            "Install one (pyenv install 3.10; or install uv, which is then asked to fetch one), "
            "or name one: RASA_PYTHON=/path/to/python3.10"
        )
    return found


def candidates(environ: Mapping[str, str]) -> Iterator[str]:
    """What may be a Python 3.10 on this machine, the likeliest first."""
    path = environ.get("PATH", "")
    yield from (found for name in _NAMES if (found := shutil.which(name, path=path)))
    home = Path(environ.get("HOME", "/nonexistent"))
    pyenv = Path(environ.get("PYENV_ROOT") or home / ".pyenv")
    yield from map(str, sorted(pyenv.glob("versions/3.10*/bin/python")))
    data = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    uv = Path(environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python")
    yield from map(str, sorted(uv.glob("cpython-3.10*/bin/python3.10")))


def _of_uv(environ: Mapping[str, str], run: Run) -> Path | None:
    """uv knows more places than we do; where it knows none it fetches one."""
    uv = shutil.which("uv", path=environ.get("PATH", ""))
    if uv is None:
        return None
    for fetch in (False, True):
        if fetch:
            run([uv, "python", "install", "3.10"], _FETCHING)
        found = run([uv, "python", "find", "3.10"], _ANSWERING).strip()
        if found and (answering := _answering(found, run)) is not None:
            return answering
    return None


def _answering(candidate: str, run: Run) -> Path | None:
    """Where the interpreter really lies: a shim of pyenv answers for one elsewhere."""
    fine, _, path = run([candidate, "-c", _QUESTION], _ANSWERING).strip().partition(" ")
    return Path(path) if fine == "True" and path else None


def _run(command: list[str], seconds: float) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=seconds, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
