"""Measures what the issue asks for, each beside its floor: start, memory, statements and CPU-µs per message, sizes.

python -m tests.bench
"""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bot import config as configuration
from bot.app import Product, build
from bot.batch import LIMIT, Batch
from bot.clock import SystemClock
from handlers.incoming import Incoming
from handlers.raw import RawText
from handlers.town import Directory
from storage.store import Store
from tests import bench_ear, bench_hostile, postgres
from tests.product import make_tables

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 12
PLACES = (
    "健仁小区11号楼",
    "健仁小区6号楼",
    "康宁苑4号楼",
    "龙港花园8号楼",
    "翠湖雅居3号楼",
    "秋实新村7号楼",
    "银杏公寓2号楼",
    "创新大厦",
)
MATTERS = (
    "楼道有人给电动车飞线充电，怕着火",
    "门口路灯坏了三天了",
    "楼下烧烤店半夜一点还在吆喝",
    "垃圾桶满了没人收",
    "门口窨井盖坏了",
    "有人在楼道堆杂物",
)
"""Each matter in each place once in a batch, and every batch hours later: nothing is joined to what runs already."""

QUESTIONS = ("居住证续签要带什么", "你好", "查进度")


def main() -> int:
    """Run everything; print one table."""
    product = build(configuration.read(ROOT / "config.yaml", {}))
    show("start to ready, one platform (s)", f"{start_to_ready():.2f}", "target 1.0")
    show("memory when ready (MB)", f"{memory():.0f}", "target 160")
    for row in (*bench_ear.rows(), *bench_hostile.rows()):
        show(*row)
    ear = ear_cost(product)
    show("ear, CPU-µs a message", f"{ear:.0f}", "")
    show("floor: raw sqlite3, 3 rows a message, CPU-µs", f"{floor():.0f}", "")
    with tempfile.TemporaryDirectory() as folder:
        report("SQLite", product, f"sqlite:///{folder}/bench.db", ear)
    with postgres.prepared_database(make_tables) as url:
        if url is not None:
            report("PostgreSQL", product, url, ear)
    for package in ("bot", "handlers", "nlu", "storage", "tests"):
        lines = sum(count(path) for path in (ROOT / package).rglob("*.py"))
        show(f"lines of {package}", str(lines), "")
    return 0


def show(name: str, figure: str, beside: str) -> None:
    """One line of the table."""
    sys.stdout.write(f"{name:<52}{figure:>10}  {beside}\n")
    sys.stdout.flush()


def count(path: Path) -> int:
    """Non-blank lines."""
    return sum(bool(line.strip()) for line in path.read_text("utf-8").splitlines())


# -- the process -------------------------------------------------------------------------------------------------------


@contextmanager
def running() -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """The bot with one platform configured, and how long it took from start to ready (s)."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "XIAOGE__DATABASE": f"sqlite:///{folder}/live.db",
            "XIAOGE__MEDIA": f"{folder}/media",
            "XIAOGE__PLAYGROUND": "false",
            "XIAOGE__PLATFORMS__WECHAT__0__APP_ID": "wx2c2769f8efd9abc2",
            "XIAOGE__PLATFORMS__WECHAT__0__SECRET": "bench",
            "XIAOGE__PLATFORMS__WECHAT__0__TOKEN": "bench",
            "XIAOGE__PLATFORMS__WECHAT__0__AES_KEY": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
        }
        Store(environment["XIAOGE__DATABASE"]).create()
        port = free_port()
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run", "--port", str(port)], cwd=ROOT, env=environment,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_ready(port, process)
            yield process, time.perf_counter() - began
        finally:
            process.terminate()
            process.wait(20)


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until /health/ready says so. Raises TimeoutError after 30 s."""
    deadline = time.perf_counter() + 30
    while time.perf_counter() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=1) as answer:
                if json.load(answer)["ready"]:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.01)
    raise TimeoutError("the bot did not become ready")


def start_to_ready() -> float:
    """Median of five starts."""
    found = []
    for _ in range(5):
        with running() as (_, seconds):
            found.append(seconds)
    return statistics.median(found)


def memory() -> float:
    """Resident memory when ready, in MB."""
    with running() as (process, _):
        status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


# -- messages ----------------------------------------------------------------------------------------------------------


class Later:
    """A clock that is put on by hand, so that one batch comes hours after the other."""

    def __init__(self) -> None:
        self.moment = SystemClock().now()

    def now(self) -> datetime:
        """The moment it was put on to."""
        return self.moment


def sentence(n: int) -> str:
    """By turns a matter and a question; 96 of them are all different matters."""
    if n % 2:
        return QUESTIONS[n // 2 % len(QUESTIONS)]
    matter, place = divmod(n // 2 % (len(MATTERS) * len(PLACES)), len(PLACES))
    return PLACES[place] + MATTERS[matter]


def incoming(n: int, text: str, at: datetime) -> Incoming:
    """Message n of n strangers."""
    address = f"wechat:gh_bench:o{n}"
    return Incoming(
        platform="wechat", account="gh_bench", key=f"bench-{n}", sender=address, chat=address, inline=True,
        text=RawText(text), said_at=at,
    )  # fmt: skip


def report(name: str, product: Product, url: str, ear: float) -> None:
    """CPU-µs and statements a message, at batches of 1 and of 64."""
    clock = Later()
    for size in (1, LIMIT):
        micros, statements = serve(product, url, size, clock)
        show(f"{name}, batch of {size}: CPU-µs a message", f"{micros:.0f}", f"of it ear {ear:.0f}")
        show(f"{name}, batch of {size}: statements a batch", f"{statements:.1f}", "")


def serve(product: Product, url: str, size: int, clock: Later) -> tuple[float, float]:
    """Medians over rounds."""
    store = Store(url)
    if not store.ready():
        store.create()
    with store.transaction() as tx:
        tx.sync_directory(Directory(people=tuple(product.config.town.people.values())), {}, {})
    batch = Batch(store, product.present(), clock)
    micros, statements = [], []
    first = time.monotonic_ns()
    for turn in range(ROUNDS if size > 1 else ROUNDS * 8):
        clock.moment += timedelta(hours=3)
        messages = [
            incoming(first + turn * size + i, sentence(i if size > 1 else turn), clock.moment) for i in range(size)
        ]
        before, began = store.statements(), time.process_time()
        results = batch.serve(messages)
        micros.append((time.process_time() - began) * 1e6 / size)
        statements.append(store.statements() - before)
        assert not any(isinstance(result, BaseException) or result.failed for result in results)
    store.close()
    return statistics.median(micros), statistics.median(statements)


def ear_cost(product: Product) -> float:
    """CPU-µs to understand one message."""
    pairs = [(sentence(n), "") for n in range(LIMIT)]
    return per_message(lambda: product.ear.understand(pairs), LIMIT)


def floor() -> float:
    """The least that must be written: inbox, case and letter by raw sqlite3, 64 in one durable transaction."""
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(f"{folder}/floor.db", isolation_level=None)
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE i(k TEXT UNIQUE, v TEXT); CREATE TABLE c(k TEXT UNIQUE, v TEXT); CREATE TABLE l(k, v TEXT);"
        )
        turn = iter(range(10**6))

        def once() -> None:
            first = next(turn) * LIMIT
            rows = [(f"{first + n}", "x" * 400) for n in range(LIMIT)]
            connection.execute("BEGIN IMMEDIATE")
            for table in "icl":
                connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)
            connection.execute("COMMIT")

        return per_message(once, LIMIT)


def per_message(work: Callable[[], object], size: int) -> float:
    """Median CPU-µs a message over rounds, after a warm one."""
    work()
    found = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        found.append((time.process_time() - began) * 1e6 / size)
    return statistics.median(found)


if __name__ == "__main__":
    raise SystemExit(main())
