"""Knows the tables that may leave the house: rates, cases and burden; nothing personal of a resident stands in them."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Literal

from bot import loading
from bot.app import CATALOGUES, WORDING
from bot.config import Config
from bot.operations import OperationError, opened
from bot.seats import groups_of
from bot.sheets import Row, Value, write_csv, write_xlsx
from handlers.catalogue import Catalogue
from handlers.rates import NAMES, Rate
from handlers.town import STAFF, Role, Town
from handlers.wording import Wording
from storage.rates import By
from storage.rates_lines import CaseLine
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for; the first and the last day both belong to it."""

    what: str
    since: date | None = None
    until: date | None = None
    by: By | Literal[""] = ""
    form: str = "csv"
    out: Path | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What a table needs to be filled: the memory, the town, how things are called, and the time."""

    config: Config
    town: Town
    store: Store
    catalogue: Catalogue
    wording: Wording
    now: datetime

    def title(self, *keys: str) -> list[str]:
        """Titles of columns."""
        return [self.wording.say(f"export.{key}") for key in keys]

    def yes(self, answer: bool | None) -> str:
        """A yes, a no, or nothing where nobody knows."""
        return "" if answer is None else self.title("yes" if answer else "no")[0]

    def local(self, moment: datetime | None) -> str:
        """A moment by the town's clock, to the minute."""
        return "" if moment is None else moment.astimezone(self.config.zone).strftime("%Y-%m-%d %H:%M")

    def start(self, day: date | None) -> datetime | None:
        """When a day of the town begins."""
        return None if day is None else datetime.combine(day, time.min, self.config.zone).astimezone(UTC)

    def span(self, wanted: Wanted) -> tuple[datetime | None, datetime | None]:
        """From the beginning of the first day to the end of the last."""
        until = None if wanted.until is None else wanted.until + timedelta(days=1)
        return self.start(wanted.since), self.start(until)

    def name(self, kind: str, key: str) -> str:
        """How a unit, duty or item is called; a key that is no longer known stays itself."""
        named: Mapping[str, Mapping[str, str]] = {
            "unit": {unit.id: unit.name for unit in self.town.units.values()},
            "duty": {duty.key: duty.name for duty in self.catalogue.duties.values()},
            "item": {i.key: i.name for duty in self.catalogue.duties.values() for i in duty.everything()},
        }
        return named.get(kind, {}).get(key, key) or self.title("none")[0]


def export(config: Config, wanted: Wanted, now: datetime) -> int:
    """Write one table. Raises OperationError when it cannot be written."""
    if wanted.form == "xlsx" and wanted.out is None:
        raise OperationError("a workbook needs a file: --out FILE.xlsx")
    store = opened(config)
    catalogue = loading.catalogue(CATALOGUES / f"{config.facts.catalogue}.yml", config.town)
    desk = Desk(config, town_now(config, store), store, catalogue, loading.wording(WORDING), now)
    try:
        _write(wanted, desk.title(f"table.{wanted.what}")[0], TABLES[wanted.what](desk, wanted))
    except OSError as error:
        raise OperationError(f"{wanted.out}: {error.strerror}") from error
    finally:
        store.close()
    return 0


def town_now(config: Config, store: Store) -> Town:
    """The town as it is now; as the configuration says it where the bot has never run."""
    with store.reading() as reader:
        directory = reader.directory()
    return config.town.with_directory(directory) if directory.units else config.town


def _write(wanted: Wanted, title: str, rows: Iterable[Row]) -> None:
    if wanted.out is None:
        out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
        write_csv(out, rows)
        out.detach()
    elif wanted.form == "xlsx":
        write_xlsx(wanted.out, {title: rows})
    else:
        with wanted.out.open("w", encoding="utf-8", newline="") as file:
            write_csv(file, rows)


def _rates(desk: Desk, wanted: Wanted) -> Iterator[Row]:
    """Every rate with what is above and below its line; the last line is the total."""
    since, until = desk.span(wanted)
    with desk.store.transaction() as tx:
        tx.roll_up(desk.now, desk.config.zone)
    with desk.store.reading() as reader:
        groups = reader.rates(desk.now, by=wanted.by, since=since, until=until) if wanted.by else {}
        total = reader.rates(desk.now, since=since, until=until)
    names = [desk.wording.say(f"rate.{name}") for name in NAMES]
    titles = [(name, *(desk.wording.say(f"export.{part}", name=name) for part in ("n", "of"))) for name in names]
    yield [*desk.title(wanted.by or "all"), *(title for three in titles for title in three), *desk.title("unrated")]
    for group, rates in groups.items():
        yield [desk.name(wanted.by, group), *_shares(rates)]
    yield [*desk.title("all"), *_shares(total)]


def _shares(rates: Mapping[str, Rate]) -> Iterator[Value]:
    for name in NAMES:
        rate = rates[name]
        yield from (None if rate.value is None else round(rate.value, 4), rate.n, rate.of)
    yield rates["rated"].rest


def _cases(desk: Desk, wanted: Wanted) -> Iterator[Row]:
    yield desk.title(
        "number", "state", "colour", "duty", "item", "unit", "channel", "opened", "accepted", "fed_back", "closed",
        "due", "in_time", "solved", "rating", "reporters", "staff",
    )  # fmt: skip
    with desk.store.reading() as reader:
        for case in reader.case_lines(*desk.span(wanted)):
            yield _case(desk, case)


def _case(desk: Desk, case: CaseLine) -> Row:
    """A case as a line; of a confidential one neither item nor unit is said: few live there to whom it happens."""
    masked = desk.title("masked")[0]
    times = (case.opened_at, case.accepted_at, case.fed_back_at, case.closed_at, case.due_at)
    return [
        case.number, desk.wording.say(f"export.state.{case.state}"), desk.wording.say(f"colour.{case.colour}"),
        desk.name("duty", case.duty),
        masked if case.confidential else desk.name("item", case.item),
        masked if case.confidential else desk.name("unit", case.unit),
        case.channel, *map(desk.local, times), desk.yes(case.in_time(desk.now)), desk.yes(case.solved),
        case.rating or None, case.reporters, case.staff,
    ]  # fmt: skip


def _burden(desk: Desk, wanted: Wanted) -> Iterator[Row]:
    """What the work asks of each worker. Their names may stand here: they are employees; liaisons are residents."""
    since, until = desk.span(wanted)
    town = desk.town
    employees = [p for p in town.people.values() if p.staff and not p.has(Role.RESIDENT)]
    staff = {person.id: tuple(group.id for group in groups_of(person, town)) for person in employees}
    with desk.store.reading() as reader:
        begin = since or datetime.min.replace(tzinfo=UTC)
        found = reader.burden(desk.now, begin, until, zone=desk.config.zone, people=staff)
    counts = ("private", "group", "night", "taps", "said", "led")
    yield desk.title("person", "name", "role", *counts, "closed_cases", "night_cases", "per_case")
    for id, one in found.items():
        person = town.people[id]
        role = "/".join(desk.wording.say(f"role.{role}") for role in sorted(person.roles & STAFF))
        told = [getattr(one, name) for name in (*counts, "closed", "night_cases")]
        yield [id, person.name, role, *told, None if one.per_case is None else round(one.per_case, 2)]


TABLES: Mapping[str, Callable[[Desk, Wanted], Iterator[Row]]] = {"rates": _rates, "cases": _cases, "burden": _burden}
