"""Knows 像是同一件: a worker sees that two cases are one matter, and a dispatcher decides with one tap."""

from __future__ import annotations

from handlers import merging
from handlers.command import Call, Command
from handlers.commands.merge import two
from handlers.steps import Step
from handlers.town import DUTY_DESK, Role
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """“像是同一件 A0002 A0001”: the dispatchers of that part of the town read it, with the button 并案."""
    source, target = two(turn, call)
    turn.may(Step.PROPOSE, source)
    merging.check(turn, source, target)
    source = turn.record(source, Step.PROPOSE, same=target.number)
    text = turn.word(
        "handler.proposed", name=turn.sender.name, number=source.number, into=target.number,
        item=turn.item(source).name, other=turn.item(target).name,
    )  # fmt: skip
    deciding = [person.id for person in turn.rules.town.with_role(Role.DISPATCHER, source.where.unit)]
    for person in deciding or [DUTY_DESK]:
        turn.push(person, text, case=source.number, buttons=(turn.button(f"merge:{source.number}:{target.number}"),))
    turn.say("handler.proposal_sent", number=source.number, into=target.number)
    turn.reply_case = source.number


COMMAND = Command(key="propose", run=run, audience="staff", whole=False)
