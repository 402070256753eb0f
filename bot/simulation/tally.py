"""Knows the burden of a month: what each person who serves received, pressed and typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from bot.acts import Act
from bot.simulation.month import Month
from bot.stage import Shown

PRESS = "press"


@dataclass(slots=True)
class Burden:
    """One person's month: messages to them alone, in their groups (new, and edited in place), and what they did."""

    private: int = 0
    group: int = 0
    edits: int = 0
    night: int = 0
    taps: int = 0
    sentences: int = 0
    characters: int = 0
    photos: int = 0


class Tally:
    """Counts while the month goes by. `rooms` says who sits in which group."""

    def __init__(self, staff: Iterable[str], rooms: Mapping[str, tuple[str, ...]], month: Month) -> None:
        self.burdens = {person: Burden() for person in staff}
        self.acts = 0
        self.letters = 0
        self._rooms, self._month = rooms, month

    def act(self, act: Act) -> None:
        """Somebody did something."""
        self.acts += 1
        burden = self.burdens.get(act.who)
        if burden is None:
            return
        burden.taps += act.kind == PRESS
        burden.photos += act.kind == "photo"
        burden.sentences += bool(act.text)
        burden.characters += len(act.text)

    def letter(self, one: Shown, reader: str) -> None:
        """A letter arrived at a person, or in a group."""
        self.letters += 1
        night = self._month.at_night(one.at)
        if reader in self.burdens:
            self.burdens[reader].private += 1
            self.burdens[reader].night += night
        for person in self._rooms.get(reader, ()):
            burden = self.burdens[person]
            if one.letter.kind == "edit":
                burden.edits += 1
            else:
                burden.group += 1
                burden.night += night

    def of(self, person: str) -> dict[str, int]:
        """One person's month as plain numbers."""
        return asdict(self.burdens[person])
