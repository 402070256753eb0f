"""Knows how the fakes are run by hand: `python -m tests.fakes` serves them all, and a page to be everybody on."""

from __future__ import annotations

import argparse
import asyncio
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import web

from bot import config
from tests.fakes.by_hand import Booth, HandClock, Setup, found, shared
from tests.fakes.hall import Hall

ROOT = Path(__file__).resolve().parents[2]
NEVER = "00:00-00:00"
WELCOME = """\
平台是假的，小格是真的。打开 {page} ，一个人就能当居民、当网格员。
小格要在 {bot} 上。{how}
"""
BY_HAND = "在另一个终端里运行：\n\n{lines}\n{run}\n"
BESIDE = "已经一起启动（日志：{log}）。按 Ctrl-C 结束，数据不留。"


def environment(setups: Sequence[Setup], folder: str) -> dict[str, str]:
    """The variables with which the bot of config.yaml uses these platforms; nobody rests, so that it can be tried."""
    town = config.read(ROOT / "config.yaml", {}).town
    people, groups = list(town.people), list(town.groups)
    values = {
        "DATABASE": f"sqlite:///{folder}/fakes.db", "MEDIA": f"{folder}/media", "PLAYGROUND": "false",
        "QUIET_HOURS__RESIDENTS": NEVER, "QUIET_HOURS__GROUPS": NEVER,
    }  # fmt: skip
    held: dict[str, list[str]] = {}
    for setup in setups:
        values.update(setup.settings)
        given = [(f"PEOPLE__{people.index(one)}__ACCOUNTS", address) for one, address in setup.accounts.items()]
        given += [(f"GROUPS__{groups.index(one)}__CHATS", address) for one, address in setup.chats.items()]
        for path, address in given:
            known = held.setdefault(path, [])
            if address not in known:  # a member of the corp is the same at two booths
                known.append(address)
    values.update({f"{path}__{n}": address for path, known in held.items() for n, address in enumerate(known)})
    return {f"XIAOGE__{name}": value for name, value in values.items()}


async def serve(stack: AsyncExitStack, app: web.Application, port: int) -> str:
    """An application on loopback until the stack closes; its address."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}"


async def opened(stack: AsyncExitStack, booths: Sequence[Booth], port: int) -> list[Setup]:
    """Every platform served, each at a port of its own behind the page's; what the bot is to be told."""
    bases: dict[str, str] = {}
    for n, server in enumerate(dict.fromkeys(booth.server for booth in booths), 1):
        app = shared([booth.app() for booth in booths if booth.server == server])
        bases[server] = await serve(stack, app, port + n if port else 0)
    return [booth.setup(bases[booth.server]) for booth in booths]


async def run(port: int, bot_port: int, *, beside: bool) -> None:
    """Until somebody ends it."""
    clock, bot = HandClock(), f"http://127.0.0.1:{bot_port}"
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="xiaoge-"))
        booths = found(clock)
        setups = await opened(stack, booths, port)
        page = await serve(stack, Hall(booths, clock, bot).app(), port)
        variables = environment(setups, folder if beside else "var/fakes")
        how = _beside(stack, variables, bot_port, folder) if beside else _by_hand(variables, bot_port)
        sys.stdout.write(WELCOME.format(page=page, bot=bot, how=how))
        sys.stdout.flush()
        ended = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
        await ended.wait()


def _by_hand(variables: Mapping[str, str], port: int) -> str:
    (ROOT / "var" / "fakes").mkdir(parents=True, exist_ok=True)
    lines = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
    return BY_HAND.format(lines=lines, run=f"{shlex.quote(sys.executable)} -m bot run --port {port}")


def _beside(stack: AsyncExitStack, variables: Mapping[str, str], port: int, folder: str) -> str:
    """The bot as a process beside, ended with the fakes."""
    path = Path(folder) / "bot.log"
    log = stack.enter_context(path.open("ab"))
    command = [sys.executable, "-m", "bot", "run", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **variables}, stdout=log, stderr=log)

    def end() -> None:
        process.terminate()
        process.wait(60)

    stack.callback(end)
    return BESIDE.format(log=path)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes", description="fake platforms, to be used by hand")
    parser.add_argument("--port", type=int, default=9100, help="of the page; the platforms take the ports behind it")
    parser.add_argument("--bot-port", type=int, default=8080, help="where the bot is, or is to be")
    parser.add_argument("--run", action="store_true", help="start a bot beside it, with a database of its own")
    given = parser.parse_args(arguments)
    asyncio.run(run(given.port, given.bot_port, beside=given.run))


if __name__ == "__main__":
    main()
