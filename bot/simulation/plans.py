"""Knows what somebody will do at a moment, and the dice that each person throws for themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.acts import Act


def always() -> bool:
    """Nothing keeps them from it."""
    return True


@dataclass(frozen=True, slots=True)
class Plan:
    """An act to come. It is dropped where `still` is no longer so when its time has come."""

    at: datetime
    act: Act
    still: Callable[[], bool] = always


class Dice:
    """One source of chance for everybody: what one person throws does not depend on what others do."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._sources: dict[str, Random] = {}

    def of(self, name: str) -> Random:
        """The source of a person or of a day; the same for the same seed on every machine."""
        if name not in self._sources:
            self._sources[name] = Random(f"{self._seed}:{name}")
        return self._sources[name]


def minutes(dice: Random, low: float, high: float) -> timedelta:
    """A span in whole minutes, more often short than long."""
    return timedelta(minutes=round(dice.triangular(low, high, low)))


def happens(dice: Random, share: float) -> bool:
    """Whether it comes to pass this time."""
    return dice.random() < share
