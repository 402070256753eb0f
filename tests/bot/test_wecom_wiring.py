"""The WeCom application in the configuration: what is made of it, and what is said aloud to be missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import Config
from bot.config_file import address
from bot.wiring import hooks, not_served, platforms
from tests.bot.small_town import AES_KEY, problems, read, with_change
from tests.fakes.wechat_stage import album
from tests.fakes.wecom_stage import Notes
from tests.fakes.wires import wires

WECOM = "platforms.wecom"
WHOLE = {"corp_id": "ww1", "agent_id": 7, "secret": "s3cret", "token": "t0ken", "aes_key": AES_KEY}


async def _mine(name: str) -> bool:
    return True


def made(folder: Path) -> Config:
    return read(with_change((WECOM, WHOLE)), folder)


def test_the_application_brings_its_members_and_its_chats(tmp_path: Path) -> None:
    config, off = made(tmp_path), read(with_change(), tmp_path)
    given = wires(photo=album, lease=_mine, note=Notes().change)
    found = platforms(config, given)
    assert [one.lane_prefix for one in found] == ["wecom::", "wecom-appchat::"]
    assert [hook.path for one in found for hook in one.hooks] == ["/hooks/wecom/app"]
    assert [(hook.platform, hook.path) for hook in hooks(config)] == [("wecom", "/hooks/wecom/app")]
    assert platforms(off, given) == []
    assert "s3cret" not in repr(found) + repr(config)


def test_nothing_of_the_application_is_said_to_be_missing(tmp_path: Path) -> None:
    assert not_served(made(tmp_path)) == []


@pytest.mark.parametrize(
    ("spoken", "kept"),
    [
        ("wecom:LiMing", "wecom::liming"),
        ("wecom-appchat:Jr2Work", "wecom-appchat::Jr2Work"),
        ("telegram:-1001", "telegram::-1001"),
        ("wechat:gh_1:oAbC", "wechat:gh_1:oAbC"),
    ],
)
def test_userids_are_kept_in_small_letters_and_nothing_else_is(spoken: str, kept: str) -> None:
    assert address(spoken) == kept


def test_one_member_has_one_account_however_it_is_written(tmp_path: Path) -> None:
    town = with_change(("people.0.accounts", ["wecom:LI"]), ("people.1.accounts", ["wecom:li"]))
    assert any("taken by" in problem.found for problem in problems(town, tmp_path))


@pytest.mark.parametrize(
    ("key", "value"),
    [("member_per_minute", 0), ("member_per_hour", 36_001), ("card_hours", 0), ("duplicate_seconds", 14_401)],
)
def test_limits_that_cannot_be(key: str, value: int, tmp_path: Path) -> None:
    found = problems(with_change((WECOM, WHOLE | {key: value})), tmp_path)
    assert [problem.path for problem in found] == [f"{WECOM}.{key}"]
