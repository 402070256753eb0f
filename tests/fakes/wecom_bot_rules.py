"""Knows what WeCom refuses in a message of a 智能机器人: sizes, fields and kinds, by its error codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

TASK = re.compile(r"[0-9A-Za-z_@-]{1,128}")
CARD = {
    "card_type",
    "main_title",
    "sub_title_text",
    "button_list",
    "task_id",
    "replace_text",
    "horizontal_content_list",
}


class Code(Exception):
    """An errcode that ends a request."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def check_content(text: object, most: int = 20480) -> None:
    """Words of one message."""
    if not isinstance(text, str) or not text.strip():
        raise Code(44004)
    if len(text.encode()) > most:
        raise Code(40058)


def check_markdown(body: Mapping[str, Any]) -> None:
    """A markdown message."""
    if set(body) - {"chatid"} != {"msgtype", "markdown"} or set(body["markdown"]) != {"content"}:
        raise Code(47001)
    check_content(body["markdown"]["content"])


def check_stream(stream: Mapping[str, Any]) -> None:
    """A piece of a stream."""
    if set(stream) != {"id", "finish", "content"} or not stream["id"] or not isinstance(stream["finish"], bool):
        raise Code(47001)
    check_content(stream["content"])


def check_card(card: Mapping[str, Any]) -> None:
    """A card with buttons."""
    if set(card) - CARD or card.get("card_type") != "button_interaction":
        raise Code(47001)
    title = card["main_title"]
    if not title.get("title") or len(title["title"]) > 26 or len(title.get("desc", "")) > 30:
        raise Code(40058)
    if len(card.get("sub_title_text", "")) > 112 or not TASK.fullmatch(card["task_id"]):
        raise Code(40058)
    buttons = card["button_list"]
    if not 1 <= len(buttons) <= 6:
        raise Code(40058)
    for button in buttons:
        if set(button) != {"text", "style", "key"} or not 1 <= len(button["text"]) <= 10:
            raise Code(40058)
        if not 1 <= len(button["key"].encode()) <= 1024 or button["style"] not in (1, 2, 3, 4):
            raise Code(40058)
