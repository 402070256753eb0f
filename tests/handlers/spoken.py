"""Knows which sentences, lists and patterns the desk uses, as its own syntax trees and the wording files say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.handlers.stubs import wording
from tests.house import Module, modules

FIELD = re.compile(r"\{(\w+)\}")
SAYING = {"say": 0, "word": 0, "refuse": 0}
TELLING = {"tell": 2, "tell_desk": 2, "tell_duty": 2}
"""Helpers that are given the key of a sentence at this position, and what they add themselves."""

GIVEN = {
    "tell": {"number", "item"},
    "tell_desk": {"number", "item", "place", "waiting"},
    "tell_duty": {"number", "item", "state"},
}


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a sentence: where, its key (`*` stands for what is only known at run time), what is passed."""

    where: str
    key: str
    passed: frozenset[str]
    open: bool

    @property
    def pattern(self) -> re.Pattern[str]:
        """The key as a pattern of keys."""
        return re.compile(".+".join(map(re.escape, self.key.split("*"))))


OURS = modules("handlers")


def uses() -> list[Use]:
    """Every sentence that the desk says."""
    return [use for module in OURS for use in _uses(module)]


def _uses(module: Module) -> Iterator[Use]:
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func).rpartition(".")[2]
        where = f"{module.path}:{node.lineno}"
        place = {**SAYING, **TELLING}.get(name)
        if place is not None and len(node.args) > place:
            for key in _keys(node.args[place]):
                yield Use(where, key, _passed(node) | GIVEN.get(name, set()), _starred(node))
        elif name == "RefusalError" and node.args:
            for key in _keys(node.args[0]):
                yield Use(where, f"refuse.{key}", _passed(node), _starred(node))
        elif name == "_receipt":
            for key in _keys(node.args[2]):
                yield Use(where, key, frozenset(), True)


def _keys(node: ast.expr) -> Iterator[str]:
    """The keys that an expression may be; nothing for a plain variable, which is filled in somewhere else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _keys(node.body)
        yield from _keys(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)


def _passed(call: ast.Call) -> frozenset[str]:
    return frozenset(keyword.arg for keyword in call.keywords if keyword.arg)


def _starred(call: ast.Call) -> bool:
    return any(keyword.arg is None for keyword in call.keywords)


def strings() -> set[str]:
    """Every string of the desk's own code."""
    return {word for module in OURS for _, word in module.words()}


def needs(key: str) -> set[str]:
    """The fields of a sentence."""
    return set(FIELD.findall(wording().sentences[key]))


def calls(method: str) -> set[str]:
    """The first string argument of every call of a method."""
    found = (call.args[0] for module in OURS for call in module.calls(method) if call.args)
    return {arg.value for arg in found if isinstance(arg, ast.Constant) and isinstance(arg.value, str)}
