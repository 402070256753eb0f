"""Knows the ways by which words reach a resident in WeChat, in order, and when the next one is taken."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.config_platforms import WechatConfig
from bot.doors import LetterHeld, SendFailed
from bot.platforms.ledger import Ledger
from bot.platforms.parts import clean
from bot.platforms.wechat_api import WeChatApi
from bot.platforms.wechat_templates import Template
from bot.platforms.wechat_transport import (
    NO_MENU,
    NOT_ALLOWED,
    NOT_FOLLOWING,
    REFUSED,
    WINDOW_OVER,
    ApiError,
    Unsure,
)
from storage.values import Outgoing

CUSTOM: Final = "/cgi-bin/message/custom/send"
TEMPLATE: Final = "/cgi-bin/message/template/send"
SUBSCRIPTION: Final = "/cgi-bin/message/subscribe/bizsend"
ASK_AGAIN: Final = timedelta(hours=1)
"""How long an account that may not send customer messages (48001) is believed to stay so."""

NO_ABILITY: Final = "no ability"
REF: Final = "template:"

_log = logging.getLogger(__name__)

Count = Callable[..., None]
Message = Mapping[str, object]


class NotThisWay(Exception):
    """This way is closed now, for a reason; perhaps another one is not."""


class Ways:
    """One account's ways out: customer service within the budget, a subscription message, a template, else held."""

    def __init__(self, config: WechatConfig, api: WeChatApi, ledger: Ledger, zone: ZoneInfo, count: Count) -> None:
        self._account = config.account
        self._api = api
        self._ledger = ledger
        self._zone = zone
        self._count = count
        self._customer = config.certified
        self._kept = config.budget.kept
        self._closed_until: datetime | None = None
        notices = config.certified and config.kind == "service"
        self._templates = {
            way: Template.parse(config.templates[name])
            for way, name in (("subscription", "subscription"), ("template", "progress"))
            if config.templates.get(name) and notices
        }

    async def words(self, letter: Outgoing, words: str, text: Message, menu: Message | None) -> str:
        """Say the words by the first way that is open; its reference. Raises LetterHeld, or SendFailed to try later."""
        kept = 0 if letter.red else self._kept
        while True:
            reason, skipped = await self._by_customer_service(letter, text, menu, kept), ""
            if not reason:
                return ""
            for way, template in self._templates.items():
                try:
                    return await self._by_template(letter, way, template, words, reason)
                except NotThisWay as no:
                    skipped = f", {way}: {no}"
            # Where somebody has just come by, the words can go after all; where the account may not, they cannot.
            able = reason != NO_ABILITY
            if await self._ledger.hold(letter.id, letter.chat, reason + skipped, unless_open=able, kept=kept):
                self._choose("held", reason)
                raise LetterHeld(reason)

    async def photo(self, letter: Outgoing, message: Message) -> None:
        """Show a photo within the budget. One for which there is no room is left out, and that is written down.

        What is kept for red words no photo takes, whatever is on it.
        """
        reason = await self._by_customer_service(letter, message, None, self._kept)
        if not reason:
            return
        if not letter.text and await self._ledger.hold(letter.id, letter.chat, reason, unless_open=False):
            self._choose("held", reason)
            raise LetterHeld(reason)
        await self.leave_out(letter, reason)

    async def leave_out(self, letter: Outgoing, reason: str = NO_ABILITY) -> None:
        """The photos of a letter go by no way: written down, for its words say no less without them."""
        self._choose("left out", reason)
        await self._ledger.note(letter.id, "words alone", reason, None)  # by it the words can still come back

    def _choose(self, way: str, reason: str) -> None:
        self._count("wechat_ways", account=self._account, way=way, reason=reason)

    # -- customer service ------------------------------------------------------------------------------------------

    async def _by_customer_service(self, letter: Outgoing, message: Message, menu: Message | None, kept: int) -> str:
        """“” when the message has left, else why this way is closed. Raises SendFailed for what may heal."""
        if not self.able():
            return NO_ABILITY
        receipt = await self._ledger.spend(letter.chat, kept)
        if isinstance(receipt, str):
            return receipt
        try:
            await self._post(message, menu)
        except Unsure:
            raise  # it may have arrived: it stays counted
        except ApiError as error:
            if error.code in WINDOW_OVER | NOT_FOLLOWING:
                await self._ledger.shut(letter.chat, receipt)
                return f"errcode {error.code}"
            await self._ledger.give_back(letter.chat, receipt)
            if error.code in NOT_ALLOWED:
                self._closed_until = self._ledger.now() + ASK_AGAIN
            raise
        except SendFailed:
            await self._ledger.give_back(letter.chat, receipt)
            raise
        self._choose("customer", "")
        return ""

    async def _post(self, message: Message, menu: Message | None) -> None:
        """As a menu where there is one; where menus are not allowed, the words alone."""
        if menu is not None:
            try:
                await self._api.post(CUSTOM, menu)
            except ApiError as error:
                if error.code not in NO_MENU:
                    raise
            else:
                return
        await self._api.post(CUSTOM, message)

    def able(self) -> bool:
        """Whether this account may send customer messages. What WeChat said of it is asked again after a while."""
        return self._customer and (self._closed_until is None or self._ledger.now() >= self._closed_until)

    # -- beyond the window -----------------------------------------------------------------------------------------

    async def _by_template(self, letter: Outgoing, way: str, template: Template, words: str, reason: str) -> str:
        """Send a notice. Raises NotThisWay, or SendFailed for what may heal."""
        message: dict[str, Any] = {
            "touser": letter.chat.rpartition(":")[2],
            "template_id": template.id,
            "data": template.data(letter.case, clean(words), self._ledger.now().astimezone(self._zone)),
        }
        if way == "template":
            message["client_msg_id"] = f"letter-{letter.id}"  # WeChat itself knows a repeat for ten minutes
        try:
            answer = await self._api.post(TEMPLATE if way == "template" else SUBSCRIPTION, message)
        except ApiError as error:
            if error.code not in REFUSED | NOT_FOLLOWING and not error.permanent:
                raise
            if error.code not in REFUSED | NOT_FOLLOWING:
                _log.error("%s: a %s message was refused: %s", self._account, way, error)
            self._choose(f"no {way}", str(error))
            raise NotThisWay(str(error)) from None
        number = answer.get("msgid")
        ref = f"{REF}{self._account}:{number}" if isinstance(number, int) and way == "template" else ""
        self._choose(way, reason)
        await self._ledger.note(letter.id, way, reason, ref)
        return ref
