"""Knows one Telegram bot: which way its updates come, and how a letter leaves (messages, keyboards, edits, photos)."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Final

from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.config_platforms import TelegramConfig
from bot.doors import Abilities, Hook, SendFailed, Window
from bot.platforms.chat_pace import MINUTE, ChatPace
from bot.platforms.parts import Photos, Progress, clean, load, split_units
from bot.platforms.telegram_api import MEDIA_TOTAL, TOTAL, TelegramApi, failure
from bot.platforms.telegram_hook import TelegramHook
from bot.platforms.telegram_polling import Lease, Polling
from bot.platforms.telegram_updates import KINDS, Reader
from bot.secret import Secret, describe
from handlers.incoming import Incoming
from handlers.ports import Clock
from storage.values import Charge, Outgoing

TEXT_UNITS: Final = 4096
BUTTONS: Final = 100
IN_A_ROW: Final = 3
ACTION_BYTES: Final = 64
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 60.0
GROUP_MINUTE: Final = 20
SECOND: Final = 1.0
"""Telegram asks for no more than one message a second into one chat."""
ABILITIES: Final = Abilities(
    buttons=True,
    edits=True,
    length=TEXT_UNITS,
    unit="characters",
    per_second=1.0,
    group_mark="-",
    group_per_second=GROUP_MINUTE / 60,
    total_per_second=25.0,
)
"""Telegram's limits: one a second into a chat, 20 a minute into a group, about 30 a second over all."""

_log = logging.getLogger(__name__)

Send = Callable[[Bot, int], Awaitable[str]]


def hook(config: TelegramConfig) -> TelegramHook:
    """The receiving side alone."""
    return TelegramHook(config.secret_token, Reader(_bot_id(config.token)))


def api_of(config: TelegramConfig) -> TelegramApi:
    """The calls of this bot."""
    return TelegramApi(config.token, config.api_base, proxy=config.proxy.reveal())


class Telegram:
    """The bot. With mode `polling` it asks for updates itself, else they come to its hook.

    `may_poll` is the lease that lets one process poll; `menu` are the commands that Telegram shows, with words.
    """

    def __init__(
        self,
        config: TelegramConfig,
        *,
        photos: Photos,
        clock: Clock,
        window: Window,
        may_poll: Lease | None = None,
        menu: Sequence[tuple[str, str]] = (),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.lane_prefix = "telegram::"
        self.abilities = ABILITIES
        self._reader = Reader(_bot_id(config.token))
        self._api = api_of(config)
        self._polls = config.mode == "polling"
        self.hooks: tuple[Hook, ...] = () if self._polls else (TelegramHook(config.secret_token, self._reader),)
        self._polling = Polling(self._api, self._reader, window, clock, may_poll)
        self._secret = config.secret_token
        self._webhook_url = config.webhook_url
        self._window = window
        self._clock = clock
        self._menu = [BotCommand(command, told) for command, told in menu]
        self._photos = photos
        self._progress = Progress()
        self._groups = ChatPace((MINUTE, GROUP_MINUTE))
        self._now = monotonic
        self._moved: dict[int, int] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def spaced(self) -> Telegram:
        """This bot, from now on with a second between the messages of one letter."""
        self._progress = Progress(SECOND)
        return self

    @property
    def username(self) -> str:
        """The bot's name, “” until Telegram has told it."""
        return self._reader.username

    async def start(self) -> None:
        """Ready to send at once; the bot's name is asked for, and updates are awaited, in the background."""
        await self._api.start()
        self._tasks = [asyncio.create_task(self._introduce(), name="telegram-introduce")]
        if self._polls:
            self._tasks.append(asyncio.create_task(self._polling.run(), name="telegram-polling"))

    async def stop(self) -> None:
        """End the background tasks and close the connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._polling.stop()
        await self._api.stop()

    async def deliver(self, letter: Outgoing) -> str:
        """Send or edit one letter; the reference is the id of the message that carries the buttons."""
        chat, keyboard = _chat_id(letter.chat), _keyboard(letter)
        if letter.kind == "edit" and letter.posting and await self._edited(letter, chat, keyboard):
            return letter.posting
        pieces = _pieces(letter)
        parts: list[Callable[[], Awaitable[str]]] = [
            partial(self._say, letter, piece, keyboard if n == len(pieces) else None)
            for n, piece in enumerate(pieces, 1)
        ]
        parts += [partial(self._show, letter, photo) for photo in await load(self._photos, letter.photos)]
        refs = await self._progress.send(letter.id, parts)
        return refs[max(len(pieces) - 1, 0)] if refs else ""

    def charge(self, letter: Outgoing) -> Charge | None:
        """The messages of a letter into a group; a lane of one person is one process's long enough to keep its pace."""
        if not letter.chat.removeprefix(self.lane_prefix).startswith("-"):
            return None
        return Charge(messages=len(_pieces(letter)) + len(letter.photos), seconds=MINUTE)

    async def fetch(self, facts: Mapping[str, str]) -> bytes:
        """The bytes of a file by its file_id. Raises SendFailed."""
        return await self._api.download(facts.get("ref", ""))

    async def _say(self, letter: Outgoing, text: str, keyboard: InlineKeyboardMarkup | None) -> str:
        async def send(bot: Bot, into: int) -> str:
            preview = LinkPreviewOptions(is_disabled=True)
            sent = await bot.send_message(into, text, reply_markup=keyboard, link_preview_options=preview)
            return str(sent.message_id)

        return await self._into(letter, send, TOTAL)

    async def _show(self, letter: Outgoing, photo: bytes) -> str:
        async def send(bot: Bot, into: int) -> str:
            return str((await bot.send_photo(into, photo)).message_id)

        return await self._into(letter, send, MEDIA_TOTAL)

    async def _into(self, letter: Outgoing, send: Send, total: float) -> str:
        """Send into a chat, or into the supergroup it turns out to have become; into a group not too often."""
        chat = _chat_id(letter.chat)
        if chat < 0:
            if wait := self._groups.wait(letter.chat, self._now(), letter.elsewhere):
                raise SendFailed("this group was sent enough for now", retry_after=wait)
            self._groups.sent(letter.chat, self._now())
        try:
            try:
                return await self._api.call(lambda bot: send(bot, self._moved.get(chat, chat)), total)
            except ChatMigrated as moved:
                await self._has_moved(chat, moved.new_chat_id)
            return await self._api.call(lambda bot: send(bot, self._moved[chat]), total)
        except (BadRequest, ChatMigrated) as error:
            raise failure(error) from None

    async def _has_moved(self, chat: int, to: int) -> None:
        """A group has become a supergroup: told to the desk as if Telegram had, for its own word may have been lost."""
        self._moved[chat] = to
        address = f"telegram::{chat}"
        moved = Incoming(
            platform="telegram", key=f"moved{chat}to{to}", sender=address, chat=address, kind="event",
            event="migrated", scene=str(to), group=True, said_at=self._clock.now(),
        )  # fmt: skip
        try:
            await self._window.serve(moved)
        except Exception as error:
            _log.warning("a group that moved could not be bound anew: %s", describe(error))

    async def _edited(self, letter: Outgoing, chat: int, keyboard: InlineKeyboardMarkup | None) -> bool:
        """Whether the posted card now says what the letter says; one that is gone, or too old, cannot."""
        pieces = split_units(clean(letter.text), TEXT_UNITS)
        if len(pieces) != 1 or not letter.posting.isdigit():
            return False

        async def edit(bot: Bot) -> object:
            into, message = self._moved.get(chat, chat), int(letter.posting)
            return await bot.edit_message_text(pieces[0], into, message, reply_markup=keyboard)

        try:
            await self._api.call(edit)
        except ChatMigrated as moved:
            await self._has_moved(chat, moved.new_chat_id)
            return False
        except BadRequest as error:
            return "not modified" in str(error)
        return True

    async def _introduce(self) -> None:
        """Learn the bot's own name and tell Telegram which way updates shall come; again until it works."""
        pause = FIRST_PAUSE
        while True:
            try:
                me = await self._api.call(lambda bot: bot.get_me())
                self._reader.username = me.username or ""
                self._reader.hears_all = bool(me.can_read_all_group_messages)
                await self._choose_way()
                if self._menu:
                    await self._api.call(lambda bot: bot.set_my_commands(self._menu))
                return
            except (SendFailed, TelegramError) as error:
                _log.warning("Telegram does not answer yet: %s", type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _choose_way(self) -> None:
        if self._polls:
            await self._api.call(lambda bot: bot.delete_webhook())
        elif self._webhook_url:
            url, secret = self._webhook_url, self._secret.reveal()
            await self._api.call(lambda bot: bot.set_webhook(url, allowed_updates=KINDS, secret_token=secret))


def _bot_id(token: Secret) -> int:
    """A bot's id is the number before the colon of its token; 0 where there is none, which is nobody's."""
    number = token.reveal().partition(":")[0]
    return int(number) if number.isascii() and number.isdigit() else 0


def _chat_id(address: str) -> int:
    try:
        return int(address.rpartition(":")[2])
    except ValueError:
        raise SendFailed("no chat id in the address", permanent=True) from None


def _pieces(letter: Outgoing) -> list[str]:
    """What is said in new messages: instead of an edit its follow-up."""
    words = (letter.kind == "edit" and letter.follow_up) or letter.text
    return split_units(clean(words), TEXT_UNITS)


def _keyboard(letter: Outgoing) -> InlineKeyboardMarkup | None:
    """The buttons, three in a row. An action that does not fit, or too many, is our own mistake."""
    if not letter.buttons:
        return None
    data = [button.mark for button in letter.buttons]
    if len(data) > BUTTONS or any(len(action.encode()) > ACTION_BYTES for action in data):
        raise SendFailed("the buttons do not fit", permanent=True)
    keys = [
        InlineKeyboardButton(button.label, callback_data=action)
        for button, action in zip(letter.buttons, data, strict=True)
    ]
    return InlineKeyboardMarkup([keys[n : n + IN_A_ROW] for n in range(0, len(keys), IN_A_ROW)])
