"""Knows when words, pictures or an edit belong to a case that is open already, and must not open a second one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from handlers import cards, intake, pausing, places, voices
from handlers.cases import Case, State
from handlers.flows import emergency
from handlers.questions import slots
from handlers.steps import Step
from handlers.turn import Turn
from nlu.understanding import Understanding

RECENT = timedelta(minutes=30)
"""What is said this soon after a case was opened, and is no matter of its own, is an addition to it."""

BEFORE_RESULT = (State.COLLECTED, State.ASSIGNED, State.HANDLING)


def talked_of(turn: Turn) -> Case | None:
    """The open case that the conversation is about: the topic (while it is still the sender's), else the only one."""
    topic = turn.case(turn.thread.topic) if turn.thread.topic else None
    if topic is not None and topic.open and turn.actors(topic):
        return topic
    found = turn.mine()
    return found[0] if len(found) == 1 else None


def add(turn: Turn, case: Case) -> None:
    """Keep more words with a case, and say so."""
    _record_more(turn, case)
    turn.reply_case = case.number
    turn.say("emergency.more" if case.emergency else "added", number=case.number)


def _record_more(turn: Turn, case: Case) -> None:
    """More words of a case; who handles it reads them, redacted."""
    case = turn.record(voices.add_words(turn, case, turn.words), Step.ADD, note=turn.words)
    safe = turn.rules.redactor.redact(turn.words)
    if case.emergency:
        emergency.tell_desk(turn, case, "alarm.more", words=safe)
    elif case.lead_person and case.lead_person != turn.sender.id:
        turn.push(case.lead_person, turn.word("handler.more", number=case.number, words=safe), case=case.number)


def recent(turn: Turn) -> Case | None:
    """The case spoken of, where it is young (or waits for the resident) and nobody has a result yet."""
    case = talked_of(turn)
    if case is None or case.state not in BEFORE_RESULT:
        return None
    return case if turn.now - case.changed_at <= RECENT or case.pause_reason == pausing.AWAITED else None


def place_alone(turn: Turn) -> bool:
    """Nothing but a place: that of the case spoken of where it has none yet; else “what is there?” is asked."""
    heard, rest = turn.understanding, turn.words
    for found in heard.places:
        rest = rest.replace(found.text, "")
    if not heard.places or heard.item or not turn.rules.wording.matches("place_rest", rest):
        return False
    case = recent(turn)
    if case is None:
        turn.say("ask.what_here")
        intake.keep_for_later(turn, places.where(heard, turn.sender, turn.rules.town))
        return True
    place = places.where(heard, turn.sender, turn.rules.town, case.where.unit)
    if place.known and not case.where.known:
        slots.set_place(turn, case, place)
    else:
        add(turn, case)
    return True


def adds(turn: Turn, heard: Understanding, duty: str) -> bool:
    """More words about the case just opened: the same duty, no other item, soon after."""
    case = talked_of(turn)
    if case is None or turn.now - case.opened_at > RECENT or case.state not in BEFORE_RESULT:
        return False
    same = not heard.item if case.emergency else case.duty == duty and heard.item in ("", case.item)
    if not same or (heard.places and not case.emergency):
        return False
    add(turn, case)
    return True


def same_again(turn: Turn, heard: Understanding, duty: str) -> bool:
    """The same person, item and place as a case that is still open: no second case for one matter."""
    place = places.where(heard, turn.sender, turn.rules.town)
    for case in turn.mine():
        if not heard.item or (case.duty, case.item) != (duty, heard.item) or case.emergency:
            continue
        if heard.places and not places.same(place, case.where, turn.rules.town):
            continue
        if case.state is State.FED_BACK:
            turn.say("added.fed_back", number=case.number)
        else:
            _record_more(turn, case)
            turn.say("added.same", number=case.number, state=cards.state_line(turn, case))
        turn.reply_case = case.number
        return True
    return False


def keep_media(turn: Turn) -> None:
    """Pictures that came with words belong to the case the words went to; without one they wait for it."""
    case = turn.case(turn.reply_case)
    if turn.incoming is None or not turn.incoming.media or not turn.words or turn.out.photos or turn.out.refusals:
        return
    if case is None or not case.open:
        intake.keep_for_later(turn)
        return
    for medium in turn.incoming.media:
        case = intake.attach(turn, case, medium)


def edited(turn: Turn) -> bool:
    """A message changed afterwards: it corrects or adds to the case it opened, and never opens a second one."""
    case = talked_of(turn)
    if turn.heard is None or case is None or case.state not in BEFORE_RESULT:
        return False
    found = places.where(turn.understanding, turn.sender, turn.rules.town, case.where.unit)
    if voices.joined(turn, case):
        add(turn, case)
    elif found.known and not places.same(found, case.where, turn.rules.town):
        slots.set_place(turn, replace(case, where=places.wrong(case.where)), found)
    else:
        add(turn, case)
    return True
