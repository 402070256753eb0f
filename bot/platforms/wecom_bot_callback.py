"""Knows a WeCom 智能机器人 in callback mode: it answers, and once more within the hour; it never begins."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from bot.config_platforms import WecomBotConfig
from bot.doors import Hook, SendFailed
from bot.platforms import wecom_bot_cards as cards
from bot.platforms.parts import cut_bytes
from bot.platforms.wecom_bot import BotWires, abilities, said
from bot.platforms.wecom_bot_errors import BotError
from bot.platforms.wecom_bot_hook import BotHook
from bot.platforms.wecom_bot_http import BotHttp
from bot.platforms.wecom_bot_messages import LANES, MEMBER
from bot.platforms.wecom_departed import NO_SUCH_MEMBER, departed
from storage.values import Charge, Outgoing

MANY: Final = 1000

_log = logging.getLogger(__name__)


class CallbackBot:
    """The bot. A letter leaves by an address good for one answer that came along with a message into its chat."""

    elsewhere = False

    def __init__(self, config: WecomBotConfig, api_base: str, wires: BotWires) -> None:
        self.lane_prefix = LANES
        self.abilities = abilities(config)
        receiving = BotHook(config)
        self.hooks: tuple[Hook, ...] = (receiving,)
        self._length = config.length
        self._http = BotHttp(api_base, config.media_hosts, receiving.codec.picture)
        self._way = wires.way
        self._wires = wires
        self._unheard: OrderedDict[int, str] = OrderedDict()

    async def start(self) -> None:
        """Ready to send; no network yet."""
        await self._http.start()

    async def stop(self) -> None:
        """Close the connections."""
        await self._http.stop()

    async def deliver(self, letter: Outgoing) -> str:
        """A card where it carries all, else the words. Raises SendFailed, for good where nobody wrote lately."""
        words = said(letter)
        if not cards.possible(words.buttons):
            raise SendFailed("the buttons do not fit", permanent=True)
        chat = LANES + letter.chat.rpartition(":")[2]
        way = self._unheard.pop(letter.id, "") or await self._way(chat)
        if not way:
            raise SendFailed("callback mode cannot begin: no answer is left for this chat", permanent=True)
        if letter.photos:
            _log.info("photos were left out: callback mode has no way for them")
        return await self._tried(way, words)

    def charge(self, letter: Outgoing) -> Charge | None:
        """Nothing to count: each address is good for one message."""
        return None

    async def fetch(self, facts: Mapping[str, str]) -> bytes:
        """The bytes of a medium. Raises SendFailed."""
        return await self._http.fetch(facts.get("ref", "").removeprefix(LANES))

    async def _tried(self, way: str, letter: Outgoing) -> str:
        """Use an address. Where the platform gave no answer, the letter keeps it: it takes one message, never two."""
        try:
            return await self._by(way, letter)
        except BotError as error:
            if error.code == NO_SUCH_MEMBER:
                member = MEMBER + letter.chat.rpartition(":")[2].lower()
                await departed(self._wires.window, self._wires.clock, letter, member)
            if error.permanent or error.account:
                raise
            raise SendFailed(f"the one answer was tried: {error}") from None
        except SendFailed as error:
            if not error.permanent:
                self._keep(letter.id, way)
            raise

    def _keep(self, letter: int, way: str) -> None:
        self._unheard[letter] = way
        while len(self._unheard) > MANY:
            self._unheard.popitem(last=False)

    async def _by(self, way: str, letter: Outgoing) -> str:
        if 0 < len(letter.buttons) <= cards.BUTTONS and cards.fits(letter.text):
            task = cards.task_of(letter)
            await self._http.respond(way, cards.card(letter, letter.buttons, task, whole=True))
            return task
        await self._http.respond(way, cards.markdown(cut_bytes(cards.harmless(letter.text), self._length)))
        return ""
