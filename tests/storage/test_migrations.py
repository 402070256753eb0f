"""The steps lead to exactly the tables that the code describes, once, together or not at all."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from storage import version
from storage.engine import make_engine
from storage.migrate import MigrationError, configuration, migrate
from storage.store import Store
from storage.tables import metadata
from tests.left_out import leave_out


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, on each of the two."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'deep' / 'down' / 'store.db'}"
    url: str | None = request.getfixturevalue("postgres_url")
    return url or leave_out("postgres", "its programs were not found")


def schema(engine: Engine) -> list[str]:
    """Everything the store itself says of its tables, as comparable lines."""
    with engine.connect() as connection:
        found = _sqlite_schema(connection) if engine.dialect.name == "sqlite" else _postgres_schema(connection)
    return sorted(found)


def _sqlite_schema(connection: Connection) -> list[str]:
    rows = connection.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")).scalars()
    return [re.sub(r"[\s\"]+", " ", row).replace(" )", ")").replace("( ", "(") for row in rows]


def _postgres_schema(connection: Connection) -> list[str]:
    asked = (
        "SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' "
        "|| coalesce(column_default, '') || ' ' || ordinal_position FROM information_schema.columns "
        "WHERE table_schema = 'public'",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace",
        "SELECT sequencename || ' ' || data_type FROM pg_sequences",
    )
    return [str(row) for question in asked for row in connection.execute(text(question)).scalars()]


def created(url: str) -> list[str]:
    """The schema that `create` makes in an empty database."""
    store = Store(url)
    store.create()
    assert store.ready()
    store.close()
    engine = make_engine(url)
    found = schema(engine)
    engine.dispose()
    return found


def test_the_steps_lead_to_the_tables_of_the_code(empty_url: str, tmp_path: Path) -> None:
    migrate(empty_url)
    engine = make_engine(empty_url)
    migrated = schema(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        if engine.dialect.name == "postgresql":
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
            connection.commit()
    engine.dispose()
    fresh = f"sqlite:///{tmp_path / 'fresh.db'}" if empty_url.startswith("sqlite") else empty_url
    assert migrated == created(fresh)


def test_head_is_the_newest_step() -> None:
    assert ScriptDirectory.from_config(configuration()).get_heads() == [version.head()]


def test_a_store_is_ready_once_it_is_migrated(empty_url: str) -> None:
    if empty_url.startswith("sqlite"):
        Path(empty_url.removeprefix("sqlite:///")).parent.mkdir(parents=True)
    store = Store(empty_url)
    assert not store.ready()
    migrate(empty_url)
    assert store.ready()
    migrate(empty_url)
    assert store.ready()
    store.close()


def test_a_newer_database_is_refused(empty_url: str) -> None:
    migrate(empty_url)
    engine = make_engine(empty_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(MigrationError, match="9999"):
        migrate(empty_url)
    assert version.current(engine) == "9999"
    engine.dispose()


def test_a_step_that_fails_leaves_nothing(empty_url: str) -> None:
    engine = make_engine(empty_url) if empty_url.startswith("postgresql") else _with_folder(empty_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE errands (id INTEGER)"))  # the last table of the first step
    with pytest.raises(Exception, match="errands"):
        migrate(empty_url)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["errands"]
    engine.dispose()


def _with_folder(url: str) -> Engine:
    Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True)
    return make_engine(url)


def test_processes_that_start_together_migrate_once(empty_url: str) -> None:
    errors: list[BaseException] = []

    def one() -> None:
        try:
            migrate(empty_url)
        except Exception as error:
            errors.append(error)

    _at_once([one, one])
    assert errors == []
    engine = make_engine(empty_url)
    assert version.current(engine) == version.head()
    engine.dispose()


def _at_once(work: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_the_version_is_known_without_alembic() -> None:
    script = "import sys; from storage.store import Store; import storage.version; sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[2], check=False).returncode == 0
