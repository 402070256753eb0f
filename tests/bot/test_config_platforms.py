"""What can be wrong with doors and wires: half-filled platforms, open playgrounds, addresses, hours, numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.config_platforms import WecomBotConfig
from bot.secret import Secret
from tests.bot.small_town import AES_KEY, DROP, problems, read, with_change

TELEGRAM = "platforms.telegram"
WECHAT = "platforms.wechat.0"
WECOM = "platforms.wecom"
WHOLE_WECHAT = {"account": "gh_1", "app_id": "wx1", "secret": "s3cret", "token": "t0ken", "aes_key": AES_KEY}
WEB = "platforms.web"
WHOLE_WEB = {
    "account": "hall",
    "token": "site-token-of-the-hall",
    "secret": "a secret of at least thirty-two characters",
    "origins": ["https://www.example.gov.cn"],
}
WHOLE_WECOM = {"corp_id": "ww1", "agent_id": 7, "secret": "s3cret", "token": "t0ken", "aes_key": AES_KEY}

HALF: list[tuple[tuple[tuple[str, Any], ...], list[str]]] = [
    (((TELEGRAM, {"token": "1:a"}),), ["platforms.telegram.secret_token"]),
    (((TELEGRAM, {"secret_token": "a"}),), ["platforms.telegram.token"]),
    (((TELEGRAM, {"secret_token": "a", "mode": "polling"}),), ["platforms.telegram.token"]),
    (((TELEGRAM, {"token": "1:a", "secret_token": "ä b"}),), ["platforms.telegram.secret_token"]),
    (((TELEGRAM, {"webhook_url": "bot.example"}),), ["platforms.telegram.webhook_url"]),
    (((TELEGRAM, {"proxy": "proxy:3128"}),), ["platforms.telegram.proxy"]),
    (((TELEGRAM, {"proxy": "http://user:password@proxy:3128"}),), []),
    (((WECHAT, WHOLE_WECHAT | {"secret": ""}),), ["platforms.wechat[0].secret"]),
    (((WECHAT, WHOLE_WECHAT | {"token": ""}),), ["platforms.wechat[0].token"]),
    (((WECHAT, WHOLE_WECHAT | {"aes_key": ""}),), ["platforms.wechat[0].aes_key"]),
    (((WECHAT, WHOLE_WECHAT | {"app_id": ""}),), ["platforms.wechat[0].app_id"]),
    (((WECHAT, WHOLE_WECHAT | {"aes_key": "short"}),), ["platforms.wechat[0].aes_key"]),
    (((WECHAT, WHOLE_WECHAT | {"older_aes_keys": ["short"]}),), ["platforms.wechat[0].older_aes_keys[0]"]),
    (
        ((WECHAT, {"account": "gh_1", "aes_key": AES_KEY}),),
        [f"platforms.wechat[0].{k}" for k in ("app_id", "secret", "token")],
    ),
    (((WECHAT, {"app_id": "wx1"}),), ["platforms.wechat[0].account"]),
    ((("platforms.wechat.1", {"account": "gh_1"}),), ["platforms.wechat[1].account"]),
    (((WEB, [WHOLE_WEB]),), []),
    (((WEB, [WHOLE_WEB | {"token": ""}]),), ["platforms.web[0].token"]),
    (((WEB, [WHOLE_WEB | {"secret": ""}]),), ["platforms.web[0].secret"]),
    (((WEB, [WHOLE_WEB | {"secret": "short"}]),), ["platforms.web[0].secret"]),
    (((WEB, [WHOLE_WEB | {"token": "short"}]),), ["platforms.web[0].token"]),
    (((WEB, [WHOLE_WEB | {"account": "a/b"}]),), ["platforms.web[0].account"]),
    (((WEB, [WHOLE_WEB | {"origins": ["https://x.cn/"]}]),), ["platforms.web[0].origins[0]"]),
    (((WEB, [WHOLE_WEB, WHOLE_WEB]),), ["platforms.web[1].account"]),
    (((WECOM, WHOLE_WECOM | {"corp_id": ""}),), ["platforms.wecom.corp_id"]),
    (((WECOM, WHOLE_WECOM | {"agent_id": 0}),), ["platforms.wecom.agent_id"]),
    (((WECOM, WHOLE_WECOM | {"secret": ""}),), ["platforms.wecom.secret"]),
    (((WECOM, WHOLE_WECOM | {"token": ""}),), ["platforms.wecom.token"]),
    (((WECOM, WHOLE_WECOM | {"aes_key": AES_KEY[1:]}),), ["platforms.wecom.aes_key"]),
    (((WECOM, {"bot": {"token": "t"}}),), ["platforms.wecom.bot.aes_key"]),
    (((WECOM, {"bot": {"aes_key": AES_KEY}}),), ["platforms.wecom.bot.token"]),
    (((WECOM, {"bot": {"mode": "websocket", "secret": "s"}}),), ["platforms.wecom.bot.bot_id"]),
    (((WECOM, {"bot": {"mode": "websocket", "token": "t", "bot_id": "b"}}),), ["platforms.wecom.bot.secret"]),
    (((WECOM, {"bot": {"ws_url": "https://example.com"}}),), ["platforms.wecom.bot.ws_url"]),
]

FAULTS: list[tuple[str, Any, str, str]] = [
    ("database", "mysql://u:hunter2@h/d", "database", 'found an address that begins with "mysql"'),
    ("database", "postgresql://u:hunter2@h/d", "database", 'found an address that begins with "postgresql"'),
    ("database", "hunter2", "database", "sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME"),
    ("server", {"workers": 2}, "server.workers", "1, because SQLite has one process, found 2"),
    ("server", {"workers": 0}, "server.workers", "a number from 1 to 64, found 0"),
    ("server", {"port": 65536}, "server.port", "a number from 0 to 65535, found 65536"),
    ("server", {"port": "9000"}, "server.port", 'a whole number, found "9000"'),
    ("server", {"port": True}, "server.port", "a whole number, found true"),
    ("server", {"port": 80.5}, "server.port", "a whole number, found 80.5"),
    ("server", {"hosts": "::1"}, "server.hosts", 'a known key (did you mean host?), found "hosts"'),
    ("server", [], "server", "a mapping, found a list"),
    ("server", 8080, "server", "a mapping, found a number"),
    ("sever", {}, "sever", 'a known key (did you mean server?), found "sever"'),
    ("playground", "yes", "playground", 'true or false, found "yes"'),
    ("playground", 1, "playground", "true or false, found 1"),
    ("nlu", {"engine": "raza"}, "nlu.engine", 'embedded or rasa (did you mean rasa?), found "raza"'),
    (
        "nlu",
        {"rasa_url": "127.0.0.1:5005"},
        "nlu.rasa_url",
        "an address like https://example.com, found something else",
    ),
    ("nlu", {"rasa_url": "http://u:hunter2@"}, "nlu.rasa_url", "found something else"),
    ("nlu", {"rasa_url": "http://h:x/"}, "nlu.rasa_url", "found something else"),
    ("nlu", {"rasa_timeout": 60}, "nlu.rasa_timeout", "a number from 0.05 to 4.0, found 60"),
    ("hotlines.lift", "call us", "hotlines.lift", 'a telephone number, found "call us"'),
    ("hotlines.lift", 96333, "hotlines.lift", "text (numbers in quotes), found 96333"),
    ("town.timezone", "Asia/Yancheng", "town.timezone", 'a time zone like Asia/Shanghai, found "Asia/Yancheng"'),
    ("town.timezone", "../../etc", "town.timezone", "a time zone like Asia/Shanghai"),
    ("town.timezone", "", "town.timezone", "a time zone like Asia/Shanghai"),
    ("town.name", DROP, "town.name", "found nothing"),
    ("town", DROP, "town.name", "found nothing"),
    ("quiet_hours", {"residents": "22-7"}, "quiet_hours.residents", 'two times of day like 22:00-07:00, found "22-7"'),
    ("quiet_hours", {"groups": "21:00-24:30"}, "quiet_hours.groups", 'found "21:00-24:30"'),
    ("digest", {"morning": "8"}, "digest.morning", 'a time of day like 08:00, or nothing, found "8"'),
    ("digest", {"morning": "monday 08:00"}, "digest.morning", "a time of day like 08:00"),
    ("digest", {"weekly": "09:00"}, "digest.weekly", "a day and a time like monday 09:00"),
    ("digest", {"weekly": "someday 09:00"}, "digest.weekly", 'found "someday 09:00"'),
    ("group_pace", {"per_hour": -1}, "group_pace.per_hour", "a number from 0 to 600, found -1"),
    ("group_pace", {"per_hour": "many"}, "group_pace.per_hour", 'a whole number, found "many"'),
    ("calendar", {"mode": "working_hours"}, "calendar.mode", "calendar_hours or working_days"),
    (
        "calendar",
        {"holidays": {"2026-10-10": "a"}, "workdays": {"2026-10-10": "b"}},
        "calendar.workdays.2026-10-10",
        "a day that is no holiday above, found it under calendar.holidays too",
    ),
    ("calendar", {"holidays": {"2026-13-01": "x"}}, "calendar.holidays.2026-13-01", "a day like 2026-10-01"),
    ("calendar", {"workdays": ["2026-10-10"]}, "calendar.workdays", "a mapping, found a list"),
    ("privacy", {"retention_days": {"default": 0}}, "privacy.retention_days.default", "one day at least, found 0"),
    (
        "privacy",
        {"retention_days": {"default": "long"}},
        "privacy.retention_days.default",
        'a whole number, found "long"',
    ),
    (f"{TELEGRAM}.mode", "pull", "platforms.telegram.mode", 'webhook or polling, found "pull"'),
    (f"{TELEGRAM}.api_base", "ftp://x", "platforms.telegram.api_base", "found something else"),
    (f"{WECHAT}.mode", "secured", "platforms.wechat[0].mode", "(did you mean secure?)"),
    (f"{WECHAT}.certified", "true", "platforms.wechat[0].certified", 'true or false, found "true"'),
    (f"{WECHAT}.api_base", "https://", "platforms.wechat[0].api_base", "found something else"),
    (
        f"{WECHAT}.templates",
        {"progress": "T1|thing4=words"},
        "platforms.wechat[0].templates.progress",
        "ID, or ID|thing4=text,time1=time",
    ),
    (f"{WECHAT}.templates", {"subscription": "T1|"}, "platforms.wechat[0].templates.subscription", "ID, or ID|"),
    (f"{WECHAT}.templates", {"progres": "T"}, "platforms.wechat[0].templates.progres", "progress or subscription"),
    (f"{WECHAT}.budget", {"messages": -1}, "platforms.wechat[0].budget.messages", "a number from 0 to 100"),
    (f"{WECHAT}.text_bytes", 5, "platforms.wechat[0].text_bytes", "a number from 20 to 20480"),
    (f"{WECHAT}.menu", [{"name": "一", "does": "a:"}] * 4, "platforms.wechat[0].menu", "3 buttons at most"),
    (f"{WECHAT}.menu", [{"name": "一二三四五六", "does": "a:"}], "platforms.wechat[0].menu[0].name", "1 to 16 bytes"),
    (f"{WECHAT}.menu", [{"name": "一"}], "platforms.wechat[0].menu[0]", "either `does` or `opens`, found neither"),
    (f"{WECHAT}.menu", [{"name": "一", "does": "A"}], "platforms.wechat[0].menu[0].does", "an action like"),
    (f"{WECHAT}.menu", [{"name": "一", "opens": "x"}], "platforms.wechat[0].menu[0].opens", "an address like"),
    (
        f"{WECHAT}.menu",
        [{"name": "一", "under": [{"name": "二", "does": "a:"}] * 6}],
        "platforms.wechat[0].menu[0].under",
        "5 entries at most",
    ),
    (
        f"{WECHAT}.menu",
        [{"name": "一", "does": "a:", "under": [{"name": "二", "does": "a:"}]}],
        "platforms.wechat[0].menu[0]",
        "`under` alone",
    ),
    ("speech", {"url": "localhost:9000"}, "speech.url", "found something else"),
    ("speech", {"seconds": 60}, "speech.seconds", "a number from 1 to 20"),
    (f"{WECOM}.agent_id", "1000002", "platforms.wecom.agent_id", 'a whole number, found "1000002"'),
    (f"{WECOM}.webhooks", ["hunter2"], "platforms.wecom.webhooks", "a mapping, found a list"),
    (f"{WECOM}.webhooks", {"g": 5}, "platforms.wecom.webhooks.g[0]", "text in quotes, found a number"),
    (TELEGRAM, "1:hunter2", "platforms.telegram", "a mapping, found text"),
    (f"{TELEGRAM}.token", ["hunter2"], "platforms.telegram.token", "text in quotes, found a list"),
    (f"{TELEGRAM}.tokn", "hunter2", "platforms.telegram.tokn", '(did you mean token?), found "tokn"'),
]


@pytest.mark.parametrize(("changes", "paths"), HALF)
def test_a_half_filled_platform_is_refused(
    changes: tuple[tuple[str, Any], ...], paths: list[str], tmp_path: Path
) -> None:
    assert [problem.path for problem in problems(with_change(*changes), tmp_path)] == paths


@pytest.mark.parametrize(("where", "value", "path", "words"), FAULTS)
def test_every_fault_is_named_and_no_secret_shown(
    where: str, value: Any, path: str, words: str, tmp_path: Path
) -> None:
    [found] = problems(with_change((where, value)), tmp_path)
    assert found.path == path
    assert words in str(found)
    assert "hunter2" not in str(found)


@pytest.mark.parametrize(
    ("changes", "live"),
    [
        ((), False),
        (((TELEGRAM, {"token": "1:a", "secret_token": "b"}),), True),
        (((TELEGRAM, {"token": "1:a", "mode": "polling"}),), True),
        (((WECHAT, WHOLE_WECHAT),), True),
        (((WECHAT, WHOLE_WECHAT | {"mode": "plain", "aes_key": ""}),), True),
        (((WECHAT, WHOLE_WECHAT | {"older_aes_keys": [AES_KEY]}),), True),
        (((WECOM, WHOLE_WECOM),), True),
        (((WECOM, {"webhooks": {"jr-2-work": "key"}}),), True),
        (((WECOM, {"webhooks": {"jr-2-work": ""}}),), False),
        (((WECOM, {"bot": {"token": "t", "aes_key": AES_KEY}}),), True),
        (((WECOM, {"bot": {"mode": "websocket", "bot_id": "b", "secret": "s"}}),), True),
        ((("platforms", DROP),), False),
    ],
)
def test_a_platform_is_on_when_it_is_whole(changes: tuple[tuple[str, Any], ...], live: bool, tmp_path: Path) -> None:
    platforms = read(with_change(*changes), tmp_path).platforms
    assert platforms.live is live


def test_a_bot_is_on_by_the_secret_of_its_mode() -> None:
    assert not WecomBotConfig(secret=Secret("s")).live
    assert WecomBotConfig(mode="websocket", secret=Secret("s")).live


def test_a_live_platform_needs_a_duty_desk(tmp_path: Path) -> None:
    live = (TELEGRAM, {"token": "1:a", "secret_token": "b"})
    [found] = problems(with_change(live, ("duty_desk", {})), tmp_path)
    assert str(found) == "duty_desk: expected people to call, because a platform is live, found nobody"
    assert problems(with_change(live, ("duty_desk", {"people": ["chen"]})), tmp_path) == []
    assert problems(with_change(("duty_desk", {})), tmp_path) == []


@pytest.mark.parametrize(
    ("host", "password", "fine"),
    [
        ("127.0.0.1", "", True),
        ("127.9.9.9", "", True),
        ("::1", "", True),
        ("localhost", "", True),
        ("0.0.0.0", "", False),
        ("::", "", False),
        ("10.0.0.1", "", False),
        ("bot.example.com", "", False),
        ("0.0.0.0", "hunter2", True),
    ],
)
def test_the_playground_is_not_open_to_the_world(host: str, password: str, fine: bool, tmp_path: Path) -> None:
    door = (("server", {"host": host}), ("playground", True), ("playground_password", password))
    assert [problem.path for problem in problems(with_change(*door), tmp_path)] == (
        [] if fine else ["playground_password"]
    )
    assert problems(with_change(("server", {"host": host})), tmp_path) == []


def test_postgresql_may_have_many_processes(tmp_path: Path) -> None:
    many = (("database", "postgresql+psycopg://u:hunter2@h/d"), ("server", {"workers": 4}))
    config = read(with_change(*many), tmp_path)
    assert not config.on_sqlite
    assert "hunter2" not in repr(config)
