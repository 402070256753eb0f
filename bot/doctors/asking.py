"""Knows what an answer that says no means to whoever runs the bot, and how far our clock is from a platform's."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp

from bot.doctors.finding import Finding, broken, good, unknown
from bot.doors import SendFailed
from bot.secret import describe
from handlers.ports import Clock

SKEW: Final = 60
_log = logging.getLogger(__name__)
_TOTAL: Final = aiohttp.ClientTimeout(total=8.0, sock_connect=4.0)
_CODE: Final = re.compile(r"errcode (-?\d+)")
_STATUS: Final = re.compile(r"HTTP (\d+)")
_MEANING: Final = {
    "no.ip": {40164, 60020},
    "no.capability": {48001, 48002, 60011, 76022},
    "no.secret": {40001, 40014, 40125, 40243, 41004, 42001, 61024},
    "no.id": {40013, 40056, 301002},
    "no.busy": {-1, 6000, 45009, 45011, 45033},
    "no.blocked": {48006, 50002},
}
"""Codes of WeChat and WeCom by what has to be done about them. Only codes count, never the words beside them."""
_TOLD: Final = frozenset().union(*_MEANING.values())
_ODD: Final = ("unreadable answer", "errcode is no number", "the answer is no object")
"""How failures begin that are an answer, and not one as it is documented."""
NO_CODE: Final = "?"
_KINDS: Final = {"InvalidToken": "no.token", "Flooded": "no.busy", "Forbidden": "no.token"}
"""Telegram has no codes: what the library makes of its answers."""


def code_of(error: SendFailed) -> int:
    """The errcode of a failure; 0 where it has none."""
    found = _CODE.search(str(error))
    return int(found[1]) if found else 0


def refused(error: SendFailed) -> Finding:
    """What a failure means, and what to do. The text of the failure itself is not told."""
    code = code_of(error)
    for key, codes in _MEANING.items():
        if code in codes:
            return broken(key, code=code)
    if code:
        return broken("no.code", code=code)
    if str(error) in _KINDS:
        return broken(_KINDS[str(error)], code=str(error))
    if str(error).startswith(_ODD):
        return unknown("unknown.answer")
    status = _STATUS.search(str(error))
    return broken("no.status", status=status[1]) if status else broken("no.answer")


def unsure(error: SendFailed, key: str, **facts: object) -> Finding:
    """What a failure means where it is not sure how the platform wants to be asked: only known codes are a fault."""
    code = code_of(error)
    if code in _TOLD or str(error).startswith("token:"):
        return refused(error)
    return unknown(key, code=code or NO_CODE, **facts)


async def tried(ask: Callable[[], Awaitable[list[Finding]]]) -> list[Finding]:
    """What was found, or why nothing could be. Here is the one broad guard of the doctor."""
    try:
        return await ask()
    except SendFailed as error:
        return [refused(error)]
    except Exception as error:  # an answer of a shape nobody thought of must not hide what else was found
        _log.warning("an answer could not be read: %s", describe(error))
        return [unknown("unknown.answer")]


async def groups(chats: Mapping[str, Sequence[str]], reaches: Callable[[str], Awaitable[bool]]) -> list[Finding]:
    """Which groups of the town, by name, are behind none of their chats any more."""
    gone = [name for chat, names in chats.items() if not await reaches(chat) for name in names]
    if gone:
        return [broken("groups.gone", groups=tuple(gone))]
    return [good("groups.reached", count=len(chats))] if chats else []


async def clock(base: str, ours: Clock) -> list[Finding]:
    """How far our clock is from the one of this address; nothing where it does not say or is not there."""
    try:
        async with (
            aiohttp.ClientSession(timeout=_TOTAL, cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.head(base, allow_redirects=False) as response,
        ):
            theirs = parsedate_to_datetime(response.headers.get("Date", ""))
            seconds = round((ours.now() - theirs).total_seconds())
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, TypeError):
        return []
    return [broken("clock.off", seconds=abs(seconds))] if abs(seconds) > SKEW else [good("clock")]
