"""Knows `python -m bot simulate`: plays a month, shows how far it is, and prints and keeps what came of it."""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import TextIO

from bot.app import build
from bot.config import Config
from bot.operations import OperationError
from bot.simulation.report import report
from bot.simulation.run import Simulation
from bot.simulation.totals import brief, totals

WIDTH = 30


class Progress:
    """A bar that grows on a terminal; a line a day where nobody watches."""

    def __init__(self, stream: TextIO, days: int) -> None:
        self._stream, self._days, self._bar = stream, days, stream.isatty()

    def day(self, day: int, month: Simulation) -> None:
        """One more day is over."""
        told = f"day {day}/{self._days}: {month.tally.acts} acts, {month.tally.letters} letters"
        if self._bar:
            done = WIDTH * day // self._days
            end = "\n" if day == self._days else ""
            told = f"\r[{'#' * done}{'.' * (WIDTH - done)}] {told}{end}"
        else:
            told += "\n"
        self._stream.write(told)
        self._stream.flush()


def simulate(config: Config, options: argparse.Namespace) -> int:
    """Play the month; the report goes to the output, and with `--out` into a folder."""
    if options.keep is not None and options.keep.exists():
        raise OperationError(f"{options.keep} is there already: name another file, or remove it")
    product = build(config)
    began = time.monotonic()
    month = Simulation(product, options.start, options.days, options.people, options.seed)
    month.run(Progress(sys.stderr, options.days).day)
    found = totals(month)
    text = report(found, month.stage.rules, time.monotonic() - began)
    if options.keep is not None:
        month.stage.store.copy_out(options.keep)
    month.stage.store.close()
    sys.stdout.write(f"{json.dumps(brief(found))}\n" if options.totals else text)
    if options.out is not None:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "report.md").write_text(text, encoding="utf-8")
        kept = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
        (options.out / "totals.json").write_text(kept, encoding="utf-8")
    return 0
