"""Knows which version of the schema this code needs and which one a database has, without Alembic."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, column, inspect, select, table, text

from storage import case_tables, post_tables, tally_tables, town_tables, wire_tables
from storage.tables import metadata

HEAD = "0008"
"""The newest revision in storage/migrations/versions; a test holds it against them."""

_ALEMBIC = table("alembic_version", column("version_num"))
_VERSION_TABLE = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
    "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)
"""Just as Alembic makes it, so that a stage's database can be brought on by it as well."""

MODULES = (case_tables, post_tables, tally_tables, town_tables, wire_tables)
"""What must be imported for `metadata` to be whole."""


def head() -> str:
    """The revision that this code needs."""
    return HEAD


def current(store: Engine | Connection) -> str | None:
    """The revision of a database; None when it has no tables of ours."""
    if isinstance(store, Engine):
        with store.connect() as connection:
            return current(connection)
    if not inspect(store).has_table(_ALEMBIC.name):
        return None
    return store.execute(select(_ALEMBIC.c.version_num)).scalar_one_or_none()


def create_all(engine: Engine) -> None:
    """All tables at once, marked as being at head: for stages in memory and for tests."""
    with engine.begin() as connection:
        metadata.create_all(connection)
        _stamp(connection)


def _stamp(connection: Connection) -> None:
    connection.execute(text(_VERSION_TABLE))
    connection.execute(_ALEMBIC.insert().values(version_num=HEAD))
