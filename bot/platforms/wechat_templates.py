"""Knows template messages: how a configured template is written, and how each kind of field must be cut."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.platforms.parts import clean, cut_chars

THING: Final = 20
CHARACTERS: Final = 32
PHRASE: Final = 5
NOTHING: Final = "-"
USUAL: Final[Mapping[str, str]] = {"character_string1": "case", "thing2": "text", "time3": "time"}
SOURCES: Final = frozenset({"case", "text", "time"})

_FIELD = re.compile(r"([a-z_]+[0-9]{0,2})=([a-z]+)")


@dataclass(frozen=True, slots=True)
class Template:
    """A template of the account: its id, and for each of its fields what goes in (`case`, `text` or `time`)."""

    id: str
    fields: Mapping[str, str]

    @classmethod
    def parse(cls, entry: str) -> Template:
        """From “ID” (the usual three fields) or “ID|thing4=text,character_string2=case”. Raises ValueError."""
        number, named, rest = entry.partition("|")
        if not named:
            return cls(number.strip(), USUAL)
        pairs = [_FIELD.fullmatch(part.strip()) for part in rest.split(",")]
        fields = {pair[1]: pair[2] for pair in pairs if pair is not None}
        if len(fields) != len(pairs) or not set(fields.values()) <= SOURCES:
            raise ValueError("a template is written ID|field=case,field=text,field=time")
        return cls(number.strip(), fields)

    def data(self, case: str, text: str, local: datetime) -> dict[str, dict[str, str]]:
        """The fields of one message, each as its kind demands (else WeChat answers 47003)."""
        facts = {"case": case, "text": text, "time": f"{local:%Y-%m-%d %H:%M}"}
        return {name: {"value": fitted(name, facts[source])} for name, source in self.fields.items()}


def fitted(field: str, value: str) -> str:
    """The value as this kind of field takes it; a field may not be empty."""
    line = " ".join(clean(value).split())
    if field.startswith("thing"):
        line = cut_chars(line, THING)
    elif field.startswith("character_string"):
        line = re.sub(r"[^\x21-\x7e]", "", line)[:CHARACTERS]
    elif field.startswith("phrase"):
        line = re.sub(r"[^\u4e00-\u9fff]", "", line)[:PHRASE]
    return line or NOTHING
