"""Knows what the playground page asks of the stage behind it; everything it hands out can be written as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

Json = Mapping[str, Any]


class AsyncStage(Protocol):
    """The sample town as the page sees it. A person or group is named by its id; `chat` "" is the private chat."""

    async def town(self) -> Json:
        """`name`, `bot_name`, `people`, `groups`, `examples` (sentences of a resident).

        A person: `id`, `name`, `call`, `roles`, `role_names`, `unit`, `unit_name`. A group: `id`, `name`, `purpose`,
        `members`. May hold `places` (`name`, `lat`, `lon`: what 定位 offers), `timezone`, `start` (the ids that the
        three phones show first), `scenes` (`key`, `name`, `phones`: three ids), `phrases` (role → what to say) and
        `demo` (whether a month can be loaded).
        """

    async def town_version(self) -> int:
        """A number that changes when the people, units or groups do."""

    async def shows(self, quote: str, chat: str) -> bool:
        """Whether a group has a card of this case, to be answered."""

    async def say(self, who: str, text: str, *, chat: str = "", addressed: bool = False, quote: str = "") -> None:
        """A person says something; `addressed` mentions the bot in a group, `quote` answers the card of that case."""

    async def photo(
        self, who: str, data: bytes, caption: str, *, chat: str = "", addressed: bool = False, quote: str = ""
    ) -> None:
        """A person sends a picture."""

    async def location(self, who: str, lat: float, lon: float) -> None:
        """A person sends where they are, in private."""

    async def voice(self, who: str, text: str) -> None:
        """A person speaks; `text` is what was recognised."""

    async def press(self, who: str, mark: str, *, chat: str = "") -> None:
        """A person presses a button, which brings back its mark."""

    async def advance(self, seconds: float) -> None:
        """Moves the town's clock on; everything that falls due happens."""

    async def reset(self) -> None:
        """Begins again with an empty town."""

    async def demo(self) -> bool:
        """Puts a finished month in the place of the town; False when that could not be done."""

    async def timeline(self, who: str) -> list[dict[str, Any]]:
        """The chat of a person with the bot, or of a group, oldest first.

        A line: `id`, `at`, `from` (person id or "bot"), `name`, `kind` (text, photo, location, voice, card, reply,
        push), `text`, `buttons` (`label`, `action`, `mark`), `case`, `colour`, `photos` (ids), `edited`; perhaps
        `quote` (`case`, `text`: the card that it answers). `action` says what a button is, `mark` is what is posted.
        """

    async def tails(self) -> Mapping[str, int]:
        """How much the bot has said to each person and group."""

    async def board(self) -> Json:
        """`now`, `cases` (newest known state of each) and `rates`.

        A case: what `bot/show.py` says of it, `state_name`, `unit_name`, `lead` (who has it), `opened`, `due`,
        `overdue`, `paused`, `paused_until`, `voices` (how many speak in it). A rate: `name`, `value`, `of`, `n`,
        perhaps `unrated` and `goal`.
        """

    async def case(self, number: str) -> Json | None:
        """One case as on the board, with `history` (`at`, `step`, `step_name`, `by`, `note`), `tasks`, `reporters`.

        A task: `kind`, `holder`, `person`, `state` as words, perhaps `due`. Reporters are what people call them.
        """

    async def photo_bytes(self, id: str) -> bytes | None:
        """The bytes of a picture that a line shows."""

    async def version(self) -> int:
        """A number that changes with every change of the town."""

    async def changed(self, since: int, patience: float, /) -> int:
        """The version as soon as it is not `since`, or after `patience` seconds."""
