"""Knows one WeChat 公众号/服务号: its callback (secure mode), and how a letter leaves through customer service."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from bot.config_platforms import WechatConfig
from bot.doors import Abilities, Answer, Delivery, Hook, Rejected
from bot.platforms.ledger import Ledger
from bot.platforms.parts import Photos, Progress, clean, cut_bytes, load
from bot.platforms.wechat_api import WeChatApi
from bot.platforms.wechat_codec import Codec, check_time, parse, text_reply
from bot.platforms.wechat_messages import to_incoming
from bot.platforms.wechat_ways import Count, Ways
from bot.secret import Secret
from handlers.incoming import Incoming
from storage.values import Outgoing

BODY_LIMIT: Final = 16 * 1024
SUCCESS: Final = Answer(b"success")

_log = logging.getLogger(__name__)


class WeChatHook:
    """The callback address of one account. `older_keys` are AES keys still in use at WeChat while a key changes."""

    platform = "wechat"
    body_limit = BODY_LIMIT

    def __init__(self, config: WechatConfig, older_keys: Sequence[Secret] = ()) -> None:
        self.account = config.account
        self.path = f"/hooks/wechat/{config.account}"
        self._plain = config.mode == "plain"
        self._keys = [key for key in (config.aes_key, *older_keys) if key]
        self._codec = Codec(config.token, config.app_id, self._keys)

    def read(self, delivery: Delivery, now: datetime) -> Incoming | Answer:
        """The message; the echo WeChat asks for; `success` for an event nobody needs. Raises Rejected, Unreadable."""
        check_time(delivery.query, now.timestamp())
        if delivery.method == "GET":
            self._codec.check_plain(delivery.query)
            return Answer(delivery.query.get("echostr", "").encode("utf-8", "replace"))
        return to_incoming(parse(self._xml(delivery)), self.account) or SUCCESS

    def answer(self, delivery: Delivery, incoming: Incoming, receipt: str, now: datetime) -> Answer:
        """The receipt as a passive text reply, encrypted where the question was; `success` when there is none."""
        if not receipt:
            return SUCCESS
        stamp = int(now.timestamp())
        xml = text_reply(self.account, incoming.sender.rpartition(":")[2], receipt, stamp)
        if _sealed(delivery):
            xml = self._codec.seal(xml, stamp, self._key_of(delivery))
        return Answer(xml.encode(), "application/xml")

    def _xml(self, delivery: Delivery) -> bytes:
        query = delivery.query
        if _sealed(delivery):
            if "signature" in query:
                self._codec.check_plain(query)
            return self._codec.open(self._codec.check_sealed(query, delivery.body))[0]
        if not self._plain:
            raise Rejected("plaintext")
        self._codec.check_plain(query)
        return delivery.body

    def _key_of(self, delivery: Delivery) -> int:
        """WeChat wants the reply under the key it used itself."""
        if len(self._keys) == 1:
            return 0
        return self._codec.open(self._codec.check_sealed(delivery.query, delivery.body))[1]


class WeChat:
    """One account: its hook and its way out. Nothing is sent before the first letter."""

    def __init__(
        self,
        config: WechatConfig,
        *,
        photos: Photos,
        ledger: Ledger,
        zone: ZoneInfo,
        count: Count = lambda name, **labels: None,
    ) -> None:
        self.lane_prefix = f"wechat:{config.account}:"
        self.abilities = Abilities(
            buttons=config.certified and config.kind == "service", inline=True, length=config.text_bytes
        )
        self.hooks: tuple[Hook, ...] = (WeChatHook(config, config.older_aes_keys),)
        self._mode = config.mode
        self._api = WeChatApi(config.api_base, config.app_id, config.secret, ledger)
        self._ways = Ways(config, self._api, ledger, zone, count)
        self._photos = photos
        self._progress = Progress()

    async def start(self) -> None:
        """Ready to send; no network yet."""
        if self._mode != "secure":
            _log.warning("%s: mode %s, whoever knows a delivery can read it; use secure", self.lane_prefix, self._mode)
        await self._api.start()

    async def stop(self) -> None:
        """Close the connections."""
        await self._api.stop()

    async def deliver(self, letter: Outgoing) -> str:
        """Send the words, then the photos. The reference is that of a template. Raises SendFailed or LetterHeld."""
        openid = letter.chat.rpartition(":")[2]
        images = await self._images(letter)
        parts: list[Callable[[], Awaitable[str]]] = [partial(self._image, letter, openid, image) for image in images]
        if _words(letter):
            parts.insert(0, partial(self._say, letter, openid))
        refs = await self._progress.send(letter.id, parts)
        return refs[0] if refs else ""

    async def fetch(self, facts: Mapping[str, str]) -> bytes:
        """The bytes of a temporary medium (WeChat keeps it three days). Raises SendFailed."""
        return await self._api.download(facts.get("ref", ""))

    async def _images(self, letter: Outgoing) -> list[str]:
        """The photos as media ids."""
        if not letter.photos:
            return []
        if not self._ways.able():
            await self._ways.leave_out(letter)
            return []
        return [await self._api.upload_image(photo) for photo in await load(self._photos, letter.photos)]

    async def _say(self, letter: Outgoing, openid: str) -> str:
        """The words: as a menu where there are buttons, by another way where the window for messages is over."""
        words = cut_bytes(clean(_words(letter)), self.abilities.length)
        text = {"touser": openid, "msgtype": "text", "text": {"content": words}}
        menu = _menu(letter, openid, words) if letter.buttons and self.abilities.buttons else None
        return await self._ways.words(letter, words, text, menu)

    async def _image(self, letter: Outgoing, openid: str, media_id: str) -> str:
        await self._ways.photo(letter, {"touser": openid, "msgtype": "image", "image": {"media_id": media_id}})
        return ""


def _sealed(delivery: Delivery) -> bool:
    return delivery.query.get("encrypt_type") == "aes"


def _words(letter: Outgoing) -> str:
    """What is said here: WeChat cannot edit, so instead of an edit its follow-up."""
    return (letter.kind == "edit" and letter.follow_up) or letter.text


def _menu(letter: Outgoing, openid: str, words: str) -> dict[str, object]:
    choices = [{"id": button.mark, "content": button.label} for button in letter.buttons]
    menu = {"head_content": words, "list": choices, "tail_content": ""}
    return {"touser": openid, "msgtype": "msgmenu", "msgmenu": menu}
