"""Knows answers that fill in a case: where it is, a photo, what a photo is about, what was done, the right matter."""

from __future__ import annotations

from dataclasses import replace

from handlers import cards, dispatch, intake, places, relabelling, voices
from handlers.cases import Case, State, Where
from handlers.commands import feed_back, withdraw
from handlers.flows import emergency, mediation, report
from handlers.raw import RawText
from handlers.steps import Step
from handlers.thread import Question
from handlers.turn import Turn
from nlu.understanding import Understanding

LONGEST_PLACE = 40

ASKED = 2
"""One question at a time, and none more than twice."""


def place(turn: Turn, question: Question, picked: str) -> bool:
    """“在哪里？”: a place in words, a pin, or 不知道."""
    case = turn.case(question.case)
    if case is None or not turn.can(Step.MOVE, case):
        turn.thread = turn.thread.without(question)
        return False
    found = _place_said(turn, case)
    if found is None:
        return _unknown(turn, question, case)
    if not found.known and question.times < ASKED:
        _ask_again(turn, question, case, found)
        return True
    turn.thread = turn.thread.without(question)
    if question.kind == "fix_place" and found.known:
        case = replace(case, where=places.wrong(case.where))
    set_place(turn, case, found)
    return True


def _place_said(turn: Turn, case: Case) -> Where | None:
    """The place in this message, None when it is not an answer to “where”."""
    incoming = turn.incoming
    if incoming is not None and incoming.location is not None:
        return places.at_point(incoming.location, turn.rules.town)
    if turn.heard is None or not turn.words:
        return None
    heard = turn.understanding
    if other_matter(turn, case, heard):
        return None
    found = places.where(heard, turn.sender, turn.rules.town, case.where.unit)
    if found.known or heard.places:
        return found
    looks = turn.rules.wording.matches("place_like", turn.words)
    return Where(text=RawText(turn.words)) if looks and len(turn.words) <= LONGEST_PLACE else None


def other_matter(turn: Turn, case: Case, heard: Understanding) -> bool:
    """New duty content, although it names a place: another duty and item, said with confidence."""
    duty = turn.rules.catalogue.duty_for(heard.label)
    if duty is None or not heard.item or turn.rules.catalogue.caution.doubts(heard):
        return False
    return (duty.key, heard.item) != (case.duty, case.item)


def _unknown(turn: Turn, question: Question, case: Case) -> bool:
    means = turn.rules.wording.means
    if means("no_need", turn.words) and not case.emergency:
        withdraw.ask(turn, case)
        return True
    if not means("dont_know", turn.words) and not means("no_thanks", turn.words):
        return False
    turn.thread = turn.thread.without(question)
    if case.state.value == "collected":
        case = dispatch.assign(turn, case, dispatch.choose(turn, case))
    turn.say("place.unknown_ok", number=case.number, lead=turn.rules.town.name_of(case.lead))
    return True


def _ask_again(turn: Turn, question: Question, case: Case, found: Where) -> None:
    """The gazetteer does not know the words: keep them, ask once more for estate and building."""
    if case.emergency:
        set_place(turn, case, found)
        turn.say("emergency.where_again")
    else:
        turn.keep(replace(case, where=places.merge(case.where, found)))
        turn.say("ask.place_again", place=found.text.reveal() or turn.word("place.pin_outside"))
    turn.thread = turn.thread.without(question)
    turn.thread = turn.thread.asking(replace(question, times=question.times + 1, asked_at=turn.now))


def set_place(turn: Turn, case: Case, found: Where) -> None:
    """The place of a case is known now, or corrected: history, dispatch, and a word to the reporter."""
    waited = case.state is State.COLLECTED
    old, case = case, replace(case, where=places.merge(case.where, found))
    case = turn.record(case, Step.MOVE, note=found.text.reveal(), unit=case.where.unit, before=old.where.unit)
    other = voices.alike(turn, case) if waited and not case.emergency else None
    if other is not None:
        turn.say("place.noted_waits", number=case.number, place=cards.place_or_unknown(turn, case))
        voices.offer(turn, other, report.wait(turn, case, other))
        return
    case = dispatch.place_changed(turn, case)
    turn.reply_case = case.number
    if case.emergency:
        emergency.place_known(turn, case, old)
        turn.say("emergency.place_noted", number=case.number, place=cards.place_or_unknown(turn, case))
        return
    turn.say(
        "place.noted", number=case.number, place=cards.place_or_unknown(turn, case),
        lead=turn.rules.town.name_of(case.lead), accept=cards.when(turn, case.accept_due),
        due=cards.when(turn, case.due_at),
    )  # fmt: skip
    if waited and turn.item(case).flow == "mediation":
        mediation.offer(turn, case.number)
    elif waited:
        report.ask_photo(turn, case)


def photo(turn: Turn, question: Question, picked: str) -> bool:
    """A photo was asked for: a picture, or no thanks. Anything else passes the question by."""
    incoming, case = turn.incoming, turn.case(question.case)
    if incoming is not None and incoming.kind == "photo" and case is not None and case.open:
        turn.thread = turn.thread.without(question)
        add_photos(turn, case)
        return True
    if picked == "no_photo" or turn.rules.wording.means("no_thanks", turn.words):
        turn.thread = turn.thread.without(question)
        turn.say("photo.fine")
        return True
    return False


def add_photos(turn: Turn, case: Case) -> None:
    """Keep the pictures of this message with a case; who handles it gets them in private."""
    assert turn.incoming is not None
    for medium in turn.incoming.media:
        case = intake.attach(turn, case, medium)
    case = turn.record(case, Step.ADD, note=turn.words, photos=str(len(turn.incoming.media)))
    turn.reply_case = case.number
    if not intake.more_of_album(turn):
        turn.say("photo.noted", number=case.number)


def what(turn: Turn, question: Question, picked: str) -> bool:
    """A picture or pin came first; the words that follow are read as any others (intake takes the picture over)."""
    if turn.rules.wording.means("no_thanks", turn.words):
        turn.thread = turn.thread.without(question)
        turn.say("photo.dropped")
        return True
    return False


def result(turn: Turn, question: Question, picked: str) -> bool:
    """The worker pressed 反馈 and now says what was done; a picture may come before the words."""
    case = turn.case(question.case)
    if case is None or case.state.value != "handling" or turn.incoming is None:
        return False
    for medium in turn.incoming.media:
        case = intake.attach(turn, case, medium)
    if not turn.words:
        if turn.incoming.media:
            turn.say("ask.feed_back_words", number=case.number)
        return bool(turn.incoming.media)
    turn.thread = turn.thread.without(question)
    feed_back.said(turn, case, turn.words)
    return True


def result_photo(turn: Turn, question: Question, picked: str) -> bool:
    """The item wants a photo with the result."""
    case = turn.case(question.case)
    step = Step(question.facts.get("step", Step.FEED_BACK))
    if case is None or turn.incoming is None or turn.incoming.kind != "photo" or not turn.can(step, case):
        return False
    turn.thread = turn.thread.without(question)
    for medium in turn.incoming.media:
        case = intake.attach(turn, case, medium)
    feed_back.said(turn, case, question.words.reveal(), step)
    return True


def matter(turn: Turn, question: Question, picked: str) -> bool:
    """After 改·事情: the right words; the case changes duty and item, and perhaps hands."""
    case = turn.case(question.case)
    duty = turn.rules.catalogue.duty_for(turn.understanding.label) if turn.heard and turn.words else None
    if case is None or duty is None or not turn.can(Step.RELABEL, case):
        return False
    turn.thread, heard = turn.thread.without(question), turn.understanding
    case = replace(case, words=RawText(f"{case.words.reveal()}\n{turn.words}"))
    case = relabelling.relabel(turn, case, duty.key, heard.item, turn.words, heard.label)
    turn.reply_case = case.number
    turn.say("correct.matter_done", number=case.number, title=cards.title(turn, case),
             lead=turn.rules.town.name_of(case.lead))  # fmt: skip
    return True


READERS = {
    "place": place,
    "fix_place": place,
    "photo": photo,
    "what": what,
    "feed_back": result,
    "feed_back_photo": result_photo,
    "fix_matter": matter,
}
