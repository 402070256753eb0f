"""What the doctor says when it asks the platforms: each of them whole, and broken in each way that has a remedy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import doctor, menu_command
from bot.clock import FlowingClock, SystemClock
from bot.config import Config
from bot.config_platforms import TelegramConfig
from bot.secret import Secret
from tests.bot.doctors_town import marks, town
from tests.fakes.aio import served
from tests.fakes.faults import Fault
from tests.fakes.telegram import FakeTelegram, refusal
from tests.fakes.wechat import FakeWeChat, code
from tests.fakes.wechat_stage import config_of
from tests.fakes.wecom import FakeWeCom
from tests.fakes.wecom_stage import config as wecom_of

HOOK = "https://example.com/hooks/telegram"
CHANGES = {"setWebhook", "deleteWebhook", "setMyCommands", "sendMessage", "getUpdates"}


@contextmanager
def telegram(folder: Path, **more: Any) -> Iterator[tuple[Config, FakeTelegram]]:
    fake = FakeTelegram(lambda: 1000.0, webhook={"url": HOOK})
    with served(fake.app()) as base:
        mine = {"token": Secret(fake.token), "secret_token": Secret("s"), "webhook_url": HOOK, "api_base": base}
        config = town(folder, telegram=TelegramConfig(**{**mine, **more}))
        fake.groups |= {-n for n in range(1, len(config.chats) + 1)}
        yield config, fake
        assert not CHANGES & set(fake.calls), "nothing is changed"


@contextmanager
def wechat(folder: Path, **more: Any) -> Iterator[tuple[Config, FakeWeChat]]:
    fake = FakeWeChat(lambda: 1000.0)
    with served(fake.app()) as base:
        account = config_of(fake, base, **{"token": Secret("t"), **more})
        yield town(folder, wechat=(account,)), fake
        assert not {"custom", "template", "subscribe", "upload"} & set(fake.calls), "nothing is sent"
        assert not any(fake.token_calls), "no token is forced"


@contextmanager
def wecom(folder: Path, **more: Any) -> Iterator[tuple[Config, FakeWeCom]]:
    fake = FakeWeCom(lambda: 1000.0)
    with served(fake.app()) as base:
        config = town(folder, wecom=wecom_of(fake, base, **more))
        chats = {next(iter(config.chats)): ("wecom-appchat::jr2work",)}
        yield replace(config, chats=chats), fake
        assert not fake.sent + fake.in_chats, "nothing is sent"


# -- whole ---------------------------------------------------------------------------------------------------------


def test_telegram_as_it_should_be(tmp_path: Path) -> None:
    with telegram(tmp_path) as (config, _):
        found = marks(config, live=True)
    assert {"good token", "good telegram.hears", "good telegram.hook", "good groups.reached", "good clock"} <= found
    assert not any(one.startswith("broken") for one in found)


def test_wechat_as_it_should_be(tmp_path: Path) -> None:
    with wechat(tmp_path, templates={"progress": "T1", "subscription": "S2"}) as (config, fake):
        menu_command.run(config, apply=True)
        token = fake.token_calls.copy()
        found = marks(config, live=True)
        assert fake.token_calls == [*token, False], "one question, and the token in use goes on"
    assert {"good token", "good wechat.menu", "good wechat.customer", "good wechat.template", "good clock"} <= found
    assert not any("wechat" in one for one in found if not one.startswith("good"))


def test_wecom_as_it_should_be(tmp_path: Path) -> None:
    with wecom(tmp_path) as (config, _):
        found = marks(config, live=True)
    assert {"good token", "good groups.reached", "good clock"} <= found
    assert not any("wecom.closed" in one or "no." in one for one in found if one.startswith("broken"))


# -- broken --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "more", "wanted"),
    [
        ({"hears_all": False}, {}, "missing telegram.deaf"),
        ({"webhook": {}}, {}, "broken telegram.unhooked"),
        ({"webhook": {"url": "https://elsewhere.cn/x"}}, {}, "broken telegram.elsewhere"),
        ({"webhook": {"url": "https://elsewhere.cn/x"}}, {"webhook_url": ""}, "broken telegram.elsewhere"),
        ({}, {"webhook_url": ""}, "good telegram.hook"),
        ({}, {"mode": "polling"}, "broken telegram.hooked"),
        ({"webhook": {}}, {"mode": "polling"}, "good telegram.free"),
        ({"bounced": {"pending_update_count": 51}}, {}, "broken telegram.jam"),
        ({"groups": {-1}}, {}, "broken groups.gone"),
        ({"token": "1:other"}, {}, "broken no.token"),
    ],
)
def test_telegram_in_trouble(tmp_path: Path, state: dict[str, Any], more: dict[str, Any], wanted: str) -> None:
    with telegram(tmp_path, **more) as (config, fake):
        for name, value in state.items():
            setattr(fake, name, value)
        assert wanted in marks(config, live=True)


@pytest.mark.parametrize(("hours", "told"), [(0, True), (2, False)])
def test_a_delivery_that_bounced_lately_is_told_by_its_status(
    tmp_path: Path, hours: int, told: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    at = SystemClock().now() - timedelta(hours=hours)
    error = "Wrong response from the webhook: 502 Bad Gateway canary"
    with telegram(tmp_path) as (config, fake):
        fake.bounced = {"last_error_date": int(at.timestamp()), "last_error_message": error}
        doctor.run(config, SystemClock(), live=True)
    out = capsys.readouterr().out
    assert ("HTTP 502" in out) == told
    assert "canary" not in out


@pytest.mark.parametrize(
    ("call", "fault", "wanted"),
    [
        ("token", code(40164), "broken no.ip"),
        ("token", code(40125), "broken no.secret"),
        ("token", code(40013), "broken no.id"),
        ("token", code(-1), "broken no.busy"),
        ("token", code(99999), "broken no.code"),
        ("token", Fault(status=502), "broken no.status"),
        ("token", Fault(cut=True), "broken no.answer"),
        ("menu-get", code(48001), "broken no.capability"),
        ("menu-get", code(46003), "missing wechat.menu_differs"),
        ("menu-get", code(40001), "broken no.secret"),
        ("quota", code(76022), "missing wechat.no_customer"),
        ("quota", code(48006), "broken no.blocked"),
        ("quota", Fault(body=b'{"errcode": 0, "quota": {"remain": 0}}'), "broken wechat.used_up"),
        ("template-get", code(48001), "broken no.capability"),
        ("template-get", Fault(body=b'{"template_list": 7}'), "broken wechat.no_template"),
    ],
)
def test_wechat_in_trouble(tmp_path: Path, call: str, fault: Fault, wanted: str) -> None:
    with wechat(tmp_path) as (config, fake):
        fake.faults.always(call, fault)
        found = marks(config, live=True)
    assert wanted in found
    assert ("good token" in found) == (call != "token" and "no.secret" not in wanted)


def test_a_template_that_the_account_does_not_have(tmp_path: Path) -> None:
    with wechat(tmp_path, templates={"progress": "T9", "subscription": "S1"}) as (config, _):
        assert {"broken wechat.no_template", "good wechat.template"} <= marks(config, live=True)


def test_an_account_without_certificate_is_not_asked_what_it_cannot(tmp_path: Path) -> None:
    with wechat(tmp_path, certified=False) as (config, fake):
        marks(config, live=True)
        assert not {"quota", "template-get"} & set(fake.calls)


@pytest.mark.parametrize(
    ("call", "fault", "wanted"),
    [
        ("token", code(40001), "broken no.secret"),
        ("agent", code(60020), "broken no.ip"),
        ("agent", code(301002), "broken no.id"),
        ("agent", Fault(body=b'{"errcode": 0, "close": 1}'), "broken wecom.closed"),
        ("appchat-get", code(86001), "broken groups.gone"),
        ("appchat-get", code(45033), "broken no.busy"),
        ("agent", Fault(body=b"<html>"), "broken no.answer"),
    ],
)
def test_wecom_in_trouble(tmp_path: Path, call: str, fault: Fault, wanted: str) -> None:
    with wecom(tmp_path) as (config, fake):
        fake.faults.always(call, fault)
        assert wanted in marks(config, live=True)


@pytest.mark.parametrize(("minutes", "wanted"), [(2, "broken clock.off"), (-2, "broken clock.off"), (0, "good clock")])
def test_a_clock_that_is_off(tmp_path: Path, minutes: int, wanted: str) -> None:
    with wecom(tmp_path) as (config, _):
        assert wanted in marks(config, live=True, clock=FlowingClock(timedelta(minutes=minutes)))


def test_a_platform_that_floods_or_is_not_there(tmp_path: Path) -> None:
    with telegram(tmp_path) as (config, fake):
        fake.faults.always("getMe", refusal(429, retry_after=3))
        assert "broken no.busy" in marks(config, live=True)
    found = marks(config, live=True)
    assert "broken no.answer" in found
    assert not any("clock" in one for one in found)


def test_nothing_secret_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for place in (telegram, wechat, wecom):
        with place(tmp_path) as (config, fake):
            assert doctor.run(config, SystemClock(), live=True) == 1
            out = capsys.readouterr().out
            assert out
            assert "canary" not in out
            assert "127.0.0.1" not in out
            assert str(getattr(fake, "token", "token-canary")) not in out
