"""What an operator makes in WeChat by command: the menu, only when asked, and codes to print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot import loading, menu_command, posters
from bot.app import WORDING
from bot.config import Config
from bot.config_platforms import Platforms, WechatMenuButton, WechatMenuEntry
from bot.operations import OperationError
from bot.platforms import wechat_menu
from bot.secret import Secret
from handlers.discovery import all_commands
from tests.fakes.aio import served
from tests.fakes.faults import Fault
from tests.fakes.wechat import FakeWeChat, code
from tests.fakes.wechat_stage import config_of
from tests.product import product


@contextmanager
def town(folder: Path, **more: object) -> Iterator[tuple[Config, FakeWeChat]]:
    fake = FakeWeChat(lambda: 1000.0)
    with served(fake.app()) as base:
        account = config_of(fake, base, token=Secret("t"), **more)
        database = Secret(f"sqlite:///{folder}/live.db")
        yield replace(product().config, platforms=Platforms(wechat=(account,)), database=database), fake


def test_the_menu_is_shown_and_made_only_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with town(tmp_path) as (config, fake):
        assert menu_command.run(config, apply=False) == 1
        assert fake.menu == {}
        assert "differs" in capsys.readouterr().out
        assert menu_command.run(config, apply=True) == 0
        assert [button["name"] for button in fake.menu["button"]] == ["我要反映", "查进度", "便民服务"]
        assert fake.menu["button"][1] == {"type": "click", "name": "查进度", "key": "status:"}
        assert menu_command.run(config, apply=False) == 0
        assert fake.calls.count("menu") == 1
        assert fake.token_calls == [False], "the token is kept for the running bot too"


def test_a_menu_of_ones_own(tmp_path: Path) -> None:
    page = WechatMenuEntry(name="办事指南", opens="https://example.com/guide")
    menu = (WechatMenuButton(name="服务", under=(page,)), WechatMenuButton(name="人工", does="human:"))
    with town(tmp_path, menu=menu) as (config, fake):
        assert menu_command.run(config, apply=True) == 0
        assert fake.menu["button"][0]["sub_button"] == [
            {"type": "view", "name": "办事指南", "url": "https://example.com/guide"}
        ]
        assert menu_command.run(config, apply=False) == 0


def test_every_tap_of_the_usual_menu_is_a_command() -> None:
    usual = wechat_menu.usual(loading.wording(WORDING).say)
    keys = [leaf.does for button in usual for leaf in button.under or (button,)]
    assert {key.partition(":")[0] for key in keys} <= all_commands().keys()


@pytest.mark.parametrize("fault", [code(40164), code(48001), Fault(status=500)])
def test_what_wechat_refuses_is_one_sentence(tmp_path: Path, fault: Fault) -> None:
    with town(tmp_path) as (config, fake):
        fake.faults.always("menu-get", fault)
        with pytest.raises(OperationError, match="WeChat did not answer"):
            menu_command.run(config, apply=False)
        fake.faults.always("qrcode", fault)
        with pytest.raises(OperationError, match="WeChat did not answer"):
            posters.export_qr(config, tmp_path / "codes.html", live=True, bot="")


def test_without_an_account_there_is_no_menu() -> None:
    with pytest.raises(OperationError, match="no account"):
        menu_command.run(replace(product().config, platforms=Platforms()), apply=False)


# -- codes ---------------------------------------------------------------------------------------------------------


def test_a_code_for_each_unit_and_platform(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "codes.html"
    with town(tmp_path) as (config, fake):
        units = config.town.units
        assert posters.export_qr(config, out, live=True, bot="xiaoge_bot") == 0
        assert fake.calls.count("qrcode") == len(units)
    text = out.read_text("utf-8")
    assert text.count("<svg") == 2 * len(units)
    assert all(f"<h2>{unit.name}</h2>" in text for unit in units.values())
    assert not re.search(r'(?:src|href)="', text), "it needs nothing from anywhere"
    assert f"{2 * len(units)} codes" in capsys.readouterr().out


def test_without_live_nothing_is_asked_and_the_codes_are_links(tmp_path: Path) -> None:
    out = tmp_path / "codes.html"
    with town(tmp_path) as (config, fake):
        posters.export_qr(config, out, live=False, bot="xiaoge_bot")
        assert fake.calls == []
    assert posters.drawn("https://t.me/xiaoge_bot?start=jr-2") in out.read_text("utf-8")


@pytest.mark.parametrize(
    ("out", "live", "bot", "match"),
    [
        (None, False, "xiaoge_bot", "FILE.html"),
        ("codes.pdf", False, "xiaoge_bot", "FILE.html"),
        ("codes.html", False, "", "no codes"),
        ("codes.html", False, "a/../b", "--bot"),
        ("nowhere/codes.html", False, "xiaoge_bot", "No such file"),
    ],
)
def test_what_cannot_be_written_is_a_sentence(
    tmp_path: Path, out: str | None, live: bool, bot: str, match: str
) -> None:
    with town(tmp_path) as (config, _), pytest.raises(OperationError, match=match):
        posters.export_qr(config, tmp_path / out if out else None, live=live, bot=bot)


@pytest.mark.parametrize("more", [{"kind": "subscription"}, {"certified": False}])
def test_only_a_certified_service_account_has_codes(tmp_path: Path, more: dict[str, object]) -> None:
    with town(tmp_path, **more) as (config, fake), pytest.raises(OperationError, match="no codes"):
        posters.export_qr(config, tmp_path / "codes.html", live=True, bot="")
    assert fake.calls == []
