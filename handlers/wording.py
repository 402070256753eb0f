"""Knows how the bot speaks: approved sentences by key, and the words by which people command and answer it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Wording:
    """Sentences (`say`) and word lists (`words`), all from `handlers/wording/*.yml`.

    A sentence may hold `{names}`. Only those are replaced, once, so that braces in what people wrote stay harmless.
    """

    sentences: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    patterns: Mapping[str, re.Pattern[str]] = field(default_factory=dict)

    def say(self, key: str, **facts: object) -> str:
        """The sentence of this key. Raises KeyError when the key or a fact it needs is missing."""
        return _FIELD.sub(lambda match: str(facts[match.group(1)]), self.sentences[key])

    def words(self, key: str) -> tuple[str, ...]:
        """The list of this key, longest first."""
        return self.lists[key]

    def means(self, key: str, text: str) -> bool:
        """Whether the whole text is one of the words of this list (surrounding punctuation aside)."""
        return strip(text) in self.lists[key]

    def matches(self, key: str, text: str) -> re.Match[str] | None:
        """The match of a pattern anywhere in the text."""
        return self.patterns[key].search(text)


_EDGES = " \t\r\n,.!?;:~…，。！？；：、～“”\"'（）()【】[]"


def strip(text: str) -> str:
    """A short answer without the punctuation around it, in lower case, full-width letters and digits made narrow."""
    return unicodedata.normalize("NFKC", text).strip(_EDGES).lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One approved answer (一口清) with its source; it is never given after `expires`. Dates are ISO days."""

    key: str
    title: str
    labels: tuple[str, ...]
    item: str
    questions: tuple[str, ...]
    source: str
    date: str
    owner: str
    expires: str
    text: str
    plain: str


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The approved answers by key."""

    answers: Mapping[str, Answer]

    def get(self, key: str, today: str) -> Answer | None:
        """The answer, unless it is unknown or has expired by `today` (ISO day)."""
        answer = self.answers.get(key)
        return answer if answer is not None and today <= answer.expires else None
