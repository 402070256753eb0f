"""Knows how catalogue, wording and knowledge are written in files, and hands them to the desk as frozen values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot import documents
from bot.loading_catalogue import catalogue, cues
from bot.reading import ConfigError, Problem, Reader, near, show
from handlers.catalogue import Catalogue
from handlers.wording import Answer, Knowledge, Wording
from nlu.understanding import LABELS

__all__ = ["ConfigError", "Problem", "catalogue", "cues", "knowledge", "wording"]

V = TypeVar("V")
SECTIONS = 3
_FRONT = re.compile(r"---\n(?P<front>.*?\n)---\n(?P<body>.*)", re.DOTALL)
_HEADING = re.compile(r"^## .*$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingFile:
    """A file of handlers/wording as it stands."""

    sentences: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    patterns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What stands above an approved answer."""

    key: str
    title: str
    labels: tuple[str, ...]
    item: str = ""
    questions: tuple[str, ...]
    source: str
    date: str
    owner: str
    expires: str


def wording(folder: Path) -> Wording:
    """All wording files of a folder as one. Raises ConfigError; a key that stands in two files is an error."""
    problems: list[Problem] = []
    sentences: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    patterns: dict[str, re.Pattern[str]] = {}
    for path in sorted(folder.glob("*.yml")):
        reader = Reader(f"{path.name} ")
        file = reader.fill(WordingFile, reader.load(partial(documents.load, path)), "")
        _add(reader, "sentences", sentences, file.sentences)
        _add(reader, "lists", lists, {key: _longest_first(words) for key, words in file.lists.items()})
        _add(reader, "patterns", patterns, _compiled(reader, file.patterns))
        problems += reader.problems
    _settle(problems)
    return Wording(sentences, lists, patterns)


def _add(reader: Reader, part: str, shelf: dict[str, V], more: Mapping[str, V]) -> None:
    for key in more:
        if key in shelf:
            reader.note(f"{part}.{key}", "a key that no other file has", f"{show(key)} again")
    shelf.update(more)


def _longest_first(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(word.strip().lower() for word in words), key=len, reverse=True))


def _compiled(reader: Reader, patterns: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    compiled: dict[str, re.Pattern[str]] = {}
    for key, pattern in patterns.items():
        try:
            compiled[key] = re.compile(pattern)
        except re.error as error:
            reader.note(f"patterns.{key}", "a regular expression", f"{show(pattern)}: {error}")
    return compiled


def knowledge(folder: Path, *stocks: Catalogue) -> Knowledge:
    """The approved answers of a folder; with catalogues, each belongs to an item of one of them. Raises ConfigError."""
    problems: list[Problem] = []
    answers: dict[str, Answer] = {}
    for path in sorted(folder.glob("*.md")):
        reader = Reader(f"{path.name} ")
        answer = _answer(path, reader)
        if answer is not None:
            _check_answer(answer, path, reader, stocks)
            answers[answer.key] = answer
        problems += reader.problems
    _settle(problems)
    return Knowledge(answers)


def _answer(path: Path, reader: Reader) -> Answer | None:
    """Front matter, then two sections under any heading: the answer, and the same in plain words."""
    match = _FRONT.fullmatch(path.read_text(encoding="utf-8").replace("\r\n", "\n"))
    if match is None:
        reader.note("line 1", "front matter between two lines of ---", "none")
        return None
    document = reader.load(partial(documents.parse, match["front"]))
    if document is None:
        return None
    front = reader.fill(Front, document, "")
    sections = [section.strip() for section in _HEADING.split(match["body"])]
    if sections[0] or len(sections) != SECTIONS or not all(sections[1:]):
        reader.note("the text", "two sections with a heading each, the answer and the plain words", "something else")
    text, plain = [*sections[1:], "", ""][:2]
    said = {part.name: getattr(front, part.name) for part in fields(front)}
    return Answer(**said, text=text, plain=plain)


def _check_answer(answer: Answer, path: Path, reader: Reader, stocks: Sequence[Catalogue]) -> None:
    if answer.key != path.stem:
        reader.note("key", f"the name of the file, {show(path.stem)}", show(answer.key))
    for i, label in enumerate(answer.labels):
        if label not in LABELS:
            reader.note(f"labels[{i}]", f"a label of the ear{near(label, LABELS)}", show(label))
    for name, day in (("date", answer.date), ("expires", answer.expires)):
        if not _is_day(day):
            reader.note(name, "a day like 2026-11-01", show(day))
    if answer.expires <= answer.date:
        reader.note("expires", "a day after date", show(answer.expires))
    items = {item.key for stock in stocks for duty in stock.duties.values() for item in duty.everything()}
    if answer.item and stocks and answer.item not in items:
        reader.note("item", f"the key of an item{near(answer.item, items)}", show(answer.item))


def _is_day(day: str) -> bool:
    try:
        return date.fromisoformat(day).isoformat() == day
    except ValueError:
        return False


def _settle(problems: Sequence[Problem]) -> None:
    if problems:
        raise ConfigError(problems)
