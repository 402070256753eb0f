"""Knows 我的待办: what is before a worker, soonest due first."""

from __future__ import annotations

from handlers import cards, choosing, whistling
from handlers.cases import State
from handlers.command import Call, Command
from handlers.rules import RefusalError
from handlers.turn import Turn

SHOWN = 10


def run(turn: Turn, call: Call) -> None:
    """The list, with one button each."""
    if not turn.sender.staff:
        raise RefusalError("staff_only")
    found = [c for c in choosing.in_hand(turn) if c.state in (State.ASSIGNED, State.HANDLING, State.COLLECTED)]
    helping = whistling.called_to(turn)
    if not found and not helping:
        turn.say("tasks.none")
        return
    if found:
        turn.say("tasks.head", n=len(found))
    for case in found[:SHOWN]:
        turn.said.append(
            turn.word(
                "tasks.line", colour=turn.word(f"colour.{case.colour}"), number=case.number,
                item=turn.item(case).name, state=cards.state_line(turn, case),
            )
        )  # fmt: skip
        turn.said.extend(filter(None, (whistling.open_line(turn, case),)))
        turn.buttons.extend(cards.buttons(turn, case)[:1])
    for case in helping[:SHOWN]:
        turn.said.append(whistling.own_line(turn, case))


COMMAND = Command(key="my_tasks", run=run, audience="staff")
