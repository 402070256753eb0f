"""Knows 代报: a worker or liaison reports for a caller or a neighbour; it runs as a resident's own words would."""

from __future__ import annotations

from dataclasses import replace

from handlers import listening, rights
from handlers.command import Call, Command
from handlers.raw import RawText
from handlers.rights import Power
from handlers.rules import RefusalError
from handlers.turn import Turn
from nlu.understanding import Heard


def run(turn: Turn, call: Call) -> None:
    """Danger first; then the flow of what was understood, and where nothing was, a case for a person to read."""
    if not rights.holds(turn.sender, Power.REPORT_FOR, "", turn.rules.town):
        raise RefusalError("no_power")
    if call.number:
        raise RefusalError("report_for_number", case=call.number)
    if not call.rest or turn.incoming is None:
        raise RefusalError("report_for_empty")
    turn.incoming = replace(turn.incoming, text=RawText(call.rest))
    turn.heard = Heard(turn.hear_again(call.rest))
    danger = listening.danger(turn)
    heard = turn.understanding
    if danger is not None:
        turn.choose_flow("emergency", danger)
    elif heard.label == "emergency" or turn.rules.catalogue.duty_for(heard.label) is None:
        turn.choose_flow("public_opinion", replace(heard, label="public_opinion", item="", demand="report"))
    else:
        turn.choose_flow(heard.label, heard)


COMMAND = Command(key="report_for", run=run, audience="staff", whole=False, tight=True)
