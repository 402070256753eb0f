"""Knows how words and buttons become what WeCom shows: texts cut by bytes, and template cards with all their limits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.platforms.parts import clean, cut_chars, split_bytes
from handlers.letters import Button
from storage.values import Outgoing

TEXT_BYTES: Final = 2048
TITLE: Final = 26
SUBTITLE: Final = 112
ROWS: Final = 6
BUTTONS: Final = 6
LABEL: Final = 10
KEY_BYTES: Final = 1024
EDITABLE: Final = "card-"

_ROW = re.compile(r"([^：:\s]{1,5})[：:]\s*(\S.{0,25})")


@dataclass(frozen=True, slots=True)
class Shown:
    """What one letter is in WeCom: texts first, then perhaps a card. `whole`: the card says all there is to say."""

    texts: tuple[str, ...]
    card: dict[str, Any] | None = None

    @property
    def whole(self) -> bool:
        """Whether the card alone says everything."""
        return self.card is not None and not self.texts


def shown(letter: Outgoing) -> Shown:
    """The letter as a card when it has buttons and its words fit in, else as texts, the buttons on a short card below.

    Raises ValueError for buttons that no card takes: that is our own mistake.
    """
    words = clean((letter.kind == "edit" and letter.follow_up) or letter.text)
    if not letter.buttons:
        return Shown(tuple(split_bytes(words, TEXT_BYTES)))
    if len(letter.buttons) > BUTTONS or any(len(button.label) > LABEL for button in letter.buttons):
        words += "\n" + "\n".join(f"· {button.label}" for button in letter.buttons)
    card = {"card_type": "button_interaction", "task_id": task_id(letter), "button_list": _keys(letter.buttons)}
    face = _face(words, letter.case)
    if face is not None:
        return Shown((), {**card, **face})
    title = letter.case or words.split("\n")[0]
    return Shown(tuple(split_bytes(words, TEXT_BYTES)), {**card, "main_title": {"title": cut_chars(title, TITLE)}})


def task_id(letter: Outgoing) -> str:
    """The name of a letter's card, the same at each try: so WeCom knows a repeat. Cards of a case can be edited."""
    head = EDITABLE if letter.kind == "card" else "say-"
    return f"{head}{letter.id}-{int(letter.created_at.timestamp())}"


def typed(letter: Outgoing) -> str:
    """The words of a letter for a chat without buttons: what can be pressed elsewhere stands below as it is typed."""
    words = clean((letter.kind == "edit" and letter.follow_up) or letter.text)
    labels = [button.label for button in letter.buttons if button.action.endswith(f":{letter.case}")]
    if not (labels and letter.case):
        return words
    return "\n".join((words, " | ".join(f"{label} {letter.case}" for label in labels)))


def _keys(buttons: Sequence[Button]) -> list[dict[str, Any]]:
    """The first six buttons; the first is the one most wanted. What does not fit can still be typed."""
    keys = [button.mark for button in buttons[:BUTTONS]]
    if any(len(key.encode()) > KEY_BYTES for key in keys):
        raise ValueError("the buttons do not fit")
    return [
        {"text": cut_chars(button.label, LABEL), "style": 1 if n == 0 else 2, "key": key}
        for n, (button, key) in enumerate(zip(buttons, keys, strict=False))
    ]


def _face(words: str, case: str) -> dict[str, Any] | None:
    """Title, words and rows of a card that says all of this; None where it does not fit."""
    lines = [line.strip() for line in words.split("\n") if line.strip()]
    if not lines:
        return {"main_title": {"title": case or "…"}}
    long = len(lines[0]) > TITLE
    title, rest = (case or cut_chars(lines[0], TITLE), lines) if long else (lines[0], lines[1:])
    rows: list[dict[str, str]] = []
    if len("\n".join(rest)) > SUBTITLE:
        found = [(line, pair) for line in rest if (pair := _ROW.fullmatch(line))][:ROWS]
        rows = [{"keyname": pair[1], "value": pair[2]} for _, pair in found]
        rest = [line for line in rest if line not in {line for line, _ in found}]
    if len("\n".join(rest)) > SUBTITLE:
        return None
    face: dict[str, Any] = {"main_title": {"title": title}}
    if rest:
        face["sub_title_text"] = "\n".join(rest)
    if rows:
        face["horizontal_content_list"] = rows
    return face
