"""Knows the ordinary way: a plain sentence becomes a case on the right desk, and only what is missing is asked for."""

from __future__ import annotations

from dataclasses import replace

from handlers import cards, dispatch, intake, voices
from handlers.cases import Case, State
from handlers.thread import Choice
from handlers.turn import Turn
from nlu.understanding import Understanding


def run(turn: Turn, heard: Understanding, label: str) -> None:
    """Open the case, send it out (or wait for the place), and say what was understood.

    What surely runs already opens no second case: the speaker joins those who reported it.
    """
    new = intake.draft(turn, intake.matter(turn, heard, label))
    running = voices.same(turn, new)
    if running is not None:
        voices.take_in(turn, running, new, label)
        return
    case = begin(turn, heard, label)
    if case.state is State.ASSIGNED and wants_photo(turn, case):
        turn.say("report.fix_photo")
        await_photo(turn, case)
    elif case.state is State.ASSIGNED:
        turn.say("report.fix")


def begin(turn: Turn, heard: Understanding, label: str) -> Case:
    """Open a case, send it on its way and tell the reporter everything in one answer, but for the photo."""
    case = intake.open_case(turn, intake.matter(turn, heard, label))
    lead = dispatch.choose(turn, case)
    if _place_missing(turn, case):
        case = turn.keep(dispatch.aimed(case, lead))
        _receipt(turn, case, "report.received_no_place")
        _safety(turn, case)
        turn.await_answer("place", case=case.number, facts={"item": case.item})
        said = cards.full_place(turn, case)
        turn.say("ask.place_more" if said else "ask.place", place=said)
        return case
    other = voices.alike(turn, case)
    if other is not None:
        case = wait(turn, case, other)
        _receipt(turn, case, "report.received_waits")
        _safety(turn, case)
        voices.offer(turn, other, case)
        return case
    case = dispatch.assign(turn, case, lead)
    _receipt(turn, case, "report.received" if cards.full_place(turn, case) else "report.received_plain")
    _safety(turn, case)
    return case


def wait(turn: Turn, case: Case, other: Case) -> Case:
    """A case that waits for the answer to 同一件事？ before it goes out."""
    aimed = dispatch.aimed(case, dispatch.choose(turn, case))
    return turn.keep(replace(aimed, maybe_same=other.number))


def _place_missing(turn: Turn, case: Case) -> bool:
    return "place" in turn.item(case).needs and not case.where.known


def _receipt(turn: Turn, case: Case, key: str) -> None:
    turn.say(
        key,
        number=case.number,
        title=cards.title(turn, case),
        place=cards.full_place(turn, case),
        lead=turn.rules.town.name_of(case.lead),
        accept=cards.when(turn, case.accept_due),
        due=cards.when(turn, case.due_at),
    )
    turn.offer(f"correct:{case.number}")


def _safety(turn: Turn, case: Case) -> None:
    line = turn.item(case).safety
    if line:
        turn.said.append(line)


def wants_photo(turn: Turn, case: Case) -> bool:
    """Whether a picture would help and none has come yet."""
    return turn.item(case).photo != "no" and not case.photos


def ask_photo(turn: Turn, case: Case) -> None:
    """One optional question where a picture helps; any other word simply passes it by."""
    if wants_photo(turn, case):
        turn.say("ask.photo")
        await_photo(turn, case)


def await_photo(turn: Turn, case: Case) -> None:
    """The next picture belongs to this case."""
    turn.await_answer("photo", case=case.number, choices=(Choice(turn.word("button.pick.no_photo"), "no_photo"),))


def send(turn: Turn, case: Case) -> Case:
    """Send a case out without a receipt; the caller speaks."""
    return dispatch.assign(turn, case, dispatch.choose(turn, case))
