"""Knows what a group is told besides cards: many cases in one message, the result of what was reported there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers import cards
from handlers.cases import Case, Photo
from handlers.letters import Button, Letter
from handlers.town import Group
from handlers.turn import Turn

PRESSED = 6
"""Buttons under one message."""

SHOWN = 20
"""So many cases are described in one message; of what is more only the numbers stand there."""


def digest(turn: Turn, group: Group, chat: str, told: Sequence[tuple[str, str]]) -> Letter:
    """What fell due together as one message: (number, “” for a case as it stands now, or the line said of it).

    A single case is a card as ever.
    """
    found = {number: turn.case(number) for number, line in told if not line}
    news = {number: case for number, case in found.items() if case is not None}
    lines = list(dict.fromkeys(line for _, line in told if line))
    if len(news) == 1 and not lines:
        return _card(turn, group, chat, next(iter(news.values())))
    text = [turn.word("crowd.head", n=len(news))] if news else []
    text += [_line(turn, case, group) for case in list(news.values())[:SHOWN]]
    if len(news) > SHOWN:
        text.append(turn.word("crowd.more", numbers=" ".join(list(news)[SHOWN:])))
    shown = {number: turn.case(number) for number, _ in told}
    return Letter(
        to=group.id, chat=chat, text="\n".join(text + lines), kind="card" if news else "line",
        buttons=_buttons(turn, shown),
    )  # fmt: skip


def _card(turn: Turn, group: Group, chat: str, case: Case) -> Letter:
    text = cards.group_text(turn, case, group)
    return Letter(to=group.id, chat=chat, text=text, kind="card", case=case.number, buttons=cards.buttons(turn, case))


def _line(turn: Turn, case: Case, group: Group) -> str:
    """Number, colour, item, place and deadline of one case, and who has taken it."""
    place, taken = cards.group_place(turn, case, group), ""
    if case.lead_person:
        taken = turn.word("crowd.taken", person=turn.rules.town.name_of(case.lead_person))
    return turn.word(
        "crowd.line",
        colour=turn.word(f"colour.{case.colour}"),
        number=case.number,
        item=turn.item(case).name,
        place=turn.word("crowd.place", place=place) if place else "",
        due=cards.when(turn, case.due_at),
        taken=taken,
    )


def _buttons(turn: Turn, told: Mapping[str, Case | None]) -> tuple[Button, ...]:
    """What can be pressed on several cases at once: the first button of each, which names its case."""
    open_ = [case for case in told.values() if case is not None]
    found = [(case, button) for case in open_ for button in cards.buttons(turn, case)[:1]]
    named = [
        Button(turn.word("crowd.button", label=button.label, number=case.number), button.action)
        for case, button in found
    ]
    return tuple(named[:PRESSED])


def result(turn: Turn, case: Case) -> None:
    """The result of a case that was reported in a group is told there; one whose card hangs there has told it."""
    group = turn.rules.town.groups.get(case.from_group)
    if group is None or group in cards.rooms(turn, case) or not _open(turn, case):
        return
    photos = tuple(p.id for p in turn.photos(case.number) if p.path and _public(turn, case, p))
    line = turn.word("group.result", number=case.number, item=turn.item(case).name)
    cards.tell_group(turn, case, group, line, photos)


def result_photo(turn: Turn, case: Case, photo: Photo) -> None:
    """A picture that came after the result it belongs to."""
    group = turn.rules.town.groups.get(case.from_group)
    if group is not None and _open(turn, case) and _public(turn, case, photo):
        line = turn.word("group.result_photo", number=case.number)
        cards.tell_group(turn, case, group, line, (photo.id,))


def _open(turn: Turn, case: Case) -> bool:
    """Whether a group may know of this case at all."""
    return not case.confidential and turn.item(case).group_push != "none"


def _public(turn: Turn, case: Case, photo: Photo) -> bool:
    """Whether a picture may be shown in a group: of the result, by who made it, and 可公开."""
    return photo.public and photo.person == case.lead_person and turn.item(case).group_push == "full"
