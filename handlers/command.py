"""Knows what a command is: a word or a button, for whom, and how its words are read out of a message."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from handlers.town import Person, Town
from handlers.turn import Turn
from handlers.wording import Wording, strip

NUMBER = re.compile(r"(?<![A-Za-z0-9·•])([A-Za-z])[\s\-#]?(\d{4,9})(?!\d)")
LONGEST = 600
"""A longer text is no command: nobody gives one at such length."""

_NARROW = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
"""Full-width digits and letters, as Chinese keyboards give them."""

_BEGIN = r"[^\s.。!！?？”’\"'」』）)】~…]"
"""With what the words behind a command do not begin."""

_GAP = r"[\s:：,，、#]*"
_NUMBER = r"[A-Za-z][\s\-#]?\d{4,9}"


@dataclass(frozen=True, slots=True)
class Call:
    """A command as it was given: the case it names (“” when none), the words after it, a button's argument."""

    number: str = ""
    rest: str = ""
    argument: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command. Words are the wording list `command.<key>`; `whole` ones are the whole message (but a number).

    What an `aloud` one says may be read in a group; the answer of any other goes to the sender in private. `lists`
    names the holders whose open cases must be loaded for it, beyond the sender's own desks. Behind the words of a
    `tight` one more may follow without a gap; a `numbered` one is a command only where it names a case (“上报 3号楼
    路灯坏了” is a report); an `unasked` one is heard in a group although nobody addressed the bot, and answered in
    private alone. `draws`: what must be drawn ahead for it, a one-time code or the number of a broadcast, or loaded,
    the record of the last broadcasts.
    """

    key: str
    run: Callable[[Turn, Call], None]
    audience: Literal["all", "staff"] = "all"
    whole: bool = True
    aloud: bool = False
    tight: bool = False
    numbered: bool = False
    unasked: bool = False
    lists: Callable[[Person, Call, Town], tuple[str, ...]] | None = None
    draws: Literal["", "code", "broadcast", "record"] = ""


def numbers(text: str) -> list[str]:
    """Every case number in a text, normalised (“a 0012” → “A0012”, full-width as well), in order."""
    return [f"{letter.upper()}{digits}" for letter, digits in NUMBER.findall(text.translate(_NARROW))]


class Commands:
    """All commands, and the reading of them."""

    def __init__(self, commands: Mapping[str, Command], wording: Wording) -> None:
        self.by_key = commands
        pairs = [
            (word, command)
            for command in commands.values()
            for word in (wording.lists.get(f"command.{command.key}", ()))
        ]
        self._words = sorted(((word.lower(), command) for word, command in pairs), key=lambda pair: -len(pair[0]))
        words = "|".join(re.escape(word) for word, _ in pairs)
        self._begins = re.compile(rf"/?(?:{_NUMBER}{_GAP})?(?:{words})", re.IGNORECASE)

    def read(self, text: str, *, staff: bool) -> tuple[Command, Call] | None:
        """The command that a text is, if it is one. Staff words from a resident are read too, and refused later."""
        plain = text.translate(_NARROW).strip()
        if len(plain) > LONGEST:
            return None
        bare = strip(plain)
        if not (self._begins.match(plain) or self._begins.match(bare)):  # so it is with most of what is said
            return None
        low = f"{plain}\n{bare}".lower()
        for word, command in self._words:
            if word not in low:
                continue
            pattern = _pattern(word, command.whole, command.tight)
            match = pattern.fullmatch(plain) or (pattern.fullmatch(bare) if command.whole else None)
            if match is None:
                continue
            if not _number(match) and (command.numbered or (command.audience == "staff" and not staff)):
                continue
            return command, Call(number=_number(match), rest=(match.groupdict().get("rest") or "").strip())
        return None


def _number(match: re.Match[str]) -> str:
    raw = match.group("n1") or match.group("n2") or ""
    found = numbers(raw)
    return found[0] if found else ""


@lru_cache(maxsize=1024)
def _pattern(word: str, whole: bool, tight: bool) -> re.Pattern[str]:
    """Made when the word is first said: hundreds of them would be a tenth of a second of every start."""
    core = rf"/?(?:(?P<n1>{_NUMBER}){_GAP})?{re.escape(word)}(?:{_GAP}(?P<n2>{_NUMBER}))?"
    gap = r"[\s:：,，、]*" if tight else r"(?(n2)[\s:：,，、]*|[\s:：,，、]+)"
    tail = _GAP if whole else rf"(?:{gap}(?P<rest>{_BEGIN}.*))?"
    return re.compile(core + tail, re.IGNORECASE | re.DOTALL)
