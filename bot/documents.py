"""Knows YAML as people mean it: a key stands once; a day, `no` and 0123 stay the words they are."""

from __future__ import annotations

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

_Fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where it is there: ten times as fast
_SCALARS = (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"0|[-+]?[1-9][0-9]*", "-+0123456789"),
    ("float", r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+]?[0-9]+)?", "-+0123456789"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
)


class NotADocument(Exception):
    """The text is no YAML, or says a key twice. `where` is a line, `expected` and `found` say what is wrong there."""

    def __init__(self, where: str, expected: str, found: str) -> None:
        super().__init__(f"{where}: expected {expected}, found {found}")
        self.where = where
        self.expected = expected
        self.found = found


def _resolvers() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """What a plain scalar may mean, by its first character, in the shape PyYAML wants."""
    table: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for tag, form, heads in _SCALARS:
        for head in heads:
            table.setdefault(head, []).append((f"tag:yaml.org,2002:{tag}", re.compile(rf"^(?:{form})$")))
    return table


class _Loader(_Fast):  # type: ignore[misc]
    """A safe loader without YAML 1.1's surprises (22:30 a number, 0123 octal, `no` a boolean, days date objects)."""

    yaml_implicit_resolvers = _resolvers()

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """A mapping, refused when it says a key twice: the second would silently win."""
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, Hashable) and key in seen:
                raise NotADocument(f"line {key_node.start_mark.line + 1}", "each key once", f'"{key}" again')
            seen.add(key if isinstance(key, Hashable) else id(key_node))
        built: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return built


def parse(text: str) -> Any:
    """The value of one YAML document. Raises NotADocument, which never shows more than a key of the text."""
    try:
        return yaml.load(str(text), Loader=_Loader)  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}" if mark else "the file"
        grammar = isinstance(error, (yaml.scanner.ScannerError, yaml.parser.ParserError))
        raise NotADocument(
            where, "valid YAML", str(error.problem) if grammar else "an alias or tag it does not know"
        ) from None
    except yaml.YAMLError:
        raise NotADocument("the file", "valid YAML", "characters that YAML does not allow") from None


def load(path: Path) -> Any:
    """The value of a YAML file. Raises NotADocument, also when the file cannot be read."""
    try:
        return parse(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise NotADocument("the file", "a file that can be read", error.strerror or "an error of the disk") from None
    except UnicodeDecodeError:
        raise NotADocument("the file", "text in UTF-8", "other bytes") from None
