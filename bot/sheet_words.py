"""Knows how the rows of the town's spreadsheet are worded: sheets, columns, and words in cells become keys."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.reading import Reader, either, near, show
from bot.workbook import Row
from handlers.town import Role
from handlers.wording import Wording

KINDS = ("units", "people", "groups")
_LISTS = {"places", "names", "roles", "tags", "accounts", "chats"}
_CODES = {
    "level": ("micro", "grid", "community", "street", "county"),
    "kind": ("general", "dedicated"),
    "purpose": ("work", "residents", "department", "duty"),
    "role": tuple(role.value for role in Role),
}
_REFERENCES = {
    ("units", "parent"): "units",
    ("people", "unit"): "units",
    ("groups", "unit"): "units",
    ("people", "department"): "departments",
    ("groups", "department"): "departments",
}

Named = Mapping[str, dict[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Read:
    """One row as a document like an entry of config.yaml; `out` when it takes the entry out."""

    document: dict[str, Any]
    path: str
    out: bool


class Sheets:
    """Reads the sheets; whatever does not fit is noted with sheet and row."""

    def __init__(self, wording: Wording, reader: Reader) -> None:
        self._wording = wording
        self._reader = reader

    def read(self, sheets: Mapping[str, list[Row]], named: Named) -> dict[str, list[Read]]:
        """Kind → rows. `named` grows by what the file itself names, so that rows may refer to each other."""
        found: dict[str, list[tuple[str, Row, dict[str, str]]]] = {kind: [] for kind in KINDS}
        for name, rows in sheets.items():
            kind = next((k for k in KINDS if name.strip().lower() in self._words(f"sheet.{k}")), "")
            if not kind and rows:
                self._reader.note(
                    name, "a sheet called " + either([self._words(f"sheet.{k}")[-1] for k in KINDS]), show(name)
                )
            for row in rows if kind else ():
                found[kind].append((f"{name} {row.number}", row, self._fields(kind, f"{name} {row.number}", row)))
        for kind, entries in found.items():
            for path, _, held in entries:
                self._identify(kind, path, held, named)
        read = {
            kind: [self._read(kind, path, held, named) for path, _, held in entries] for kind, entries in found.items()
        }
        self._once(read)
        return read

    def _words(self, key: str) -> tuple[str, ...]:
        return self._wording.lists.get(key, ())

    def _fields(self, kind: str, path: str, row: Row) -> dict[str, str]:
        """Cells by field; a heading that nobody knows is a fault, for its cells would be lost."""
        columns = {
            word: key.rpartition(".")[2]
            for key, words in self._wording.lists.items()
            if key.startswith(f"column.{kind}.")
            for word in words
        }
        held = {}
        for heading, cell in row.cells.items():
            field = columns.get(heading.lower())
            if field is None:
                self._reader.note(f"{path} {heading}", f"a known column{near(heading, columns)}", show(heading))
            else:
                held[field] = cell
        return held

    def _identify(self, kind: str, path: str, held: dict[str, str], named: Named) -> None:
        """A row without an id means what is called so already, or becomes something new."""
        name = held.get("name", "")
        if not held.get("id"):
            known = named[kind].get(name, [])
            if not name:
                self._reader.note(path, "a name or an id", "neither")
            elif len(known) > 1:
                self._reader.note(path, f"an id, for several are called so ({', '.join(known)})", show(name))
            made = hashlib.sha256(f"{kind}|{name}".encode()).hexdigest()[:8]
            held["id"] = known[0] if known else f"{kind[0]}{made}"
        if name and held["id"] not in named[kind].setdefault(name, []):
            named[kind][name].append(held["id"])

    def _read(self, kind: str, path: str, held: dict[str, str], named: Named) -> Read:
        document: dict[str, Any] = {"name": self._known_name(kind, held, named)}
        for field, cell in held.items():
            if field in ("lat", "lon", "out"):
                continue
            document[field] = self._value(kind, field, cell, path, named)
        if "lat" in held or "lon" in held:
            document["center"] = [self._number(held.get(axis, ""), f"{path} {axis}") for axis in ("lat", "lon")]
        return Read(document, path, held.get("out", "").lower() in self._words("cell.yes"))

    def _known_name(self, kind: str, held: Mapping[str, str], named: Named) -> str:
        return next((name for name, ids in named[kind].items() if held["id"] in ids), "")

    def _value(self, kind: str, field: str, cell: str, path: str, named: Named) -> Any:
        if field in _LISTS:
            parts = [part.strip() for part in self._wording.patterns["cell.separator"].split(cell) if part.strip()]
            return [self._code("role", part, path) for part in parts] if field == "roles" else parts
        if field in ("level", "kind", "purpose"):
            return self._code(field, cell, path)
        shelf = _REFERENCES.get((kind, field))
        return self._reference(shelf, cell, path, named) if shelf else cell

    def _code(self, field: str, cell: str, path: str) -> str:
        for code in _CODES[field]:
            if cell.lower() == code or cell.lower() in self._words(f"cell.{field}.{code}"):
                return code
        known = [self._words(f"cell.{field}.{code}")[-1] for code in _CODES[field]]
        self._reader.note(f"{path} {field}", either(known) + near(cell, known), show(cell))
        return _CODES[field][0]

    def _reference(self, shelf: str, cell: str, path: str, named: Named) -> str:
        """The id that a name (or an id) in a cell stands for; the cell itself where it fits none or several."""
        if any(cell in ids for ids in named[shelf].values()):
            return cell
        ids = named[shelf].get(cell, [])
        if not ids:
            self._reader.note(path, f"the name of one of the {shelf}{near(cell, named[shelf])}", show(cell))
        elif len(ids) > 1:
            self._reader.note(path, f"an id, for several are called so ({', '.join(ids)})", show(cell))
        return ids[0] if len(ids) == 1 else cell

    def _number(self, cell: str, path: str) -> float:
        try:
            return float(cell)
        except ValueError:
            self._reader.note(path, "degrees, like 33.3803", show(cell))
            return 0.0

    def _once(self, read: Mapping[str, list[Read]]) -> None:
        """Two rows about one thing contradict each other, or one is superfluous."""
        for rows in read.values():
            seen: dict[str, str] = {}
            for row in rows:
                first = seen.setdefault(row.document["id"], row.path)
                if first != row.path:
                    self._reader.note(row.path, "one row for each", f"{row.document['id']} again, first in {first}")
