"""Knows how a case is opened: words, place, photos, colour, reporter, first line of history. 事件收集."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from handlers import admission, places, rights
from handlers.cases import ON_BEHALF, Case, Photo, Reporter, Where
from handlers.incoming import Media
from handlers.raw import RawText
from handlers.steps import Step
from handlers.thread import Question
from handlers.town import Role
from handlers.turn import Turn
from nlu.understanding import Understanding

WAITS = timedelta(hours=12)
"""So long do pictures and a pin wait for the words that say what they are about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What is to be recorded: the words, how they were understood, and the duty and item they fall under.

    `part` is that of the speaker; “” where their role says it: who works here speaks for somebody else (代报).
    """

    heard: Understanding
    duty: str
    item: str = ""
    words: str = ""
    emergency: str = ""
    demand: str = ""
    part: str = ""


def matter(turn: Turn, heard: Understanding, label: str) -> Matter:
    """The matter of a message under a duty label; item and duty come from the catalogue."""
    item = turn.rules.catalogue.item_for(admission.kept_as(label, heard.demand), heard.item)
    return Matter(heard=heard, duty=item.duty, item=item.key, words=heard.text, demand=heard.demand)


def draft(turn: Turn, what: Matter) -> Case:
    """The case that these words would open, still without a number; nothing has happened yet."""
    item = turn.rules.catalogue.item(what.duty, what.item)
    words, place = _words_and_place(turn, what)
    return Case(
        number="",
        colour="red" if what.emergency else _colour(item.colour, what.heard),
        duty=what.duty,
        item=item.key,
        demand=what.demand or what.heard.demand,
        confidence=round(what.heard.confidence, 2),
        catalogue=turn.rules.catalogue.version,
        emergency=what.emergency,
        confidential=item.group_push == "none",
        channel=turn.incoming.platform if turn.incoming else "",
        where=_with_waiting(turn, place),
        words=RawText(words),
        opened_at=turn.now,
        changed_at=turn.now,
    )


def open_case(turn: Turn, what: Matter) -> Case:
    """A new collected case with its reporter, history and clocks; the thread now talks about it."""
    case = replace(draft(turn, what), number=turn.number())
    _add_reporter(turn, case, what.part)
    words, _ = _words_and_place(turn, what)
    return bring_along(turn, turn.record(case, Step.OPEN, note=words, **_heard_as(turn, what)))


def _heard_as(turn: Turn, what: Matter) -> dict[str, str]:
    """The label these words were heard as, and by what the ear had learnt here: corrections are held against it."""
    version = turn.rules.ear_version
    return {"label": what.heard.label, **({"ear": version} if version else {})}


def bring_along(turn: Turn, case: Case) -> Case:
    """The pictures of this message, and those that waited for words, go to a case; the thread now talks about it."""
    for medium in turn.incoming.media if turn.incoming else ():
        case = attach(turn, case, medium)
    case = _take_waiting(turn, case)
    turn.thread = replace(turn.thread, topic=case.number, unclear=0)
    turn.reply_case = case.number
    return case


def _words_and_place(turn: Turn, what: Matter) -> tuple[str, Where]:
    """The message's own place; where it names none, the place of a bubble just before that belonged to nothing yet."""
    own = places.where(what.heard, turn.sender, turn.rules.town)
    if not own.known and not what.emergency and turn.sender.has(Role.LIAISON) and turn.sender.unit:
        own = replace(own, unit=turn.sender.unit, known=True)  # a liaison speaks of the few houses they serve
    joined = turn.heard.joined if turn.heard else None
    earlier = turn.thread.bubbles[-1] if turn.thread.bubbles else None
    loose = earlier is not None and not earlier.case
    if joined is None or not loose or own.known:
        return what.words, own
    place = places.where(joined, turn.sender, turn.rules.town)
    return joined.text, place if place.known or (place.text and not own.text) else own


def _colour(colour: str, heard: Understanding) -> str:
    """A vulnerable person raises green to yellow, never to red; angry words raise nothing (domain.md 3.2)."""
    return "yellow" if colour == "green" and "vulnerable" in heard.flags else colour


def _add_reporter(turn: Turn, case: Case, part: str) -> None:
    usual = ON_BEHALF if rights.holds(turn.sender, rights.Power.REPORT_FOR, "", turn.rules.town) else "reporter"
    reporter = Reporter(
        case=case.number, person=turn.sender.id, part=part or usual, anonymous=turn.thread.anonymous, since=turn.now
    )
    turn.out.reporters[(case.number, turn.sender.id)] = reporter


def attach(turn: Turn, case: Case, medium: Media) -> Case:
    """Keep a picture with a case; fetching it is an errand, for platforms forget media within days."""
    assert turn.incoming is not None
    photo = Photo(
        id=f"{case.number}-{len(turn.photos(case.number)) + 1}-{abs_key(turn)}",
        person=turn.sender.id,
        case=case.number,
        ref=medium.ref,
        address=turn.incoming.sender,
        at=turn.now,
    )
    return attach_photo(turn, case, photo)


def attach_photo(turn: Turn, case: Case, photo: Photo) -> Case:
    """Keep a picture that is already described, and send for its bytes."""
    turn.out.photos[photo.id] = photo
    turn.fetch(photo)
    return turn.keep(replace(case, photos=(*case.photos, photo.id)))


def more_of_album(turn: Turn) -> bool:
    """Whether another picture of this message's album was answered already; several pictures get one answer."""
    assert turn.incoming is not None
    scene = turn.incoming.scene
    known = bool(scene) and scene == turn.thread.album
    turn.thread = replace(turn.thread, album=scene)
    return known


def abs_key(turn: Turn) -> str:
    """A short stable mark of the message, so that names of pictures never repeat."""
    assert turn.incoming is not None
    return "".join(ch for ch in turn.incoming.key if ch.isalnum())[-8:] or "0"


def keep_for_later(turn: Turn, place: Where | None = None) -> None:
    """Pictures, a pin and a place that belong to no case yet wait together for the words to come."""
    assert turn.incoming is not None
    old = next((question for question in turn.thread.questions if question.kind == "what"), None)
    facts = dict(old.facts) if old is not None else {}
    refs = [facts.get("refs", ""), *(medium.ref for medium in turn.incoming.media)]
    facts["refs"] = "\n".join(filter(None, refs))
    if turn.incoming.location is not None:
        facts["point"] = ",".join(map(str, turn.incoming.location))
    if place is not None:
        facts |= {"unit": place.unit, "estate": place.estate, "building": place.building}
    words = RawText(turn.words) if place is not None else old.words if old is not None else RawText()
    turn.thread = turn.thread.without_kinds("what")
    turn.thread = turn.thread.asking(Question(kind="what", asked_at=turn.now, facts=facts, words=words))


def _take_waiting(turn: Turn, case: Case) -> Case:
    """Photos that came before the words now belong to this case."""
    for question in _waiting(turn):
        case = _from_waiting(turn, case, question)
    turn.thread = turn.thread.without_kinds("what")
    return case


def _waiting(turn: Turn) -> list[Question]:
    found = (question for question in turn.thread.questions if question.kind == "what")
    return [question for question in found if turn.now - question.asked_at <= WAITS]


def _from_waiting(turn: Turn, case: Case, question: Question) -> Case:
    assert turn.incoming is not None
    for n, ref in enumerate(filter(None, question.facts.get("refs", "").split("\n"))):
        photo = Photo(
            id=f"{case.number}-w{n + 1}-{abs_key(turn)}", person=turn.sender.id, case=case.number, ref=ref,
            address=turn.incoming.sender, at=turn.now,
        )  # fmt: skip
        case = attach_photo(turn, case, photo)
    return case


def _with_waiting(turn: Turn, place: Where) -> Where:
    """A place that was not said is the pin or the place that came before the words."""
    for question in _waiting(turn):
        if question.facts.get("point") and not place.known:
            lat, lon = map(float, question.facts["point"].split(","))
            place = places.merge(place, places.at_point((lat, lon), turn.rules.town))
        if question.words and not place.known:
            unit, estate, building = (question.facts.get(key, "") for key in ("unit", "estate", "building"))
            said = Where(text=question.words, unit=unit, estate=estate, building=building, known=bool(unit))
            place = places.merge(place, said)
    return place
