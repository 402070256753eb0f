"""Knows what WeChat refuses in a document: forms, lengths and fields, by its error codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

NO_FORM = (KeyError, TypeError, ValueError, AttributeError, AssertionError)
"""What a fake stumbles over in a document of another form: the platform answers that with a code of its own."""
DATA_LENGTH = {"thing": 20, "character_string": 32, "phrase": 5}


class ApiCode(Exception):
    """An errcode that ends a call."""


def check_cells(data: Mapping[str, Any]) -> None:
    """The fields of a notice, each by its kind."""
    for name, cell in data.items():
        kind, value = re.sub(r"\d+$", "", name), cell["value"]
        if not value or "\n" in value or len(value) > DATA_LENGTH.get(kind, 100):
            raise ApiCode(47003)
        if kind == "character_string" and not value.isascii():
            raise ApiCode(47003)
        if kind == "time" and not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", value):
            raise ApiCode(47003)


def check_menu(menu: Mapping[str, Any]) -> None:
    """A menu: three buttons, five entries under each."""
    buttons = menu["button"]
    if set(menu) != {"button"} or not 1 <= len(buttons) <= 3:
        raise ApiCode(40016)
    for button in buttons:
        under = button.get("sub_button", [])
        if len(under) > 5 or ("sub_button" in button and set(button) != {"name", "sub_button"}):
            raise ApiCode(40023)
        _menu_name(button["name"], 16)
        for leaf in under or [button]:
            _menu_leaf(leaf, 60 if under else 16)


def _menu_name(name: str, limit: int) -> None:
    if not name or len(name.encode()) > limit:
        raise ApiCode(40018)


def _menu_leaf(leaf: Mapping[str, Any], limit: int) -> None:
    _menu_name(leaf["name"], limit)
    wanted = {"click": "key", "view": "url"}.get(leaf.get("type", ""))
    if wanted is None or set(leaf) != {"name", "type", wanted}:
        raise ApiCode(40017)
    if not leaf[wanted] or len(leaf[wanted].encode()) > (128 if wanted == "key" else 1024):
        raise ApiCode(40019)


def check_length(text: str) -> None:
    if not text:
        raise ApiCode(44004)
    if len(text.encode()) > 2048:
        raise ApiCode(45002)
