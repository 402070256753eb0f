"""Knows 人工: from every state in one step to a person, with what was said before carried along."""

from __future__ import annotations

from dataclasses import replace

from handlers import cards, intake
from handlers.cases import Case
from handlers.command import Call, Command
from handlers.flows import report
from handlers.raw import RawText
from handlers.steps import Step
from handlers.turn import Turn
from nlu.understanding import Understanding

ITEM = "human_desk"


def run(turn: Turn, call: Call) -> None:
    """Put the sender before a person: the case already in human hands, else a new one for the duty desk."""
    running = next((case for case in turn.mine() if case.item == ITEM), None)
    if running is not None:
        _carry(turn, running)
        turn.say("human.already", number=running.number, state=cards.state_line(turn, running))
        phone(turn)
        return
    hand_over(turn, call.rest)


def _carry(turn: Turn, case: Case) -> None:
    """More than the bare word is kept for the person who will answer."""
    if turn.words and not turn.rules.wording.means("command.human", turn.words):
        more = RawText(f"{case.words.reveal()}\n{turn.words}")
        turn.record(replace(case, words=more), Step.ADD, note=turn.words)


def hand_over(turn: Turn, words: str = "") -> None:
    """Open a case for a person to answer, carrying the last bubbles and any half-understood words."""
    said = [b.words.reveal() for b in turn.thread.bubbles[-3:]]
    waiting = [q.words.reveal() for q in turn.thread.questions if q.words]
    text = "\n".join(dict.fromkeys(filter(None, (*waiting, *said, words, turn.words))))
    heard = Understanding(text=text, label="human_handoff", confidence=1.0, runner_up="", runner_up_confidence=0.0,
                          demand="help", item=ITEM)  # fmt: skip
    duty = turn.rules.catalogue.home(ITEM).key
    what = intake.Matter(heard=heard, duty=duty, item=ITEM, words=text, demand="help", part="reporter")
    case = intake.open_case(turn, what)
    turn.thread = replace(turn.thread.without_kinds("which", "record", "photo", "what"), unclear=0)
    report.send(turn, case)
    turn.say("human.noted", number=case.number, accept=cards.when(turn, case.accept_due))
    phone(turn)


def queue(turn: Turn) -> None:
    """“排到第几了”: the bot does not know, and says so; no number is made up."""
    running = next((case for case in turn.mine() if case.item == ITEM), None)
    if running is None:
        turn.say("human.queue_none")
    else:
        turn.say("human.queue", number=running.number, accept=cards.when(turn, running.accept_due))
    phone(turn)


def phone(turn: Turn) -> None:
    """The public number of the duty desk; never that of a person."""
    number = turn.rules.town.hotlines.get("duty") or turn.rules.town.hotlines.get("gov", "12345")
    turn.say("human.phone", number=number)


COMMAND = Command(key="human", run=run)
