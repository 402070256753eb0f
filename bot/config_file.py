"""Knows what config.yaml may hold: every key with its type, its default and what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.config_platforms import Platforms
from bot.reading import within
from bot.secret import Secret
from handlers.town import Department, Role, Unit

LADDER = ("grid", "community", "street", "county")
MICRO = "micro"
"""The level below the grid: nothing climbs from or to it, so `town.levels` does not name it."""
ACCOUNTS = ("telegram", "wechat", "wecom")
CHATS = ("telegram", "wecom-webhook", "wecom-bot", "wecom-appchat")


def address(spoken: str) -> str:
    """The address `platform:account:id` of what people write as `platform:id` where a platform has one account only.

    WeCom does not tell capitals in a userid apart and answers in small letters, so its members are kept in those.
    """
    platform, _, rest = spoken.partition(":")
    rest = rest.lower() if platform == "wecom" else rest
    return f"{platform}:{rest}" if ":" in rest else f"{platform}::{rest}"


def moment(spoken: str, zone: ZoneInfo) -> datetime:
    """The moment an ISO day begins, or an ISO time; local unless it says otherwise. Raises ValueError."""
    said = datetime.fromisoformat(spoken)
    return said if said.tzinfo else said.replace(tzinfo=zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class TownFacts:
    """What the town is called and how it counts: its time zone, its catalogue, its levels from the ground up."""

    name: str
    bot_name: str = "xiaoge"
    timezone: str = "Asia/Shanghai"
    catalogue: str = "yanlong"
    levels: tuple[str, ...] = LADDER


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where the door stands. `metrics_host` is where /metrics and /health answer."""

    host: str = "127.0.0.1"
    port: int = within(0, 65535, 8080)
    workers: int = within(1, 64, 1)
    metrics_host: str = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nlu:
    """Which engine understands, and where the Rasa server is; `rasa_timeout` is in seconds for a whole batch.

    `learnt` is the folder of what the ear has learnt here (`python -m nlu learn`); empty: the delivered model alone.
    """

    engine: Literal["embedded", "rasa"] = "embedded"
    rasa_url: str = "http://127.0.0.1:5005"
    rasa_token: Secret = field(default_factory=Secret)
    rasa_timeout: float = within(0.05, 4.0, 0.8)
    learnt: str = "var/ear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """Where voices become words: a recording is posted to `url`, which answers `{"text": …}` within `seconds`."""

    url: str = ""
    token: Secret = field(default_factory=Secret)
    seconds: float = within(1, 20, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyDesk:
    """Who is called when nobody else answers: people, and a group."""

    people: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    """Whom to ask about personal information, and how many days each kind of record is kept."""

    contact: str = ""
    retention_days: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietSpans:
    """When residents and groups are left alone, as “22:00-07:00”, local time."""

    residents: str = "22:00-07:00"
    groups: str = "21:00-07:30"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestTimes:
    """When workers hear what waits for them, and supervisors how the week went; local time, “” is never."""

    morning: str = "08:00"
    weekly: str = "monday 09:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPace:
    """How many cards and lines that are not red one group is sent in an hour; 0 for any number."""

    per_hour: int = within(0, 600, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFacts:
    """How deadlines are counted. Holidays and workdays (day → name) come before what the library of holidays knows."""

    mode: Literal["calendar_hours", "working_days"] = "calendar_hours"
    holidays: Mapping[str, str] = field(default_factory=dict)
    workdays: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """What residents call places beside the names in `units`: canonical name → other names."""

    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEntry:
    """A person with roles. `accounts` are `telegram:1001`, `wecom:liming`, `wechat:<account>:<openid>`.

    `away_until` is the day (or moment) from which the person is there again, local time.
    """

    id: str
    name: str
    names: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    unit: str = ""
    department: str = ""
    tags: tuple[str, ...] = ()
    away_until: str = ""
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupEntry:
    """A group chat. `chats` are `telegram:-1001` and `wecom-webhook:`, `wecom-bot:` or `wecom-appchat:` with an id."""

    id: str
    name: str
    unit: str = ""
    purpose: Literal["work", "residents", "department", "duty"]
    department: str = ""
    chats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """config.yaml as it stands, key for key."""

    town: TownFacts
    database: Secret = field(default_factory=lambda: Secret("sqlite:///var/xiaoge.db"))
    media: str = "var/media"
    server: Server = field(default_factory=Server)
    playground: bool = False
    playground_password: Secret = field(default_factory=Secret)
    nlu: Nlu = field(default_factory=Nlu)
    speech: Speech = field(default_factory=Speech)
    hotlines: Mapping[str, str] = field(default_factory=dict)
    duty_desk: DutyDesk = field(default_factory=DutyDesk)
    privacy: Privacy = field(default_factory=Privacy)
    quiet_hours: QuietSpans = field(default_factory=QuietSpans)
    group_pace: GroupPace = field(default_factory=GroupPace)
    calendar: CalendarFacts = field(default_factory=CalendarFacts)
    digest: DigestTimes = field(default_factory=DigestTimes)
    platforms: Platforms = field(default_factory=Platforms)
    gazetteer: Gazetteer = field(default_factory=Gazetteer)
    units: tuple[Unit, ...] = ()
    departments: tuple[Department, ...] = ()
    people: tuple[PersonEntry, ...] = ()
    groups: tuple[GroupEntry, ...] = ()
