"""Knows where the lexica lie and how to read one: YAML files of words beside the code, never code themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from operator import add
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml

T = TypeVar("T")
LEXICON_DIR = Path(__file__).with_name("lexicon")


def read_yaml(path: Path) -> Any:
    """One YAML document, with libyaml where it is there: the pure Python loader would cost a tenth of a second."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader either way


def read_lexicon(name: str) -> Mapping[str, Any]:
    """The lexicon of that name, e.g. `dialect` for nlu/lexicon/dialect.yml."""
    lexicon = read_yaml(LEXICON_DIR / f"{name}.yml")
    if not isinstance(lexicon, dict):
        raise TypeError(f"{name}.yml must be a mapping")
    return lexicon


def words_of(entry: str | Iterable[str]) -> tuple[str, ...]:
    """Words are written in one string with spaces between them, because a list of one word a line is hard to survey."""
    return tuple(entry.split()) if isinstance(entry, str) else tuple(str(word) for word in entry)


def pieces_of(text: str) -> set[str]:
    """All characters and pairs of neighbouring characters of a text."""
    pieces = set(text)
    pieces.update(map(add, text, text[1:]))
    return pieces


def filled(expression: str, parts: Mapping[str, str]) -> str:
    """An expression with its named parts filled in where it names them in braces; a part may name those before it."""
    for name in reversed(list(parts)):
        expression = expression.replace(f"{{{name}}}", parts[name])
    return expression


class WordIndex(Generic[T]):
    """Finds many words in a text in one pass: words are looked up by their first two characters."""

    def __init__(self, words: Mapping[str, T]) -> None:
        """`words` maps each word to what it stands for; only `spans` finds words of one character."""
        self._by_head: dict[str, list[tuple[str, T]]] = {}
        for word in sorted(words, key=len, reverse=True):
            self._by_head.setdefault(word[:2], []).append((word, words[word]))
        for head in self._by_head:
            if len(head) > 1:  # a word of one character counts where no longer one fits
                self._by_head[head] += self._by_head.get(head[0], ())
        self._firsts = frozenset(head[0] for head in self._by_head)

    def spans(self, text: str) -> Iterator[tuple[int, int, T]]:
        """Where words stand, with what they stand for: the longest first, from left to right, none within another."""
        heads, firsts = self._by_head, self._firsts
        past = 0
        for at, char in enumerate(text):
            if char in firsts and at >= past:
                for word, value in heads.get(text[at : at + 2]) or heads.get(char) or ():
                    if text.startswith(word, at):
                        past = at + len(word)
                        yield at, past, value
                        break

    def replace(self: WordIndex[str], text: str) -> str:
        """The text with every word replaced by what it stands for, the longest word first, from left to right."""
        heads = self._by_head
        out: list[str] = []
        at, kept = 0, 0
        while at < len(text) - 1:
            for word, value in heads.get(text[at : at + 2], ()):
                if text.startswith(word, at):
                    out += (text[kept:at], value)
                    at = kept = at + len(word)
                    break
            else:
                at += 1
        return text if not out else "".join([*out, text[kept:]])


def either(words: Iterable[str]) -> str:
    """An expression for any of the words, the longest that fits; common beginnings are written once."""
    tree: dict[str, Any] = {}
    for word in words:
        branch = tree
        for char in word:
            branch = branch.setdefault(char, {})
        branch[""] = {}
    return _written(tree)


def _written(tree: Mapping[str, Any]) -> str:
    rest = [re.escape(char) + _written(branch) for char, branch in sorted(tree.items()) if char]
    if not rest:
        return ""
    singles = [char for char in rest if len(char) == 1]
    if len(singles) > 1:
        rest = [f"[{''.join(singles)}]", *(one for one in rest if len(one) > 1)]
    whole = rest[0] if len(rest) == 1 and "" not in tree else f"(?:{'|'.join(rest)})"
    return f"{whole}?" if "" in tree else whole
