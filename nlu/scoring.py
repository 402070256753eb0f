"""Knows where the chances of the labels come from: the model in this process, or another engine in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from nlu.features import Features
from nlu.model import Scores


@dataclass(frozen=True, slots=True)
class Spoken:
    """One text to be scored: in standard speech, and what the model of this process looks at in it."""

    speech: str
    features: Features


class Scorer(Protocol):
    """Says how likely the labels of each text are. It answers for every text, and in bounded time."""

    def scores(self, batch: Sequence[Spoken]) -> list[Scores]: ...


class Learnt(Protocol):
    """What the ear asks of the model in this process: a trained one, or what stands in for one."""

    @property
    def emergency_threshold(self) -> float: ...
    @property
    def unsure_rules(self) -> frozenset[str]: ...
    def scores(self, batch: Sequence[Features]) -> list[Scores]: ...
    def emergency_types(self, asked: Sequence[tuple[Features, Mapping[str, float]]]) -> list[str]: ...


class OwnScorer:
    """The model in this process."""

    def __init__(self, model: Learnt) -> None:
        self._model = model

    def scores(self, batch: Sequence[Spoken]) -> list[Scores]:
        """The probabilities for each text."""
        return self._model.scores([one.features for one in batch])


class OtherEngine(Scorer, Protocol):
    """A scorer that calls out: `otherwise` scores what it leaves open. It says how it stands, and is closed once."""

    def over(self, otherwise: Scorer) -> Scorer: ...
    def facts(self) -> dict[str, object]: ...
    def close(self) -> None: ...
