"""What exists is written down, and what is written is whole: README, wording, data; nothing personal in the tree."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, get_args

import pytest

from bot import config, loading
from bot.config_file import File
from bot.reading import shape
from nlu.understanding import LABELS
from tests.house import ROOT, modules

SKIPPED = {
    ".venv",
    ".venv-rasa",
    ".git",
    "var",
    "artefacts",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
}
PERSONAL = re.compile(
    r"/(?:home|Users)/[A-Za-z0-9_.-]+/|/root/|[A-Z]:\\Users\\|/work/(?:main|shared)\b",  # paths of one machine
)
REGISTRY = re.compile(
    r"(?:pypi\.org|pythonhosted\.org|registry\.npmjs\.org|mirrors\.[a-z]+\.|pypi\.tuna\.|--(?:extra-)?index-url|--find-links)"
)
ALLOWED = {"tests/test_house_papers.py", "tests/test_locks.py"}
"""Files that name what is forbidden in order to forbid it."""


def keys(cls: type[Any], prefix: str = "") -> Iterator[str]:
    """Every key of the configuration as a path; lists of sections as `units[].name`."""
    for name, (hint, _) in shape(cls).items():
        yield f"{prefix}{name}"
        for part in (hint, *get_args(hint)):
            if is_dataclass(part) and isinstance(part, type):
                yield from keys(part, f"{prefix}{name}{'' if part is hint else '[]'}.")


def commands() -> list[str]:
    """The commands of `python -m bot`, as its own table has them."""
    tree = ast.parse((ROOT / "bot" / "__main__.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if (
            isinstance(node, ast.AnnAssign)
            and ast.unparse(node.target) == "_COMMANDS"
            and isinstance(node.value, ast.Dict)
        ):
            return [str(ast.literal_eval(key)) for key in node.value.keys if key is not None]
    pytest.fail("bot/__main__.py has no table _COMMANDS")


def readme() -> str:
    path = ROOT / "README.md"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_every_key_of_the_configuration_is_in_the_readme() -> None:
    text = readme()
    missing = [
        path for path in keys(File) if not re.search(rf"(?<![\w.]){re.escape(path.rpartition('.')[2])}[`:]", text)
    ]
    assert missing == []


def test_every_command_is_in_the_readme() -> None:
    text = readme()
    missing = [name for name in commands() if not re.search(rf"python -m bot {name}\b|`{name}[ `]", text)]
    assert missing == []


def test_every_make_target_is_in_the_readme() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r'@echo "make (\w+)', makefile)
    assert targets
    assert [target for target in targets if f"make {target}" not in readme()] == []


def texts() -> Iterator[tuple[str, str]]:
    """Every text of the tree with its path."""
    for folder, folders, names in os.walk(ROOT):
        here = Path(folder).relative_to(ROOT)
        folders[:] = sorted(name for name in folders if name not in SKIPPED and here / name != Path("nlu/model"))
        for name in sorted(names):
            try:
                yield (here / name).as_posix(), (ROOT / here / name).read_text(encoding="utf-8")
            except (UnicodeDecodeError, FileNotFoundError):
                continue


def test_nothing_in_the_tree_belongs_to_one_machine() -> None:
    wrong = [
        f"{path}: {match[0]}"
        for path, text in texts()
        if path not in ALLOWED
        for pattern in (PERSONAL, REGISTRY)
        for match in pattern.finditer(text)
    ]
    assert wrong == []


def test_every_command_has_its_words() -> None:
    lists = loading.wording(ROOT / "handlers" / "wording").lists
    files = [path.stem for path in (ROOT / "handlers" / "commands").glob("[!_]*.py")]
    assert [name for name in files if f"command.{name}" not in lists] == []
    words = [key for key in lists if key.startswith("command.") and key.removeprefix("command.") not in files]
    assert words == [], "words of no command"


def test_every_sentence_that_is_said_is_written() -> None:
    sentences = loading.wording(ROOT / "handlers" / "wording").sentences
    missing = [
        f"{module.path}:{call.lineno} {key}"
        for module in modules("handlers")
        for name, form in (("say", "{}"), ("word", "{}"), ("RefusalError", "refuse.{}"))
        for call in module.calls(name)
        if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
        if (key := form.format(call.args[0].value)) not in sentences
    ]
    assert missing == []


def test_every_flow_is_some_dutys() -> None:
    town = config.read(ROOT / "config.yaml", {}).town
    catalogue = loading.catalogue(ROOT / "handlers" / "catalogues" / "yanlong.yml", town)
    used = {item.flow for duty in catalogue.duties.values() for item in duty.items.values()}
    assert used == {path.stem for path in (ROOT / "handlers" / "flows").glob("[!_]*.py")}


def test_every_label_has_its_sentences() -> None:
    assert {path.stem for path in (ROOT / "nlu" / "data").glob("*.yml")} >= set(LABELS)
