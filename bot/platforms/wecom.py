"""Knows one WeCom application: how a letter leaves to a member, how a card changes, who has left."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from bot.config_platforms import WecomConfig
from bot.doors import Abilities, Hook, SendFailed, Window
from bot.platforms.chat_pace import HOUR, MINUTE
from bot.platforms.parts import Photos, Progress, load
from bot.platforms.wecom_api import NOBODY_REACHED, WecomApi, WecomError
from bot.platforms.wecom_cards import TEXT_BYTES, Shown, shown
from bot.platforms.wecom_codes import CardCodes, Note
from bot.platforms.wecom_departed import NO_SUCH_MEMBER, departed
from bot.platforms.wecom_hook import WeComHook
from bot.platforms.wecom_messages import LEFT, PREFIX
from bot.platforms.wecom_pace import MemberPace, SameWords
from bot.secret import describe
from handlers.ports import Clock
from storage.values import Charge, Outgoing

SEND: Final = "/cgi-bin/message/send"
UPDATE: Final = "/cgi-bin/message/update_template_card"
SEEN: Final = "✓"
"""What stands on the buttons of a card on which nothing can be pressed any more."""

_log = logging.getLogger(__name__)


class WeCom:
    """The application and its members. Nothing is sent before the first letter."""

    def __init__(
        self,
        config: WecomConfig,
        api: WecomApi,
        *,
        photos: Photos,
        clock: Clock,
        window: Window,
        note: Note,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.lane_prefix = PREFIX
        self.abilities = Abilities(
            buttons=True, edits=True, length=TEXT_BYTES, per_second=config.member_per_minute / MINUTE
        )
        self._codes = CardCodes(note, config.card_hours)
        self._new_codes = asyncio.Event()
        self.hooks: tuple[Hook, ...] = (WeComHook(config, self._clicked),)
        self._api = api
        self._agent = config.agent_id
        self._photos = photos
        self._clock = clock
        self._window = window
        self._now = monotonic
        self._pace = MemberPace(config.member_per_minute, config.member_per_hour)
        self._duplicate_seconds = config.duplicate_seconds
        self._same = SameWords(config.duplicate_seconds)
        self._progress = Progress()
        self._keeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Ready to send; no network yet."""
        await self._api.start()
        self._keeping = asyncio.create_task(self._keep_codes(), name="wecom-codes")

    async def stop(self) -> None:
        """Write down the last codes and close the connections."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
            self._keeping = None
        await self._api.stop()

    async def deliver(self, letter: Outgoing) -> str:
        """Send or edit one letter; the reference is the name of its card, else WeCom's number. Raises SendFailed."""
        member = letter.chat.removeprefix(PREFIX)
        try:
            made = shown(letter)
        except ValueError as error:
            raise SendFailed(str(error), permanent=True) from None
        try:
            if letter.kind == "edit" and letter.posting and await self._edited(letter, member):
                return letter.posting
            return await self._sent(letter, member, made)
        except WecomError as error:
            if error.code in (NO_SUCH_MEMBER, NOBODY_REACHED):
                await self._missing(letter, member, error.code)
            raise

    def charge(self, letter: Outgoing) -> Charge | None:
        """The messages of a letter to its member."""
        try:
            made = shown(letter)
        except ValueError:
            return None
        return Charge(messages=len(made.texts) + (made.card is not None) + len(letter.photos), seconds=HOUR)

    async def fetch(self, facts: Mapping[str, str]) -> bytes:
        """The bytes of a temporary medium (kept three days). Raises SendFailed."""
        return await self._api.download(facts.get("ref", ""))

    async def _sent(self, letter: Outgoing, member: str, made: Shown) -> str:
        """Texts, card and photos in this order, each once, however often the letter is tried."""
        images = [await self._api.upload_image(photo) for photo in await load(self._photos, letter.photos)]
        parts: list[Callable[[], Awaitable[str]]] = [partial(self._say, letter, member, text) for text in made.texts]
        if made.card is not None:
            parts.append(partial(self._show, letter, member, made.card))
        parts += [partial(self._picture, letter, member, image) for image in images]
        refs = await self._progress.send(letter.id, parts)
        return refs[len(parts) - len(images) - 1] if len(parts) > len(images) else "".join(refs[:1])

    async def _say(self, letter: Outgoing, member: str, text: str) -> str:
        # What another process has said here is not known: a letter that goes for the first time is surely no repeat.
        anew = bool(letter.elsewhere) and not letter.attempts
        check = not anew and self._same.check(member, text, letter.id, self._now())
        sent = await self._post(letter, member, {"msgtype": "text", "text": {"content": text}}, check=check)
        self._same.said(member, text, letter.id, self._now())
        return str(sent.get("msgid", ""))

    async def _show(self, letter: Outgoing, member: str, card: Mapping[str, Any]) -> str:
        sent = await self._post(letter, member, {"msgtype": "template_card", "template_card": card})
        if letter.kind == "card":
            await self._remember(str(card["task_id"]), str(sent.get("response_code", "")))
        return str(card["task_id"])

    async def _picture(self, letter: Outgoing, member: str, media_id: str) -> str:
        sent = await self._post(letter, member, {"msgtype": "image", "image": {"media_id": media_id}})
        return str(sent.get("msgid", ""))

    async def _post(
        self, letter: Outgoing, member: str, message: Mapping[str, Any], *, check: bool = True
    ) -> dict[str, Any]:
        """One message to one member, as soon as WeCom would not drop it in silence."""
        wait = self._pace.wait(member, self._now(), letter.elsewhere)
        if wait > 0:
            raise SendFailed("this member was sent enough for now", retry_after=wait)
        document: dict[str, Any] = {"touser": member, "agentid": self._agent, **message}
        if self._duplicate_seconds and check:
            document |= {"enable_duplicate_check": 1, "duplicate_check_interval": self._duplicate_seconds}
        self._pace.sent(member, self._now())  # before: what is lost on the way may have arrived
        sent = await self._api.post(SEND, document)
        if sent.get("invaliduser") or sent.get("unlicenseduser"):
            raise WecomError(NOBODY_REACHED)
        return sent

    # -- cards that change ---------------------------------------------------------------------------------------------

    async def _edited(self, letter: Outgoing, member: str) -> bool:
        """Whether the card now says what the letter says; else its buttons are taken off where that can still be."""
        code = await self._codes.take(letter.posting, self._clock.now())
        if not code:
            return False
        card = shown(replace(letter, follow_up=""))
        document: dict[str, Any] = {"userids": [member], "agentid": self._agent, "response_code": code}
        if card.whole and card.card is not None:
            document["template_card"] = {**card.card, "task_id": letter.posting}
        else:
            document["button"] = {"replace_name": SEEN}
        try:
            await self._api.post(UPDATE, document)
        except SendFailed as error:
            if error.permanent:  # used up or too old after all
                return False
            await self._remember(letter.posting, code)
            raise
        return card.whole

    def _clicked(self, task: str, code: str, now: datetime) -> None:
        if self._codes.clicked(task, code, now):
            self._new_codes.set()

    async def _remember(self, task: str, code: str) -> None:
        """Keep a code; without it a later edit is a message of its own, so that trouble here holds nothing up."""
        try:
            await self._codes.keep(self._clock.now(), {task: code})
        except Exception as error:
            _log.error("the code of a card was not kept: %s", describe(error))

    async def _keep_codes(self) -> None:
        """Write down the codes that clicks bring, behind the answers to them."""
        while True:
            await self._new_codes.wait()
            self._new_codes.clear()
            await self._remember("", "")

    # -- members that left ---------------------------------------------------------------------------------------------

    async def _missing(self, letter: Outgoing, member: str, code: int) -> None:
        """Tell the desk of a member who is not in the corp any more."""
        if code == NO_SUCH_MEMBER or await self._has_left(member):
            await departed(self._window, self._clock, letter, PREFIX + member)

    async def _has_left(self, member: str) -> bool:
        """Whether somebody who cannot be reached is gone, and not just outside of what the application may see."""
        try:
            return str((await self._api.member(member)).get("status", "")) == LEFT
        except SendFailed as error:
            return isinstance(error, WecomError) and error.code == NO_SUCH_MEMBER
