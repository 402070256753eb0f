"""Knows the memory as a whole: where it lies, its transactions that write and its snapshots that read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, RLock
from typing import Any

from sqlalchemy import event, make_url

from storage import version
from storage.engine import copy_out, ensure_folder, in_memory, lies_there, make_engine, transient
from storage.reader import Reader
from storage.transaction import Tx


class Store:
    """One database. Transactions may be opened by any thread; on SQLite one at a time writes.

    A database in memory is one connection: there even readers wait their turn, and a transaction must not open
    another (a `Tx` is a `Reader`, so it never needs to).
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.url = url
        self.sqlite = parsed.get_backend_name() == "sqlite"
        self._shared = RLock() if in_memory(parsed) else None
        self._inside = False
        self._writing = make_engine(url)
        self._reading = self._writing if self._shared is not None else make_engine(url, reading=True)
        self._counting = Lock()
        self._statements = 0
        for engine in {id(one): one for one in (self._writing, self._reading)}.values():
            event.listen(engine, "before_cursor_execute", self._count)

    def ready(self) -> bool:
        """Whether the schema is the one that this code needs; a database that is not there yet is not ready."""
        ensure_folder(self.url)
        with self._turn():
            return version.current(self._writing) == version.head()

    def lies_there(self) -> bool:
        """Whether there may be a database to look into; nothing is made by looking."""
        return lies_there(self.url)

    def create(self) -> None:
        """Make all tables: for stages and tests; what must last is made by `migrate`."""
        ensure_folder(self.url)
        with self._turn():
            version.create_all(self._writing)

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """A transaction that writes: committed at the end, rolled back on any exception."""
        with self._turn(), self._writing.begin() as connection:
            yield Tx(connection)

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """A transaction that only reads."""
        with self._turn(), self._reading.connect() as connection:
            yield Reader(connection)

    def copy_out(self, path: Path) -> None:
        """Write a SQLite memory into a new file: what is made fast is kept afterwards. Raises FileExistsError."""
        if path.exists():
            raise FileExistsError(path)
        with self._turn():
            copy_out(self._writing, path)

    def transient(self, error: BaseException) -> bool:
        """Whether the same work may succeed in a NEW transaction."""
        return transient(error)

    def statements(self) -> int:
        """How many statements were executed since start."""
        return self._statements

    def close(self) -> None:
        """Close every connection."""
        self._reading.dispose()
        self._writing.dispose()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._shared is None:
            yield
            return
        with self._shared:
            if self._inside:
                raise RuntimeError("a store in memory has one connection: use the open transaction, which can read")
            self._inside = True
            try:
                yield
            finally:
                self._inside = False

    def _count(self, *_: Any) -> None:
        with self._counting:
            self._statements += 1


__all__ = ["Reader", "Store", "Tx"]
