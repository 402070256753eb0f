"""Knows how a story is told: who says what, who hears what, through the real door of a stage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.play import span
from bot.stage import Shown, Stage
from handlers.cases import Case, State

__all__ = ["State", "Story"]


class Story:
    """A stage with names as people call each other; unknown names are new residents."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.shown: list[Shown] = []
        self.all: list[Shown] = []

    def who(self, name: str) -> str:
        """The id of a person or group, by id, name, what people call them, or “网格员小李”."""
        town = self.stage.town
        for person in town.people.values():
            called = {person.id, person.name, *person.names}
            if name in called or (person.name and name.endswith(f"小{person.name[0]}") and person.staff):
                return person.id
        for group in town.groups.values():
            if name in (group.id, group.name):
                return group.id
        return name

    def _take(self, shown: list[Shown]) -> list[Shown]:
        self.shown = shown
        self.all += shown
        return shown

    def says(
        self, name: str, text: str, *, into: str = "", at: bool = False, on: str = "", quoted: str = ""
    ) -> list[Shown]:
        """Words in private, or `into` a group (`at`: addressed to the bot; `quoted`: what they answer)."""
        group = self.who(into) if into else ""
        return self._take(self.stage.say(self.who(name), text, group=group, addressed=at, on=on, quoted=quoted))

    def presses(self, name: str, label: str, case: str = "") -> list[Shown]:
        """A button that the person can see."""
        return self._take(self.stage.press_label(self.who(name), label, case))

    def sends_photo(self, name: str, ref: str = "a.jpg", caption: str = "") -> list[Shown]:
        """A picture."""
        return self._take(self.stage.photo(self.who(name), ref, caption))

    def sends_location(self, name: str, lat: float, lon: float) -> list[Shown]:
        """A pin."""
        return self._take(self.stage.location(self.who(name), lat, lon))

    def speaks(self, name: str, text: str) -> list[Shown]:
        """A voice message."""
        return self._take(self.stage.voice(self.who(name), text))

    def follows(self, name: str, scene: str = "", *, on: str = "") -> list[Shown]:
        """Follows the account."""
        return self._take(self.stage.follow(self.who(name), scene, on=on))

    def passes(self, time: str) -> list[Shown]:
        """Time goes by."""
        return self._take(self.stage.advance(span(time)))

    def heard(self, name: str) -> list[str]:
        """What this person or group has just been sent."""
        who = self.who(name)
        return [one.letter.text for one in self.shown if one.letter.to == who]

    def hears(self, name: str, *words: str, but_not: Sequence[str] = ()) -> None:
        """One letter just sent to them holds all these words; none of their letters holds the others."""
        texts = self.heard(name)
        assert any(all(word in text for word in words) for text in texts), (name, words, texts or self._others())
        for text in texts:
            for word in but_not:
                assert word not in text, (name, word, text)

    def _others(self) -> list[tuple[str, str]]:
        return [(one.letter.to, one.letter.text) for one in self.shown]

    def hears_nothing(self, name: str) -> None:
        """Nothing has just been sent to them."""
        assert self.heard(name) == []

    def case(self, number: str = "A0001") -> Case:
        """A case as it is stored."""
        with self.stage.store.reading() as reader:
            case = reader.case(number)
        assert case is not None, number
        return case

    def cases(self) -> list[Case]:
        """All cases."""
        with self.stage.store.reading() as reader:
            return list(reader.cases())

    def never_says(self, *secrets: str, to: Sequence[str]) -> None:
        """None of these words was ever sent to these groups."""
        for one in self.all:
            for name in to:
                if one.letter.to == self.who(name):
                    assert not [word for word in secrets if word in one.letter.text], one.letter.text


HOUR = timedelta(hours=1)
