"""Knows how a letter reads in a group that only listens: pieces by bytes, markdown, and words in place of buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.platforms.parts import clean, split_bytes
from handlers.letters import Button
from handlers.wording import Wording
from storage.values import Outgoing

TEXT_BYTES: Final = 2048
MARKDOWN_BYTES: Final = 4096
ASKING: Final = ("accept:", "acknowledge:")
"""Beginnings of the actions with which a case is taken: a card that has one of them waits for somebody."""


@dataclass(frozen=True, slots=True)
class Instead:
    """What stands under a card in place of its buttons: which words to write, and `where` this bot reads them."""

    wording: Wording
    where: str

    def line(self, buttons: Sequence[Button]) -> tuple[str, tuple[str, ...]]:
        """Where to write, and the words of each button; nothing where no button has words of its own."""
        found = tuple(dict.fromkeys(filter(None, map(self._words, buttons))))
        return (self.wording.say("webhook.write", where=self.where), found) if found and self.where else ("", ())

    def _words(self, button: Button) -> str:
        """The command that says the same as the button: its word, and the number of its case."""
        command, _, rest = button.action.partition(":")
        number = rest.partition(":")[0]
        known = self.wording.lists.get(f"command.{command}", ())
        labels = (button.label.removesuffix(number).strip(), self.wording.sentences.get(f"button.{command}", ""))
        word = next((label for label in labels if label in known), next(iter(known), ""))
        return f"{word} {number}" if word and number else ""


def asks(letter: Outgoing) -> bool:
    """Whether somebody shall take the case of this card."""
    return any(button.action.startswith(ASKING) for button in letter.buttons)


def documents(letter: Outgoing, instead: Instead, meant: Sequence[str], *, markdown: bool) -> list[dict[str, object]]:
    """The messages for the words of a letter: markdown for a card that fits, else as many of text as it takes."""
    words = clean((letter.kind == "edit" and letter.follow_up) or letter.text).strip("\n")
    where, commands = instead.line(letter.buttons if letter.kind == "card" or asks(letter) else ())
    if markdown and letter.kind == "card":
        content = _marked(words, where, commands, meant, red=letter.red)
        if len(content.encode()) <= MARKDOWN_BYTES:
            return [{"msgtype": "markdown", "markdown": {"content": content}}]
    lines = "\n".join(filter(None, (unmentioned(words), where, *commands)))
    said: list[dict[str, object]] = [{"content": piece} for piece in split_bytes(lines, TEXT_BYTES)]
    if said and meant:
        said[-1]["mentioned_list"] = list(meant)
    return [{"msgtype": "text", "text": one} for one in said]


def unmentioned(words: str) -> str:
    """The words without a mention that somebody wrote into them: only this bot's own cards call anybody."""
    return words.replace("<@", "＜@")


def _marked(words: str, where: str, commands: Sequence[str], meant: Sequence[str], *, red: bool) -> str:
    """A card as markdown: its first line stands out, what to write is quoted, who is meant is called."""
    head, _, rest = words.replace("<", "＜").replace("`", "'").partition("\n")
    title = f'<font color="warning">**{head}**</font>' if red else f"**{head}**"
    asked = [f"> {where}", *(f"> `{command}`" for command in commands)] if commands else []
    called = " ".join(f"<@{person}>" for person in meant)
    return "\n".join(filter(None, (title, rest, *asked, called)))
