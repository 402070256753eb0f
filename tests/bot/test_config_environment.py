"""How the environment overrides the file: by key, by index, also where the file says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.small_town import AES_KEY, problems, read, with_change


def test_values_are_read_as_their_keys_want_them(tmp_path: Path) -> None:
    environ = {
        "XIAOGE__SERVER__PORT": "9000",
        "XIAOGE__PLAYGROUND": "true",
        "XIAOGE__NLU__ENGINE": "rasa",
        "XIAOGE__NLU__RASA_TIMEOUT": "1",
        "XIAOGE__HOTLINES__FIRE": "0119",
        "XIAOGE__TOWN__NAME": "龙港街道",
        "XIAOGE__DUTY_DESK__PEOPLE": "[chen, li]",
        "XIAOGE__PRIVACY__RETENTION_DAYS": "{default: 30}",
        "PATH": "/bin",
    }
    config = read(with_change(), tmp_path, environ)
    assert (config.server.port, config.playground, config.nlu.engine) == (9000, True, "rasa")
    assert config.nlu.rasa_timeout == 1.0
    assert config.town.hotlines["fire"] == "0119"
    assert type(config.town.name) is str
    assert config.town.duty_people == ("chen", "li")
    assert config.town.retention_days == {"default": 30}


def test_list_entries_go_by_index(tmp_path: Path) -> None:
    environ = {
        "XIAOGE__PLATFORMS__WECHAT__0__SECRET": "s",
        "XIAOGE__PLATFORMS__WECHAT__0__TOKEN": "t",
        "XIAOGE__PLATFORMS__WECHAT__0__APP_ID": "wx1",
        "XIAOGE__PLATFORMS__WECHAT__0__AES_KEY": AES_KEY,
        "XIAOGE__PLATFORMS__WECHAT__1__ACCOUNT": "gh_2",
        "XIAOGE__PEOPLE__1__ACCOUNTS__2": "telegram:77",
    }
    config = read(with_change(), tmp_path, environ)
    first, second = config.platforms.wechat
    assert (first.secret.reveal(), first.live, second.account, second.live) == ("s", True, "gh_2", False)
    assert config.accounts["li"] == ("telegram::1", "wecom::li", "telegram::77")


def test_missing_sections_are_made(tmp_path: Path) -> None:
    environ = {
        "XIAOGE__PLATFORMS__TELEGRAM__TOKEN": "1:a",
        "XIAOGE__PLATFORMS__TELEGRAM__SECRET_TOKEN": "b",
        "XIAOGE__PLATFORMS__WECHAT__0__ACCOUNT": "gh_9",
    }
    config = read(with_change(("platforms", {})), tmp_path, environ)
    assert config.platforms.telegram.token.reveal() == "1:a"
    assert [account.account for account in config.platforms.wechat] == ["gh_9"]


def test_ten_entries_keep_their_order(tmp_path: Path) -> None:
    environ = {f"XIAOGE__PEOPLE__0__NAMES__{i}": f"name {i}" for i in range(11)}
    assert read(with_change(), tmp_path, environ).town.people["chen"].names[-2:] == ("name 9", "name 10")


def test_hyphens_are_written_as_underscores(tmp_path: Path) -> None:
    town = with_change(("platforms.wecom.webhooks", {"jr-2-work": ""}))
    config = read(town, tmp_path, {"XIAOGE__PLATFORMS__WECOM__WEBHOOKS__JR_2_WORK": "key"})
    assert [key.reveal() for key in config.platforms.wecom.webhooks["jr-2-work"]] == ["key"]


@pytest.mark.parametrize(
    ("name", "value", "path", "words"),
    [
        ("XIAOGE__SERVER__PORT", "90x", "server.port", 'a whole number, found "90x" (from XIAOGE__SERVER__PORT)'),
        ("XIAOGE__SERVER__PORT", "[", "server.port", "a whole number"),
        ("XIAOGE__SERVER__PRT", "9000", "server.prt", '(did you mean port?), found "prt"'),
        ("XIAOGE__SERVER__PORT__X", "1", "server.port", "a whole number, found a mapping"),
        ("XIAOGE__TOWN__NAME__X", "1", "XIAOGE__TOWN__NAME__X", "a list or mapping at this place, found text"),
        ("XIAOGE__UNITS__9__NAME", "x", "XIAOGE__UNITS__9__NAME", "an index up to 5, found 9"),
        ("XIAOGE__UNITS__NAME", "x", "XIAOGE__UNITS__NAME", "an index up to 5, found NAME"),
        ("XIAOGE__UNITS____NAME", "x", "XIAOGE__UNITS____NAME", "an index up to 5, found "),
        ("XIAOGE__", "x", "XIAOGE__", "a list or mapping at this place"),
        ("XIAOGE__TOWN__LEVELS", "grid", "town.levels", "a list, found text"),
        (
            "XIAOGE__TOWN__LEVELS",
            "[grid",
            "town.levels",
            "a list or mapping in YAML, found text (from XIAOGE__TOWN__LEVELS)",
        ),
        ("XIAOGE__NLU__ENGINE", "raza", "nlu.engine", 'found "raza" (from XIAOGE__NLU__ENGINE)'),
        ("XIAOGE__PLATFORMS__TELEGRAM", "hunter2", "platforms.telegram", "a mapping, found text"),
        ("XIAOGE__PLATFORMS__TELEGRAM__TOKEN__0", "hunter2", "XIAOGE__PLATFORMS__TELEGRAM__TOKEN__0", "found text"),
        ("XIAOGE__DATABASE", "mysql://u:hunter2@h/d", "database", 'begins with "mysql"'),
    ],
)
def test_what_does_not_fit_is_named(name: str, value: str, path: str, words: str, tmp_path: Path) -> None:
    found = [problem for problem in problems(with_change(), tmp_path, {name: value}) if problem.path == path]
    assert found
    assert words in str(found[0])
    assert "hunter2" not in str(found[0])
