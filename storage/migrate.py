"""Knows how a database is brought up to this code's schema, step by step; the only module that imports Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.engine import ensure_folder, make_engine
from storage.version import current

_LOCK = 7_317_064_921_553
"""A number of our own for PostgreSQL's advisory lock: two processes that start together migrate one after the other."""


class MigrationError(Exception):
    """The database cannot be brought to this version: it is newer than this code."""


def configuration() -> Config:
    """Where the steps lie; nothing else of Alembic's configuration is used."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def migrate(url: str) -> None:
    """Bring a database, empty or older, to the newest revision: all steps in one transaction, or none.

    Raises MigrationError when the database is newer than this code: going back is never guessed.
    """
    ensure_folder(url)
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            _lock(connection)
            _refuse_newer(current(connection))
            config = configuration()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _refuse_newer(revision: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if revision is not None and revision not in known:
        raise MigrationError(f"the database is at revision {revision}, which this version does not know; update first")
