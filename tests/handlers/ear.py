"""Knows how a scripted ear hears: by the words in a message, places by a tiny gazetteer; a test may teach it more."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nlu.understanding import Heard, PlaceFound, Script, Understanding

Facts = Mapping[str, Any]

_MEANINGS: Sequence[tuple[str, Facts]] = (
    ("如果着火", {"label": "emergency", "emergency_type": "fire", "hypothetical": True, "demand": "consult"}),
    ("着火", {"label": "emergency", "emergency_type": "fire"}),
    ("煤气味", {"label": "emergency", "emergency_type": "gas"}),
    ("晕倒", {"label": "emergency", "emergency_type": "medical"}),
    ("被困", {"label": "emergency", "emergency_type": "trapped"}),
    ("持刀", {"label": "emergency", "emergency_type": "police"}),
    ("走失", {"label": "emergency", "emergency_type": "missing"}),
    ("塌了", {"label": "emergency", "emergency_type": "disaster"}),
    ("我老公打我", {"label": "emergency", "emergency_type": "dv"}),
    ("不想活", {"label": "emergency", "emergency_type": "self_harm"}),
    ("孩子被打", {"label": "emergency", "emergency_type": "minor"}),
    ("快来救命", {"label": "emergency"}),
    ("去市里", {"label": "petition", "item": "petition"}),
    ("飞线", {"label": "safety_hazard", "item": "ebike_wiring"}),
    ("路灯", {"label": "public_facilities", "item": "street_lamp"}),
    ("门禁", {"label": "public_facilities", "item": "door_access"}),
    ("乱倒垃圾", {"label": "sanitation_environment", "item": "dumping"}),
    ("占道摆摊", {"label": "urban_order", "item": "stall"}),
    ("养狗", {"label": "dispute_mediation", "item": "neighbour_noise"}),
    ("婆媳", {"label": "dispute_mediation", "item": "family"}),
    ("被偷", {"label": "public_security", "item": "theft"}),
    ("独居老人", {"label": "special_care", "item": "elder_alone", "flags": frozenset({"vulnerable"})}),
    ("加班费", {"label": "legal_policy", "item": "overtime", "demand": "consult"}),
    ("宅基地法", {"label": "legal_policy", "item": "other_law", "demand": "consult"}),
    ("普法讲座", {"label": "legal_policy", "item": "lecture", "demand": "help"}),
    ("居住证", {"label": "service_agency", "item": "residence_permit", "demand": "consult"}),
    ("当志愿者", {"label": "volunteer_coengagement", "item": "sign_up", "demand": "help"}),
    ("建议", {"label": "public_opinion", "item": "suggestion", "demand": "suggest"}),
    ("刚搬来", {"label": "info_registration", "item": "moved_in"}),
    ("你好", {"label": "greeting"}),
    ("谢谢", {"label": "greeting"}),
    ("到哪一步", {"label": "case_status"}),
    ("怎么还没", {"label": "case_status"}),
    ("找个真人", {"label": "human_handoff"}),
    ("法院", {"label": "out_of_scope"}),
    ("股票", {"label": "out_of_scope"}),
)
"""What a message means that holds these words: the first that fits."""

_RATING = re.compile("解决|满意|修好|好评|[1-5]分|五星|^[1-5]$")
_HANT = re.compile("[個樓燈壞電樣這麼]")
_BUILDING = r"(?P<building>(?<!\d)(?P<n>\d{1,2})号楼)"
_PLACE = re.compile(rf"(?P<estate>健仁小区|龙港花园)?{_BUILDING}(?P<room>(?:\d单元)?(?:\d{{3,4}}室)?)")
_GRIDS = {"健仁小区": (("jr-2", 1, 8), ("jr-1", 9, 16)), "龙港花园": (("lg-1", 1, 10), ("lg-2", 11, 20))}
_STRANGE = re.compile("翠竹园(?:\\d+号楼)?")
SURE = 0.95


class ScriptedEar:
    """An ear that hears what it was told."""

    def __init__(self) -> None:
        self.taught: dict[str, Understanding] = {}

    def teach(self, text: str, label: str, **facts: Any) -> None:
        """From now on this very text is understood like this."""
        self.taught[text] = _made(text, {"label": label, **facts})

    def understand(self, batch: Sequence[tuple[str, str]]) -> list[Heard]:
        """As the port says."""
        return [self._one(text, earlier) for text, earlier in batch]

    def _one(self, text: str, earlier: str) -> Heard:
        alone = self.alone(text)
        return Heard(alone, self.alone(f"{earlier}\n{text}") if earlier else None)

    def alone(self, text: str) -> Understanding:
        """One text."""
        if text in self.taught:
            return self.taught[text]
        facts = next((facts for words, facts in _MEANINGS if words in text), None)
        if facts is None and _RATING.search(text):
            facts = {"label": "rate_feedback"}
        return _made(text, facts or {"label": "out_of_scope", "confidence": 0.2})


def _made(text: str, facts: Facts) -> Understanding:
    plain = Understanding(text=text, label="", confidence=SURE, runner_up="public_opinion", runner_up_confidence=0.01)
    script: Script = "hant" if _HANT.search(text) else "hans"
    return replace(replace(plain, script=script, places=places(text)), **facts)


def places(text: str) -> tuple[PlaceFound, ...]:
    """The places in a text: buildings of two estates, and an estate that the gazetteer does not know."""
    known = tuple(_building(match) for match in _PLACE.finditer(_STRANGE.sub("", text)))
    return known + tuple(PlaceFound(text=match.group(), units=()) for match in _STRANGE.finditer(text))


def _building(match: re.Match[str]) -> PlaceFound:
    number, estate = int(match["n"]), match["estate"] or ""
    estates = [estate] if estate else list(_GRIDS)
    units = [grid for name in estates for grid, first, last in _GRIDS[name] if first <= number <= last]
    return PlaceFound(
        text=match.group(), units=tuple(units), estate=estate, building=match["building"], room=match["room"]
    )
