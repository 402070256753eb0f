"""Knows how to read config.yaml and the environment into one frozen value, or to say all that is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import config_check, documents
from bot.config_environment import override
from bot.config_file import (
    CalendarFacts,
    File,
    GroupEntry,
    Nlu,
    PersonEntry,
    Server,
    Speech,
    TownFacts,
    address,
    moment,
)
from bot.config_platforms import Platforms
from bot.reading import ConfigError, Problem, Reader
from bot.secret import Secret
from handlers.clocks import QuietHours, Regular
from handlers.town import Department, Directory, Group, Person, Role, Town

__all__ = ["Config", "ConfigError", "Problem", "read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The whole configuration, checked.

    `accounts` (person id → addresses) and `chats` (group id → addresses) hold addresses as `Incoming.sender` does:
    `platform:account:id`. `places` are the gazetteer's entries (unit id → places), `aliases` what else people call a
    place (canonical name → names).
    """

    facts: TownFacts
    town: Town
    zone: ZoneInfo
    places: Mapping[str, tuple[str, ...]]
    aliases: Mapping[str, tuple[str, ...]]
    accounts: Mapping[str, tuple[str, ...]]
    chats: Mapping[str, tuple[str, ...]]
    quiet_residents: QuietHours
    quiet_groups: QuietHours
    morning: Regular | None
    weekly: Regular | None
    group_per_hour: int
    calendar: CalendarFacts
    database: Secret
    media: Path
    server: Server
    nlu: Nlu
    speech: Speech
    platforms: Platforms
    playground: bool
    playground_password: Secret

    @property
    def directory(self) -> Directory:
        """What of the town can change while it runs, as the configuration says it."""
        town = self.town
        return Directory(
            units=tuple(town.units.values()), people=tuple(town.people.values()), groups=tuple(town.groups.values())
        )

    @property
    def on_sqlite(self) -> bool:
        """Whether the memory is a SQLite file: one process only."""
        return self.database.reveal().startswith("sqlite")


def read(path: Path, environ: Mapping[str, str]) -> Config:
    """The configuration of this file under this environment. Raises ConfigError with everything that is wrong."""
    reader = Reader()
    document = reader.mapping(reader.load(partial(documents.load, path)), "")
    reader.settle()
    override(document, environ, reader)
    file = reader.fill(File, document, "")
    config_check.check(file, reader)
    reader.settle()
    return _settled(file)


def _settled(file: File) -> Config:
    zone = ZoneInfo(file.town.timezone)
    return Config(
        facts=file.town,
        town=_town(file, zone),
        zone=zone,
        places={unit.id: unit.places for unit in file.units if unit.places},
        aliases=file.gazetteer.aliases,
        accounts={person.id: tuple(map(address, person.accounts)) for person in file.people},
        chats={group.id: tuple(map(address, group.chats)) for group in file.groups},
        quiet_residents=QuietHours.parse(file.quiet_hours.residents, zone),
        quiet_groups=QuietHours.parse(file.quiet_hours.groups, zone),
        morning=Regular.parse(file.digest.morning, zone),
        weekly=Regular.parse(file.digest.weekly, zone),
        group_per_hour=file.group_pace.per_hour,
        calendar=file.calendar,
        database=file.database,
        media=Path(file.media),
        server=file.server,
        nlu=file.nlu,
        speech=file.speech,
        platforms=file.platforms,
        playground=file.playground,
        playground_password=file.playground_password,
    )


def _town(file: File, zone: ZoneInfo) -> Town:
    departments = {department.id: department for department in file.departments}
    return Town(
        name=file.town.name,
        bot_name=file.town.bot_name,
        levels=file.town.levels,
        units={unit.id: unit for unit in file.units},
        departments=departments,
        people={entry.id: _person(entry, departments, zone) for entry in file.people},
        groups={entry.id: _group(entry, departments) for entry in file.groups},
        duty_people=file.duty_desk.people,
        duty_group=file.duty_desk.group,
        hotlines=file.hotlines,
        privacy_contact=file.privacy.contact,
        retention_days=file.privacy.retention_days,
    )


def _person(entry: PersonEntry, departments: Mapping[str, Department], zone: ZoneInfo) -> Person:
    home = departments.get(entry.department)
    return Person(
        id=entry.id,
        name=entry.name,
        names=entry.names,
        roles=frozenset(entry.roles) or frozenset({Role.RESIDENT}),
        unit=entry.unit or (home.parent if home else ""),
        department=entry.department,
        tags=entry.tags,
        away_until=moment(entry.away_until, zone) if entry.away_until else None,
    )


def _group(entry: GroupEntry, departments: Mapping[str, Department]) -> Group:
    home = departments.get(entry.department)
    unit = entry.unit or (home.parent if home else "")
    return Group(id=entry.id, name=entry.name, unit=unit, purpose=entry.purpose, department=entry.department)
