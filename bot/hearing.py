"""Knows with which model the bot hears: the one learnt here, the one delivered, or plain words where none is sound."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from nlu import model as ear_model
from nlu.corpus import DATA_DIR, fingerprint
from nlu.learning.versions import Shelf
from nlu.model import MODEL_DIR, Model
from nlu.sound import ModelError
from nlu.understanding import LABELS


class NotTrainedError(Exception):
    """There is no trained ear yet; the message says how to get one."""


@dataclass(frozen=True, slots=True)
class Hears:
    """A model and where it comes from; without one the bot hears by plain words. `reason`: why not a better one.

    `mark` is what the shelf's pointer said just before: what it says otherwise later has not been taken up yet. None
    where nobody looked.
    """

    model: Model | None
    kind: Literal["learnt", "delivered", "baseline"]
    version: str = ""
    reason: str = ""
    mark: bytes | None = None

    @property
    def named(self) -> str:
        """The version as new cases remember it; "" for the delivered model."""
        return self.version if self.kind == "learnt" else ""

    def told(self) -> dict[str, object]:
        """For /health/ready and /metrics."""
        return {
            "status": "degraded" if self.reason else "ok",
            "ear": {"model": self.kind, "version": self.version},
            **({"ear_reason": self.reason} if self.reason else {}),
        }


DELIVERED = Hears(None, "delivered")
"""What is said of a product whose ear was put together by hand."""


def delivered(data: Path = DATA_DIR, models: Path = MODEL_DIR) -> Hears:
    """The model of the shipped data; a damaged one is refused. Raises NotTrainedError where there is none."""
    version = fingerprint(data)
    try:
        model = ear_model.load_or_none(data, models)
    except ModelError as error:
        return Hears(None, "baseline", "", f"the model {version} is refused: {error}. Run `python -m nlu train`")
    if model is None:
        raise NotTrainedError("the ear is not trained yet: run `python -m nlu train` (make run does it by itself)")
    return Hears(model, "delivered", version)


def learnt(shelf: Shelf) -> Hears | None:
    """The version that is to be heard; None when it is the delivered model. Raises ModelError for one not sound."""
    version = shelf.pointer().version
    if not version:
        return None
    try:
        model = shelf.load(version)
    except ModelError as error:
        raise ModelError(f"the learnt model {version} is refused: {error}") from error
    if set(model.facts.label_names) != set(LABELS):
        raise ModelError(f"the learnt model {version} is refused: it does not know all labels")
    return Hears(model, "learnt", version)


def at_start(folder: str, data: Path = DATA_DIR, models: Path = MODEL_DIR) -> Hears:
    """The best model there is: a learnt one that is not sound is passed by, and the reason told."""
    if not folder:
        return delivered(data, models)
    shelf = Shelf(Path(folder))
    mark, reason, found = shelf.mark(), "", None
    try:
        found = learnt(shelf)
    except ModelError as error:
        reason = str(error)
    found = found or delivered(data, models)
    return replace(found, mark=mark, reason="; ".join(filter(None, (reason, found.reason))))
