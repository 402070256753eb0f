"""Knows 评价: 解决了吗 with 1–5, and 返工 on request. 解决 is the resident's word (design.md)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from statistics import mean

from handlers import cards, counting, dispatch, notices, voices
from handlers.cases import FINDER, ON_BEHALF, Case, Reporter, State
from handlers.command import numbers
from handlers.commands import erase
from handlers.questions.choices import yes_no
from handlers.questions.slots import other_matter
from handlers.rules import RefusalError
from handlers.steps import Step
from handlers.thread import Choice, Question
from handlers.town import DUTY_DESK
from handlers.turn import Turn

REOPENS = 2

AFTERWARDS = timedelta(days=7)
"""So long after a neighbour's word closed a case the verdicts of its other reporters are still taken."""

MOST = 5
"""The best rating."""

LONGEST = 60
"""A longer text tells a story; it is read as a matter, not as a rating."""

FAIR = 3
"""From this many stars on, a rating alone means solved (design.md, 解决 is the resident's word)."""

SHORT = 15
"""A few words with a number at their end (“好多了 5”)."""

STAFF_PARTS = (ON_BEHALF, FINDER)

LONE = 3
"""A number alone, perhaps with one word to it (“5分”, “4星”)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rating says: solved or not (None when unsaid), stars 1..5 (0 when unsaid)."""

    solved: bool | None
    stars: int = 0


def read(turn: Turn, text: str) -> Verdict | None:
    """The verdict in a text; None when it holds none. A lone 3–5 counts as solved, a lone 1–2 says nothing of it."""
    wording = turn.rules.wording
    plain = unicodedata.normalize("NFKC", text).strip()
    if len(plain) > LONGEST:
        return None
    found = wording.matches("stars", wording.patterns["han_star"].sub(_digit(turn), plain))
    stars = int(found.group(1)) if found else 0
    if wording.matches("unsolved", plain):
        return Verdict(False, stars)
    if wording.matches("solved", plain):
        return Verdict(True, stars)
    last = stars and len(plain) <= SHORT and plain.endswith(str(stars))
    if stars and (len(plain) <= LONE or last or wording.matches("star_word", plain)):
        return Verdict(True if stars >= FAIR else None, stars)
    return None


def _digit(turn: Turn) -> Callable[[re.Match[str]], str]:
    digits = turn.rules.wording.sentences["han_digits"]
    return lambda match: str(digits.index(match.group(1)) + 1)


def rating(turn: Turn, question: Question, picked: str) -> bool:
    """The answer to 解决了吗; words that name another case, or hold a matter of their own, are none."""
    case, named = turn.case(question.case), numbers(turn.words)
    verdict = Verdict(picked == "solved") if picked else read(turn, turn.words)
    if case is None or verdict is None or (named and case.number not in named):
        return False
    if not picked and turn.heard is not None and other_matter(turn, case, turn.understanding):
        return False
    if not verdict.stars and question.facts.get("stars"):
        verdict = replace(verdict, stars=int(question.facts["stars"]))
    rate(turn, case, verdict)
    return True


def rate(turn: Turn, case: Case, verdict: Verdict) -> None:
    """Take a verdict on one case; late and double ratings are refused politely, “not solved” never is."""
    turn.may(Step.RATE, case)
    own = next(r for r in turn.reporters(case.number) if r.person == turn.sender.id)
    if verdict.solved is False and own.solved is False:
        _unsolved(turn, case)
        return
    _refuse_late_and_double(turn, case, own, verdict)
    solved = own.solved if verdict.solved is None else verdict.solved
    if solved is None:
        _ask_solved(turn, case, verdict)
        return
    case = _taken(turn, case, replace(own, solved=solved, rating=verdict.stars or own.rating))
    marked = {"part": own.part} if own.part in STAFF_PARTS else {}
    case = turn.record(case, Step.RATE, solved="yes" if solved else "no", stars=str(verdict.stars), **marked)
    _drop(turn, case, "rating")
    turn.thread = replace(turn.thread, unclear=0)
    if not solved:
        _unsolved(turn, case)
        return
    if own.part in STAFF_PARTS and _residents(turn, case):
        turn.say("rate.noted_behalf", number=case.number)
        return
    if case.solved is False and case.state is State.FED_BACK:  # a neighbour says otherwise: it stays open for all
        turn.say("rate.thanks_open", number=case.number)
        return
    close(turn, case)
    _thank(turn, case, verdict)


def _residents(turn: Turn, case: Case) -> bool:
    """Whether a resident speaks in the case themselves: then a worker's word for another does not end it."""
    return any(reporter.part not in (*STAFF_PARTS, "other_side") for reporter in turn.reporters(case.number))


def _taken(turn: Turn, case: Case, own: Reporter) -> Case:
    """A verdict stands with its reporter; the case is solved when nobody says otherwise, its stars are the mean.

    The words of staff are kept and marked: the case (and the rates) count the residents' own alone.
    """
    turn.out.reporters[(case.number, own.person)] = own
    told = [one for one in turn.reporters(case.number) if one.part not in STAFF_PARTS]
    verdicts, stars = {one.solved for one in told}, [one.rating for one in told if one.rating]
    solved = False if False in verdicts else True if True in verdicts else None
    return replace(case, solved=solved, rating=int(mean(stars) + 0.5) if stars else 0)


def _refuse_late_and_double(turn: Turn, case: Case, own: Reporter, verdict: Verdict) -> None:
    changed_mind = own.solved is False and case.state is State.FED_BACK
    if verdict.solved is False or changed_mind:
        return
    if own.rating or (own.solved and not verdict.stars):
        raise RefusalError("rated", case=case.number)
    if case.state is State.CLOSED and own.solved is None and not _others_closed(turn, case):
        raise RefusalError("rating_late", case=case.number)


def _others_closed(turn: Turn, case: Case) -> bool:
    """Whether a neighbour's word ended the case not long ago: then everybody else's still counts."""
    return case.solved is not None and case.closed_at is not None and turn.now - case.closed_at <= AFTERWARDS


def _ask_solved(turn: Turn, case: Case, verdict: Verdict) -> None:
    turn.say("rate.which", number=case.number, stars=verdict.stars)
    facts = {"stars": str(verdict.stars)}
    turn.await_answer("rating", case=case.number, choices=notices.rating_choices(turn), facts=facts)


def _thank(turn: Turn, case: Case, verdict: Verdict) -> None:
    if verdict.stars:
        turn.say("rate.thanks", number=case.number)
        return
    turn.say("rate.thanks_stars", number=case.number)
    marks = tuple(Choice(turn.word("choice.stars", n=n), str(n)) for n in range(MOST, 0, -1))
    turn.await_answer("stars", case=case.number, choices=marks)


def stars(turn: Turn, question: Question, picked: str) -> bool:
    """“再打个分，1–5”: a lone number after the verdict; anything else passes it by."""
    case = turn.case(question.case)
    verdict = Verdict(True, int(picked)) if picked else read(turn, turn.words)
    if case is None or verdict is None or not verdict.stars:
        turn.thread = turn.thread.without(question)
        return False
    turn.thread = turn.thread.without(question)
    own = next((r for r in turn.reporters(case.number) if r.person == turn.sender.id), None)
    if own is None or own.rating:
        return False
    marked = {"part": own.part} if own.part in STAFF_PARTS else {}
    case = _taken(turn, case, replace(own, rating=verdict.stars))
    turn.record(case, Step.RATE, stars=str(verdict.stars), **marked)
    turn.say("rate.thanks", number=case.number)
    return True


def _unsolved(turn: Turn, case: Case) -> None:
    if case.reopened >= REOPENS:
        turn.say("rate.sorry_dispatcher", number=case.number)
        _tell_dispatchers(turn, case)
        return
    choices = tuple(Choice(turn.word(f"button.pick.{v}"), v) for v in ("reopen_yes", "reopen_no"))
    turn.say("rate.sorry", number=case.number)
    turn.await_answer("reopen", case=case.number, choices=choices, words=turn.words)


def ask_again(turn: Turn) -> bool:
    """Words that are no verdict, while one is waited for: they are kept with the case, and it is asked once more."""
    question = turn.thread.question
    case = turn.case(question.case) if question is not None and question.kind == "rating" else None
    if case is None or case.state is not State.FED_BACK:
        return False
    turn.record(case, Step.ADD, note=turn.words)
    turn.reply_case = case.number
    turn.thread = replace(turn.thread, unclear=turn.thread.unclear + 1)
    turn.say("rate.again", number=case.number)
    return True


def reopen(turn: Turn, question: Question, picked: str) -> bool:
    """要求返工, or leave it at that."""
    case = turn.case(question.case)
    picked = picked or yes_no(turn, question)
    if case is None or not picked:
        return False
    turn.thread = turn.thread.without(question)
    if picked == "reopen_yes":
        again(turn, case, question.words.reveal())
    else:
        close(turn, case)
        turn.say("rate.closed_unsolved", number=case.number)
    return True


def again(turn: Turn, case: Case, note: str = "") -> None:
    """Back to the same lead, with a new clock; after two times a dispatcher decides."""
    turn.may(Step.REOPEN, case)
    if case.reopened >= REOPENS:
        raise RefusalError("reopened_enough", case=case.number)
    notices.forget(turn, case)
    case = replace(case, lead_person="", closed_at=None, solved=None, rating=0, shut=False, on_spot=False)
    case = replace(case, assignees=dispatch.pair(turn, case))
    case = turn.record(voices.add_words(turn, case, note), Step.REOPEN, note=note)
    for reporter in turn.reporters(case.number):
        turn.out.reporters[(case.number, reporter.person)] = replace(reporter, solved=None, rating=0)
    dispatch.put(turn, case)
    notices.tell(turn, case, "resident.again")
    turn.say("rate.reopened", number=case.number, lead=turn.rules.town.name_of(case.lead),
             accept=cards.when(turn, case.accept_due))  # fmt: skip


def close(turn: Turn, case: Case) -> Case:
    """办结: the loop is closed by the resident's word (or by the clock after silence)."""
    if case.state is not State.FED_BACK:
        return case
    case = turn.record(replace(case, closed_at=turn.now), Step.CLOSE)
    notices.forget_closed(turn, case)
    if not notices.unheard(turn, case):
        _tell_closed(turn, case)
    erase.when_closed(turn, case)
    return case


def _tell_closed(turn: Turn, case: Case) -> None:
    cards.refresh(turn, case, turn.word("group.closed", number=case.number))
    if case.lead_person and (turn.person is None or case.lead_person != turn.person.id):
        key = {True: "handler.closed_solved", False: "handler.closed_unsolved", None: "handler.closed_unrated"}
        told = key[case.solved] if case.solved is not None or turn.person is None else "handler.closed_behalf"
        turn.push(case.lead_person, turn.word(told, number=case.number), case=case.number)


def _drop(turn: Turn, case: Case, kind: str) -> None:
    kept = tuple(q for q in turn.thread.questions if not (q.case == case.number and q.kind == kind))
    turn.thread = replace(turn.thread, questions=kept)


def _tell_dispatchers(turn: Turn, case: Case) -> None:
    turn.push(DUTY_DESK, turn.word("handler.unsolved_again", number=case.number), case=case.number)


def loose(turn: Turn) -> bool:
    """A rating said without an open question: “A0003 已解决 5”, or after the question was lost."""
    verdict = read(turn, turn.words)
    if verdict is None:
        return False
    named = [n for n in numbers(turn.words) if turn.case(n) is not None]
    waiting = [c for c in turn.mine(open_only=False) if c.state in (State.FED_BACK, State.CLOSED)]
    waiting.sort(key=lambda case: case.state is State.CLOSED)
    said = turn.case(named[0]) if named else None
    case = counting.home(turn, said) if said is not None else (waiting[0] if waiting else None)
    if case is None:
        return False
    rate(turn, case, verdict)
    return True


READERS = {"rating": rating, "stars": stars, "reopen": reopen}
