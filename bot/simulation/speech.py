"""Knows how commands are said in the simulated month: by the words that this version of the bot understands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.acts import Act
from bot.simulation.plans import Plan
from bot.simulation.script import Script
from handlers.town import Town
from handlers.wording import Wording


@dataclass(frozen=True, slots=True)
class Speech:
    """The words of commands; a command that this bot has not is not said."""

    wording: Wording
    script: Script
    town: Town

    def knows(self, key: str) -> bool:
        """Whether the bot has this command."""
        return f"command.{key}" in self.wording.lists

    def word(self, key: str) -> str:
        """The shortest way of giving a command."""
        return self.wording.lists[f"command.{key}"][-1]

    def line(self, who: str, key: str, rest: str, at: datetime, *, photo: str = "") -> list[Plan]:
        """A command said at a moment, perhaps under a photo; nothing where the bot has no such command."""
        if not self.knows(key):
            return []
        text = f"{self.word(key)} {rest}".strip()
        return [Plan(at, Act(who=who, kind="photo" if photo else "text", text=text, photo=photo))]
