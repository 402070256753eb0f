"""Knows the command line of the proofs: what runs, what has passed already, how far it is, and what to exit with."""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.clock import SystemClock
from tests.prove.proof import SEED, Figure, Part, Proof, Run, found
from tests.prove.records import ROOT, Record, Records, commit, fingerprint, machine
from tests.prove.report import page, shown

BAR = 24


class Screen:
    """One line that moves on a terminal; where there is none, a line now and then."""

    def __init__(self, name: str) -> None:
        self._name, self._moves = name, sys.stderr.isatty()
        self._last, self._began = 0.0, time.monotonic()

    def say(self, done: float, words: str) -> None:
        """How far it is (0 to 1), and what is to be told about it."""
        now = time.monotonic()
        if now - self._last < (0.2 if self._moves else 15.0) and done < 1:
            return
        self._last = now
        full = min(BAR, round(BAR * done))
        bar = "█" * full + "·" * (BAR - full)
        line = f"{self._name:<32}{bar} {done:4.0%} {now - self._began:5.0f} s  {words}"
        sys.stderr.write(f"\r\033[K{line[:150]}" if self._moves else f"{line}\n")
        sys.stderr.flush()

    def end(self, words: str) -> None:
        """The verdict, in the line's place."""
        sys.stderr.write(("\r\033[K" if self._moves else "") + f"{self._name:<32}{words}\n")
        sys.stderr.flush()


def proved(proof: Proof, part: Part, run: Run) -> Record:
    """Run one part. Here is the one broad guard of the proofs: what breaks has failed, and the next one runs."""
    began, at = time.monotonic(), f"{SystemClock().now():%Y-%m-%d %H:%M} UTC"
    figures: tuple[Figure, ...] = ()
    error = ""
    try:
        figures = tuple(part.work(run))
    except Exception as caught:
        error = f"{type(caught).__name__}: {caught}"[:300]
        traceback.print_exc()
    return Record(
        proof=proof.name, part=part.name, figures=figures, seconds=time.monotonic() - began, seed=run.seed,
        passed=not error and bool(figures) and all(figure.holds for figure in figures), share=run.share,
        store=run.store, at=at, commit=commit(), code=fingerprint(), machine=machine(), error=error,
    )  # fmt: skip


def walk(proofs: Sequence[Proof], records: Records, run: Run, *, again: bool) -> int:
    """Every part that has not passed yet on this code with this seed; how many do not hold."""
    failed = 0
    for proof, part in [(one, part) for one in proofs for part in one.parts]:
        screen, known = Screen(f"{proof.name}: {part.name}"), records.of(proof, part)
        if known is not None and known.passed and known.same_run(run) and not again:
            screen.end(f"passed on {known.at} (commit {known.commit}), not repeated")
            continue
        folder = run.folder / proof.name / part.name.replace(" ", "-")
        folder.mkdir(parents=True, exist_ok=True)
        record = proved(proof, part, replace(run, folder=folder, say=screen.say))
        records.keep(proof, part, record)
        failed += not record.passed
        screen.end(f"{'passed' if record.passed else 'FAILED'} in {record.seconds:.0f} s {record.error}")
        for figure in record.figures:
            mark = " " if figure.holds else "!"
            sys.stderr.write(f"  {mark} {figure.name:<64}{shown(figure.value):>14}  {figure.must}\n")
    return failed


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 1 if anything did not hold."""
    every = found()
    parser = argparse.ArgumentParser(prog="python -m tests.prove", description="the long proofs; resumable")
    parser.add_argument("proof", nargs="*", help=f"which: {', '.join(proof.name for proof in every)}; all if none")
    parser.add_argument("--part", default="", help="only parts whose name begins so")
    parser.add_argument("--again", action="store_true", help="also what has passed already")
    parser.add_argument("--seed", type=int, default=SEED, help="what chance begins with")
    parser.add_argument("--share", type=float, default=1.0, help="how much of the whole, like 0.05")
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "prove", help="records, logs, databases")
    parser.add_argument("--report", type=Path, default=None, help="where it is told (docs/proofs.md for the whole)")
    parser.add_argument("--list", action="store_true", help="what there is")
    given = parser.parse_args(arguments)
    if unknown := set(given.proof) - {proof.name for proof in every}:
        parser.error(f"no such proof: {', '.join(sorted(unknown))}")
    asked = [proof for proof in every if not given.proof or proof.name in given.proof]
    parts = [replace(one, parts=tuple(p for p in one.parts if p.name.startswith(given.part))) for one in asked]
    if given.list:
        sys.stdout.writelines(f"{proof.name}: {part.name}\n" for proof in parts for part in proof.parts)
        return 0
    records = Records(given.folder)
    run = Run(folder=given.folder, seed=given.seed, share=given.share, store=given.store)
    failed = 0
    with contextlib.suppress(KeyboardInterrupt):
        failed = 1
        failed = walk(parts, records, run, again=given.again)
    usual = ROOT / "docs" / "proofs.md" if given.share == 1 else given.folder / "report.md"
    (given.report or usual).write_text(page(every, records), "utf-8")
    sys.stderr.write(f"{'Something did not hold' if failed else 'Everything holds'}; told in {given.report or usual}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
