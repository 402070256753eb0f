"""The rules of the house (docs/architecture.md): one-way imports, one library one room, small pieces, few secrets."""

from __future__ import annotations

import re
import sys
from fnmatch import fnmatch
from graphlib import CycleError, TopologicalSorter
from math import ceil

import pytest

from tests.house import PACKAGES, Module, graph, length, modules

OURS = modules(*PACKAGES)
ALL = modules(*PACKAGES, "tests")

MAY_IMPORT = {
    "nlu": ("nlu",),
    "handlers": ("handlers", "nlu.understanding"),
    "storage": ("storage", "handlers", "nlu.understanding"),
    "bot": PACKAGES,
}
"""What a package may import of our own."""

ROOMS: dict[str, tuple[str, ...]] = {
    "aiohttp": ("bot/*",),
    "yarl": ("bot/*",),
    "telegram": ("bot/platforms/telegram*",),
    "wechatpy": ("bot/platforms/wechat*", "bot/platforms/wecom*"),
    "aibot": ("bot/platforms/wecom_bot_socket.py",),
    "PIL": ("bot/media.py",),
    "sqlalchemy": ("storage/*",),
    "psycopg": ("storage/*",),
    "alembic": ("storage/migrate.py", "storage/migrations/*"),
    "sklearn": ("nlu/train*",),
    "scipy": ("nlu/train*",),
    "joblib": ("nlu/train*",),
    "numpy": ("nlu/*",),
    "opencc": ("nlu/*",),
    "chinese_calendar": ("bot/calendars.py",),
    "python_calamine": ("bot/workbook.py", "nlu/measuring/tables.py"),
    "segno": ("bot/posters.py",),
    "yaml": ("bot/documents.py", "nlu/*"),
    "xlsxwriter": ("bot/sheets.py",),
}
"""One library, one room: where each third-party library may be imported."""

INSIDE = {
    ("bot/wiring.py", "bot.platforms."): "platforms that are not configured are never imported",
    ("bot/wiring.py", "bot.speech."): "only where a recognition is named",
    ("bot/wiring.py", "nlu.rasa."): "the embedded engine needs nothing of the other",
    ("bot/__main__.py", "bot."): "`check` and `migrate` need neither the ear nor any platform",
    ("bot/process.py", "bot.simulation."): "days are simulated only when somebody asks the playground for them",
    ("nlu/*", "sklearn"): "needed for training only; the running bot does without it",
    ("nlu/*", "scipy"): "it comes with scikit-learn",
    ("nlu/*", "joblib"): "it comes with scikit-learn",
    ("nlu/*", "nlu.train"): "it brings scikit-learn",
    ("bot/*", "storage.migrate"): "it brings Alembic, which only `migrate` needs",
    ("bot/calendars.py", "chinese_calendar"): "only a town that counts working days needs it",
    ("storage/migrate.py", "alembic"): "only `migrate` needs it",
    ("storage/bulk.py", "sqlalchemy.dialects."): "the dialect of the other store costs a twentieth of the start",
}
"""The imports that may stand inside a function, and why."""

BY_NAME = {"handlers/discovery.py"}
"""Modules that may import by name: the discovery of commands, flows and question readers."""

MAY_REVEAL = {
    "bot/batch.py",
    "bot/config.py",
    "bot/config_check.py",
    "bot/corrections.py",
    "bot/operations.py",
    "bot/platforms/telegram.py",
    "bot/platforms/telegram_api.py",
    "bot/platforms/telegram_hook.py",
    "bot/platforms/telegram_updates.py",
    "bot/platforms/web_hook.py",
    "bot/platforms/wechat_codec.py",
    "bot/platforms/wechat_tokens.py",
    "bot/platforms/wecom_api.py",
    "bot/platforms/wecom_webhook.py",
    "bot/platforms/wecom_bot_codec.py",
    "bot/platforms/wecom_bot_socket.py",
    "bot/playground/guard.py",
    "bot/playground/history.py",
    "bot/playground/lines.py",
    "bot/speech.py",
    "bot/wanting.py",
    "bot/wiring.py",
    "handlers/broadcasts.py",
    "handlers/cards.py",
    "handlers/commands/human.py",
    "handlers/counting.py",
    "handlers/flows/emergency.py",
    "handlers/places.py",
    "handlers/questions/choices.py",
    "handlers/questions/hands.py",
    "handlers/questions/rating.py",
    "handlers/questions/same.py",
    "handlers/questions/relabel.py",
    "handlers/questions/slots.py",
    "handlers/thread.py",
    "handlers/turn.py",
    "handlers/voices.py",
    "storage/chain.py",
    "storage/codec.py",
    "storage/directory.py",
    "storage/town_rows.py",
}
"""Modules that may call `.reveal()`, of secrets or of residents' words. Each new one is a decision."""

LONGEST_MODULE = 250
LONGEST_TEST = 350
"""A test module holds its tables of cases beside its code."""
LONGEST_FUNCTION = 40
USUAL_FUNCTION = 20
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def matches(path: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(path, pattern) for pattern in patterns)


def test_imports_point_one_way() -> None:
    wrong = [
        f"{module.path}:{one.line} imports {one.name}"
        for module in OURS
        for one in module.imports
        if one.name.split(".")[0] in (*PACKAGES, "tests")
        and not any(one.name == may or one.name.startswith(f"{may}.") for may in MAY_IMPORT[module.package])
    ]
    assert wrong == []


def test_no_module_imports_itself_by_a_detour() -> None:
    try:
        TopologicalSorter(graph(ALL)).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]), pytrace=False)


def test_one_library_has_one_room() -> None:
    wrong = [
        f"{module.path}:{one.line} imports {one.name}"
        for module in OURS
        for one in module.imports
        if (library := one.name.split(".")[0]) in ROOMS and not matches(module.path, ROOMS[library])
    ]
    assert wrong == []


def test_every_library_has_a_room() -> None:
    known = {*sys.stdlib_module_names, *PACKAGES, *ROOMS}
    wrong = [
        f"{module.path}:{one.line} imports {one.name}"
        for module in OURS
        for one in module.imports
        if one.name.split(".")[0] not in known
    ]
    assert wrong == []


def test_imports_stand_at_the_top() -> None:
    wrong = [
        f"{module.path}:{one.line} imports {one.name} inside a function"
        for module in OURS
        for one in module.imports
        if one.inside
        and not any(fnmatch(module.path, path) and f"{one.name}.".startswith(name) for path, name in INSIDE)
    ]
    assert wrong == []


def test_importing_by_name_is_for_discovery() -> None:
    wrong = {
        module.path for module in OURS for name in ("import_module", "__import__") for _ in module.uses(name)
    } - BY_NAME
    assert wrong == set()


def test_every_module_says_what_it_knows() -> None:
    assert [module.path for module in ALL if not module.tree.body or not _docstring(module)] == []


def _docstring(module: Module) -> str:
    first = getattr(module.tree.body[0], "value", None)
    return str(getattr(first, "value", ""))


def test_modules_are_small() -> None:
    ceilings = {"tests": LONGEST_TEST}
    large = {m.path: m.lines for m in ALL if m.lines > ceilings.get(m.package, LONGEST_MODULE)}
    assert large == {}


def test_functions_are_small() -> None:
    large = {
        f"{module.path}:{function.lineno} {name}": lines
        for module in ALL
        for name, function in module.functions()
        if (lines := length(function, module.text.splitlines())) > LONGEST_FUNCTION
    }
    assert large == {}


@pytest.mark.parametrize("package", [*PACKAGES, "tests"])
def test_most_functions_are_smaller(package: str) -> None:
    lengths = sorted(
        length(function, module.text.splitlines())
        for module in ALL
        if module.package == package
        for _, function in module.functions()
    )
    ninetieth = lengths[ceil(len(lengths) * 0.9) - 1] if lengths else 0
    assert ninetieth <= USUAL_FUNCTION


def test_what_people_read_stands_in_files() -> None:
    """Chinese in code outside the ear belongs into handlers/wording, the catalogue or the configuration."""
    wrong = [
        f"{module.path}:{line} {word[:30]}"
        for module in OURS
        if module.package != "nlu"
        for line, word in module.words()
        if HAN.search(word)
    ]
    assert wrong == []


def test_secrets_and_words_are_revealed_in_few_places() -> None:
    found = {module.path for module in OURS for _ in module.uses("reveal")}
    assert found - MAY_REVEAL == set()
    assert MAY_REVEAL - found == set(), "no longer needed"


def test_words_that_fired_stay_in_the_ear() -> None:
    """They are the resident's: who looks at the ear may see them, no card, log, metric or table ever does."""
    assert [f"{one.path}:{line}" for one in OURS if one.package != "nlu" for line in one.uses("fired")] == []


def test_nothing_is_printed() -> None:
    assert [f"{module.path}:{line}" for module in ALL for line in module.uses("print")] == []
