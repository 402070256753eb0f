"""Knows what a proof is: parts that run one by one, and figures that must hold."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from tests.prove import proofs

SEED = 20261122
"""What chance begins with when nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that was reached, and what it must be; “” where it is only told."""

    name: str
    value: float | str
    must: str = ""
    holds: bool = True


def told(name: str, value: float | str) -> Figure:
    """A figure without a bound."""
    return Figure(name, value)


def zero(name: str, value: float) -> Figure:
    """A figure that must be 0."""
    return Figure(name, value, "0", value == 0)


def at_most(name: str, value: float, most: float) -> Figure:
    """A figure with a ceiling."""
    return Figure(name, value, f"≤ {most:g}", value <= most)


def at_least(name: str, value: float, least: float) -> Figure:
    """A figure with a floor: a proof that has looked at nothing proves nothing."""
    return Figure(name, value, f"≥ {least:g}", value >= least)


@dataclass(frozen=True)
class Run:
    """What a part is given. `share` is how much of the whole is wanted (1.0: all); `say` shows how far it is."""

    folder: Path
    seed: int = SEED
    share: float = 1.0
    store: str = "sqlite"
    say: Callable[[float, str], None] = field(default=lambda done, words: None)

    def of(self, whole: int, least: int = 1) -> int:
        """So many of a whole number."""
        return max(least, round(whole * self.share))


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a proof: it is run, recorded and left out by itself."""

    name: str
    work: Callable[[Run], Sequence[Figure]]


@dataclass(frozen=True, slots=True)
class Proof:
    """A promise, and the parts that show it."""

    name: str
    promise: str
    parts: tuple[Part, ...]


def found() -> list[Proof]:
    """Every proof there is: the modules of tests/prove/proofs, in the order of their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(proofs.__path__))
    made: list[Proof] = [import_module(f"{proofs.__name__}.{name}").PROOF for name in names]
    return made
