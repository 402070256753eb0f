"""Knows what the reporters of a case hear at each step, in plain words, and what they are asked at the end."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from handlers import cards
from handlers.cases import FINDER, GENTLE, ON_BEHALF, Case, Reporter
from handlers.letters import Button, Letter
from handlers.thread import Choice, Question, Thread
from handlers.turn import Turn


def listeners(turn: Turn, case: Case) -> list[Reporter]:
    """Those who hear how a case goes: everyone who speaks in it, but not who found and did it themselves (自办)."""
    return [reporter for reporter in turn.reporters(case.number) if reporter.part != FINDER]


def unheard(turn: Turn, case: Case) -> bool:
    """Whether a case is nobody's word: found and done by a worker alone, so that no group and no person hears of it."""
    return bool(turn.reporters(case.number)) and not listeners(turn, case)


def called(turn: Turn, case: Case) -> str:
    """What a case is called to who reported it: where somebody else may read the phone, not by its name."""
    return turn.word("item.discreet") if case.emergency in GENTLE else turn.item(case).name


def tell(turn: Turn, case: Case, key: str, *, but: Collection[str] = (), **facts: object) -> None:
    """One sentence to everyone who reported the case, except the one who is speaking (they get the answer)."""
    text = turn.word(key, number=case.number, item=called(turn, case), **facts)
    for reporter in listeners(turn, case):
        if reporter.person not in but and (turn.person is None or reporter.person != turn.person.id):
            turn.push(reporter.person, text, case=case.number, red=case.colour == "red")


def ask_rating(turn: Turn, case: Case, result: str, photos: tuple[str, ...]) -> None:
    """After feedback: what was done, and 解决了吗？ to each reporter, whose next answer is read as the rating."""
    forget(turn, case)
    for reporter in listeners(turn, case):
        key = "resident.fed_back_behalf" if reporter.part == ON_BEHALF else "resident.fed_back"
        text = turn.word(key, number=case.number, item=called(turn, case), result=result)
        choices = rating_choices(turn)
        buttons = tuple(Button(c.label, f"pick:{case.number}:{c.value}") for c in choices)
        resting = None if case.colour == "red" else turn.rules.quiet_residents.after(turn.now)
        turn.post(
            Letter(to=reporter.person, text=text, case=case.number, buttons=buttons, photos=photos, not_before=resting)
        )
        remember(turn, reporter, Question(kind="rating", case=case.number, choices=choices, asked_at=turn.now))


def rating_choices(turn: Turn) -> tuple[Choice, ...]:
    """已解决 and 没解决."""
    return tuple(Choice(turn.word(f"button.rating.{value}"), value) for value in ("solved", "unsolved"))


def remember(turn: Turn, reporter: Reporter, question: Question) -> None:
    """Put a question on a reporter's thread (their own, or the speaker's when they are the same person)."""
    if turn.person is not None and reporter.person == turn.person.id:
        turn.thread = turn.thread.asking(question)
        return
    turn.set_thread(turn.other_thread(reporter.person).asking(question))


def forget(turn: Turn, case: Case, *kinds: str) -> None:
    """Drop questions about a case that no longer wait for an answer, on every reporter's thread."""
    for reporter in turn.reporters(case.number):
        own = turn.person is not None and reporter.person == turn.person.id
        thread = _thread(turn, reporter.person)
        kept = _without(thread, case.number, kinds)
        if kept == thread:
            continue
        if own:
            turn.thread = kept
        else:
            turn.set_thread(kept)


def forget_closed(turn: Turn, case: Case) -> None:
    """Drop the questions about a case that is over; ended by one reporter's word, it still asks for the others'."""
    kinds = {question.kind for one in turn.reporters(case.number) for question in _thread(turn, one.person).questions}
    forget(turn, case, "", *(kinds - {"rating"} if case.solved is not None else kinds))


def _thread(turn: Turn, person: str) -> Thread:
    own = turn.person is not None and person == turn.person.id
    return turn.thread if own else turn.other_thread(person)


def forget_own(turn: Turn, case: Case) -> None:
    """Drop every question about a case on the speaker's thread: they have left it."""
    turn.thread = _without(turn.thread, case.number, ())


def _without(thread: Thread, number: str, kinds: tuple[str, ...]) -> Thread:
    kept = tuple(q for q in thread.questions if q.case != number or (kinds and q.kind not in kinds))
    return replace(thread, questions=kept)


def status_line(turn: Turn, case: Case) -> str:
    """How one case stands, for its reporter."""
    return turn.word("resident.status", number=case.number, item=called(turn, case), state=cards.state_line(turn, case))
