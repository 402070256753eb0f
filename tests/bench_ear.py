"""Measures the ear against the issue's figures: one message alone, a batch of 64, loading, the model's files.

python -m tests.bench_ear
"""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from nlu.corpus import fingerprint, read_corpus
from nlu.ear import EmbeddedEar
from nlu.model import MODEL_DIR, load
from nlu.town import read_duties, read_gazetteer

ROOT = Path(__file__).resolve().parent.parent
BATCH = 64
ROUNDS = 9
EVERY = 60
"""Of the sentences of the corpus: some four hundred of all labels, short and long."""

Row = tuple[str, str, str]
"""What was measured, the figure, and what it must reach."""


def rows() -> Iterable[Row]:
    """The figures one by one. Each is the best of several rounds, since other work only ever adds to it."""
    folder = MODEL_DIR / fingerprint()
    loading = best(lambda: load(folder))
    yield "model: load (s)", f"{loading / 1e9:.3f}", "target 0.1"
    yield "model: files (MB)", f"{sum(path.stat().st_size for path in folder.iterdir()) / 1e6:.1f}", "target 10"
    duties = read_duties(ROOT / "handlers" / "catalogues" / "yanlong.yml")
    model, gazetteer = load(folder), read_gazetteer(ROOT / "config.yaml")

    def construct() -> None:
        re.purge()  # a process that starts has compiled no expression yet
        EmbeddedEar(model, gazetteer, duties.cues)

    yield "ear: construct (s)", f"{best(construct) / 1e9:.3f}", ""
    ear = EmbeddedEar(model, gazetteer, duties.cues)
    ear.warm()
    texts = read_corpus().texts[::EVERY]
    alone = micros(ear, [[text] for text in texts])
    together = micros(ear, [texts[at : at + BATCH] for at in range(0, len(texts) - BATCH + 1, BATCH)])
    yield "ear: a message alone, p50 (ms)", f"{statistics.median(alone) / 1000:.3f}", "target 0.3"
    yield "ear: a message alone, p99 (ms)", f"{statistics.quantiles(alone, n=100)[98] / 1000:.3f}", ""
    yield f"ear: a message in a batch of {BATCH} (ms)", f"{statistics.mean(together) / 1000:.3f}", "target 0.1"


def best(work: Callable[[], object]) -> int:
    """The least time of several rounds (ns)."""
    return min(_spent(work) for _ in range(ROUNDS))


def micros(ear: EmbeddedEar, batches: Sequence[Sequence[str]]) -> list[float]:
    """Each batch's µs a message; all batches take their turn before one is measured again, so that caches are cold."""
    found = [[_spent(lambda: ear.understand([(text, "") for text in batch])) for batch in batches]  # noqa: B023
             for _ in range(ROUNDS)]  # fmt: skip
    return [min(times) / 1000 / len(batch) for batch, *times in zip(batches, *found, strict=True)]


def _spent(work: Callable[[], object]) -> int:
    began = time.process_time_ns()
    work()
    return time.process_time_ns() - began


def main() -> int:
    """Print the table."""
    for name, figure, beside in rows():
        sys.stdout.write(f"{name:<52}{figure:>10}  {beside}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
