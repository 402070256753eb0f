"""Knows how the WeCom application and the group chats it made stand."""

from __future__ import annotations

from functools import partial
from typing import Final

from bot.config_platforms import WecomConfig
from bot.doctors.asking import NO_CODE, clock, code_of, groups, tried, unsure
from bot.doctors.finding import Finding, Mark, broken, good, missing, unknown
from bot.doctors.known import Known
from bot.doors import SendFailed
from bot.platforms.wecom_api import WecomApi, WecomError
from bot.platforms.wecom_appchat import PREFIX
from handlers.ports import Clock

APPLICATION: Final = "/cgi-bin/agent/get"
CHAT: Final = "/cgi-bin/appchat/get"
NO_CHAT: Final = frozenset({40050, 86001, 86003, 86008})


def told(known: Known) -> list[Finding]:
    """What the configuration and the memory say."""
    bound = any(one.startswith("wecom::") for addresses in known.accounts.values() for one in addresses)
    return [known.heard("wecom"), *([] if bound else [missing("wecom.nobody")])]


async def asked(known: Known, ours: Clock) -> list[Finding]:
    """What WeCom says. It gives out the token that is in use."""
    wecom = known.config.platforms.wecom
    api = WecomApi(wecom.api_base, wecom.corp_id, wecom.secret)
    await api.start()
    try:
        found = await tried(lambda: _whole(api, wecom, known))
    finally:
        await api.stop()
    return [*found, *await clock(wecom.api_base, ours)]


async def _whole(api: WecomApi, wecom: WecomConfig, known: Known) -> list[Finding]:
    found = await _application(api, wecom)
    return [*found, *await tried(lambda: groups(known.groups_of(PREFIX), partial(_reaches, api)))]


async def _application(api: WecomApi, wecom: WecomConfig) -> list[Finding]:
    """Whether the token counts and the application is open; how exactly that is told is not known for sure."""
    try:
        closed = (await api.look(APPLICATION, agentid=str(wecom.agent_id))).get("close")
    except WecomError as error:
        finding = unsure(error, "wecom.open_unknown")
        return [good("token"), finding] if finding.mark is Mark.UNKNOWN else [finding]
    if closed == 1:
        return [good("token"), broken("wecom.closed")]
    return [good("token"), *([] if closed == 0 else [unknown("wecom.open_unknown", code=NO_CODE)])]


async def _reaches(api: WecomApi, chat: str) -> bool:
    try:
        await api.look(CHAT, chatid=chat.removeprefix(PREFIX))
    except SendFailed as error:
        if code_of(error) not in NO_CHAT:
            raise
        return False
    return True
