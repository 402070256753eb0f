"""Knows how to start a throw-away PostgreSQL wherever its programs are found, also as root, and to hand out databases.

`postgres_url` is the fixture to use: a fresh, empty database for one test, or None where PostgreSQL is not installed
(with `postgres` in the environment variable REQUIRE its absence is a failure).
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.left_out import required

USER = "xiaoge"
START_SECONDS = 30
_SETTINGS = {
    "listen_addresses": "",  # a socket in our own folder: no port to collide with another run
    "autovacuum": "off",  # statistics gathered at some moment of a test would make plans a matter of luck
    "fsync": "off",  # the data live for one run; how durable PostgreSQL is, it has tested itself
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "deadlock_timeout": "200ms",
    "log_min_messages": "fatal",
}


def programs() -> Path | None:
    """The folder of PostgreSQL's programs: on the PATH, or the newest of Debian's."""
    found = shutil.which("initdb")
    if found is not None and shutil.which("postgres") is not None:
        return Path(found).resolve().parent
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    versions = sorted(debian, key=lambda path: int(path.parent.parent.name))
    return versions[-1].parent if versions else None


class Server:
    """One PostgreSQL, from construction to `stop`."""

    def __init__(self, bin_folder: Path) -> None:
        self._bin = bin_folder
        self._folder = Path(tempfile.mkdtemp(prefix="xiaoge-pg-"))
        self._as = _another_user() if os.geteuid() == 0 else {}
        self._names = count(1)
        self._templates: dict[object, str] = {}
        self._spare: dict[object, list[str]] = {}
        if self._as:
            shutil.chown(self._folder, self._as["user"], self._as["group"])
        self._folder.chmod(0o755)
        self._process = self._start()

    def url(self, name: str) -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://{USER}@/{name}?host={self._folder}"

    def connect(self, name: str = "postgres") -> psycopg.Connection:
        """A plain connection that commits by itself."""
        return psycopg.connect(host=str(self._folder), user=USER, dbname=name, autocommit=True, connect_timeout=5)

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """A database that exists within the block; its name."""
        name = self._create(template)
        try:
            yield name
        finally:
            self._drop(name)

    @contextmanager
    def reused(self, make: Callable[[str], None], clean: str) -> Iterator[str]:
        """A database in which `make(url)` has been done, emptied after the block for the next one."""
        spare = self._spare.setdefault(make, [])
        name = spare.pop() if spare else self._create(self.template(make))
        try:
            yield name
            with self.connect(name) as connection:
                connection.execute("SET lock_timeout = '2s'")  # a test that left something open fails here
                connection.execute(clean.encode())
        except BaseException:
            self._drop(name)
            raise
        spare.append(name)

    def template(self, make: Callable[[str], None]) -> str:
        """The name of a database in which `make(url)` has been done once; copies of it are cheap."""
        if make not in self._templates:
            name = self._create("template0")
            make(self.url(name))
            self._templates[make] = name
        return self._templates[make]

    def _create(self, template: str) -> str:
        name = f"t{next(self._names)}"
        self._do(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def _drop(self, name: str) -> None:
        self._do(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        """End the server and remove everything it kept."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
        self._process.wait(timeout=START_SECONDS)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _do(self, statement: sql.Composed) -> None:
        with self.connect() as connection:
            connection.execute(statement)

    def _start(self) -> subprocess.Popen[bytes]:
        data = str(self._folder / "data")
        initdb = [str(self._bin / "initdb"), "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-locale"]
        subprocess.run([*initdb, "--no-sync"], check=True, capture_output=True, cwd=self._folder, **self._as)
        options = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
        postgres = [str(self._bin / "postgres"), "-D", data, "-k", str(self._folder), *options]
        # The shell cleans up when its standard input closes, which happens even when this process is killed.
        script = (
            'folder=$PWD; "$@" </dev/null & server=$!; read -r _; kill -INT $server; wait $server; rm -rf "$folder"'
        )
        process = subprocess.Popen(
            ["sh", "-c", script, "sh", *postgres],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            **self._as,
        )
        self._wait(process)
        return process

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                self.connect().close()
            except psycopg.OperationalError:
                if process.poll() is not None or time.monotonic() > end:
                    raise
                time.sleep(0.05)
            else:
                return


def _another_user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: whom to run it as, its own user when there is one, else nobody."""
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise RuntimeError("PostgreSQL does not run as root, and neither a user postgres nor nobody exists")


@cache
def server() -> Server | None:
    """The one server of this test run, started when first asked for; None where PostgreSQL is not installed."""
    found = programs()
    if found is None:
        if "postgres" in required():
            raise RuntimeError("REQUIRE names postgres, but its programs (initdb, postgres) were not found")
        return None
    started = Server(found)
    atexit.register(started.stop)
    return started


@pytest.fixture
def postgres_url() -> Iterator[str | None]:
    """A fresh, empty PostgreSQL database, or None where there is no PostgreSQL."""
    running = server()
    if running is None:
        yield None
        return
    with running.database() as name:
        yield running.url(name)


@contextmanager
def prepared_database(make: Callable[[str], None], clean: str = "") -> Iterator[str | None]:
    """A database in which `make(url)` has been done, or None without PostgreSQL.

    With `clean`, SQL that empties it again, it is used by one test after the other: that takes 5 ms instead of 100.
    """
    running = server()
    if running is None:
        yield None
        return
    with running.reused(make, clean) if clean else running.database(running.template(make)) as name:
        yield running.url(name)
