"""Knows how a message is understood: rules of danger first, then the model, then what, where, how and for whom."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from itertools import chain

from nlu.demand import Cues, Demands, Flags, Items
from nlu.features import Features, Featuriser
from nlu.gate import Gate, Verdict
from nlu.model import Scores
from nlu.places import Gazetteer
from nlu.placewords import PlaceWords
from nlu.reading import Reader, Reading
from nlu.scoring import Learnt, OwnScorer, Scorer, Spoken
from nlu.second import asks_twice
from nlu.slots import Slots
from nlu.spans import spans_of
from nlu.understanding import LABELS, Heard, PlaceFound, Span, Understanding

_LONGEST = 2000
_TAIL = 500  # of what is cut off, so much is still heard by the gate: a letter may end in a cry for help
_FAR = 120  # in a longer message one sentence of danger drowns among the others
_AROUND = 15
_RULE_CONFIDENCE = 0.9
_HINT_SHARE = 0.5  # where the rules hint at danger, the model needs only this share of its threshold
_DOUBTED = 0.9  # so sure the model must be where the rules found an exercise, a story, a question
_SHORT, _CURT = 5, 0.85  # so few characters of which no rule knows any say little: “我在家”, “我的数据”
_TYPE_WEIGHT, _HINT_WEIGHT = 1.0, 0.5  # what a rule speaks for its type, beside the model's log-odds of the types
_FAR_WEIGHT = 9.0  # in a long letter the model hears too much else
_WORDLESS_CONFIDENCE = 0.99
_JOINT = "，"
_REHEARSAL, _REHEARSED = "樓下著火，喂，13900000000", 16
_WORD = re.compile(r"\w")
NON_DUTY = frozenset({"greeting", "case_status", "rate_feedback", "human_handoff", "out_of_scope"})
_AFFECTING = (
    frozenset(LABELS)
    - NON_DUTY
    - {
        "info_registration",
        "public_opinion",
        "service_agency",
        "legal_policy",
        "volunteer_coengagement",
    }
)
"""Labels of trouble that can befall somebody."""


@dataclass(frozen=True, slots=True)
class _Ranking:
    label: str
    confidence: float
    runner_up: str
    runner_up_confidence: float
    emergency_type: str = "none"
    twice: bool = False


_Where = tuple[tuple[Span, ...], tuple[PlaceFound, ...]]


class EmbeddedEar:
    """Understands messages in this process, with the trained model and the town's places and items."""

    def __init__(self, model: Learnt, gazetteer: Gazetteer, cues: Cues) -> None:
        self._model = model
        self._scorer: Scorer = OwnScorer(model)
        self.own: Scorer = self._scorer
        self._gazetteer = gazetteer
        self._reader = Reader()
        self._items = Items(cues, self._reader)  # it reads, so it comes before the long lists
        lists = self._reader.lists
        self._gate = Gate(model.unsure_rules, lists)
        self._featuriser = Featuriser(lists)
        self._slots = Slots(PlaceWords())
        self._demands = Demands()
        self._flags = Flags(lists)

    def warm(self, pause: float = 0.0, enough: Callable[[], bool] = lambda: False) -> None:
        """Prepare what is otherwise prepared with the first message; with pauses (s), so that others may work.

        Between two steps it asks whether it is `enough`: a process that is told to stop does not finish first.
        """
        for _ in chain(self._gate.warm(), self._slots.warm()):
            if enough():
                return
            time.sleep(pause)
        for many in (1, _REHEARSED):  # one text and many are gone about differently; wakes OpenCC and numpy too
            self.understand([(_REHEARSAL, "")] * many)

    def with_places(self, gazetteer: Gazetteer) -> EmbeddedEar:
        """The same ear in a town whose places have changed; everything else is shared, nothing is read again."""
        other = copy(self)
        other._gazetteer = gazetteer
        return other

    def with_model(self, model: Learnt) -> EmbeddedEar:
        """The same ear with another model, asking nobody else; everything else is shared, nothing is read again."""
        other = copy(self)
        other._model = model
        other._scorer = other.own = OwnScorer(model)
        other._gate = self._gate.with_unsure(model.unsure_rules)
        return other

    def with_scorer(self, scorer: Scorer) -> EmbeddedEar:
        """The same ear whose labels come from elsewhere. Danger, places, items, demand and flags stay what they are."""
        other = copy(self)
        other._scorer = scorer
        return other

    def by_itself(self) -> EmbeddedEar:
        """The same ear, asking nobody but the model in this process."""
        return self.with_scorer(self.own)

    def understand(self, batch: Sequence[tuple[str, str]]) -> list[Heard]:
        """Each (text, earlier bubble of the last 120 s or "") understood alone and, where there is one, together."""
        texts = [text for text, _ in batch]
        together = [f"{earlier}{_JOINT}{text}" for text, earlier in batch if earlier.strip()]
        understood = self._all([*texts, *together])
        joined = iter(understood[len(texts) :])
        return [
            Heard(alone, next(joined) if earlier.strip() else None)
            for (_, earlier), alone in zip(batch, understood, strict=False)
        ]

    def _all(self, texts: Sequence[str]) -> list[Understanding]:
        """Step by step for all texts, since a step that stays in the processor's cache takes half the time."""
        readings = self._reader.read_all([text[:_LONGEST] for text in texts])
        verdicts = [self._judge(text, reading) for text, reading in zip(texts, readings, strict=True)]
        features = [self._featuriser.features(reading.speech, reading.seen) for reading in readings]
        scores = self._scorer.scores([Spoken(r.speech, f) for r, f in zip(readings, features, strict=True)])
        rankings = self._ranked_all(readings, verdicts, features, scores)
        wheres = [self._where(text, reading) for text, reading in zip(texts, readings, strict=True)]
        parts = zip(texts, readings, verdicts, rankings, wheres, strict=True)
        return [self._one(text, reading, verdict, ranking, where) for text, reading, verdict, ranking, where in parts]

    def _where(self, text: str, reading: Reading) -> _Where:
        located = self._gazetteer.locate(text, reading.plain)
        found = self._slots.stretches(reading.plain.text, [("place", one.start, one.end) for one in located])
        described = [stretch for stretch in found if stretch[0] == "place"]
        places = self._gazetteer.describe(text, reading.plain, located, described)
        return spans_of(text, reading.plain, found), places

    def _one(self, text: str, reading: Reading, verdict: Verdict, ranking: _Ranking, where: _Where) -> Understanding:
        spans, places = where
        return Understanding(
            text=text,
            label=ranking.label,
            confidence=ranking.confidence,
            runner_up=ranking.runner_up,
            runner_up_confidence=ranking.runner_up_confidence,
            emergency_type=ranking.emergency_type,
            hypothetical=_supposed(verdict, ranking),
            demand=self._demands.of(reading.speech, ranking.label),
            item=self._items.of(reading, ranking.label, ranking.emergency_type),
            secondary=_secondary(ranking),
            spans=spans,
            places=places,
            script=self._reader.script.detect(text[:_LONGEST]),
            flags=_flags(self._flags.of(reading.speech, reading.seen), spans, verdict, ranking),
            fired=verdict.fired,
        )

    def _judge(self, text: str, reading: Reading) -> Verdict:
        """The rules on what is read; where it shows no danger, on the end of what was too long to be read as well."""
        verdict = self._heard_out(reading.speech, self._gate.judge(reading.speech, reading.seen))
        if verdict.types or len(text) <= _LONGEST:
            return verdict
        tail = self._reader.read(text[-_TAIL:])
        end = self._heard_out(tail.speech, self._gate.judge(tail.speech, tail.seen))
        # What shows more danger; where they show as much the first, whose words the model has heard.
        return max((verdict, end), key=lambda one: (bool(one.types), bool(one.hints), bool(one.guards)))

    def _heard_out(self, speech: str, verdict: Verdict) -> Verdict:
        """In a long message the model hears the hinted words by themselves: a letter may end in a cry for help."""
        if verdict.types or len(speech) <= _FAR:
            return verdict
        hinted = zip(verdict.hints, verdict.fired, strict=True)
        cried = {kind: words for kind, words in hinted if self._cries(speech, words)}
        return replace(verdict, types=tuple(cried), hints=(), fired=tuple(cried.values())) if cried else verdict

    def _cries(self, speech: str, words: str) -> bool:
        at = speech.find(words)
        stretch = speech[max(0, at - _AROUND) : at + len(words) + _AROUND]
        scores = self._model.scores([self._featuriser.features(stretch)])[0]
        return scores.emergency >= self._model.emergency_threshold

    def _ranked_all(
        self,
        readings: Sequence[Reading],
        verdicts: Sequence[Verdict],
        features: Sequence[Features],
        scores: Sequence[Scores],
    ) -> list[_Ranking]:
        """The labels of some texts; the types of all emergencies among them are asked of the model together."""
        rankings = [self._ranked(*one) for one in zip(readings, verdicts, scores, strict=True)]
        alarms = [at for at, one in enumerate(rankings) if one.label == "emergency"]
        asked = [(features[at], _spoken_for(verdicts[at], far=len(readings[at].speech) > _FAR)) for at in alarms]
        for at, kind in zip(alarms, self._model.emergency_types(asked), strict=True):
            rankings[at] = replace(rankings[at], emergency_type=kind)
        return rankings

    def _ranked(self, reading: Reading, verdict: Verdict, scores: Scores) -> _Ranking:
        if not _WORD.search(reading.speech):
            return _Ranking("greeting", _WORDLESS_CONFIDENCE, "out_of_scope", 0.0)
        if verdict.types or self._alarms(scores, verdict, reading.speech):
            return _emergency(reading.speech, scores, verdict)
        if scores.label == "emergency":
            # The model's first guess is weaker than an alarm must be, or the rules say that it is only spoken of.
            return _Ranking(scores.runner_up, scores.runner_up_confidence, "emergency", scores.confidence)
        twice = asks_twice(reading.speech, scores.odds, scores.runner_up_odds)
        return _Ranking(scores.label, scores.confidence, scores.runner_up, scores.runner_up_confidence, twice=twice)

    def _alarms(self, scores: Scores, verdict: Verdict, speech: str) -> bool:
        if verdict.hypothetical:
            return scores.emergency >= _DOUBTED
        if verdict.hints:
            return scores.emergency >= self._model.emergency_threshold * _HINT_SHARE
        return scores.emergency >= max(self._model.emergency_threshold, _CURT if len(speech) <= _SHORT else 0.0)


def _emergency(speech: str, scores: Scores, verdict: Verdict) -> _Ranking:
    other, twice = (scores.label, scores.confidence), False
    if scores.label == "emergency":
        other = (scores.runner_up, scores.runner_up_confidence)
        twice = asks_twice(speech, scores.odds, scores.runner_up_odds)
    confidence = max(scores.emergency, _RULE_CONFIDENCE if verdict.types else 0.0)
    return _Ranking("emergency", confidence, other[0], min(other[1], 1 - confidence), twice=twice)


def _spoken_for(verdict: Verdict, *, far: bool) -> Mapping[str, float]:
    """What the rules say for types of emergency: the type is the likeliest by the model and by what they found."""
    found = dict.fromkeys(verdict.types, _FAR_WEIGHT if far else _TYPE_WEIGHT)
    return dict.fromkeys(verdict.hints, _HINT_WEIGHT) | found


def _supposed(verdict: Verdict, ranking: _Ranking) -> bool:
    """Danger is only spoken of; where the model is as good as sure that it is there now, it is no supposition."""
    return verdict.hypothetical and ranking.label != "emergency"


def _secondary(ranking: _Ranking) -> str:
    """The label of a second ask: a duty beside a duty."""
    beside = ranking.twice and not NON_DUTY & {ranking.label, ranking.runner_up}
    return ranking.runner_up if beside and ranking.runner_up != "emergency" else ""


def _flags(said: frozenset[str], spans: Sequence[Span], verdict: Verdict, ranking: _Ranking) -> frozenset[str]:
    """Flags of the words, and flags that are not words but what was found."""
    kinds = {span.kind for span in spans}
    found = {
        "pii_self": not kinds.isdisjoint(("phone", "id_card")),
        "pii_third_party": "person" in kinds,
        "no_location": "place" not in kinds,
        "hypothetical": _supposed(verdict, ranking),
        "dv": ranking.emergency_type == "dv",
        "minor": ranking.emergency_type == "minor",
        "mental_health": ranking.emergency_type == "self_harm",
    }
    # An old person who asks about a benefit is not affected by anything; one whose lift has stopped is.
    unaffected = {"vulnerable"} if ranking.label not in _AFFECTING else set()
    return (said - unaffected) | {flag for flag, shown in found.items() if shown}
