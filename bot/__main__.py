"""Knows the commands of `python -m bot`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from bot import config as configuration
from bot.config import Config, ConfigError

CONFIG = Path("config.yaml")
START = "2026-03-02T09:00+08:00"
MONTH = "2026-03-16T08:00+08:00"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; answers the exit code. What is wrong with the configuration is said line by line, exit 1.

    Only `doctor` answers 2 then: 1 is what it says of a platform.
    """
    options = _parser().parse_args(arguments)
    try:
        config = configuration.read(options.config, os.environ)
        return _COMMANDS[options.command](config, options)
    except ConfigError as error:
        for problem in error.problems:
            sys.stderr.write(f"{problem}\n")
        return 2 if options.command == "doctor" else 1
    except _told() as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _told() -> tuple[type[Exception], ...]:
    """Errors that are sentences for whoever typed the command."""
    from bot.hearing import NotTrainedError
    from bot.operations import OperationError

    return (NotTrainedError, OperationError)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="xiaoge: the front door of grid governance")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, text in _HELP.items():
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("--config", type=Path, default=CONFIG, help="the configuration file (config.yaml)")
        for flag, facts in _OPTIONS.get(name, {}).items():
            command.add_argument(flag, **facts)  # type: ignore[arg-type]
    return parser


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("expected a time with an offset, like 2026-03-02T09:00+08:00")
    return moment


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("expected a number from 1 on")
    return number


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("expected a day, like 2026-03-01") from None


_BY = ("unit", "duty", "item", "channel", "month")
_HELP: Mapping[str, str] = {
    "run": "the whole bot: webhooks, courier, clock, playground",
    "check": "read the configuration and say what is wrong with it",
    "doctor": "per platform, in Chinese: what works and what is missing; --live asks the platforms, changing nothing",
    "play": "a deterministic stage without network: JSON lines in, JSON lines out",
    "simulate": "a whole town for a month, played in a minute or two: rates, burden, escalations",
    "migrate": "bring the database to this version's tables",
    "replay": "serve a kept message once more",
    "rights": "print who may do and see what, from the code (docs/rights.md)",
    "import": "units, people and groups from a spreadsheet: preview, --apply TOKEN, --undo N",
    "verify-audit": "check the hash chain of every case",
    "menu": "the menus of the WeChat accounts beside what is configured; --apply makes them",
    "export": "rates, cases or burden as a table without personal data of residents",
}
_OPTIONS: Mapping[str, Mapping[str, Mapping[str, object]]] = {
    "run": {
        "--port": {"type": int, "default": None, "help": "the port to listen on, instead of server.port"},
        "--workers": {"type": int, "default": None, "help": "how many processes, instead of server.workers"},
        "--reuse-port": {"action": "store_true", "help": argparse.SUPPRESS},
    },
    "doctor": {"--live": {"action": "store_true", "help": "ask the platforms too; nothing is sent or changed"}},
    "play": {"--start": {"type": _moment, "default": START, "help": f"where the clock starts ({START})"}},
    "simulate": {
        "--days": {"type": _count, "default": 30, "help": "how many days (30)"},
        "--people": {"type": _count, "default": 2000, "help": "how many residents (2000)"},
        "--seed": {"type": int, "default": 7, "help": "the same seed plays the same month (7)"},
        "--start": {"type": _moment, "default": MONTH, "help": f"where the clock starts ({MONTH})"},
        "--out": {"type": Path, "default": None, "help": "a folder for report.md and totals.json"},
        "--keep": {"type": Path, "default": None, "help": "a new SQLite file in which the town is kept"},
        "--totals": {"action": "store_true", "help": "print the few numbers of a comparison instead of the report"},
    },
    "import": {
        "file": {"type": Path, "nargs": "?", "default": None, "help": "an XLSX file with the sheets of the town"},
        "--apply": {"default": "", "metavar": "TOKEN", "help": "apply what the preview with this token showed"},
        "--undo": {"type": int, "default": None, "metavar": "N", "help": "take import N back"},
    },
    "menu": {"--apply": {"action": "store_true", "help": "make the menu in WeChat what is configured"}},
    "replay": {"id": {"help": "the number of the message, as the alarm said it: 12, or u12 for an unreadable one"}},
    "export": {
        "what": {
            "choices": ("rates", "cases", "burden", "town", "corrections", "qr"),
            "help": "which table (town: as import reads it; corrections: JSON lines for the ear; qr: codes to print)",
        },
        "--since": {"type": _day, "default": None, "metavar": "DAY", "help": "the first day, like 2026-03-01"},
        "--until": {"type": _day, "default": None, "metavar": "DAY", "help": "the last day"},
        "--by": {"choices": _BY, "default": "", "help": "what rates are told by, besides the total"},
        "--format": {"choices": ("csv", "xlsx"), "default": "csv", "help": "csv (UTF-8 with BOM) or xlsx"},
        "--out": {"type": Path, "default": None, "metavar": "FILE", "help": "where to write; csv goes to stdout"},
        "--live": {"action": "store_true", "help": "qr: ask WeChat for a code of each unit"},
        "--bot": {"default": "", "metavar": "NAME", "help": "qr: the name of the Telegram bot, without @"},
    },
}


def _run(config: Config, options: argparse.Namespace) -> int:
    from bot.process import run

    return run(config, options.config, port=options.port, workers=options.workers, reuse_port=options.reuse_port)


def _check(config: Config, options: argparse.Namespace) -> int:
    from bot.clock import SystemClock
    from bot.operations import check

    return check(config, SystemClock().now())


def _doctor(config: Config, options: argparse.Namespace) -> int:
    from bot.clock import SystemClock
    from bot.doctor import run

    return run(config, SystemClock(), live=options.live)


def _play(config: Config, options: argparse.Namespace) -> int:
    from bot.app import build, stage
    from bot.clock import FakeClock
    from bot.play import play

    out = sys.stdout
    for line in play(stage(build(config), FakeClock(options.start)), sys.stdin):
        out.write(f"{line}\n")
        out.flush()
    return 0


def _simulate(config: Config, options: argparse.Namespace) -> int:
    from bot.simulation.command import simulate

    return simulate(config, options)


def _migrate(config: Config, options: argparse.Namespace) -> int:
    from bot.operations import migrate

    return migrate(config)


def _replay(config: Config, options: argparse.Namespace) -> int:
    from bot.operations import replay

    return replay(config, options.id)


def _menu(config: Config, options: argparse.Namespace) -> int:
    from bot.menu_command import run

    return run(config, apply=options.apply)


def _import(config: Config, options: argparse.Namespace) -> int:
    from bot.import_command import run

    return run(config, options)


def _verify(config: Config, options: argparse.Namespace) -> int:
    from bot.operations import verify_audit

    return verify_audit(config)


def _rights(config: Config, options: argparse.Namespace) -> int:
    from bot import loading
    from bot.rights_page import rights_page

    sys.stdout.write(rights_page(loading.wording(Path(__file__).resolve().parent.parent / "handlers" / "wording")))
    return 0


def _export(config: Config, options: argparse.Namespace) -> int:
    from bot.clock import SystemClock
    from bot.corrections import export_corrections
    from bot.exports import Wanted, export
    from bot.town_export import export_town

    if options.what == "town":
        return export_town(config, options.out)
    if options.what == "qr":
        from bot.posters import export_qr

        return export_qr(config, options.out, live=options.live, bot=options.bot)
    if options.what == "corrections":
        return export_corrections(config, options.out)
    wanted = Wanted(
        what=options.what, since=options.since, until=options.until, by=options.by, form=options.format, out=options.out
    )
    return export(config, wanted, SystemClock().now())


_COMMANDS: Mapping[str, Callable[[Config, argparse.Namespace], int]] = {
    "run": _run,
    "check": _check,
    "doctor": _doctor,
    "play": _play,
    "simulate": _simulate,
    "migrate": _migrate,
    "replay": _replay,
    "rights": _rights,
    "import": _import,
    "verify-audit": _verify,
    "menu": _menu,
    "export": _export,
}


if __name__ == "__main__":
    raise SystemExit(main())
