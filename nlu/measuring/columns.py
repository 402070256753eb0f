"""Knows the options that say how a user's file is laid out, and how it is read by them."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from nlu import town
from nlu.measuring.tables import Columns, Table, read_table
from nlu.usage import UsageError

_TOLD = 20
_SEPARATORS = {"tab": "\t", "\\t": "\t"}


def column_options(parser: argparse.ArgumentParser) -> None:
    """Which columns hold what."""
    parser.add_argument("--text-col", default="text", help="heading of the messages")
    parser.add_argument("--label-col", default="label", help="heading of the labels")
    parser.add_argument("--acceptable-col", default="", help="heading of labels that would do too, parted by | or 、")
    parser.add_argument("--separator", default="", help="of a CSV file: , ; or tab; found out when not given")


def read_rows(options: argparse.Namespace, path: Path) -> Table:
    """The rows of a file; what cannot be used is told on stderr by its line."""
    separator = _SEPARATORS.get(options.separator, options.separator)
    if len(separator) > 1:
        raise UsageError("--separator is one character, or tab")
    columns = Columns(options.text_col, options.label_col, getattr(options, "acceptable_col", ""))
    found = read_table(path, columns, separator)
    for line, reason in found.skipped[:_TOLD]:
        sys.stderr.write(f"line {line} skipped: {reason}\n")
    if found.skipped:
        more = f", {len(found.skipped) - _TOLD} of them not listed" if len(found.skipped) > _TOLD else ""
        sys.stderr.write(f"{len(found.skipped)} lines skipped{more}\n")
    if not found.rows:
        raise UsageError(f"{path} has no row that can be used")
    return found


def read_mapping(path: Path | None, otherwise: Mapping[str, str]) -> dict[str, str]:
    """A file `their label: our label`; without one what the catalogue says."""
    if path is None:
        return dict(otherwise)
    if not path.is_file():
        raise UsageError(f"there is no file {path}")
    document = town.read_mapping(path)
    if document is None:
        raise UsageError(f"{path} must hold lines `their label: our label`")
    return {str(theirs): str(ours) for theirs, ours in document.items()}


def in_our_labels(found: Table, mapping: Mapping[str, str]) -> Table:
    """The rows with their labels translated where a mapping says how."""
    rows = tuple(
        replace(
            row,
            label=mapping.get(row.label, row.label),
            acceptable=frozenset(mapping.get(label, label) for label in row.acceptable),
        )
        for row in found.rows
    )
    return Table(rows, found.skipped)


def counted(labels: Counter[str], most: int = 12) -> str:
    """Labels with how often they occur, the commonest first."""
    told = ", ".join(f"{label} ({times})" for label, times in labels.most_common(most))
    return f"{told}, …" if len(labels) > most else told
