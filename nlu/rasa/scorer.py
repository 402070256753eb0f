"""Knows the Rasa engine in the place of the model: its probabilities, and the model's for what it left open."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.model import Scores
from nlu.rasa.client import RasaClient
from nlu.scoring import Scorer, Spoken


class RasaScorer:
    """Asks the Rasa server first; every text that it leaves open gets the scores of `otherwise`."""

    def __init__(self, client: RasaClient, otherwise: Scorer) -> None:
        self._client = client
        self._otherwise = otherwise

    def over(self, otherwise: Scorer) -> RasaScorer:
        """The same engine with another model behind it."""
        return RasaScorer(self._client, otherwise)

    @property
    def left(self) -> int:
        """How many texts with words the model had to score in its place."""
        return self._client.asked - self._client.answered

    def scores(self, batch: Sequence[Spoken]) -> list[Scores]:
        """The probabilities for each text."""
        told = self._client.ask([one.speech for one in batch])
        left = iter(self._otherwise.scores([one for one, known in zip(batch, told, strict=True) if known is None]))
        return [next(left) if known is None else known for known in told]

    def facts(self) -> dict[str, object]:
        """How it stands, for whoever watches: numbers and one word, nothing of any text."""
        breaker = self._client.breaker
        return {
            "rasa": breaker.state,
            "rasa_open": breaker.state != "closed",
            "rasa_opened": breaker.opened,
            "rasa_asked": self._client.asked,
            "rasa_left": self.left,
        }

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()
