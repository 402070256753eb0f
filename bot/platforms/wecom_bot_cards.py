"""Knows how a letter becomes what a WeCom 智能机器人 sends: markdown, streams, and cards in the sizes allowed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

from bot.platforms.parts import clean, cut_chars
from handlers.letters import Button
from storage.values import Outgoing

Body = dict[str, Any]

TITLE: Final = 26
SUBTITLE: Final = 112
BUTTONS: Final = 6
BUTTON: Final = 10
KEY_BYTES: Final = 1024
PLAIN_STYLE: Final = 4
FIRST_STYLE: Final = 1
TICK: Final = "✓"
NOTHING: Final = "-"


def markdown(text: str) -> Body:
    """Words as they stand: nothing in them mentions anybody or becomes a link."""
    return {"msgtype": "markdown", "markdown": {"content": harmless(text)}}


def stream(text: str, number: str) -> Body:
    """Words as a stream that is finished with its first piece."""
    return {"msgtype": "stream", "stream": {"id": number, "finish": True, "content": harmless(text)}}


def greeting(text: str) -> Body:
    """A welcome: plain text."""
    return {"msgtype": "text", "text": {"content": clean(text)}}


def harmless(text: str) -> str:
    """The text without what markdown would make of a resident's words: mentions, tags, links."""
    return clean(text).replace("<", "\uff1c").replace("](", "] (")


def card(letter: Outgoing, buttons: Sequence[Button], task: str, *, whole: bool) -> Body:
    """A card with up to six buttons; its text in full where it fits (`whole`), else its first line as the title."""
    title, _, rest = clean(letter.text).strip().partition("\n")
    keys = [
        {"text": cut_chars(button.label, BUTTON), "style": PLAIN_STYLE if n else FIRST_STYLE, "key": button.mark}
        for n, button in enumerate(buttons)
    ]
    made: Body = {
        "card_type": "button_interaction",
        "main_title": {"title": cut_chars(title, TITLE)},
        "button_list": keys,
        "task_id": task,
    }
    if whole and rest.strip():
        made["sub_title_text"] = rest.strip()
    return {"msgtype": "template_card", "template_card": made}


def closed(letter: Outgoing, task: str) -> Body:
    """What a card becomes that has no buttons any more: one that is grey and cannot be pressed."""
    title, _, rest = clean(letter.text).strip().partition("\n")
    return {
        "msgtype": "template_card",
        "template_card": {
            "card_type": "button_interaction",
            "main_title": {"title": cut_chars(title, TITLE)},
            "sub_title_text": cut_chars(rest.strip(), SUBTITLE),
            "button_list": [{"text": TICK, "style": PLAIN_STYLE, "key": NOTHING}],
            "replace_text": TICK,
            "task_id": task,
        },
    }


def fits(text: str) -> bool:
    """Whether a card can carry the whole text: its first line as the title, the rest below."""
    title, _, rest = clean(text).strip().partition("\n")
    return len(title) <= TITLE and len(rest.strip()) <= SUBTITLE


def possible(buttons: Sequence[Button]) -> bool:
    """Whether every button can be carried: its key is bounded by the platform."""
    return all(len(button.mark.encode()) <= KEY_BYTES for button in buttons)


def in_sixes(buttons: Sequence[Button]) -> list[Sequence[Button]]:
    """The buttons as they fit on cards, six on each."""
    return [buttons[n : n + BUTTONS] for n in range(0, len(buttons), BUTTONS)]


def task_of(letter: Outgoing, n: int = 0) -> str:
    """The name by which a card is known when it is pressed or changed: another at each try, for none is taken twice."""
    return f"letter-{letter.id}-{n}-{letter.attempts}"


def stream_of(key: str) -> str:
    """The name of the stream that answers a message: the same when it is brought again."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:32]
