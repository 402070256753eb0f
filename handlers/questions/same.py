"""Knows the answer to 同一件事？: stay with the others, go into their case, or have a case of one's own."""

from __future__ import annotations

from dataclasses import replace

from handlers import cards, counting, merging, voices
from handlers.cases import Case, Photo, State
from handlers.flows import report
from handlers.questions.choices import FRESH
from handlers.rules import RefusalError
from handlers.thread import Question
from handlers.turn import Turn


def same(turn: Turn, question: Question, picked: str) -> bool:
    """是同一件事, or not; anything else passes it by, and silence leaves it as it is."""
    asked, picked = turn.case(question.case), picked or _said(turn, question)
    if not picked or asked is None:
        return False
    turn.thread = turn.thread.without(question)
    own, case = turn.case(question.facts.get("own", "")), counting.home(turn, asked)
    if own is not None:
        _offered(turn, own, case, picked)
    elif picked == "same_yes":
        turn.say("same.stays", number=case.number, state=cards.state_line(turn, case))
        turn.reply_case = case.number
    else:
        another(turn, question, asked)
    return True


def _said(turn: Turn, question: Question) -> str:
    """A plain yes or no to what was asked last, not long ago."""
    if question != turn.thread.question or turn.now - question.asked_at > FRESH:
        return ""
    found = [value for value in ("same_yes", "same_no") if turn.rules.wording.means(value, turn.words)]
    return found[0] if found else ""


def _offered(turn: Turn, own: Case, case: Case, picked: str) -> None:
    """The case of one's own waits: into the other one, or out on its own way."""
    waits = own.state is State.COLLECTED and bool(own.maybe_same)
    if picked == "same_yes" and waits and case.state in voices.RUNNING:
        merging.by_reporter(turn, own, case)
        return
    if picked == "same_yes" and own.state is not State.COLLECTED:
        raise RefusalError("same_late", case=own.number)
    if waits:
        own = report.send(turn, replace(own, maybe_same=""))
    turn.say(
        "same.own", number=own.number, lead=turn.rules.town.name_of(own.lead), accept=cards.when(turn, own.accept_due),
        due=cards.when(turn, own.due_at),
    )  # fmt: skip
    turn.reply_case = own.number
    if waits:
        report.ask_photo(turn, own)


def another(turn: Turn, question: Question, asked: Case) -> None:
    """It is another matter: out of the others' case, into one made of the words and pictures that were brought."""
    case = counting.home(turn, asked)
    row = counting.own(turn, asked) or counting.own(turn, case)
    if row is None or row.part != "co_reporter":
        raise RefusalError("nothing_fits")
    pictures = _brought(turn, case)
    turn.thread = turn.thread.asking(
        Question(kind="what", asked_at=turn.now, facts=_place(question), words=question.words)
    )
    label = question.facts.get("label", "")
    words = row.words.reveal() or turn.item(case).name
    for one in {asked.number: asked, case.number: case}.values():
        voices.leave(turn, one)
    heard = replace(turn.hear_again(words), label=label or turn.item(case).labels[0])
    new = report.begin(turn, replace(heard, text=words), heard.label)
    home = turn.case(case.number)
    assert home is not None
    voices.move_photos(turn, home, new, frozenset(photo.id for photo in pictures))


def _brought(turn: Turn, case: Case) -> list[Photo]:
    return [photo for photo in turn.photos(case.number) if photo.person == turn.sender.id]


def _place(question: Question) -> dict[str, str]:
    """The place that was understood, as words that wait for their matter bring it."""
    return {key: value for key, value in question.facts.items() if key in ("unit", "estate", "building", "point")}


READERS = {"same": same}
