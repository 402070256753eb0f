"""What the doctor says without asking anybody: of the configuration, and of what the memory remembers."""

from __future__ import annotations

import ast
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import __main__ as commands
from bot import doctor
from bot.clock import FlowingClock, SystemClock
from bot.config_platforms import TelegramConfig, WebConfig, WechatConfig, WecomBotConfig, WecomConfig
from bot.doctors.finding import listed
from bot.secret import Secret
from handlers.effects import Effects
from handlers.incoming import Incoming
from handlers.letters import Letter
from storage.store import Store
from storage.values import LetterOutcome, Written
from tests.bot.doctors_town import RULES, marks, remember, town
from tests.house import modules

NOW = SystemClock().now()
KEY = Secret("canary-0123456789-0123456789-0123456789")
HOOK = "https://example.com/hooks/telegram"
TELEGRAM = TelegramConfig(token=KEY, secret_token=KEY, webhook_url=HOOK)
WECOM: dict[str, Any] = {"corp_id": "ww1", "agent_id": 7, "secret": KEY, "token": KEY, "aes_key": KEY}


def wechat(**more: Any) -> WechatConfig:
    whole: dict[str, Any] = {
        "app_id": "wx1",
        "secret": KEY,
        "token": KEY,
        "aes_key": KEY,
        "templates": {"progress": "T1"},
    }
    return WechatConfig(account="gh_1", **{**whole, **more})


def came(store: Store, platform: str, account: str = "", days: int = 0) -> None:
    """Something was brought through a door."""
    at = NOW - timedelta(days=days)
    address = f"{platform}:{account}:x"
    one = Incoming(platform=platform, account=account, key=f"k{days}", sender=address, chat=address, said_at=at)
    with store.transaction() as tx:
        tx.take_in([one], at)


def sent(store: Store, *fates: str) -> None:
    """Letters into the first group's chat, one after the other, and what became of them."""
    for fate in fates:
        letter = Letter(to="group", chat="telegram::-1", text="第二封")
        with store.transaction() as tx:
            tx.flush([Written(effects=Effects(letters=(letter,)))], NOW)
            (one,) = tx.claim_letters(NOW, "me", 10)
            tx.settle_letters([LetterOutcome(id=one.id, state="dead" if fate else "sent", error=fate)], NOW)


def test_a_town_in_which_all_is_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = town(tmp_path, telegram=TELEGRAM)
    store = remember(config)
    came(store, "telegram")
    sent(store, "errcode 93000", "")
    store.close()
    assert marks(config) == {"good memory", "good people", "good groups", "good heard"}
    assert doctor.run(config, SystemClock(), live=False) == 0
    assert "缺 0 项，坏 0 项" in capsys.readouterr().out


def test_without_a_memory_the_file_speaks_and_nothing_is_made(tmp_path: Path) -> None:
    config = town(tmp_path / "not there", telegram=TELEGRAM)
    assert {"missing memory.none", "good people", "good groups", "missing heard.never"} <= marks(config)
    assert list(tmp_path.iterdir()) == []


def test_a_memory_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "doctor.db").write_bytes(b"no database at all" * 100)
    assert {"broken memory.away", "good people"} <= marks(town(tmp_path, telegram=TELEGRAM))


@pytest.mark.parametrize(
    ("platforms", "wanted", "unwanted"),
    [
        ({}, {"missing nothing", "missing people.mute", "broken duty.mute", "missing groups.unbound"}, "good"),
        ({"telegram": TELEGRAM}, {"missing heard.never"}, "broken"),
        ({"telegram": replace(TELEGRAM, webhook_url="")}, {"missing telegram.no_url"}, "broken"),
        ({"telegram": TelegramConfig(token=KEY, mode="polling")}, {"missing telegram.unpolled"}, "telegram.no_url"),
        ({"wechat": (wechat(),)}, {"missing heard.never"}, "wechat."),
        ({"wechat": (wechat(mode="plain"),)}, {"missing wechat.plain"}, "wechat.no"),
        ({"wechat": (wechat(mode="compatible"),)}, {"missing wechat.compatible"}, "wechat.no"),
        ({"wechat": (wechat(certified=False),)}, {"missing wechat.uncertified"}, "wechat.no"),
        ({"wechat": (wechat(templates={}),)}, {"missing wechat.no_templates"}, "wechat.un"),
        ({"wechat": (wechat(token=Secret()),)}, {"missing off"}, "heard"),
        ({"wecom": WecomConfig(**WECOM)}, {"missing wecom.nobody"}, "bot."),
        ({"wecom": WecomConfig(bot=WecomBotConfig(token=KEY, aes_key=KEY))}, {"missing bot.callback"}, "bot.no_line"),
        ({"wecom": WecomConfig(bot=WecomBotConfig(mode="websocket", secret=KEY))}, {"missing bot.no_line"}, "callback"),
        ({"wecom": WecomConfig(webhooks={"a": (KEY,)})}, {"missing webhooks.idle", "missing webhooks.no_door"}, "bot."),
        ({"web": (WebConfig(account="s", token=KEY, secret=KEY),)}, {"missing web.no_origins"}, "wechat"),
        ({"web": (WebConfig(account="s", token=KEY, origins=("https://e.cn",)),)}, {"missing heard.never"}, "origins"),
    ],
)  # fmt: skip
def test_what_the_configuration_lacks(
    tmp_path: Path, platforms: dict[str, Any], wanted: set[str], unwanted: str
) -> None:
    found = marks(town(tmp_path, **platforms))
    assert wanted <= found
    assert [one for one in found if unwanted in one] == []


def test_what_the_memory_remembers(tmp_path: Path) -> None:
    config = town(tmp_path, telegram=TelegramConfig(token=KEY, mode="polling"))
    store = remember(config)
    came(store, "telegram", days=9)
    sent(store, "", "errcode 93000")
    with store.transaction() as tx:
        tx.hold("telegram-polling", "somebody", NOW, 6 * 3600)
    assert {"missing heard.long", "broken groups.lost", "good telegram.polled"} <= marks(config)
    with store.transaction() as tx:
        tx.release("telegram-polling", "somebody")
    assert "missing telegram.unpolled" in marks(config)
    store.close()


def test_a_line_of_the_bot_is_held_by_the_running_bot(tmp_path: Path) -> None:
    bot = WecomBotConfig(mode="websocket", bot_id="b", secret=KEY)
    config = town(tmp_path, wecom=WecomConfig(bot=bot))
    store = remember(config)
    with store.transaction() as tx:
        tx.hold("wecom-bot-line", "somebody", NOW, 6 * 3600)  # NOW is when the tests began
    store.close()
    assert "good bot.line" in marks(config)
    assert "missing bot.no_line" in marks(config, clock=FlowingClock(timedelta(hours=7))), "the lease is over"


def test_keys_and_groups_of_webhooks_meet(tmp_path: Path) -> None:
    config = town(tmp_path, wecom=WecomConfig(webhooks={"a": (KEY,), "idle": (KEY,)}), telegram=TELEGRAM)
    first, second, *_ = config.chats
    chats = {**config.chats, first: ("wecom-webhook::a",), second: ("wecom-webhook::b",)}
    found = marks(replace(config, chats=chats))
    assert {"good webhooks", "missing webhooks.idle", "broken webhooks.keyless"} <= found


def test_one_worker_without_an_account_is_counted_where_they_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = town(tmp_path, telegram=TELEGRAM)
    doctor.run(replace(config, accounts={**config.accounts, "li": ("wecom::li",)}), SystemClock(), live=False)
    out = capsys.readouterr().out
    assert "1名工作人员没有能收消息的账号（健仁第二网格）" in out
    people = [person.name for person in config.town.people.values()]
    assert [word for word in (*people, "telegram::", "canary") if word in out] == []


def test_a_configuration_that_cannot_be_read_is_exit_two(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("town: {nam: x}\n", encoding="utf-8")
    assert commands.main(["doctor", "--config", str(file)]) == 2
    assert commands.main(["check", "--config", str(file)]) == 1


def test_the_command_runs_on_the_shipped_town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "XIAOGE__DATABASE", f"sqlite:///{tmp_path}/none.db")
    assert commands.main(["doctor"]) == 1


def test_every_sentence_is_said_and_every_finding_has_its_sentence() -> None:
    known = {key.removeprefix("doctor.") for key in RULES.wording.sentences if key.startswith("doctor.")}
    words = {
        node.value
        for module in modules("bot")
        if module.path.startswith("bot/doctor")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    shown = {"and", "more", "sum", "sum.live", "good", "missing", "broken", "wechat.plain", "wechat.compatible"}
    assert {one for one in known if not one.startswith("title.")} - shown <= words
    calls = [
        call.args[0].value
        for module in modules("bot")
        if module.path.startswith("bot/doctor")
        for name in ("good", "missing", "broken")
        for call in module.calls(name)
        if call.args and isinstance(call.args[0], ast.Constant)
    ]
    assert calls
    assert set(calls) <= known


def test_long_lists_are_cut() -> None:
    assert listed(RULES.wording, ("a", "b")) == "a、b"
    assert listed(RULES.wording, tuple("abcdefg")) == "a、b、c、d、e等7个"
