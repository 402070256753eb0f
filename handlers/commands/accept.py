"""Knows 接单: the first of the lead's people to press takes the case, and reads its details in private."""

from __future__ import annotations

from handlers import cards, choosing, dispatch, notices
from handlers.cases import Case, State
from handlers.command import Call, Command
from handlers.letters import Letter
from handlers.steps import Step
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """Take the case; the group sees who, the resident hears, the details go to the taker alone."""
    case = choosing.one(turn, call, "accept", lambda c: c.state is State.ASSIGNED, choosing.in_hand(turn))
    turn.may(Step.ACCEPT, case)
    case = turn.record(dispatch.take(turn, case), Step.ACCEPT)
    name = turn.sender.name
    cards.refresh(turn, case, turn.word("group.accepted", number=case.number, name=name))
    notices.tell(turn, case, "resident.accepted", name=name, role=role(turn), due=cards.when(turn, case.due_at))
    details(turn, case)


def role(turn: Turn) -> str:
    """What the taker is called before their name: 网格员, 调解员, the department."""
    person = turn.sender
    if person.department:
        return turn.rules.town.name_of(person.department)
    return next((turn.word(f"role.{r.value}") for r in sorted(person.roles) if r.value != "resident"), "")


def details(turn: Turn, case: Case) -> None:
    """The redacted words, the full place and the photos, to the one who took the case."""
    text = turn.word("handler.accepted", number=case.number) + "\n" + cards.private_text(turn, case, words=True)
    buttons = cards.own_buttons(turn, case)
    photos = tuple(photo.id for photo in turn.photos(case.number) if photo.path)
    if turn.group:
        turn.post(Letter(to=turn.sender.id, text=text, case=case.number, photos=photos, buttons=buttons))
        return
    turn.said.append(text)
    turn.buttons.extend(buttons)
    turn.reply_case = case.number
    turn.reply_photos = photos


COMMAND = Command(key="accept", run=run, audience="staff", aloud=True)
