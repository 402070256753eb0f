"""How group webhooks are configured: one key or several of a name, and where workers answer who only listen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.wiring import listening, not_served
from tests.bot.small_town import AES_KEY, problems, read, with_change
from tests.product import product

WORDING = product().desk.rules.wording


@pytest.mark.parametrize(
    ("platforms", "li", "wanted"),
    [
        ((), "telegram:1", []),
        (("telegram",), "telegram:1", ["telegram"]),
        (("telegram", "wechat"), "telegram:1", ["telegram"]),
        (("telegram", "wechat"), "wechat:gh_1:oLi", ["wechat"]),
        (("telegram", "wechat"), "wecom:li", ["telegram", "wechat"]),
        (("telegram", "wecom"), "wecom:li", ["wecom"]),
    ],
)
def test_where_workers_write_is_told_by_what_is_open_and_where_they_are(
    platforms: Sequence[str], li: str, wanted: list[str], tmp_path: Path
) -> None:
    whole = {"app_id": "wx1", "secret": "s", "token": "t", "aes_key": AES_KEY}
    on: dict[str, tuple[str, Any]] = {
        "telegram": ("platforms.telegram", {"token": "1:a", "secret_token": "s"}),
        "wechat": ("platforms.wechat.0", {"account": "gh_1", **whole}),
        "wecom": ("platforms.wecom", {"corp_id": "w", "agent_id": 1} | {k: whole[k] for k in whole if k != "app_id"}),
    }
    changes = [on[name] for name in platforms]
    config = read(with_change(("people.1.accounts", [li]), *changes), tmp_path)
    assert listening(config) == wanted
    assert [f"webhook.door.{door}" for door in wanted if f"webhook.door.{door}" not in WORDING.sentences] == []


def test_groups_that_nobody_could_answer_are_told_at_the_start(tmp_path: Path) -> None:
    keys = ("platforms.wecom.webhooks", {"g": "key"})
    assert ["no door is open" in line for line in not_served(read(with_change(keys), tmp_path))] == [True]
    telegram = ("platforms.telegram", {"token": "1:a", "secret_token": "s"})
    assert not_served(read(with_change(keys, telegram), tmp_path)) == []


FORMS = [
    ("one", ["one"]), (["one", "two"], ["one", "two"]), ("", [""]), ([], []),
]  # fmt: skip


@pytest.mark.parametrize(("written", "read_as"), FORMS)
def test_a_name_has_one_key_or_several(written: object, read_as: list[str], tmp_path: Path) -> None:
    wecom = read(with_change(("platforms.wecom.webhooks", {"g": written})), tmp_path).platforms.wecom
    assert [key.reveal() for key in wecom.webhooks["g"]] == read_as
    assert wecom.webhooks_live == bool(any(read_as))


@pytest.mark.parametrize(
    ("variable", "value", "read_as"),
    [
        ("WEBHOOKS__G", "one", {"g": ["one"]}),
        ("WEBHOOKS__G", "[one, two]", {"g": ["one", "two"]}),
        ("WEBHOOKS__G__1", "two", {"g": ["one", "two"]}),
        ("WEBHOOKS", "{a: one, b: [two, three]}", {"a": ["one"], "b": ["two", "three"]}),
    ],
)
def test_keys_come_from_the_environment(
    variable: str, value: str, read_as: Mapping[str, list[str]], tmp_path: Path
) -> None:
    town = with_change(("platforms.wecom.webhooks", {"g": ["one"]}))
    found = read(town, tmp_path, {f"XIAOGE__PLATFORMS__WECOM__{variable}": value}).platforms.wecom.webhooks
    assert {name: [key.reveal() for key in keys] for name, keys in found.items()} == read_as


def test_whole_addresses_and_doubled_keys_are_no_keys(tmp_path: Path) -> None:
    keys = {"a": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=hunter2", "b": ["same", "x"], "c": "same"}
    found = problems(with_change(("platforms.wecom.webhooks", keys)), tmp_path)
    assert [problem.path for problem in found] == [f"platforms.wecom.webhooks.{at}[0]" for at in "ac"]
    assert "hunter2" not in "".join(map(str, found))
