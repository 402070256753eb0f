"""Knows what `check` holds the town's files to: catalogue, wording and answers, all that is wrong in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot import loading
from bot.app import CATALOGUES, DATA, KNOWLEDGE, WORDING
from bot.config import Config
from bot.reading import ConfigError, Problem, show
from handlers.catalogue import Catalogue, Item
from handlers.commands.human import ITEM as A_PERSON
from nlu.corpus import read_corpus
from nlu.demand import Items
from nlu.reading import Reader

T = TypeVar("T")
_BY_TYPE = frozenset({"emergency", "petition"})
"""Labels whose item is not found by words."""


def files(config: Config, folder: Path = CATALOGUES) -> Catalogue:
    """The catalogue in use, when it and all other files are right. Raises ConfigError with all that is wrong."""
    problems: list[Problem] = []
    used = folder / f"{config.facts.catalogue}.yml"
    learnt = frozenset(read_corpus(DATA).labels)
    stock = _tried(problems, lambda: loading.catalogue(used, config.town, learnt))
    others = [
        _tried(problems, partial(loading.catalogue, path)) for path in sorted(folder.glob("*.yml")) if path != used
    ]
    _tried(problems, lambda: loading.wording(WORDING))
    # An answer may be about an item of a catalogue that is not in use: it is then found by its questions alone.
    stocks = [one for one in (stock, *others) if one is not None] if stock is not None else []
    _tried(problems, lambda: loading.knowledge(KNOWLEDGE, *stocks))
    problems += misled(stock, used.name) if stock is not None else ()
    if problems or stock is None:
        raise ConfigError(problems)
    return stock


def _tried(problems: list[Problem], load: Callable[[], T]) -> T | None:
    try:
        return load()
    except ConfigError as error:
        problems += error.problems
        return None


def misled(stock: Catalogue, name: str) -> Iterator[Problem]:
    """The sentences of `says` by which the ear would find another item than the one they stand under."""
    reader = Reader()
    items = Items(loading.cues(stock), reader)
    for i, duty in enumerate(stock.duties.values()):
        for n, item in enumerate(duty.items.values()):
            for k, text in enumerate(item.says if item.key != A_PERSON else ()):
                found = {stock.item_for(label, items.of(reader.read(text), label)) for label in _labels(item)}
                for wrong in sorted(one.key for one in found - {item}):
                    path = f"{name} duties[{i}].items[{n}].says[{k}]"
                    yield Problem(path, "a sentence whose words lead to its item", f"{show(text)}, leading to {wrong}")


def _labels(item: Item) -> tuple[str, ...]:
    return tuple(label for label in item.labels if label not in _BY_TYPE)
