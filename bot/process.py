"""Knows the process of `python -m bot run`: its siblings, its socket, its signals, and the playground beside it."""

from __future__ import annotations

import asyncio
import logging
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from threading import Event

from aiohttp import web

from bot import hearing
from bot.app import Product, build, stage
from bot.calendars import gaps
from bot.clock import FlowingClock, SystemClock
from bot.config import Config
from bot.live import Live
from bot.operations import OperationError, prepare
from bot.playground.api import routes
from bot.playground.town import PlaygroundTown, opening_shift
from bot.server import build_runner
from bot.stage import Stage
from bot.wiring import not_served
from storage.store import Store

log = logging.getLogger(__name__)

TOWN = Path("var/playground")
WARM_PAUSE = 0.005
"""Seconds between two rules while the ear warms up behind the first messages."""

SHIFT = "playground_shift"


def run(config: Config, path: Path, *, port: int | None, workers: int | None, reuse_port: bool) -> int:
    """Run until told to stop; several processes share one PostgreSQL. Raises OperationError with a sentence."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    processes = workers or config.server.workers
    if processes > 1 and config.on_sqlite:
        raise OperationError("server.workers: expected 1 on SQLite; several processes need PostgreSQL")
    for line in (*not_served(config), *gaps(config.calendar, SystemClock().now().astimezone(config.zone).year)):
        log.warning(line)
    hears = hearing.at_start(config.nlu.learnt)
    if hears.reason:
        log.warning(hears.reason)
    product, store = build(config, hears), prepare(config)
    others = [] if reuse_port else _others(path, port, processes - 1)
    try:
        wanted = config.server.port if port is None else port
        return asyncio.run(_serve(product, store, wanted, shared=reuse_port or processes > 1))
    finally:
        for other in others:
            other.terminate()
        for other in others:
            other.wait()


def _others(path: Path, port: int | None, n: int) -> list[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "bot", "run", "--config", str(path), "--reuse-port"]
    if port is not None:
        command += ["--port", str(port)]
    return [subprocess.Popen(command) for _ in range(n)]


async def _serve(product: Product, store: Store, port: int, *, shared: bool) -> int:
    live, config = Live(product, store), product.config
    town = _town(product) if config.playground and not shared else None
    app = await live.start(_page(product, town))
    runner = build_runner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, config.server.host, port, reuse_port=shared or None)
        await site.start()
        if town is not None:
            await town.start()
        told = Event()
        warming = asyncio.get_running_loop().run_in_executor(None, product.ear.warm, WARM_PAUSE, told.is_set)
        log.info("ready on http://%s:%d/", config.server.host, _port(runner))
        await _until_told()
        told.set()
        await warming
    except OSError as error:
        raise OperationError(f"cannot listen on {config.server.host}:{port}: {error.strerror}") from error
    finally:
        if town is not None:
            await town.let_go()
        await runner.cleanup()
        if town is not None:
            await town.stop()
        await live.stop()
        if product.other is not None:
            await asyncio.to_thread(product.other.close)
    return 0


def _port(runner: web.AppRunner) -> int:
    return int(runner.addresses[0][1]) if runner.addresses else 0


async def _until_told() -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, told.set)
    await told.wait()


# -- the playground ----------------------------------------------------------------------------------------------------


def _page(product: Product, town: PlaygroundTown | None) -> list[web.RouteDef]:
    if town is None:
        return []
    return routes(town, product.desk.rules.wording.sentences, product.config.playground_password)


def _town(product: Product) -> PlaygroundTown:
    return PlaygroundTown(
        lambda fresh: open_town(product, TOWN, fresh=fresh), product.desk.rules.wording, TOWN / "photos",
        lambda: demo_town(product, TOWN),
    )  # fmt: skip


def open_town(product: Product, folder: Path, *, fresh: bool) -> Stage:
    """The sample town in a folder of its own, going on where it stood; a fresh or outdated one begins anew."""
    file = folder / "town.db"
    if fresh or (file.exists() and not Store(f"sqlite:///{file}").ready()):
        _clear(folder)
    zone = product.desk.rules.quiet_residents.zone
    made = stage(product, FlowingClock(opening_shift(zone, SystemClock().now())), f"sqlite:///{file}", alone=False)
    _keep_shift(made)
    return made


def _clear(folder: Path) -> None:
    for path in folder.glob("town.db*"):
        path.unlink()


def demo_town(product: Product, folder: Path) -> Stage:
    """The sample town after two simulated weeks, in the place of the one that was there."""
    from bot.simulation.demo import demo

    zone, now = product.desk.rules.quiet_residents.zone, SystemClock().now()
    _clear(folder)
    folder.mkdir(parents=True, exist_ok=True)
    demo(product, folder / "town.db", now + opening_shift(zone, now))
    return open_town(product, folder, fresh=False)


def _keep_shift(made: Stage) -> None:
    """The town's clock goes on from where it was before a restart."""
    clock = made.clock
    assert isinstance(clock, FlowingClock)
    with made.store.reading() as reader:
        known = reader.get_setting(SHIFT)
    if known:
        clock.shift = max(clock.shift, timedelta(seconds=float(known)))
    clock.on_move = lambda shift: _write_shift(made.store, shift)
    _write_shift(made.store, clock.shift)


def _write_shift(store: Store, shift: timedelta) -> None:
    with store.transaction() as tx:
        tx.set_setting(SHIFT, str(shift.total_seconds()))
