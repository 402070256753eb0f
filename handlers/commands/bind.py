"""Knows 绑定: who was invited says the one-time code, or came by its deep link (bind_123456)."""

from __future__ import annotations

import re

from handlers import appointing
from handlers.command import Call, Command
from handlers.rules import RefusalError
from handlers.turn import Turn

_CODE = re.compile(r"\d{6}")
_LINK = re.compile(r"bind_(\d{6})")


def run(turn: Turn, call: Call) -> None:
    """Six digits."""
    appointing.in_private(turn)
    code = call.rest.replace(" ", "")
    if not _CODE.fullmatch(code):
        raise RefusalError("code_how")
    appointing.take_up(turn, code)


def by_link(turn: Turn, scene: str) -> bool:
    """Whether a deep link held a code; it is taken up as if it had been said."""
    match = _LINK.fullmatch(scene)
    if match is None:
        return False
    appointing.take_up(turn, match.group(1))
    return True


COMMAND = Command(key="bind", run=run, whole=False)
