"""Knows how a WeChat account stands: token, menu, templates, what it may send by itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from bot.config_platforms import WechatConfig
from bot.doctors.asking import NO_CODE, clock, code_of, refused, tried, unsure
from bot.doctors.finding import Finding, broken, good, missing, unknown
from bot.doctors.known import Known
from bot.doors import SendFailed
from bot.platforms import wechat_menu
from bot.platforms.ledger import Ledger
from bot.platforms.wechat_api import WeChatApi
from bot.platforms.wechat_transport import TOKEN_OLD
from handlers.ports import Clock
from handlers.wording import Wording
from storage.store import Tx
from storage.values import Token

QUOTA: Final = "/cgi-bin/openapi/quota/get"
CUSTOMER: Final = "/cgi-bin/message/custom/send"
TEMPLATES: Final = "/cgi-bin/template/get_all_private_template"
SUBSCRIPTIONS: Final = "/wxaapi/newtmpl/gettemplate"
NOT_ALLOWED: Final = frozenset({48001, 48002, 76022})

T = TypeVar("T")


class Unforced(Ledger):
    """A ledger that writes nothing down, and says that a token was forced just now: WeChat is asked for the one in use.

    The running bot goes on with that same token.
    """

    def __init__(self, ours: Clock) -> None:
        super().__init__(self._nothing, ours, self._mine)
        self._ours = ours

    async def token(self, name: str) -> Token | None:
        """None that is good."""
        return Token("", datetime.min.replace(tzinfo=UTC), self._ours.now())

    async def keep_token(self, name: str, token: Token) -> None:
        """Not kept."""

    @staticmethod
    def _nothing(work: Callable[[Tx], T], /) -> Awaitable[T]:
        raise NotImplementedError

    @staticmethod
    async def _mine(name: str) -> bool:
        return True


def told(account: WechatConfig, known: Known) -> list[Finding]:
    """What the configuration and the memory say."""
    found = [known.heard("wechat", account.account)]
    if account.mode != "secure":
        found.append(missing(f"wechat.{account.mode}"))
    if not account.certified:
        found.append(missing("wechat.uncertified"))
    elif account.kind == "service" and not account.templates:
        found.append(missing("wechat.no_templates"))
    return found


async def asked(account: WechatConfig, wording: Wording, ours: Clock) -> list[Finding]:
    """What WeChat says. The token that is in use stays in use."""
    api = WeChatApi(account.api_base, account.app_id, account.secret, Unforced(ours))
    await api.start()
    try:
        found = await tried(lambda: _whole(api, account, wording))
    finally:
        await api.stop()
    return [*found, *await clock(account.api_base, ours)]


async def _whole(api: WeChatApi, account: WechatConfig, wording: Wording) -> list[Finding]:
    menu = await _tried(_menu(api, account, wording))
    found = [good("token"), menu]
    if not account.certified:
        return found
    found.append(await _tried(_customer(api)))
    if account.kind == "service":
        found += [await _tried(_template(api, *one)) for one in sorted(account.templates.items())]
    return found


async def _tried(looked: Awaitable[Finding]) -> Finding:
    """One finding; a failure of the token, or of the way to WeChat, is not of this question alone."""
    try:
        return await looked
    except SendFailed as error:
        if code_of(error) == 0 or _of_the_token(error):
            raise
        return refused(error)


def _of_the_token(error: SendFailed) -> bool:
    return str(error).startswith("token:") or code_of(error) in TOKEN_OLD


async def _menu(api: WeChatApi, account: WechatConfig, wording: Wording) -> Finding:
    wanted = account.menu or wechat_menu.usual(wording.say)
    same = await wechat_menu.standing(api) == wechat_menu.document(wanted)
    return good("wechat.menu") if same else missing("wechat.menu_differs")


async def _customer(api: WeChatApi) -> Finding:
    """Whether the account may write by itself: how often it may call what writes. How that is asked is not sure."""
    try:
        quota = (await api.post(QUOTA, {"cgi_path": CUSTOMER})).get("quota")
    except SendFailed as error:
        if code_of(error) in NOT_ALLOWED:
            return missing("wechat.no_customer", code=code_of(error))
        if _of_the_token(error):
            raise
        return unsure(error, "wechat.customer_unknown")
    left = quota.get("remain") if isinstance(quota, Mapping) else None
    if not isinstance(left, int):
        return unknown("wechat.customer_unknown", code=NO_CODE)
    return broken("wechat.used_up") if left <= 0 else good("wechat.customer")


async def _template(api: WeChatApi, purpose: str, wanted: str) -> Finding:
    """Whether the account has a template. Of subscriptions it is not sure how that is asked, and told."""
    path, part, name = (TEMPLATES, "template_list", "template_id")
    if purpose == "subscription":
        path, part, name = (SUBSCRIPTIONS, "data", "priTmplId")
    try:
        known: Any = (await api.read(path)).get(part)
    except SendFailed as error:
        if purpose != "subscription" or _of_the_token(error):
            raise
        return unsure(error, "wechat.template_unknown", purpose=purpose)
    listed = [one for one in known if isinstance(one, Mapping)] if isinstance(known, list) else []
    ids = [one[name] for one in listed if name in one]
    if wanted in ids:
        return good("wechat.template", purpose=purpose)
    told = bool(ids) or known == [] or (purpose != "subscription" and known is not None)
    lacking = broken("wechat.no_template", purpose=purpose)
    return lacking if told else unknown("wechat.template_unknown", purpose=purpose, code=NO_CODE)
