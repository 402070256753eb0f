"""Knows `python -m bot import`: a preview of what a spreadsheet changes, the change itself, and its undoing."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot import importing, loading
from bot.app import WORDING
from bot.clock import SystemClock
from bot.config import Config
from bot.operations import OperationError, prepare, say
from bot.workbook import WorkbookError
from storage.importing import UndoError
from storage.store import Reader, Store


def run(config: Config, options: argparse.Namespace) -> int:
    """Preview, apply or undo. Raises OperationError with a sentence."""
    store = prepare(config)
    if options.undo is not None:
        return _undo(store, options.undo)
    if options.file is None:
        raise OperationError("import: expected a file, or --undo with the number of an import")
    return _import(store, config, options.file, options.apply)


def _import(store: Store, config: Config, path: Path, token: str) -> int:
    with store.transaction() as tx:  # what the preview was made of must still be there when it is applied
        if not tx.town_version():
            tx.sync_directory(config.directory, config.accounts, config.chats)
            tx.move_town()
        try:
            plan = importing.plan(path, config, loading.wording(WORDING), standing(tx))
        except WorkbookError as error:
            raise OperationError(str(error)) from error
        if plan.problems:
            for problem in plan.problems:
                say(str(problem))
            raise OperationError(f"{len(plan.problems)} faults; nothing was changed")
        for line in plan.lines:
            say(line)
        if not plan.lines:
            say("nothing to change")
            return 0
        if not token:
            say(f"{len(plan.lines)} changes. Nothing was changed yet; to apply them: --apply {plan.token}")
            return 0
        if token != plan.token:
            raise OperationError("the file or the town has changed since that preview; look at the new one first")
        number = tx.import_town(plan.change, path.name, SystemClock().now())
    say(f"{len(plan.lines)} changes applied as import {number}; to take them back: --undo {number}")
    return 0


def _undo(store: Store, number: int) -> int:
    with store.transaction() as tx:
        try:
            tx.undo_import(number, SystemClock().now())
        except UndoError as error:
            raise OperationError(str(error)) from error
    say(f"import {number} was undone")
    return 0


def standing(reader: Reader) -> importing.Standing:
    """The town as it is now, with everything an import is held against."""
    directory = reader.directory()
    accounts, chats = reader.addresses()
    held = reader.open_cases_of([unit.id for unit in directory.units])
    return importing.Standing(directory, accounts, chats, held, reader.town_version())
