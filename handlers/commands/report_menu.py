"""Knows 上报菜单: the six buttons of a micro-grid liaison (盐龙), each of which is one kind of matter."""

from __future__ import annotations

from handlers import rights
from handlers.command import Call, Command
from handlers.rights import Power
from handlers.rules import RefusalError
from handlers.thread import Choice, Question
from handlers.turn import Turn

LABELS = (
    "petition", "safety_hazard", "dispute_mediation", "public_opinion", "emergency", "volunteer_coengagement",
)  # fmt: skip
"""信访苗头, 安全隐患, 矛盾纠纷, 社情民意, 突发事件, 协助网格治理: the label whose flow the words then run."""


def serves(turn: Turn) -> bool:
    """Whether the sender has this menu."""
    return rights.holds(turn.sender, Power.LIAISON_MENU, "", turn.rules.town)


def run(turn: Turn, call: Call) -> None:
    """Show the menu, or take the button that was pressed."""
    if not serves(turn):
        raise RefusalError("no_power")
    if call.argument in LABELS:
        pressed(turn, call.argument)
    else:
        show(turn)


def show(turn: Turn) -> None:
    """The six buttons; who cannot press says the word of one."""
    buttons = [turn.button(f"report_menu::{label}") for label in LABELS]
    choices = tuple(Choice(button.label, label) for button, label in zip(buttons, LABELS, strict=True))
    turn.say("menu.head")
    turn.buttons.extend(buttons)
    turn.thread = turn.thread.asking(Question(kind="report_menu", choices=choices, asked_at=turn.now))


def pressed(turn: Turn, label: str) -> None:
    """The next words are the matter."""
    turn.thread = turn.thread.without_kinds("report_menu")
    turn.say("ask.liaison", kind=turn.word(f"button.report_menu.{label}"))
    turn.await_answer("liaison", facts={"label": label})


COMMAND = Command(key="report_menu", run=run, audience="staff")
