"""Knows how WeCom's doors into groups stand: the 智能机器人 and the webhooks. Neither can be asked without sending."""

from __future__ import annotations

from typing import Final

from bot.doctors.finding import Finding, broken, good, missing
from bot.doctors.known import Known
from bot.wiring import listening

LINE: Final = "wecom-bot-line"
BOT: Final = "wecom-bot::"
WEBHOOK: Final = "wecom-webhook::"


def bot(known: Known) -> list[Finding]:
    """The 智能机器人: a second long connection would end the one in use, so the memory is asked who holds it."""
    found = [known.heard("wecom-bot")]
    if known.config.platforms.wecom.bot.mode == "callback":
        found.append(missing("bot.callback"))
    else:
        found.append(good("bot.line") if LINE in known.doors.held else missing("bot.no_line"))
    if not known.groups_of(BOT):
        found.append(missing("groups.none"))
    return found


def webhooks(known: Known) -> list[Finding]:
    """The webhooks: names with a key and groups that use them must meet."""
    names = {name for name, keys in known.config.platforms.wecom.webhooks.items() if any(keys)}
    used = {chat.removeprefix(WEBHOOK): groups for chat, groups in known.groups_of(WEBHOOK).items()}
    found = []
    if idle := tuple(sorted(names - used.keys())):
        found.append(missing("webhooks.idle", names=idle))
    if keyless := tuple(name for key in sorted(used.keys() - names) for name in used[key]):
        found.append(broken("webhooks.keyless", groups=keyless))
    if met := names & used.keys():
        found.append(good("webhooks", count=len(met)))
    if not listening(known.config):
        found.append(missing("webhooks.no_door"))
    return found
