"""Knows how to look at our own source: its modules, what they import, the functions and words in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "handlers", "nlu", "storage")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Import:
    """One import of a module; `inside` a function or not, and whether only the type checker runs it."""

    name: str
    line: int
    inside: bool
    typing: bool


@dataclass(frozen=True)
class Module:
    """One source file."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.text, self.path)

    @property
    def name(self) -> str:
        """Its dotted name."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def package(self) -> str:
        """Its top package."""
        return self.path.split("/", 1)[0]

    @property
    def lines(self) -> int:
        """Its lines that are not blank."""
        return sum(1 for line in self.text.splitlines() if line.strip())

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """What it imports. `from a import b` counts as `a.b`, which may be a module or a name in `a`."""
        return tuple(_imports(self.tree, inside=False, typing=False))

    def functions(self) -> Iterator[tuple[str, Function]]:
        """Its functions and methods with their names in full."""
        yield from _functions(self.tree, "")

    def uses(self, name: str) -> Iterator[int]:
        """The lines in which a name, or an attribute of that name, is used."""
        for node in ast.walk(self.tree):
            if (isinstance(node, ast.Attribute) and node.attr == name) or (
                isinstance(node, ast.Name) and node.id == name
            ):
                yield node.lineno

    def calls(self, method: str) -> Iterator[ast.Call]:
        """Every call of something's `.method(...)`, or of a function of that name."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == method:
                yield node

    def words(self) -> Iterator[tuple[int, str]]:
        """Every string that the program itself may use (not documentation), with its line."""
        told = {id(node.value) for node in ast.walk(self.tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
                yield node.lineno, node.value


def _imports(node: ast.AST, *, inside: bool, typing: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, child.lineno, inside, typing) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            base = "." * child.level + (child.module or "")
            yield from (Import(f"{base}.{alias.name}", child.lineno, inside, typing) for alias in child.names)
        else:
            checker = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
            function = isinstance(child, Function | ast.Lambda)
            yield from _imports(child, inside=inside or function, typing=typing or checker)


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
    for child in ast.iter_child_nodes(node):
        named = isinstance(child, Function | ast.ClassDef)
        name = f"{prefix}{child.name}." if isinstance(child, Function | ast.ClassDef) else prefix
        if isinstance(child, Function):
            yield name[:-1], child
        yield from _functions(child, name if named else prefix)


def length(function: Function, text: list[str]) -> int:
    """The lines of a function that are neither blank nor its docstring."""
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    told = range(first.lineno, (first.end_lineno or first.lineno) + 1) if documented else range(0)
    lines = range(function.lineno, (function.end_lineno or function.lineno) + 1)
    return sum(1 for number in lines if number not in told and text[number - 1].strip())


def modules(*packages: str) -> tuple[Module, ...]:
    """The modules of these packages, in order."""
    paths = sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))
    return tuple(Module(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths)


def graph(found: tuple[Module, ...]) -> Mapping[str, set[str]]:
    """Which of our modules each of our modules imports when it runs."""
    names = {module.name for module in found}
    return {module.name: {target for target in _ours(module, names) if target != module.name} for module in found}


def _ours(module: Module, names: set[str]) -> Iterator[str]:
    for one in module.imports:
        if not one.typing:
            yield from (name for name in (one.name, one.name.rpartition(".")[0]) if name in names and "." in name)
