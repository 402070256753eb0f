"""The proofs themselves: what has passed is not repeated, what fails or breaks is told, and 1 is what it exits with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.prove.__main__ import main, walk
from tests.prove.proof import Figure, Part, Proof, Run, at_least, at_most, found, told, zero
from tests.prove.records import Records, fingerprint
from tests.prove.report import page


class Counted:
    """A proof of two parts that counts how often each ran."""

    def __init__(self, *outcomes: Sequence[Figure] | Exception) -> None:
        self.runs = [0] * len(outcomes)
        parts = tuple(Part(f"part {n}", self._work(n, outcome)) for n, outcome in enumerate(outcomes))
        self.proof = Proof("sample", "A promise.", parts)

    def _work(self, n: int, outcome: Sequence[Figure] | Exception):  # type: ignore[no-untyped-def]
        def work(run: Run) -> Sequence[Figure]:
            self.runs[n] += 1
            run.say(0.5, "half")
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        return work


GOOD, BAD = [zero("lost", 0), told("said", 12_345)], [zero("lost", 3)]


def test_what_has_passed_is_not_repeated_unless_it_is_asked_for(tmp_path: Path) -> None:
    made, records, run = Counted(GOOD, BAD), Records(tmp_path), Run(tmp_path)
    assert walk([made.proof], records, run, again=False) == 1
    assert walk([made.proof], records, run, again=False) == 1
    assert made.runs == [1, 2]
    assert walk([made.proof], records, run, again=True) == 1
    assert made.runs == [2, 3]


@pytest.mark.parametrize("change", [{"seed": 7}, {"share": 0.5}, {"store": "postgres"}])
def test_another_run_is_another_proof(tmp_path: Path, change: dict[str, object]) -> None:
    made, records, run = Counted(GOOD), Records(tmp_path), Run(tmp_path)
    walk([made.proof], records, run, again=False)
    walk([made.proof], records, replace(run, **change), again=False)  # type: ignore[arg-type]
    assert made.runs == [2]


def test_a_proof_of_other_code_is_none(tmp_path: Path) -> None:
    made, records, run = Counted(GOOD), Records(tmp_path), Run(tmp_path)
    walk([made.proof], records, run, again=False)
    record = records.of(made.proof, made.proof.parts[0])
    assert record is not None
    assert record.code == fingerprint()
    records.keep(made.proof, made.proof.parts[0], replace(record, code="other"))
    walk([made.proof], records, run, again=False)
    assert made.runs == [2]


def test_what_breaks_has_failed_and_the_next_one_runs(tmp_path: Path) -> None:
    made, records = Counted(ZeroDivisionError("nought"), [], GOOD), Records(tmp_path)
    assert walk([made.proof], records, Run(tmp_path), again=False) == 2, "no figures are no proof"
    assert made.runs == [1, 1, 1]
    text = page([made.proof], records)
    assert "It broke off: ZeroDivisionError: nought" in text
    assert "| said | 12,345 |  |" in text


def test_the_page_tells_what_did_not_hold(tmp_path: Path) -> None:
    made, records = Counted(BAD, GOOD), Records(tmp_path)
    assert "Not run yet." in page([made.proof], records)
    walk([made.proof], records, Run(tmp_path), again=False)
    text = page([made.proof], records)
    assert "| lost | **3** | 0 |" in text
    assert "**Failed** on " in text
    assert "Passed on " in text


def test_a_torn_record_is_no_record(tmp_path: Path) -> None:
    made, records = Counted(GOOD), Records(tmp_path)
    walk([made.proof], records, Run(tmp_path), again=False)
    (path,) = tmp_path.glob("sample/*.json")
    path.write_text(path.read_text("utf-8")[:-20], "utf-8")
    assert records.of(made.proof, made.proof.parts[0]) is None


def test_bounds_are_bounds() -> None:
    assert [at_most("x", 5, 5).holds, at_most("x", 5.1, 5).holds] == [True, False]
    assert [at_least("x", 5, 5).holds, at_least("x", 4, 5).holds] == [True, False]
    assert [zero("x", 0).holds, zero("x", 1).holds, told("x", 9).holds] == [True, False, True]


def test_every_proof_is_found_and_listed(capsys: pytest.CaptureFixture[str]) -> None:
    names = [proof.name for proof in found()]
    assert len(set(names)) == len(names) >= 3
    assert main(["--list"]) == 0
    listed = capsys.readouterr().out
    assert all(f"{proof.name}: {part.name}\n" in listed for proof in found() for part in proof.parts)
    with pytest.raises(SystemExit):
        main(["no-such-proof"])
