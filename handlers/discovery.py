"""Knows how commands, flows and question readers are found: by walking their folders, into frozen mappings."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from types import MappingProxyType, ModuleType

from handlers import commands, flows, questions
from handlers.command import Command
from handlers.desk import Desk, Flow, Reader
from handlers.rules import Rules


def _modules(folder: ModuleType) -> Iterator[tuple[str, ModuleType]]:
    for info in sorted(pkgutil.iter_modules(folder.__path__), key=lambda info: info.name):
        yield info.name, importlib.import_module(f"{folder.__name__}.{info.name}")


def all_commands() -> Mapping[str, Command]:
    """Every module of handlers/commands has one COMMAND."""
    found = [module.COMMAND for _, module in _modules(commands)]
    return MappingProxyType({command.key: command for command in found})


def all_flows() -> Mapping[str, Flow]:
    """Every module of handlers/flows has one `run`; the catalogue names it by its file."""
    return MappingProxyType({name: module.run for name, module in _modules(flows)})


def all_readers() -> Mapping[str, Reader]:
    """Every module of handlers/questions has READERS by kind of question."""
    return MappingProxyType({kind: read for _, module in _modules(questions) for kind, read in module.READERS.items()})


def desk(rules: Rules) -> Desk:
    """The desk with everything that is in its folders."""
    return Desk(rules, all_commands(), all_flows(), all_readers())
