"""Knows answers that choose: which of two meanings, which case, whether to record, mediate, correct or erase."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from handlers import cards
from handlers.command import Call
from handlers.commands import erase, human, withdraw
from handlers.steps import Step
from handlers.thread import Question
from handlers.turn import Turn
from nlu.understanding import Understanding

FRESH = timedelta(hours=12)
"""So long after a question a plain “好的” is still its answer; the name of a choice is one at any time."""


def meaning(turn: Turn, question: Question, picked: str) -> bool:
    """“您是说……？”: the label chosen opens the flow with the first words; none of them means a person."""
    if not picked:
        return False
    turn.thread = turn.thread.without(question)
    if picked == "none":
        human.hand_over(turn, question.words.reveal())
        return True
    turn.choose_flow(picked, _said_before(turn, question, picked))
    return True


def _said_before(turn: Turn, question: Question, label: str) -> Understanding:
    """The first words again, with the meaning their writer chose."""
    heard = turn.hear_again(question.words.reveal())
    return replace(heard, label=label, confidence=1.0)


def record(turn: Turn, question: Question, picked: str) -> bool:
    """No approved answer was found: shall it be recorded as a case?"""
    picked = picked or yes_no(turn, question)
    if not picked:
        return False
    turn.thread = turn.thread.without(question)
    if picked == "record_yes":
        label = question.facts["label"]
        turn.choose_flow(label, replace(_said_before(turn, question, label), demand="report"))
    else:
        turn.say("record.no")
    return True


def mediate(turn: Turn, question: Question, picked: str) -> bool:
    """Consent to mediation, or not yet; both are kept, neither is pressed."""
    case = turn.case(question.case)
    picked = picked or yes_no(turn, question)
    if not picked or case is None or not case.open:
        return False
    turn.thread = turn.thread.without(question)
    case = turn.record(case, Step.ADD, consent=picked)
    turn.say(f"mediation.{picked}", number=case.number)
    if picked == "mediate_yes":
        cards.tell_hands(turn, case, turn.word("handler.mediate_yes", number=case.number))
    return True


def correct(turn: Turn, question: Question, picked: str) -> bool:
    """改: the place, the matter, or take it back."""
    case = turn.case(question.case)
    if not picked or case is None or not case.open:
        return False
    turn.thread = turn.thread.without(question)
    if picked == "fix_withdraw":
        withdraw.run(turn, Call(number=case.number))
        return True
    turn.say(f"ask.{picked}", number=case.number)
    turn.await_answer(picked, case=case.number)
    return True


def erasing(turn: Turn, question: Question, picked: str) -> bool:
    """删除我的数据: confirmed or not."""
    picked = picked or yes_no(turn, question)
    if not picked:
        return False
    turn.thread = turn.thread.without(question)
    if picked == "erase_yes":
        erase.confirmed(turn)
    else:
        turn.say("erase.no")
    return True


def withdrawing(turn: Turn, question: Question, picked: str) -> bool:
    """“先别报了”: take it back?"""
    case = turn.case(question.case)
    if not picked and settles(turn, question):
        picked = "withdraw_yes"
    picked = picked or yes_no(turn, question)
    if not picked or case is None:
        return False
    turn.thread = turn.thread.without(question)
    if picked == "withdraw_yes":
        withdraw.run(turn, Call(number=case.number))
    else:
        turn.say("withdraw.no", number=case.number, state=cards.state_line(turn, case))
    return True


def which_case(turn: Turn, question: Question, picked: str) -> bool:
    """Which of several cases: the command waits for this."""
    if not picked:
        return False
    turn.thread = turn.thread.without(question)
    turn.run_command(question.facts["command"], Call(number=picked, rest=question.words.reveal()))
    return True


def yes_no(turn: Turn, question: Question) -> str:
    """A plain yes or no, as `<kind>_yes` or `<kind>_no`: it answers what was asked last, and not long ago."""
    wording = turn.rules.wording
    if question != turn.thread.question or turn.now - question.asked_at > FRESH:
        return ""
    if wording.means("yes", turn.words):
        return f"{question.kind}_yes"
    return f"{question.kind}_no" if wording.means("no_thanks", turn.words) or settles(turn, question) else ""


def settles(turn: Turn, question: Question) -> bool:
    """Whether “取消” answers this question before it is a command: yes to 要撤回吗, no to 要删除吗 and 要登记吗."""
    if question.kind == "withdraw":
        return turn.rules.wording.means("withdraw_yes", turn.words)
    return question.kind in ("erase", "record") and turn.rules.wording.means("cancel", turn.words)


READERS = {
    "which": meaning,
    "record": record,
    "mediate": mediate,
    "correct": correct,
    "erase": erasing,
    "withdraw": withdrawing,
    "which_case": which_case,
}
