"""Knows answers of the working day: to who asks a resident, a number for who calls back, a liaison's words, 可公开."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import timedelta

from handlers import intake, places
from handlers.cases import Case
from handlers.commands import ask, call_me, feed_back, report_menu
from handlers.questions.slots import other_matter, set_place
from handlers.steps import Step
from handlers.thread import Question
from handlers.turn import Turn

FRESH = timedelta(hours=48)
"""So long after 问 the next free message of the resident is its answer."""

MENU = timedelta(minutes=30)
"""So long after a button of the menu the next words are its matter."""

ASKED = 2


def asked(turn: Turn, question: Question, picked: str) -> bool:
    """The answer to who works on the case: words, a picture or a pin; a clearly other matter is none."""
    case, incoming = turn.case(question.case), turn.incoming
    if case is None or turn.now - question.asked_at > FRESH or not turn.can(Step.REPLY, case):
        turn.thread = turn.thread.without(question)
        return False
    if incoming is None or (turn.heard is not None and other_matter(turn, case, turn.understanding)):
        return False
    if not turn.words and not incoming.media and incoming.location is None:
        return False
    turn.thread = turn.thread.without(question)
    for medium in incoming.media:
        case = intake.attach(turn, case, medium)
    by = question.facts.get("by", "")
    if incoming.location is not None:
        lat, lon = incoming.location
        ask.passed_on(turn, _pinned(turn, case, incoming.location), by, "handler.replied_pin", "", lat=lat, lon=lon)
    elif turn.words:
        safe = turn.rules.redactor.redact(turn.words, rooms=by != case.lead_person)
        ask.passed_on(turn, case, by, "handler.replied", turn.words, words=safe)
    else:
        ask.passed_on(turn, case, by, "handler.replied_photo", "")
    return True


def _pinned(turn: Turn, case: Case, point: tuple[float, float]) -> Case:
    """The pin belongs to the case; where its place was not known, it is now."""
    if not turn.can(Step.MOVE, case):
        return case
    found = places.at_point(point, turn.rules.town)
    if found.known and not case.where.known:
        set_place(turn, case, found)
        return turn.case(case.number) or case
    return turn.record(replace(case, where=replace(case.where, point=point)), Step.MOVE, unit=case.where.unit)


def share(turn: Turn, question: Question, picked: str) -> bool:
    """The number for the one who has the case, in private, as it was sent; nobody else ever reads it from here."""
    case = turn.case(question.case)
    if case is None or not turn.can(Step.SHARE, case) or not case.lead_person:
        turn.thread = turn.thread.without(question)
        return False
    wording = turn.rules.wording
    if picked == "share_no" or wording.means("no_thanks", turn.words):
        turn.thread = turn.thread.without(question)
        turn.say("call_me.no")
        return True
    plain = unicodedata.normalize("NFKC", turn.words)
    found = wording.matches("phone_number", plain)
    if found is not None:
        _shared(turn, question, case, found.group("digits"))
        return True
    return _no_number(turn, question, plain)


def _shared(turn: Turn, question: Question, case: Case, phone: str) -> None:
    turn.thread = turn.thread.without(question)
    if question.facts.get("to") != case.lead_person:  # the consent named somebody else
        call_me.ask(turn, case)
        return
    case = turn.record(case, Step.SHARE, note=phone, to=case.lead_person)
    turn.push(case.lead_person, turn.word("handler.call", number=case.number, phone=phone), case=case.number)
    turn.say("call_me.done", number=case.number, name=turn.rules.town.name_of(case.lead_person))
    turn.reply_case = case.number


def _no_number(turn: Turn, question: Question, plain: str) -> bool:
    """A “好” or digits that are no number: asked once more; anything else passes the question by."""
    wording = turn.rules.wording
    if not wording.means("yes", turn.words) and wording.matches("like_number", plain) is None:
        return False
    turn.thread = turn.thread.without(question)
    if question.times >= ASKED:
        turn.say("call_me.given_up")
        return True
    turn.thread = turn.thread.asking(replace(question, times=question.times + 1, asked_at=turn.now))
    turn.say("ask.share_again")
    return True


def menu(turn: Turn, question: Question, picked: str) -> bool:
    """A liaison says the word of a button."""
    if not picked:
        return False
    report_menu.pressed(turn, picked)
    return True


def liaison(turn: Turn, question: Question, picked: str) -> bool:
    """The matter, under the kind that was pressed; after some time, or another case, the press counts no more."""
    if turn.heard is None or not turn.words:
        return False
    turn.thread = turn.thread.without(question)
    since = turn.case(turn.thread.topic)
    if turn.now - question.asked_at > MENU or (since is not None and since.opened_at >= question.asked_at):
        return False
    label = question.facts["label"]
    duty = turn.rules.catalogue.duty_for(label)
    item = turn.understanding.item if duty is not None and turn.understanding.item in duty.items else ""
    said = replace(turn.understanding, label=label, confidence=1.0, item=item, demand="report", hypothetical=False)
    turn.choose_flow(label, said)
    return True


def publish(turn: Turn, question: Question, picked: str) -> bool:
    """照片可公开, or not."""
    case = turn.case(question.case)
    if not picked or case is None:
        return False
    turn.thread = turn.thread.without(question)
    if picked == "publish_yes":
        turn.may(Step.ADD, case)
        turn.record(case, Step.ADD, **feed_back.publish(turn, case, public=True))
    turn.say("publish.done" if picked == "publish_yes" else "publish.kept", number=case.number)
    return True


READERS = {
    "asked": asked,
    "share": share,
    "report_menu": menu,
    "liaison": liaison,
    "publish": publish,
}
