"""Knows the codes that hang in stairwells: one for each unit and platform, on a page to print."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

import segno

from bot import loading
from bot.app import WORDING
from bot.config import Config
from bot.config_platforms import WechatConfig
from bot.doors import SendFailed
from bot.exports import town_now
from bot.live_accounts import calling
from bot.operations import OperationError, prepare, say
from handlers.town import Unit
from handlers.wording import Wording
from storage.store import Store

CREATE: Final = "/cgi-bin/qrcode/create"
SCENE: Final = 64
"""Characters that WeChat takes as a scene, and Telegram as a start."""

_START = re.compile(r"[A-Za-z0-9_-]{1,64}")
_BOT = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_STYLE = """
@page { size: A4; margin: 12mm } body { font-family: sans-serif; margin: 0; color: #111 }
main { display: grid; grid-template-columns: repeat(2, 1fr); gap: 8mm }
section { border: 1px solid #999; border-radius: 4mm; padding: 6mm; text-align: center; break-inside: avoid }
h2 { margin: 0 0 2mm; font-size: 20pt } p { margin: 2mm 0 0; font-size: 12pt } svg { width: 60mm; height: 60mm }
"""


@dataclass(frozen=True, slots=True)
class Code:
    """One code: whose it is, how it is scanned, and what stands in it."""

    unit: str
    hint: str
    content: str


def export_qr(config: Config, out: Path | None, *, live: bool, bot: str) -> int:
    """Write the page. Raises OperationError."""
    if out is None or out.suffix != ".html":
        raise OperationError("the codes need a page: --out FILE.html")
    if bot and not _BOT.fullmatch(bot):
        raise OperationError("--bot: the name of the bot as in t.me/NAME")
    store = prepare(config)
    try:
        units = list(town_now(config, store).units.values())
        found = [*_telegram(units, bot), *(_wechat(config, units, store) if live else [])]
    finally:
        store.close()
    if not found:
        raise OperationError("no codes: --bot NAME for Telegram, --live for a certified service account of WeChat")
    wording = loading.wording(WORDING)
    title = wording.say("qr.title", bot=config.facts.bot_name, town=config.facts.name)
    try:
        out.write_text(page(title, found, wording), encoding="utf-8")
    except OSError as error:
        raise OperationError(f"{out}: {error.strerror}") from error
    say(f"{out}: {len(found)} codes of {len(units)} units; print it and hang each where its people pass")
    return 0


def _telegram(units: Sequence[Unit], bot: str) -> Iterator[Code]:
    """A deep link begins a chat and says where; it needs nothing of Telegram."""
    for unit in units if bot else ():
        if _START.fullmatch(unit.id):
            yield Code(unit.name, "telegram", f"https://t.me/{bot}?start={unit.id}")


def _wechat(config: Config, units: Sequence[Unit], store: Store) -> list[Code]:
    able = [one for one in config.platforms.wechat if one.live and one.certified and one.kind == "service"]
    try:
        return [code for account in able for code in asyncio.run(_asked(account, units, store))]
    except SendFailed as error:
        raise OperationError(f"WeChat did not answer as it should: {error}") from error


async def _asked(account: WechatConfig, units: Sequence[Unit], store: Store) -> list[Code]:
    """Permanent codes whose scene is the unit. WeChat gives their content, which is drawn here."""
    found = []
    async with calling(account, store) as api:
        for unit in units:
            if len(unit.id) > SCENE:
                continue
            scene = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": unit.id}}}
            content = (await api.post(CREATE, scene)).get("url")
            if not isinstance(content, str) or not content:
                raise SendFailed("a code without content")
            found.append(Code(unit.name, "wechat", content))
    return found


def page(title: str, codes: Sequence[Code], wording: Wording) -> str:
    """A page that needs nothing from anywhere."""
    privacy = escape(wording.say("qr.privacy"))
    cards = "".join(
        f"<section><h2>{escape(code.unit)}</h2>{drawn(code.content)}"
        f"<p>{escape(wording.say(f'qr.hint.{code.hint}'))}</p><p><small>{privacy}</small></p></section>\n"
        for code in codes
    )
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="zh-CN"><head>{head}</head><body><main>\n{cards}</main></body></html>\n'


def drawn(content: str) -> str:
    """A code as a drawing that survives a scratch (level Q)."""
    return str(segno.make(content, error="q", micro=False).svg_inline(border=4, omitsize=True))
