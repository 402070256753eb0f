"""Which doors a 智能机器人 opens, and that its members and chats are addressed as the configuration says."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import config as configuration
from bot.config import Config
from bot.config_file import address
from bot.wiring import hooks, not_served, platforms
from tests.fakes.aio import running
from tests.fakes.wecom_bot import KEY
from tests.fakes.wires import wires
from tests.product import ROOT

CALLBACK = {"TOKEN": "t", "AES_KEY": KEY}
SOCKET = {"MODE": "websocket", "BOT_ID": "b", "SECRET": "s"}
APPLICATION = {"CORP_ID": "ww1", "SECRET": "s", "TOKEN": "t", "AES_KEY": KEY}


def config(bot: dict[str, str], application: dict[str, str] | None = None, **more: str) -> Config:
    path = "XIAOGE__PLATFORMS__WECOM__"
    environ = {f"{path}BOT__{key}": value for key, value in bot.items()}
    environ |= {f"{path}{key}": value for key, value in (application or {}).items()}
    return configuration.read(Path(ROOT / "config.yaml"), environ | {f"XIAOGE__{key}": more[key] for key in more})


@running
@pytest.mark.parametrize(
    ("bot", "application", "lanes", "paths"),
    [
        ({}, {}, [], []),
        (CALLBACK, {}, ["wecom-bot::", "wecom::"], ["/hooks/wecom-bot"]),
        (SOCKET, {}, ["wecom-bot::", "wecom::"], []),
        (CALLBACK, APPLICATION, ["wecom-bot::"], ["/hooks/wecom-bot"]),
        (SOCKET, APPLICATION, ["wecom-bot::"], []),
    ],
)
async def test_what_is_opened(
    bot: dict[str, str], application: dict[str, str], lanes: list[str], paths: list[str]
) -> None:
    """Without the application the bot is the way to members as well."""
    made = config(bot, application)
    found = platforms(made, wires())
    assert [one.lane_prefix for one in found if "wecom_bot" in type(one).__module__] == lanes
    assert [hook.path for one in found for hook in one.hooks if "wecom-bot" in hook.path] == paths
    assert [hook.platform for hook in hooks(made) if hook.platform == "wecom-bot"] == ["wecom-bot"] * bool(bot)


def test_the_bot_alone_is_served_and_needs_no_warning() -> None:
    assert not_served(config(CALLBACK)) == []


@pytest.mark.parametrize(
    ("spoken", "address_of_it"),
    [
        ("wecom:LiMing", "wecom::liming"),
        ("wecom::LiMing", "wecom::liming"),
        ("wecom-bot:wrABC", "wecom-bot::wrABC"),
        ("wechat:gh_1:oAbC", "wechat:gh_1:oAbC"),
        ("telegram:1", "telegram::1"),
    ],
)
def test_userids_are_the_same_in_large_and_small_letters(spoken: str, address_of_it: str) -> None:
    assert address(spoken) == address_of_it


@pytest.mark.parametrize(
    ("key", "value"), [("LENGTH", "20481"), ("LENGTH", "10"), ("PER_MINUTE", "0"), ("PER_HOUR", "0"), ("WS_URL", "x")]
)
def test_what_cannot_be_is_refused(key: str, value: str) -> None:
    with pytest.raises(configuration.ConfigError, match=key.lower()):
        config(SOCKET | {key: value})
