"""Knows what has been proved: one JSON file for each part, with the figures and with the code they are true of."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from tests.prove.proof import Figure, Part, Proof, Run

ROOT = Path(__file__).resolve().parents[2]
CODE = ("bot", "handlers", "nlu", "storage", "tests", "requirements", "config.yaml")
LEFT_OUT = {"__pycache__", "model", "frozen"}


@dataclass(frozen=True, slots=True)
class Record:
    """What became of one part. `code` is a fingerprint of everything that runs, `commit` the name people know."""

    proof: str
    part: str
    passed: bool
    figures: tuple[Figure, ...]
    seconds: float
    seed: int
    share: float
    store: str
    at: str
    commit: str
    code: str
    machine: str
    error: str = ""

    def same_run(self, run: Run) -> bool:
        """Whether this is the very run that is asked for, on this very code."""
        asked = (run.seed, run.share, run.store, fingerprint())
        return (self.seed, self.share, self.store, self.code) == asked


class Records:
    """The folder of the records."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, proof: Proof, part: Part) -> Record | None:
        """What became of this part the last time."""
        try:
            known = json.loads(self._path(proof, part).read_text("utf-8"))
            return Record(**{**known, "figures": tuple(Figure(**figure) for figure in known["figures"])})
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def keep(self, proof: Proof, part: Part, record: Record) -> None:
        """Write it down; a file is there whole or not at all."""
        path = self._path(proof, part)
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        new.write_text(json.dumps(asdict(record), ensure_ascii=False, indent=1), "utf-8")
        new.replace(path)

    def _path(self, proof: Proof, part: Part) -> Path:
        return self._folder / proof.name / f"{part.name.replace(' ', '-')}.json"


@cache
def fingerprint() -> str:
    """A hash of all that runs: a change of a sentence of the docs makes nothing unproved."""
    found = hashlib.sha256()
    for path in _files():
        found.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def _files() -> Iterator[Path]:
    for name in CODE:
        top = ROOT / name
        if top.is_file():
            yield top
        for folder, folders, files in os.walk(top):
            folders[:] = sorted(one for one in folders if one not in LEFT_OUT)
            yield from (Path(folder) / one for one in sorted(files) if not one.endswith(".pyc"))


@cache
def commit() -> str:
    """The commit, with a plus where files have been changed since; “-” outside of a repository."""
    try:
        name = _git("rev-parse", "--short", "HEAD").strip()
        return name + ("+" if _git("status", "--porcelain", "--", *CODE).strip() else "")
    except (OSError, subprocess.CalledProcessError):
        return "-"


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def machine() -> str:
    """What it ran on, without a name."""
    cpu = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), ""
    )
    memory = next((int(line.split()[1]) / 2**20 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    parts = (f"{cores} cores", cpu, f"{memory:.0f} GB" if memory else "", platform.system())
    return ", ".join([*filter(None, parts), f"Python {platform.python_version()}"])


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text("utf-8").splitlines()
    except OSError:
        return []
