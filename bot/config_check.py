"""Knows what makes a configuration unusable: half-filled platforms, impossible hours, doors open without a lock."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from ipaddress import ip_address
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot import config_town
from bot.config_file import File, moment
from bot.config_menu import check_menu
from bot.config_platforms import TelegramConfig, WebConfig, WechatConfig, WecomBotConfig, WecomConfig
from bot.platforms.wechat_templates import Template
from bot.reading import Reader, show
from bot.secret import Secret
from handlers.clocks import QuietHours, Regular

_DATABASE = re.compile(r"sqlite://(/.+)?|postgresql\+psycopg://.*/.+")
_SPAN = re.compile(r"\d\d:\d\d\s*-\s*\d\d:\d\d")
_AES_KEY = re.compile(r"[0-9A-Za-z]{43}")
_SITE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SITE_TOKEN = re.compile(r"[0-9A-Za-z_-]{16,128}")
_SITE_SECRET = re.compile(r".{32,}")
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")
_WEBHOOK_KEY = re.compile(r"[0-9A-Za-z_-]{1,128}")
_HOOK_TOKEN = re.compile(r"[0-9A-Za-z_-]{1,256}")


def check(file: File, reader: Reader) -> None:
    """Note everything that is right by itself and wrong together."""
    for look in (config_town.check, _times, _numbers, _calendar, _server, _playground, _platforms):
        look(file, reader)


def _fits(reader: Reader, path: str, wanted: str, value: str, test: Callable[[str], object]) -> None:
    """Note the value unless the test takes it. Only for what is no secret."""
    try:
        fine = bool(test(value))
    except (ValueError, OSError, LookupError):
        fine = False
    if not fine:
        reader.note(path, wanted, show(value))


def _times(file: File, reader: Reader) -> None:
    _fits(reader, "town.timezone", "a time zone like Asia/Shanghai", file.town.timezone, ZoneInfo)
    for name, span in (("residents", file.quiet_hours.residents), ("groups", file.quiet_hours.groups)):
        _fits(reader, f"quiet_hours.{name}", "two times of day like 22:00-07:00", span, _is_span)
    _fits(reader, "digest.morning", "a time of day like 08:00, or nothing", file.digest.morning, _is_daily)
    _fits(reader, "digest.weekly", "a day and a time like monday 09:00, or nothing", file.digest.weekly, _is_weekly)
    for i, person in enumerate(file.people):
        if person.away_until:
            _fits(reader, f"people[{i}].away_until", "a day like 2026-10-01", person.away_until, _is_moment)


def _is_span(span: str) -> bool:
    return bool(_SPAN.fullmatch(span)) and bool(QuietHours.parse(span, ZoneInfo("UTC")))


def _is_daily(spoken: str) -> bool:
    found = Regular.parse(spoken, ZoneInfo("UTC"))
    return found is None or found.weekday is None


def _is_weekly(spoken: str) -> bool:
    found = Regular.parse(spoken, ZoneInfo("UTC"))
    return found is None or found.weekday is not None


def _is_moment(spoken: str) -> bool:
    return bool(moment(spoken, ZoneInfo("UTC")))


def _numbers(file: File, reader: Reader) -> None:
    for key, number in file.hotlines.items():
        _fits(reader, f"hotlines.{key}", "a telephone number", number, re.compile(r"[0-9][0-9 -]{1,19}").fullmatch)
    for key, days in file.privacy.retention_days.items():
        if days < 1:
            reader.note(f"privacy.retention_days.{key}", "one day at least", show(days))


def _calendar(file: File, reader: Reader) -> None:
    for name, days in (("holidays", file.calendar.holidays), ("workdays", file.calendar.workdays)):
        for day in days:
            _fits(reader, f"calendar.{name}.{day}", "a day like 2026-10-01", day, date.fromisoformat)
    for day in sorted(file.calendar.holidays.keys() & file.calendar.workdays.keys()):
        reader.note(f"calendar.workdays.{day}", "a day that is no holiday above", "it under calendar.holidays too")


def _server(file: File, reader: Reader) -> None:
    database = file.database.reveal()
    if not _DATABASE.fullmatch(database):
        scheme, mark, _ = database.partition("://")
        wanted = "sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME"
        reader.note("database", wanted, f"an address that begins with {show(scheme)}" if mark else "something else")
    elif database.startswith("sqlite") and file.server.workers > 1:
        reader.note("server.workers", "1, because SQLite has one process", show(file.server.workers))
    _address(reader, "nlu.rasa_url", file.nlu.rasa_url, "http")
    if file.speech.url:
        _address(reader, "speech.url", file.speech.url, "http")


def _playground(file: File, reader: Reader) -> None:
    if file.playground and not _loopback(file.server.host) and not file.playground_password:
        wanted = f"a password, because the playground would be open on {file.server.host}"
        reader.note("playground_password", wanted, "nothing")


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _address(reader: Reader, path: str, url: str, scheme: str) -> None:
    """Note a URL that is none. It is not shown: it may carry a password."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in (scheme, f"{scheme}s") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine:
        reader.note(path, f"an address like {scheme}s://example.com", "something else")


def _platforms(file: File, reader: Reader) -> None:
    platforms = file.platforms
    _telegram(reader, "platforms.telegram", platforms.telegram)
    names: set[str] = set()
    for i, account in enumerate(platforms.wechat):
        path = f"platforms.wechat[{i}]"
        _wechat(reader, path, account)
        if account.account in names:
            reader.note(f"{path}.account", "an account of its own", f"{show(account.account)} again")
        names.add(account.account)
    sites = [site.account for site in platforms.web]
    for i, site in enumerate(platforms.web):
        _web(reader, f"platforms.web[{i}]", site, sites[:i])
    _wecom(reader, "platforms.wecom", platforms.wecom)
    _wecom_bot(reader, "platforms.wecom.bot", platforms.wecom.bot)
    _webhooks(reader, "platforms.wecom.webhooks", platforms.wecom)


def _whole(reader: Reader, path: str, needed: dict[str, Secret | str | int], *others: Secret) -> bool:
    """Note what a platform lacks when some of its secrets are set; whether it is on at all."""
    secrets = {name: value for name, value in needed.items() if isinstance(value, Secret)}
    given = [name for name, value in secrets.items() if value]
    if not given and not any(others):
        return False
    for name, value in needed.items():
        if not value:
            because = f"{given[0]} is" if given else "other secrets are"
            reader.note(f"{path}.{name}", f"a value, because {because} set", "nothing")
    return True


def _form(reader: Reader, path: str, wanted: str, secret: Secret, form: re.Pattern[str]) -> None:
    if secret and not form.fullmatch(secret.reveal()):
        reader.note(path, wanted, "another form")


def _aes_keys(reader: Reader, path: str, account: WechatConfig | WecomConfig | WecomBotConfig) -> None:
    _form(reader, f"{path}.aes_key", "43 letters and digits", account.aes_key, _AES_KEY)
    for i, key in enumerate(account.older_aes_keys):
        _form(reader, f"{path}.older_aes_keys[{i}]", "43 letters and digits", key, _AES_KEY)


def _telegram(reader: Reader, path: str, telegram: TelegramConfig) -> None:
    needed: dict[str, Secret | str | int] = {"token": telegram.token}
    if telegram.mode == "webhook":
        needed["secret_token"] = telegram.secret_token
    _whole(reader, path, needed, telegram.secret_token)
    _form(reader, f"{path}.secret_token", "letters, digits, _ and -, 256 at most", telegram.secret_token, _HOOK_TOKEN)
    _address(reader, f"{path}.api_base", telegram.api_base, "http")
    if telegram.webhook_url:
        _address(reader, f"{path}.webhook_url", telegram.webhook_url, "https")
    if telegram.proxy:
        _address(reader, f"{path}.proxy", telegram.proxy.reveal(), "http")


def _wechat(reader: Reader, path: str, account: WechatConfig) -> None:
    needed: dict[str, Secret | str | int] = {"app_id": account.app_id, "secret": account.secret, "token": account.token}
    if account.mode != "plain":
        needed["aes_key"] = account.aes_key
    _whole(reader, path, needed, account.aes_key)
    _aes_keys(reader, path, account)
    _address(reader, f"{path}.api_base", account.api_base, "http")
    check_menu(reader, f"{path}.menu", account.menu)
    for name in account.templates.keys() - {"progress", "subscription"}:
        reader.note(f"{path}.templates.{name}", "progress or subscription", show(name))
    for name, entry in account.templates.items():
        _fits(reader, f"{path}.templates.{name}", "ID, or ID|thing4=text,time1=time", entry, Template.parse)


def _web(reader: Reader, path: str, site: WebConfig, taken: list[str]) -> None:
    _fits(reader, f"{path}.account", "letters, digits, _ and -", site.account, _SITE.fullmatch)
    if site.account in taken:
        reader.note(f"{path}.account", "a site of its own", f"{show(site.account)} again")
    needed: dict[str, Secret | str | int] = {"token": site.token, "secret": site.secret}
    if _whole(reader, path, needed):
        _form(reader, f"{path}.token", "16 to 128 letters, digits, _ and -", site.token, _SITE_TOKEN)
        _form(reader, f"{path}.secret", "32 characters or more", site.secret, _SITE_SECRET)
    for i, origin in enumerate(site.origins):
        _fits(reader, f"{path}.origins[{i}]", "a page's origin like https://example.com", origin, _ORIGIN.fullmatch)


def _wecom(reader: Reader, path: str, app: WecomConfig) -> None:
    needed: dict[str, Secret | str | int] = {
        "corp_id": app.corp_id,
        "agent_id": app.agent_id,
        "secret": app.secret,
        "token": app.token,
        "aes_key": app.aes_key,
    }
    _whole(reader, path, needed)
    _aes_keys(reader, path, app)
    _address(reader, f"{path}.api_base", app.api_base, "http")


def _wecom_bot(reader: Reader, path: str, bot: WecomBotConfig) -> None:
    callback: dict[str, Secret | str | int] = {"token": bot.token, "aes_key": bot.aes_key}
    socket: dict[str, Secret | str | int] = {"bot_id": bot.bot_id, "secret": bot.secret}
    _whole(reader, path, callback if bot.mode == "callback" else socket, bot.token, bot.aes_key, bot.secret)
    _aes_keys(reader, path, bot)
    if bot.ws_url:
        _address(reader, f"{path}.ws_url", bot.ws_url, "ws")


def _webhooks(reader: Reader, path: str, wecom: WecomConfig) -> None:
    """Keys of group webhooks: what follows `key=` in the address, each in one place."""
    seen: dict[Secret, str] = {}
    for name, keys in wecom.webhooks.items():
        for i, key in enumerate(keys):
            at = f"{path}.{name}[{i}]"
            _form(reader, at, "the key alone, which stands after key= in the address", key, _WEBHOOK_KEY)
            if key and key in seen:
                reader.note(at, "a key of its own", f"the one of {seen[key]}")
            seen[key] = at
