"""Knows the town as a workbook: the very sheets that `import` reads, to be changed and given back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from bot import loading
from bot.app import WORDING
from bot.config import Config
from bot.import_command import standing
from bot.importing import Standing
from bot.operations import OperationError, prepare, say
from bot.sheets import Row, Value, write_xlsx
from handlers.town import Group, Person, Role, Unit
from handlers.wording import Wording

_UNITS = ("id", "name", "level", "parent", "kind", "households", "phone", "places", "lat", "lon")
_PEOPLE = ("id", "name", "names", "roles", "unit", "department", "tags", "accounts")
_GROUPS = ("id", "name", "unit", "purpose", "department", "chats")
JOINT = "\u3001"
"""What stands between the entries of one cell: the Chinese list comma."""


def export_town(config: Config, out: Path | None) -> int:
    """Write the workbook. Raises OperationError."""
    if out is None or out.suffix != ".xlsx":
        raise OperationError("the town needs a workbook: --out FILE.xlsx")
    with prepare(config).transaction() as tx:
        if not tx.town_version():
            tx.sync_directory(config.directory, config.accounts, config.chats)
            tx.move_town()
        found = standing(tx)
    try:
        write_xlsx(out, sheets(found, loading.wording(WORDING)))
    except OSError as error:
        raise OperationError(f"{out}: {error.strerror}") from error
    said = found.directory
    say(
        f"{out}: {len(said.units)} units, {len(said.people)} people, {len(said.groups)} groups; change it and import it"
    )
    return 0


def sheets(found: Standing, wording: Wording) -> Mapping[str, Iterable[Row]]:
    """Sheet → rows, headed and worded as `import` knows them. Who left, and mere residents, are left out."""
    words = _Words(wording)
    served = [person for person in found.directory.people if person.staff or person.has(Role.VOLUNTEER)]
    return {
        words.sheet("units"): _sheet(
            words.heads("units", _UNITS), (words.unit(unit) for unit in found.directory.units)
        ),
        words.sheet("people"): _sheet(
            words.heads("people", _PEOPLE), (words.person(one, found.accounts.get(one.id, ())) for one in served)
        ),
        words.sheet("groups"): _sheet(
            words.heads("groups", _GROUPS),
            (words.group(one, found.chats.get(one.id, ())) for one in found.directory.groups),
        ),
    }


def _sheet(heads: Row, rows: Iterable[Row]) -> Iterator[Row]:
    yield heads
    yield from rows


class _Words:
    """How the sheets are worded: of several words that are understood, the first in the file's order of length."""

    def __init__(self, wording: Wording) -> None:
        self._lists = wording.lists

    def sheet(self, kind: str) -> str:
        return self._lists[f"sheet.{kind}"][-1]

    def heads(self, kind: str, names: Sequence[str]) -> list[Value]:
        return [self._lists[f"column.{kind}.{name}"][0] for name in names]

    def _code(self, kind: str, code: str) -> str:
        return self._lists[f"cell.{kind}.{code}"][0]

    def unit(self, one: Unit) -> list[Value]:
        """A row of the units."""
        lat, lon = one.center or (None, None)
        kind = self._code("kind", one.kind) if one.kind else ""
        level, places = self._code("level", one.level), JOINT.join(one.places)
        return [one.id, one.name, level, one.parent, kind, one.households, one.phone, places, lat, lon]

    def person(self, one: Person, accounts: Sequence[str]) -> list[Value]:
        """A row of the people."""
        roles = JOINT.join(self._code("role", role) for role in sorted(one.roles))
        lists = JOINT.join(one.names), roles, one.unit, one.department, JOINT.join(one.tags), JOINT.join(accounts)
        return [one.id, one.name, *lists]

    def group(self, one: Group, chats: Sequence[str]) -> list[Value]:
        """A row of the groups."""
        purpose = self._code("purpose", one.purpose)
        return [one.id, one.name, one.unit, purpose, one.department, JOINT.join(chats)]
