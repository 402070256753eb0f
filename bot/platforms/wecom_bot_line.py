"""Knows a WeCom 智能机器人 on the long connection: it begins, answers, and changes cards just pressed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from bot.config_platforms import WecomBotConfig
from bot.doors import Delivery, Hook, SendFailed, Served, Unreadable
from bot.platforms import wecom_bot_cards as cards
from bot.platforms.chat_pace import HOUR
from bot.platforms.parts import Progress, load, split_bytes
from bot.platforms.wecom_bot import BotWires, abilities, said
from bot.platforms.wecom_bot_errors import GONE, BotError
from bot.platforms.wecom_bot_http import BotHttp
from bot.platforms.wecom_bot_messages import LANES, MEMBER, PLATFORM, BotReader
from bot.platforms.wecom_bot_pace import Pace
from bot.platforms.wecom_bot_requests import Requests
from bot.platforms.wecom_bot_socket import UPDATE, WELCOME, Line
from bot.platforms.wecom_bot_upload import uploaded
from bot.platforms.wecom_departed import NO_SUCH_MEMBER, departed
from handlers.incoming import Incoming
from storage.values import Charge, Outgoing

PAUSES: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 30.0, 30.0)
"""The long connection brings nothing again: what could not be stored is tried anew, as long as this."""


class LineBot:
    """The bot. One process holds the connection and sends; in the others it is `elsewhere`."""

    def __init__(self, config: WecomBotConfig, api_base: str, wires: BotWires) -> None:
        self.lane_prefix = LANES
        self.abilities = abilities(config)
        self.hooks: tuple[Hook, ...] = ()
        self._wires = wires
        self._length = config.length
        self._reader = BotReader(config.name)
        self._http = BotHttp(api_base, config.media_hosts, _closed)
        self._line = Line(config, self._take, wires.may_hold, wires.pause)
        self._pace = Pace(config.per_minute, config.per_hour, wires.monotonic)
        self._requests = Requests(wires.monotonic)
        self._progress = Progress()
        self._holding: asyncio.Task[None] | None = None

    @property
    def elsewhere(self) -> bool:
        """Whether another process holds the connection, and sends."""
        return self._line.elsewhere

    @property
    def up(self) -> bool:
        """Whether the connection stands."""
        return self._line.up

    async def start(self) -> None:
        """Ready; the connection is made in the background."""
        await self._http.start()
        self._holding = asyncio.create_task(self._line.run(), name="wecom-bot-line")

    async def stop(self) -> None:
        """Close the connections."""
        if self._holding is not None:
            self._holding.cancel()
            await asyncio.gather(self._holding, return_exceptions=True)
        await self._line.stop()
        await self._http.stop()

    async def fetch(self, facts: Mapping[str, str]) -> bytes:
        """The bytes of a medium. Raises SendFailed."""
        return await self._http.fetch(facts.get("ref", "").removeprefix(LANES))

    async def deliver(self, letter: Outgoing) -> str:
        """Send one letter, or change its card; the reference is the name of its first card. Raises SendFailed."""
        chat = letter.chat.rpartition(":")[2]
        try:
            return await self._delivered(letter, chat)
        except BotError as error:
            if error.code == NO_SUCH_MEMBER:
                await departed(self._wires.window, self._wires.clock, letter, MEMBER + chat.lower())
            raise

    async def _delivered(self, letter: Outgoing, chat: str) -> str:
        if not cards.possible(letter.buttons):
            raise SendFailed("the buttons do not fit", permanent=True)
        if letter.kind == "edit" and await self._changed(letter, chat):
            return letter.posting
        bodies = self._bodies(said(letter))
        parts: list[Callable[[], Awaitable[str]]] = [partial(self._say, letter, chat, body) for body in bodies]
        if letter.kind == "reply" and bodies:
            parts[0] = partial(self._answer, letter, chat, bodies[0])
        parts += [partial(self._show, letter, chat, photo) for photo in await load(self._wires.photos, letter.photos)]
        return next(filter(None, await self._progress.send(letter.id, parts)), "")

    def charge(self, letter: Outgoing) -> Charge | None:
        """The messages of a letter into its chat."""
        if not cards.possible(letter.buttons):
            return None
        return Charge(messages=len(self._bodies(said(letter))) + len(letter.photos), seconds=HOUR)

    def _bodies(self, letter: Outgoing) -> list[cards.Body]:
        """The messages of a letter, words before buttons unless one card carries both."""
        whole = bool(letter.buttons) and cards.fits(letter.text)
        words = [] if whole else split_bytes(cards.harmless(letter.text), self._length)
        sixes = cards.in_sixes(letter.buttons)
        tasks = [cards.task_of(letter, n) for n in range(len(sixes))]
        made = [cards.card(letter, six, task, whole=whole) for six, task in zip(sixes, tasks, strict=True)]
        return [*map(cards.markdown, words), *made]

    async def _say(self, letter: Outgoing, chat: str, body: cards.Body) -> str:
        self._pace.spend(chat, letter.elsewhere)
        await self._line.send(chat, body)
        return _task(body)

    async def _show(self, letter: Outgoing, chat: str, photo: bytes) -> str:
        media = await uploaded(self._line.ask, photo)
        return await self._say(letter, chat, {"msgtype": "image", "image": {"media_id": media}})

    async def _answer(self, letter: Outgoing, chat: str, body: cards.Body) -> str:
        """The first message of a reply, as the answer to what it belongs to; else as any other message."""
        request = self._requests.answerable(LANES + chat)
        if not request:
            return await self._say(letter, chat, body)
        words = body.get("markdown", {}).get("content", "")
        try:
            await self._line.respond(request, cards.stream(words, cards.task_of(letter)) if words else body)
        except BotError as error:
            if error.code not in GONE:
                raise
            return await self._say(letter, chat, body)
        return _task(body)

    async def _changed(self, letter: Outgoing, chat: str) -> bool:
        """Whether the posted card now says what the letter says: only within seconds after it was pressed."""
        request = self._requests.changeable(LANES + chat, letter.posting)
        if not request or len(letter.buttons) > cards.BUTTONS:
            return False
        whole = cards.fits(letter.text)
        shown = cards.card(letter, letter.buttons, letter.posting, whole=whole) if letter.buttons else None
        card = (shown or cards.closed(letter, letter.posting))["template_card"]
        try:
            await self._line.respond(request, {"response_type": "update_template_card", "template_card": card}, UPDATE)
        except BotError as error:
            if not error.permanent:
                raise
            return False
        return True

    async def _take(self, frame: Mapping[str, Any]) -> None:
        """Serve one frame. What cannot be read is kept as it came."""
        body, request = frame.get("body"), _request(frame)
        fields = body if isinstance(body, dict) else {}
        try:
            incoming = self._reader.read(fields, self._wires.clock.now())
        except Unreadable as error:
            raw = json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")
            delivery = Delivery(method="POST", query={}, headers={}, body=raw)
            await self._wires.window.keep_unread(PLATFORM, "", delivery, str(error))
            return
        if incoming is None:
            return
        if incoming.kind == "press":
            self._requests.pressed(incoming.chat, incoming.quoted, request)
        elif incoming.kind != "event":
            self._requests.asked(incoming.chat, request)
        await self._serve(incoming, request)

    async def _serve(self, incoming: Incoming, request: str) -> None:
        """A welcome is the answer to the very event; everything else becomes letters."""
        greets = incoming.kind == "event"
        served = await self._stored(replace(incoming, inline=greets))
        if greets and served.receipt and not served.repeat:
            await self._line.respond(request, cards.greeting(served.receipt), WELCOME)
            self._wires.window.written(served.inbox)

    async def _stored(self, incoming: Incoming) -> Served:
        """What became of it at the counter; a counter that is down is waited out, for a while."""
        for pause in PAUSES:
            try:
                return await self._wires.window.serve(incoming)
            except Exception:  # whatever it is: the message is nowhere else
                await asyncio.sleep(pause)
        return await self._wires.window.serve(incoming)


def _task(body: cards.Body) -> str:
    """By what a message is known: cards alone are."""
    return str(body.get("template_card", {}).get("task_id", ""))


def _request(frame: Mapping[str, Any]) -> str:
    headers = frame.get("headers")
    number = headers.get("req_id") if isinstance(headers, dict) else None
    return number if isinstance(number, str) else ""


def _closed(data: bytes) -> bytes:
    raise ValueError("a medium of the long connection brings its key")
