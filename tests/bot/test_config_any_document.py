"""Whatever a document says, reading it ends in a configuration or in problems, and no problem shows a secret."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot import config_check
from bot.config_environment import override
from bot.config_file import File
from bot.reading import Reader
from tests.bot.small_town import AES_KEY, TOWN

CANARY = "hunter2"
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        ["", "jr-2", "yl", "grid", "telegram:1", "22:00-07:00", "http://[", "健仁小区1-8号楼", "2026-10-01"]
    ),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)


def paths(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield (*way, key)
        yield from paths(inner, (*way, key))


FULL: dict[str, Any] = copy.deepcopy(TOWN) | {
    "database": f"postgresql+psycopg://u:{CANARY}@h/d",
    "playground": True,
    "playground_password": CANARY,
    "server": {"host": "0.0.0.0", "port": 1, "workers": 2},
    "nlu": {"engine": "rasa", "rasa_token": CANARY, "rasa_url": f"http://u:{CANARY}@h"},
    "calendar": {"mode": "calendar_hours", "holidays": {"2026-10-01": "a"}},
    "quiet_hours": {"residents": "22:00-07:00", "groups": "22:00-07:00"},
    "platforms": {
        "telegram": {"token": CANARY, "secret_token": CANARY},
        "wechat": [{"account": "gh_1", "app_id": "w", "secret": CANARY, "token": CANARY, "aes_key": AES_KEY}],
        "wecom": {"webhooks": {"g": CANARY}, "bot": {"token": CANARY, "aes_key": AES_KEY}},
    },
}
PATHS = sorted(paths(FULL), key=str)


def read(document: object) -> list[str]:
    reader = Reader()
    override(reader.mapping(document, ""), {}, reader)
    config_check.check(reader.fill(File, document, ""), reader)
    return [str(problem) for problem in reader.problems]


def test_the_full_document_is_right() -> None:
    assert read(FULL) == []


def _step(at: Any, step: Any) -> Any:
    """One step into a document that earlier changes may have bent."""
    inside = isinstance(at, dict) and step in at
    return at[step] if inside or (isinstance(at, list) and isinstance(step, int) and step < len(at)) else None


@given(changes=st.lists(st.tuples(st.sampled_from(PATHS), VALUES), min_size=1, max_size=4))
def test_any_change_ends_in_words(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    document = copy.deepcopy(FULL)
    for path, value in changes:
        at: Any = document
        for step in path[:-1]:
            at = _step(at, step)
        if isinstance(at, dict) or (isinstance(at, list) and isinstance(path[-1], int) and path[-1] < len(at)):
            at[path[-1]] = value
    assert [problem for problem in read(document) if CANARY in problem] == []


@given(document=VALUES)
def test_any_document_ends_in_words(document: Any) -> None:
    read(document)


@given(
    steps=st.lists(st.sampled_from(["PLATFORMS", "WECHAT", "0", "1", "TOKEN", "UNITS", "X", "", "TOWN"]), max_size=4)
)
def test_any_variable_ends_in_words(steps: list[str]) -> None:
    reader = Reader()
    document = copy.deepcopy(FULL)
    override(document, {"XIAOGE__" + "__".join(steps): CANARY}, reader)
    config_check.check(reader.fill(File, document, ""), reader)
    assert [str(problem) for problem in reader.problems if CANARY in str(problem)] == []
