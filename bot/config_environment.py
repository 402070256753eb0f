"""Knows how environment variables override the configuration: XIAOGE__SERVER__PORT=9000, lists by index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.reading import FromEnvironment, Reader, kind

PREFIX = "XIAOGE__"


def override(document: dict[str, Any], environ: Mapping[str, str], reader: Reader) -> None:
    """Write every XIAOGE__ variable into the document; what cannot be placed is a problem."""
    for name in sorted((name for name in environ if name.startswith(PREFIX)), key=_order):
        steps = name.removeprefix(PREFIX).split("__")
        _place(document, steps, FromEnvironment.of(name, environ[name]), reader)


def _order(name: str) -> list[tuple[int, int, str]]:
    """By steps, list indices as numbers: entry 10 is added after entry 9."""
    return [(0, int(step), "") if step.isdecimal() else (1, 0, step) for step in name.split("__")]


def _place(at: Any, steps: list[str], value: FromEnvironment, reader: Reader) -> None:
    for i, step in enumerate(steps):
        key = _key(at, step)
        if key is None:
            wanted = f"an index up to {len(at)}" if isinstance(at, list) else "a list or mapping at this place"
            reader.note(value.name, wanted, step if isinstance(at, list) else kind(at))
            return
        if isinstance(at, list) and key == len(at):
            at.append(None)
        if i == len(steps) - 1:
            at[key] = value
            return
        if at[key] is None if isinstance(at, list) else at.get(key) is None:
            at[key] = [] if steps[i + 1].isdecimal() else {}
        at = at[key]


def _key(at: Any, step: str) -> Any:
    """The key or index that a step means here: case aside, and `_` for what a variable's name cannot hold."""
    if isinstance(at, list):
        return int(step) if step.isdecimal() and int(step) <= len(at) else None
    if not isinstance(at, dict) or not step:
        return None
    return next((key for key in at if _plain(str(key)) == _plain(step)), step.lower())


def _plain(word: str) -> str:
    return "".join(char if char.isalnum() else "_" for char in word.lower())
