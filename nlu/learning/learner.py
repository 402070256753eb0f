"""Knows one learning from beginning to end: dataset version, training, comparison with the live model, verdict."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nlu.corpus import code_mark, fingerprint, read_corpus
from nlu.demand import Cues
from nlu.ear import EmbeddedEar
from nlu.learning import comparing, corrections
from nlu.learning.comparing import Asked, Figures
from nlu.learning.corrections import Lesson, Told
from nlu.learning.report import Outcome, markdown
from nlu.learning.versions import Pointer, Shelf, write_whole
from nlu.model import Model, load, load_or_none
from nlu.places import Gazetteer
from nlu.reading import Reader
from nlu.sound import ModelError
from nlu.usage import UsageError

TIMES = 3
"""How often each lesson is learnt: once says too little against thousands of sentences (decision 0047)."""

DATA = "data.jsonl"
REPORT = "report.md"


@dataclass(frozen=True, slots=True)
class Place:
    """Where everything lies, and what the ear of this town knows besides its model."""

    data: Path
    models: Path
    frozen: Path
    gazetteer: Gazetteer
    cues: Cues


@dataclass(frozen=True, slots=True)
class Learnt:
    """What came of it, in a sentence; the report where there is one."""

    sentence: str
    code: int
    report: str = ""


class Learner:
    """Learns at one shelf. Nobody else may be at it meanwhile (`Shelf.alone`)."""

    def __init__(self, shelf: Shelf, place: Place, held_out: int = 0) -> None:
        self._shelf = shelf
        self._place = place
        self._held_out = held_out
        self._reader = Reader()

    def key(self, text: str) -> str:
        """What makes two texts one: the same words in standard speech."""
        return self._reader.read(text[: corrections.LONGEST]).speech

    def learn(self, told: Told, *, force: bool = False) -> Learnt:
        """A new version where there is something new to learn from, promoted or refused."""
        if told.bad and not told.read:
            raise UsageError("not one line could be read as a correction; nothing is changed")
        pointer = self._pointer()
        self._scrub(told.cases)
        if not told.lessons:
            return self._nothing(pointer)
        parted: tuple[list[Lesson], list[Lesson]] = ([], [])
        for one in told.lessons:
            parted[self._kept_apart(one)].append(one)
        lessons, apart = parted
        if not lessons:
            raise UsageError("all corrections are kept apart: there is none left to learn from")
        version, asked = self._version(lessons), self._asked()
        known = None if force and pointer.version != version else self._known(version, pointer, asked)
        return known or self._made(version, replace(told, lessons=tuple(lessons)), apart, asked, pointer, force)

    def _nothing(self, pointer: Pointer) -> Learnt:
        """Nothing to learn from: what was learnt from words that are gone by now is heard no longer."""
        if not pointer.version:
            return Learnt("There are no corrections to learn from; nothing to do.", 0)
        self._shelf.point(pointer.promoted(""))
        return Learnt("There are no corrections any more; the delivered model is heard again.", 0)

    def _known(self, version: str, pointer: Pointer, asked: Sequence[Asked]) -> Learnt | None:
        """What was decided of a version made earlier; None where it must be made, or be compared with other things."""
        manifest, where = self._shelf.manifest(version), self._shelf.folder / version / REPORT
        if version in pointer.taken_back:
            return Learnt(f"No new corrections: {version} was taken back by hand; see {where}.", 1)
        if pointer.version == version:
            sound = self._shelf.sound(version)
            return Learnt(f"No new corrections: {version} is heard already; nothing to do.", 0) if sound else None
        live = pointer.version if pointer.version and self._shelf.sound(pointer.version) else ""
        if manifest.get("judged") != _judged(asked, live):
            return None
        if manifest.get("verdict") == "refused":
            return Learnt(f"No new corrections: {version} was refused before; see {where}.", 1)
        if not self._shelf.sound(version):
            return None
        return self._promoted(version, pointer)  # it was interrupted just before

    def _promoted(self, version: str, pointer: Pointer, report: str = "") -> Learnt:
        self._shelf.point(pointer.promoted(version))
        self._shelf.thin_out()
        return Learnt(f"Promoted: {version} is heard from now on.", 0, report)

    def _asked(self) -> list[Asked]:
        asked = comparing.frozen(self._place.frozen, self._shelf.folder)
        if not any(one.of != comparing.REGRESSION for one in asked):
            raise UsageError(f"there is no frozen set in {self._place.frozen}: nothing to compare with")
        return asked

    def _pointer(self) -> Pointer:
        try:
            return self._shelf.pointer()
        except ModelError as error:
            raise UsageError(f"{error}; remove it to begin again with the delivered model") from error

    def _kept_apart(self, lesson: Lesson) -> bool:
        """The same texts are kept apart each time, whatever else comes."""
        digest = hashlib.sha256(self.key(lesson.text).encode()).digest()
        return int.from_bytes(digest[:4]) % 100 < self._held_out

    def _version(self, lessons: Sequence[Lesson]) -> str:
        made_of = [fingerprint(self._place.data), str(TIMES), *(lesson.line() for lesson in lessons)]
        return hashlib.sha256("\n".join(made_of).encode()).hexdigest()[:16]

    def _scrub(self, cases: frozenset[str]) -> None:
        """Words of cases that no longer come out (erased, taken back) leave the older versions too."""
        for path in self._shelf.folder.glob(f"*/{DATA}"):
            lines = list(filter(None, path.read_text(encoding="utf-8", errors="replace").split("\n")))
            kept = [line for line in lines if cases.intersection(corrections.cases_of(line))]
            if kept != lines:
                write_whole(path, "".join(f"{line}\n" for line in kept))

    # -- a version -------------------------------------------------------------------------------------------------

    def _made(
        self, version: str, told: Told, apart: Sequence[Lesson], asked: Sequence[Asked], pointer: Pointer, force: bool
    ) -> Learnt:
        began = time.perf_counter()
        live, old, gone = self._live(pointer)
        with self._shelf.making(version) as folder:
            self._train(folder, told.lessons)
            new = load(folder / "model")
            corpus = [Asked(one.text, one.label, "corrected") for one in told.lessons]
            kept = [Asked(one.text, one.label, "apart") for one in apart]
            was, now = (self._measured(model, asked, corpus, kept) for model in (old, new))
            reasons = comparing.against(was[0], now[0])
            overruled = force and not comparing.danger(was[0], now[0])
            outcome = Outcome(
                version=version, live=live, told=told, old=was[0], new=now[0], corrected=(was[1], now[1]),
                held_out=(was[2], now[2], len(kept)), reasons=reasons, forced=overruled,
                seconds=time.perf_counter() - began, gone=gone,
            )  # fmt: skip
            report = markdown(outcome)
            (folder / REPORT).write_text(report, encoding="utf-8")
            self._shelf.describe(folder, self._manifest(outcome, live))
            if gone and not outcome.promoted:  # what was pointed at must not come back by having been made anew
                self._shelf.point(pointer.promoted(""))
        if outcome.promoted:
            return self._promoted(version, pointer, report)
        self._shelf.thin_out()
        return Learnt(f"Refused: {version}; {live or 'the delivered model'} stays.", 1, report)

    def _train(self, folder: Path, lessons: Sequence[Lesson]) -> None:
        from nlu.training import train_on  # it brings scikit-learn

        (folder / DATA).write_text("".join(f"{one.line()}\n" for one in lessons), encoding="utf-8")
        corpus = corrections.taught(read_corpus(self._place.data), lessons, TIMES, self.key)
        train_on(corpus, folder / "model")

    def _live(self, pointer: Pointer) -> tuple[str, Model, str]:
        """The version that is heard and its model; one that is not sound any more gives way, and why is told."""
        gone = ""
        if pointer.version:
            try:
                return pointer.version, self._shelf.load(pointer.version), ""
            except ModelError as error:
                gone = f"{pointer.version} cannot be heard with any more: {error}"
        try:
            delivered = load_or_none(self._place.data, self._place.models)
        except ModelError as error:
            raise UsageError(f"the delivered model is refused: {error}. Run `python -m nlu train` first") from error
        if delivered is None:
            raise UsageError("there is no model to compare with yet: run `python -m nlu train` first")
        return "", delivered, gone

    def _measured(
        self, model: Model, asked: Sequence[Asked], corrected: Sequence[Asked], apart: Sequence[Asked]
    ) -> tuple[Figures, int, int]:
        ear = EmbeddedEar(model, self._place.gazetteer, self._place.cues)
        rights = [comparing.measure(ear, those).right()[0] for those in (corrected, apart)]
        return comparing.measure(ear, asked), rights[0], rights[1]

    def _manifest(self, outcome: Outcome, live: str) -> dict[str, object]:
        return {
            "verdict": "promoted" if outcome.promoted else "refused",
            "forced": outcome.forced and bool(outcome.reasons),
            "reasons": list(outcome.reasons),
            "judged": _judged(outcome.old.asked, live),
            "parents": {"base": fingerprint(self._place.data), "code": code_mark(), "compared_with": live},
            "counts": {
                "lessons": len(outcome.told.lessons), "cases": len(outcome.told.cases), "times": TIMES,
                "refused_labels": sum(times for _, times in outcome.told.refused), "passed_by": len(outcome.told.bad),
            },
            "hash": outcome.version,
        }  # fmt: skip


def _judged(asked: Sequence[Asked], live: str) -> str:
    """A hash of what a version was compared by and with: a verdict holds for just that."""
    lines = (f"{one.of} {one.label} {one.text}" for one in asked)
    return hashlib.sha256("\n".join((live, *lines)).encode()).hexdigest()[:16]
