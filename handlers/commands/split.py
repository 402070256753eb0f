"""Knows 拆案: a merged case runs on its own again, or one of several reporters gets a case of their own."""

from __future__ import annotations

import re

from handlers import cards, counting, merging
from handlers.cases import Case, State
from handlers.command import Call, Command
from handlers.rules import RefusalError
from handlers.turn import Turn

_N = re.compile(r"\d{1,3}")


def run(turn: Turn, call: Call) -> None:
    """“拆案 A0002” for a case that was merged, “拆案 A0001 3” for the third reporter of a case."""
    if not call.number:
        raise RefusalError("split_what")
    case = turn.case(call.number)
    if case is None or not turn.actors(case):
        raise RefusalError("unknown_case", case=call.number)
    which = _N.search(call.rest or call.argument)
    if case.state is not State.MERGED and which is None:
        raise RefusalError("split_which", case=case.number, n=counting.count(turn, case))
    new = _done(turn, case, which)
    turn.say("handler.split_done", number=new.number, lead=turn.rules.town.name_of(new.lead),
             accept=cards.when(turn, new.accept_due))  # fmt: skip
    turn.reply_case = new.number


def _done(turn: Turn, case: Case, which: re.Match[str] | None) -> Case:
    if case.state is State.MERGED:
        return merging.split(turn, case)
    assert which is not None
    return merging.split_out(turn, case, int(which.group()))


COMMAND = Command(key="split", run=run, audience="staff", whole=False)
