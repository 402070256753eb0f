"""What the ear hands to the desk: plain frozen values, the only part of `nlu` that other packages' types may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Script = Literal["hans", "hant"]
Demand = Literal["consult", "help", "complain", "report", "suggest"]
DEMANDS: tuple[Demand, ...] = get_args(Demand)

LABELS: tuple[str, ...] = (
    "info_registration",
    "public_opinion",
    "safety_hazard",
    "dispute_mediation",
    "public_security",
    "sanitation_environment",
    "urban_order",
    "public_facilities",
    "special_care",
    "service_agency",
    "legal_policy",
    "emergency",
    "petition",
    "volunteer_coengagement",
    "greeting",
    "case_status",
    "rate_feedback",
    "human_handoff",
    "out_of_scope",
)
"""The 19 labels of the labelling guide, in the guide's order."""

EMERGENCY_TYPES: tuple[str, ...] = (
    "none",
    "medical",
    "fire",
    "gas",
    "trapped",
    "police",
    "missing",
    "disaster",
    "dv",
    "self_harm",
    "minor",
)
SLOT_KINDS: tuple[str, ...] = ("place", "phone", "id_card", "plate", "person", "time", "case")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text as received: `text == message[start:end]`, indices in Unicode code points."""

    kind: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """One place named in a message, held against the gazetteer.

    `units` are the ids of the grids it can mean, best first: one when estate and building are known, several when
    only “3号楼” was said, none when the gazetteer does not know it; a grid and a micro-grid in it may both be there.
    `claimed` says that each of them is in charge of the very place, not only of a part of it. `estate`, `building` are
    the canonical names (“健仁小区”, “3号楼”) for coarse showing; where only the building was said, `estates` names the
    estate of each of `units`; `room` is everything finer (单元, 室) and never leaves the handler.
    """

    text: str
    units: tuple[str, ...]
    estate: str = ""
    building: str = ""
    room: str = ""
    public_ground: bool = False
    estates: tuple[str, ...] = ()
    claimed: bool = False


@dataclass(frozen=True, slots=True)
class Understanding:
    """One text understood. Probabilities are in 0..1.

    `fired` are the words, in standard speech, by which the rules found danger or a hint of it. They say to who looks at
    the ear why it alarmed; they are the resident's, so no handler reads them, nothing keeps or prints them.
    """

    text: str
    label: str
    confidence: float
    runner_up: str
    runner_up_confidence: float
    emergency_type: str = "none"
    hypothetical: bool = False
    demand: Demand = "report"
    item: str = ""
    secondary: str = ""
    spans: tuple[Span, ...] = ()
    places: tuple[PlaceFound, ...] = ()
    script: Script = "hans"
    flags: frozenset[str] = frozenset()
    fired: tuple[str, ...] = field(default=(), repr=False)

    def slot(self, kind: str) -> tuple[str, ...]:
        """The exact words found for one kind of slot, in order of appearance."""
        return tuple(span.text for span in self.spans if span.kind == kind)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message understood alone and, where a bubble of the last 120 s exists, together with it."""

    alone: Understanding
    joined: Understanding | None = None


@dataclass(frozen=True, slots=True)
class Caution:
    """How sure the ear must be before the desk acts without asking back; the numbers are the catalogue's `thresholds`.

    Keys are a cell of the table of admission (`label/demand`), a label, or one of `CAUTION`, whose values hold where
    the catalogue says nothing.
    """

    thresholds: Mapping[str, float] = field(default_factory=dict)

    def enough(self, label: str, demand: str = "") -> float:
        """The confidence from which a label is acted on; that of its cell goes before its own."""
        said = self.thresholds
        return said.get(f"{label}/{demand}", said.get(label, said.get("default", CAUTION["default"])))

    def doubts(self, heard: Understanding) -> bool:
        """Whether to ask back about a matter. Danger is acted on however unsure; words of one item speak for it."""
        if heard.label == "emergency" and not heard.hypothetical:
            return False
        share = self.number("cued") if heard.item else 1.0
        if heard.confidence < self.enough(heard.label, heard.demand) * share:
            return True
        return heard.confidence - heard.runner_up_confidence < self.number("close")

    def talks(self, heard: Understanding, beside: bool) -> bool:
        """Whether words that are no matter are answered as what they seem.

        A rating may be an asking for the state as well: where the other meaning (`beside`) is no matter either, both
        count together.
        """
        said = heard.confidence + (heard.runner_up_confidence if beside else 0.0)
        return said >= self.enough("talk")

    def number(self, name: str) -> float:
        """One of the numbers of `CAUTION`, as the catalogue has it."""
        return self.thresholds.get(name, CAUTION[name])


CAUTION: Mapping[str, float] = {"default": 0.45, "cued": 0.6, "close": 0.10}
"""What holds for labels without a threshold of their own; the part of a threshold that is enough where the words name
an item of the duty; how near two meanings are that are both possible."""
