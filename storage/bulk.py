"""Knows how any number of rows enter or change one table in one statement whose text never changes, on either store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Table, Text, bindparam, cast, column, func, literal_column, select, text, update
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.expression import Executable, TableValuedAlias
from sqlalchemy.types import TypeEngine

from storage.columns import parameter

RowIn = Sequence[Any]
"""One row in the order of the columns: plain JSON values, moments as `moment_out` writes them."""


class _Many:
    """What `Insert` and `Change` share.

    SQLite is fastest with its driver's own executemany, PostgreSQL with all rows as one JSON parameter. Measured with
    64 rows of 25 columns, client's µs a row: SQLite 9 (SQLAlchemy's executemany 19, JSON 23); PostgreSQL 7 (executemany
    29, multi-row VALUES 95).
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = tuple(columns)
        self._statements: dict[str, Executable] = {}
        self._text = ""

    def run(self, connection: Connection, rows: Sequence[RowIn]) -> None:
        """Write the rows."""
        if not rows:
            return
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(self._positional(connection.dialect), rows)
        else:
            connection.execute(self._statement(connection.dialect), {"rows": parameter(rows)})

    def _statement(self, dialect: Dialect) -> Executable:
        if dialect.name not in self._statements:
            self._statements[dialect.name] = self._from_json(dialect.name)
        return self._statements[dialect.name]

    def _positional(self, dialect: Dialect) -> str:
        if not self._text:
            compiled = self._one_row().compile(dialect=dialect)
            if tuple(compiled.positiontup) != self._columns:
                raise ValueError(f"columns must be named in the table's order: {compiled.positiontup}")
            self._text = str(compiled)
        return self._text

    def _from_json(self, dialect: str) -> Executable:
        raise NotImplementedError

    def _one_row(self) -> Any:
        raise NotImplementedError


class Insert(_Many):
    """Rows into a table. Without `key` a conflict is an error; with `key` the row is replaced, or left with `ignore`.

    `keep` names columns that a replacement leaves alone; `only_if` is a condition under which it replaces at all.
    """

    def __init__(
        self,
        table: Table,
        columns: Sequence[str],
        *,
        key: Sequence[str] = (),
        ignore: bool = False,
        keep: Sequence[str] = (),
        only_if: ColumnElement[bool] | None = None,
        returning: Sequence[str] = (),
    ) -> None:
        super().__init__(columns)
        self._table, self._key, self._ignore = table, tuple(key), ignore
        self._replaced = [name for name in columns if name not in key and name not in keep]
        self._only_if, self._returning = only_if, tuple(returning)

    def rows(self, connection: Connection, rows: Sequence[RowIn], **given: Any) -> Sequence[Sequence[Any]]:
        """Write the rows and answer the `returning` columns of those that went in or were replaced."""
        if not rows:
            return ()
        return connection.execute(self._statement(connection.dialect), {"rows": parameter(rows), **given}).all()

    def _from_json(self, dialect: str) -> Executable:
        source, cells = _json_rows(dialect, [self._table.c[name].type for name in self._columns])
        # SQLite cannot tell ON CONFLICT from a join's condition unless a WHERE stands between.
        picked = select(*cells).select_from(source).where(text("true"))
        statement = self._on_conflict(_insert(dialect)(self._table).from_select(self._columns, picked))
        result: Executable = statement
        if self._returning:
            result = statement.returning(*(self._table.c[name] for name in self._returning))
        return result

    def _one_row(self) -> Any:
        values: dict[str, Any] = {name: bindparam(name) for name in self._columns}
        return self._on_conflict(_insert("sqlite")(self._table).values(values))

    def _on_conflict(self, statement: Any) -> Any:
        if not self._key:
            return statement
        if self._ignore:
            return statement.on_conflict_do_nothing(index_elements=self._key)
        changed = {name: statement.excluded[name] for name in self._replaced}
        return statement.on_conflict_do_update(index_elements=self._key, set_=changed, where=self._only_if)


class Change(_Many):
    """New values for rows that exist: a row is the values of the columns, the key last.

    Rows in which the column `unless_null` is NULL are left as they are.
    """

    def __init__(self, table: Table, columns: Sequence[str], *, key: str = "id", unless_null: str = "") -> None:
        super().__init__([*columns, key])
        self._table, self._key, self._unless_null = table, key, unless_null

    def _from_json(self, dialect: str) -> Executable:
        _, cells = _json_rows(dialect, [self._table.c[name].type for name in self._columns])
        values = dict(zip(self._columns[:-1], cells, strict=False))
        statement = update(self._table).values(values).where(self._table.c[self._key] == cells[-1])
        return statement.where(self._table.c[self._unless_null].is_not(None)) if self._unless_null else statement

    def _positional(self, dialect: Dialect) -> str:
        # Written out: SQLAlchemy keeps the columns' names for itself in an UPDATE.
        if not self._text:
            quote = dialect.identifier_preparer.quote
            sets = ", ".join(f"{quote(name)} = ?" for name in self._columns[:-1])
            also = f" AND {quote(self._unless_null)} IS NOT NULL" if self._unless_null else ""
            self._text = f"UPDATE {quote(self._table.name)} SET {sets} WHERE {quote(self._key)} = ?{also}"
        return self._text


def _insert(dialect: str) -> Callable[[Table], Any]:
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert

        return insert
    from sqlalchemy.dialects.postgresql import insert as postgresql_insert

    return postgresql_insert


def _json_rows(dialect: str, types: Sequence[TypeEngine[Any]]) -> tuple[TableValuedAlias, list[ColumnElement[Any]]]:
    """The rows of the parameter `rows` as something to select from, and their cells in the columns' types."""
    given = bindparam("rows", type_=Text())
    if dialect == "sqlite":
        source = func.json_each(given).table_valued(column("value"), name="v")
    else:
        from sqlalchemy.dialects.postgresql import JSONB

        source = func.jsonb_array_elements(cast(given, JSONB)).table_valued(column("value", JSONB), name="v")
    cells: list[ColumnElement[Any]] = [source.c.value.op("->>")(literal_column(str(n))) for n in range(len(types))]
    if dialect == "sqlite":
        return source, cells
    typed = zip(cells, types, strict=True)
    return source, [cell if isinstance(kind, Text) else cast(cell, kind) for cell, kind in typed]
