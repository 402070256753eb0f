"""Knows 问: who works on a case asks its residents something; the answer comes back without a name or a number."""

from __future__ import annotations

from handlers import cards, choosing, notices
from handlers.cases import Case
from handlers.command import Call, Command
from handlers.commands import accept
from handlers.rules import RefusalError
from handlers.steps import Step
from handlers.thread import Question
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """Everyone who reported the case is asked, redacted; the next free message of each is the answer."""
    case = choosing.named(turn, call)
    if case is None:
        raise RefusalError("nothing_fits")
    turn.may(Step.ASK, case)
    if not call.rest:
        raise RefusalError("ask_empty", case=case.number)
    others = [reporter for reporter in notices.listeners(turn, case) if reporter.person != turn.sender.id]
    if not others:
        raise RefusalError("ask_nobody", case=case.number)
    case = turn.record(case, Step.ASK, note=call.rest)
    notices.tell(
        turn, case, "resident.asked", words=turn.rules.redactor.redact(call.rest), role=accept.role(turn),
        name=turn.sender.name,
    )  # fmt: skip
    for reporter in others:
        question = Question(kind="asked", case=case.number, asked_at=turn.now, facts={"by": turn.sender.id})
        notices.remember(turn, reporter, question)
    turn.say("ask.sent", number=case.number)
    turn.reply_case = case.number


def passed_on(turn: Turn, case: Case, by: str, key: str, note: str, **facts: object) -> Case:
    """An answer is kept, and told to the one who asked; to who has the case now where they have left."""
    case = turn.record(case, Step.REPLY, note=note)
    asker = turn.rules.town.people.get(by)
    to = (by,) if asker is not None and asker.staff else tuple(filter(None, (case.lead_person,)))
    for person in to or tuple(cards.leads(turn, case)):
        turn.push(person, turn.word(key, number=case.number, **facts), case=case.number, red=case.colour == "red")
    turn.say("asked.passed_on", number=case.number)
    turn.reply_case = case.number
    return case


COMMAND = Command(key="ask", run=run, audience="staff", whole=False, numbered=True)
