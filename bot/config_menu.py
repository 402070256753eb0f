"""Knows what WeChat takes as a menu: three buttons, five entries under each, and how long names and keys may be."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.config_platforms import WechatMenuButton, WechatMenuEntry
from bot.reading import Reader, show

BUTTONS = 3
ENTRIES = 5
NAME_BYTES = 16
ENTRY_NAME_BYTES = 60
KEY_BYTES = 128
ADDRESS_BYTES = 1024

_ACTION = re.compile(r"[a-z][a-z_]*:[A-Za-z0-9]*(:\S{1,64})?")
_ADDRESS = re.compile(r"https?://\S+")


def check_menu(reader: Reader, path: str, menu: Sequence[WechatMenuButton]) -> None:
    """Note what WeChat would refuse."""
    if len(menu) > BUTTONS:
        reader.note(path, f"{BUTTONS} buttons at most", show(len(menu)))
    for i, button in enumerate(menu):
        here = f"{path}[{i}]"
        _name(reader, here, button.name, NAME_BYTES)
        if len(button.under) > ENTRIES:
            reader.note(f"{here}.under", f"{ENTRIES} entries at most", show(len(button.under)))
        if button.under and (button.does or button.opens):
            reader.note(here, "`under` alone, or something that it does or opens", "both")
        for j, entry in enumerate(button.under):
            _name(reader, f"{here}.under[{j}]", entry.name, ENTRY_NAME_BYTES)
            _leaf(reader, f"{here}.under[{j}]", entry)
        if not button.under:
            _leaf(reader, here, button)


def _name(reader: Reader, path: str, name: str, limit: int) -> None:
    if not name or len(name.encode()) > limit:
        reader.note(f"{path}.name", f"a name of 1 to {limit} bytes (a Chinese character has 3)", show(name))


def _leaf(reader: Reader, path: str, leaf: WechatMenuEntry | WechatMenuButton) -> None:
    if bool(leaf.does) == bool(leaf.opens):
        reader.note(path, "either `does` or `opens`", "both" if leaf.does else "neither")
    elif leaf.does and not (_ACTION.fullmatch(leaf.does) and len(leaf.does.encode()) <= KEY_BYTES):
        reader.note(f"{path}.does", "an action like `status:` or `answer_back::hours`", show(leaf.does))
    elif leaf.opens and not (_ADDRESS.fullmatch(leaf.opens) and len(leaf.opens.encode()) <= ADDRESS_BYTES):
        reader.note(f"{path}.opens", "an address like https://example.com", show(leaf.opens))
