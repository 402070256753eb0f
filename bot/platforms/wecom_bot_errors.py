"""Knows what each error code of a WeCom 智能机器人 means for a letter: later, never, or the whole account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.doors import SendFailed

MINUTE: Final = 65.0
"""A breach of a minute's limit is over after about a minute."""

BUSY: Final[Mapping[int, float | None]] = {-1: None, 6000: None, 45009: MINUTE, 45011: MINUTE, 45033: MINUTE}
ACCOUNT: Final = frozenset({40001, 40013, 40014, 40125, 42001, 48001, 48002, 60011, 60020})
GONE: Final = frozenset({846605, 846608})
"""The request is no longer known, or its stream may no longer change: another way has to be found."""


class BotError(SendFailed):
    """A code that the platform answered with. By its number alone, never by its words; an unknown one is final."""

    def __init__(self, code: int) -> None:
        busy, account = code in BUSY, code in ACCOUNT
        super().__init__(
            f"errcode {code}", permanent=not busy and not account, retry_after=BUSY.get(code), account=account
        )
        self.code = code
