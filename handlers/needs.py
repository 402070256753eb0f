"""Knows what a message needs before it can be decided: whose lists it asks for, which command and items it may mean."""

from __future__ import annotations

from handlers import rights
from handlers.command import Call, Command, Commands
from handlers.rules import Rules
from handlers.town import Person
from nlu.understanding import Heard, Understanding


class Needs:
    """Looks at words and buttons as the desk will, without deciding anything."""

    def __init__(self, rules: Rules, commands: Commands) -> None:
        self._rules = rules
        self._commands = commands

    def holders(self, person: Person, words: str, button: str = "") -> tuple[str, ...]:
        """The desks whose open cases a message may ask for: the person's own, and those that a list command names."""
        own, found = rights.desks(person), self.meant(person, words, button)
        if found is None or found[0].lists is None:
            return own
        return tuple(dict.fromkeys((*own, *found[0].lists(person, found[1], self._rules.town))))

    def meant(self, person: Person, words: str, button: str = "") -> tuple[Command, Call] | None:
        """The command that a worker's message or a button is, for what must be loaded before it is decided."""
        pressed = self._commands.by_key.get(button.partition(":")[0])
        found = (pressed, Call(argument=button.rpartition(":")[2])) if pressed is not None else None
        return (self._commands.read(words, staff=True) if words and person.staff else None) or found

    def items(self, heard: Heard | None) -> tuple[str, ...]:
        """The items of which a message may open a case, for those that are open already."""
        senses = (heard.alone, heard.joined) if heard is not None else ()
        return tuple(dict.fromkeys(filter(None, (self._item(sense) for sense in senses if sense is not None))))

    def _item(self, heard: Understanding) -> str:
        if self._rules.catalogue.duty_for(heard.label) is None:
            return ""
        key = heard.emergency_type if heard.emergency_type != "none" else heard.item
        return self._rules.catalogue.item_for(heard.label, key).key
