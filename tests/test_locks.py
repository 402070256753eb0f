"""The locks: everything named is pinned with hashes, the same in each lock, and no index is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "requirements"
LOCKS = ("run", "train", "dev")
ALONE = "rasa"
"""An environment of its own, on an older Python: it shares nothing with the others and need not agree with them."""
PIN = re.compile(r"(?P<name>[a-z0-9][a-z0-9.-]*)(?:\[[a-z0-9,-]+\])?==(?P<version>[^\s;]+)(?:\s*;[^\\]*)?")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def named(lock: str) -> list[str]:
    """What the .in file asks for."""
    lines = (FOLDER / f"{lock}.in").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line.strip() and not line.startswith(("#", "-c "))]
    return [match[0].lower().replace("_", "-") for line in wanted if (match := NAME.match(line))]


def entries(lock: str) -> list[str]:
    """The requirements of a lock, each with its hashes on one line."""
    text = (FOLDER / f"{lock}.txt").read_text(encoding="utf-8")
    return [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def pins(lock: str) -> dict[str, set[str]]:
    """The versions of each package in a lock: more than one where Python versions need different ones."""
    found: dict[str, set[str]] = {}
    for entry in entries(lock):
        match = PIN.match(entry)
        assert match, f"{lock}.txt: not pinned: {entry[:60]}"
        found.setdefault(match["name"], set()).add(match["version"])
    return found


def test_every_in_file_has_its_lock() -> None:
    known = {*LOCKS, ALONE}
    assert {path.stem for path in FOLDER.glob("*.in")} == {path.stem for path in FOLDER.glob("*.txt")} == known


@pytest.mark.parametrize("lock", [*LOCKS, ALONE])
def test_everything_named_is_pinned_with_hashes(lock: str) -> None:
    assert [name for name in named(lock) if name not in pins(lock)] == []
    assert [entry[:60] for entry in entries(lock) if not HASH.search(entry)] == []


@pytest.mark.parametrize("lock", [*LOCKS, ALONE])
def test_no_index_is_named(lock: str) -> None:
    """Where packages come from is the business of whoever installs them."""
    wrong = [entry for entry in entries(lock) if entry.lstrip().startswith("-") or "://" in entry]
    assert wrong == []


def test_locks_agree() -> None:
    run, train, dev = (pins(lock) for lock in LOCKS)
    assert {name for name in train.keys() & run.keys() if train[name] != run[name]} == set()
    assert {name for name in dev.keys() & run.keys() if dev[name] != run[name]} == set()
    assert {name for name in dev.keys() & train.keys() if dev[name] != train[name]} == set()


def test_there_are_few_direct_dependencies() -> None:
    assert len(named("run")) <= 15
