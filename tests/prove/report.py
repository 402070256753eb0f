"""Knows how the proofs are told: docs/proofs.md, made of the records and of nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.prove.proof import Figure, Proof
from tests.prove.records import Record, Records, fingerprint

HEAD = """# What is proved, and the figures reached

Printed by `make prove` from its records (`var/prove`); written by hand is nothing here. Each part says when, on which
commit and machine it ran, and what chance began with (`seed`): the same numbers run it again. A figure in **bold** did
not hold. What is promised, and how a proof is added: [decision 0058](decisions/0058-the-long-proofs.md)."""


def page(proofs: Sequence[Proof], records: Records) -> str:
    """The whole page."""
    return "\n".join((HEAD, *(line for proof in proofs for line in _proof(proof, records)))) + "\n"


def _proof(proof: Proof, records: Records) -> Iterator[str]:
    yield f"\n## {proof.name}\n\n{proof.promise}"
    for part in proof.parts:
        record = records.of(proof, part)
        yield f"\n### {proof.name}: {part.name}\n"
        if record is None:
            yield "Not run yet."
            continue
        yield _when(record)
        if record.error:
            yield f"\n**It broke off: {record.error}**"
        if record.figures:
            yield "\n| figure | reached | must be |\n|---|---|---|"
            yield from map(_row, record.figures)


def _when(record: Record) -> str:
    verdict = "Passed" if record.passed else "**Failed**"
    older = "" if record.code == fingerprint() else "; the code has changed since"
    share = "" if record.share == 1 else f", {record.share:g} of the whole"
    return (
        f"{verdict} on {record.at}, in {record.seconds:.0f} s{share}; commit {record.commit}{older}; "
        f"{record.store}; seed {record.seed}; {record.machine}."
    )


def _row(figure: Figure) -> str:
    value = shown(figure.value)
    return f"| {figure.name} | {value if figure.holds else f'**{value}**'} | {figure.must} |"


def shown(value: float | str) -> str:
    """A number as people read it."""
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3g}" if value < 100 else f"{value:,.0f}"
