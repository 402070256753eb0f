"""Knows how to read a document into frozen dataclasses, and to tell every misfit by its path in the document."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from difflib import get_close_matches
from enum import Enum
from json import dumps
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from bot import documents
from bot.secret import Secret

T = TypeVar("T")
_SHOWN = 60


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that does not fit. `found` never holds the value of a secret."""

    path: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected}, found {self.found}"


class ConfigError(Exception):
    """What was read cannot be used; all that is wrong with it, one line each."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class FromEnvironment(str):
    """A value that came from an environment variable (`name`): text that may stand for a number or a list."""

    name: str = ""

    @classmethod
    def of(cls, name: str, value: str) -> FromEnvironment:
        """The value of the variable of this name."""
        made = cls(value)
        made.name = name
        return made


def within(low: float, high: float, default: Any = MISSING) -> Any:
    """A field for a number from `low` to `high`."""
    return field(default=default, metadata={"within": (low, high)})


def lone(default: Any = MISSING) -> Any:
    """A field for a list that may be written without brackets when it has one entry."""
    return field(default=default, metadata={"lone": True})


def lone_entries() -> Any:
    """A field for a mapping of lists, each of which may be written without brackets when it has one entry."""
    return field(default_factory=dict, metadata={"lone_entries": True})


def kind(value: object) -> str:
    """What sort of thing a value is, for messages that must not show it."""
    named = {bool: "true or false", int: "a number", float: "a number", str: "text", dict: "a mapping", list: "a list"}
    return "nothing" if value is None else next((n for k, n in named.items() if isinstance(value, k)), "something else")


def show(value: object) -> str:
    """A value as it stands in a message."""
    if isinstance(value, dict | list) or value is None:
        return kind(value)
    text = dumps(value, ensure_ascii=False, default=str)
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + '…"'
    return f"{shown} (from {value.name})" if isinstance(value, FromEnvironment) else shown


def near(word: object, known: Iterable[str]) -> str:
    """“ (did you mean …?)” when something known is spelled nearly so."""
    close = get_close_matches(str(word), list(known), n=1, cutoff=0.6)
    return f" (did you mean {close[0]}?)" if close else ""


def either(known: Iterable[str]) -> str:
    """“a, b or c”."""
    *first, last = known
    return f"{', '.join(first)} or {last}" if first else str(last)


def shape(cls: type[Any]) -> Mapping[str, tuple[Any, Field[Any]]]:
    """The fields of a dataclass by name, each with its resolved type."""
    hints = get_type_hints(cls)
    return {part.name: (hints[part.name], part) for part in fields(cls) if part.init}


class Reader:
    """Turns plain YAML values into typed ones; where one does not fit it notes the problem and goes on with a blank."""

    def __init__(self, prefix: str = "") -> None:
        self.problems: list[Problem] = []
        self._prefix = prefix
        self._shapes: dict[type, Mapping[str, tuple[Any, Field[Any]]]] = {}

    def note(self, path: str, expected: str, found: str) -> None:
        """One more problem; what does not fit because of an earlier one at the same path is not worth a line."""
        problem = Problem(f"{self._prefix}{path}", expected, found)
        if all(earlier.path != problem.path for earlier in self.problems):
            self.problems.append(problem)

    def settle(self) -> None:
        """Raises ConfigError when anything did not fit."""
        if self.problems:
            raise ConfigError(self.problems)

    def load(self, parse: Callable[[], Any]) -> Any:
        """A document; None, with the problem noted, where it is none."""
        try:
            return parse()
        except documents.NotADocument as error:
            self.note(error.where, error.expected, error.found)
            return None

    def mapping(self, value: object, path: str) -> dict[str, Any]:
        """A mapping with text keys, else an empty one."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.note(path or "the file", "a mapping", kind(value))
            return {}
        return {str(key): entry for key, entry in value.items()}

    def fill(self, cls: type[T], value: object, path: str) -> T:
        """The dataclass from a mapping."""
        stated = self.mapping(value, path)
        known = {name: part for name, part in self._shape(cls).items()}
        for key in stated.keys() - known.keys():
            self.note(_join(path, key), f"a known key{near(key, known)}", show(key))
        parts = {name: self._field(stated.get(name), _join(path, name), *part) for name, part in known.items()}
        return cls(**parts)

    def _shape(self, cls: type[Any]) -> Mapping[str, tuple[Any, Field[Any]]]:
        """Resolving a dataclass's types takes a while, and lists hold many of one kind."""
        if cls not in self._shapes:
            self._shapes[cls] = shape(cls)
        return self._shapes[cls]

    def _field(self, value: object, path: str, hint: Any, part: Field[Any]) -> Any:
        if value is None and part.default is not MISSING:
            return part.default
        if value is None and part.default_factory is not MISSING:
            return part.default_factory()
        if value is None and not is_dataclass(hint):
            self.note(path, expected(hint), "nothing")
            return _blank(hint)
        if part.metadata.get("lone") and isinstance(value, str):
            value = [value]
        if part.metadata.get("lone_entries"):
            stated = self.mapping(self._opened(value, path), path)
            value = {key: entry if _is_list(entry) else [entry] for key, entry in stated.items()}
        read = self.convert(hint, value, path)
        low, high = part.metadata.get("within", (None, None))
        if low is not None and not low <= read <= high:
            self.note(path, f"a number from {low} to {high}", show(value))
        return read

    def convert(self, hint: Any, value: object, path: str) -> Any:
        """A value as its type wants it; a blank of that type, with the problem noted, where it does not fit."""
        plain = _bare(hint)
        origin, args = get_origin(plain) or plain, get_args(plain)
        if is_dataclass(origin):
            return self.fill(plain, self._opened(value, path), path)
        if origin in (tuple, frozenset):
            return origin(self._entries(args, self._opened(value, path), path))
        if origin is not Literal and issubclass(origin, Mapping):
            stated = self.mapping(self._opened(value, path), path)
            return {key: self.convert(args[1], entry, _join(path, key)) for key, entry in stated.items()}
        return self._scalar(plain, value, path)

    def _opened(self, value: object, path: str) -> object:
        """A list or mapping that the environment gives as YAML text."""
        if not isinstance(value, FromEnvironment):
            return value
        try:
            return documents.parse(value)
        except documents.NotADocument:
            self.note(path, "a list or mapping in YAML", f"text (from {value.name})")
            return None

    def _entries(self, args: tuple[Any, ...], value: object, path: str) -> list[Any]:
        if value is None:
            return []
        open_end = len(args) == 1 or args[-1] is Ellipsis
        if not isinstance(value, list) or not (open_end or len(value) == len(args)):
            self.note(path, "a list" if open_end else f"a list of {len(args)}", kind(value))
            return [] if open_end else [_blank(hint) for hint in args]
        hints = [args[0]] * len(value) if open_end else args
        return [
            self.convert(hint, entry, f"{path}[{i}]") for i, (hint, entry) in enumerate(zip(hints, value, strict=True))
        ]

    def _scalar(self, hint: Any, value: object, path: str) -> Any:
        try:
            return _accept(hint, value)
        except (ValueError, documents.NotADocument):
            found = kind(value) if hint is Secret else show(value)
            self.note(path, expected(hint) + near(value, _choices(hint)), found)
            return _blank(hint)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _is_list(value: object) -> bool:
    """Whether a value is a list, or may be one as YAML text of the environment."""
    return isinstance(value, list) or (isinstance(value, FromEnvironment) and value.startswith("["))


def _bare(hint: Any) -> Any:
    """`X` from `X | None`."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(part for part in get_args(hint) if part is not type(None))
    return hint


def _choices(hint: Any) -> tuple[str, ...]:
    if get_origin(hint) is Literal:
        return get_args(hint)
    return tuple(one.value for one in hint) if isinstance(hint, type) and issubclass(hint, Enum) else ()


def _accept(hint: Any, value: object) -> Any:
    """The scalar as wanted. Raises ValueError when it is something else."""
    if hint not in (str, Secret) and isinstance(value, FromEnvironment) and not _choices(hint):
        value = documents.parse(value)
    if _choices(hint):
        if value not in _choices(hint):
            raise ValueError
        return value if get_origin(hint) is Literal else hint(value)
    if hint is float and type(value) is int:
        return float(value)
    wanted = str if hint is Secret else hint
    if not isinstance(value, wanted) or isinstance(value, bool) != (hint is bool):
        raise ValueError
    return wanted(value) if hint is not Secret else Secret(str(value))


def expected(hint: Any) -> str:
    """What a field of this type wants, in words."""
    words = {
        str: "text (numbers in quotes)",
        Secret: "text in quotes",
        int: "a whole number",
        float: "a number",
        bool: "true or false",
    }
    plain = _bare(hint)
    return (
        either(_choices(plain))
        if _choices(plain)
        else words.get(plain, "a list" if get_origin(plain) in (tuple, frozenset) else "a mapping")
    )


def _blank(hint: Any) -> Any:
    plain = _bare(hint)
    origin = get_origin(plain) or plain
    if _choices(plain):
        return _accept(plain, _choices(plain)[0])
    if origin is tuple and Ellipsis not in get_args(plain):
        return tuple(_blank(part) for part in get_args(plain))
    return {} if issubclass(origin, Mapping) else origin()
