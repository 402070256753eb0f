"""Knows the files that Rasa is given: our training data as they are, one of our pipelines, a domain made of labels."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from nlu.corpus import DATA_DIR, read_corpus
from nlu.lexica import read_yaml
from nlu.understanding import LABELS

PIPELINES = {"plain": "pipeline.yml", "diet": "pipeline-diet.yml"}
ROOT = Path(__file__).resolve().parents[2]
WORK_DIR = ROOT / "var" / "rasa"
LOCK = ROOT / "requirements" / "rasa.txt"
_HERE = Path(__file__).parent


class FilesError(Exception):
    """The files for Rasa do not fit together; the message says how."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """A folder of its own for one pipeline and the data it learns from; the same fingerprint, the same folder."""

    folder: Path
    data: Path
    pipeline: Path

    @property
    def domain(self) -> Path:
        """The domain made from the data."""
        return self.folder / "domain.yml"

    @property
    def channels(self) -> Path:
        """The list of chat channels of the server: empty."""
        return self.folder / "credentials.yml"

    @property
    def model(self) -> Path:
        """The trained model, where there is one."""
        return self.folder / "model.tar.gz"


def workshop(pipeline: str, data: Path = DATA_DIR, work: Path = WORK_DIR, lock: Path = LOCK) -> Workshop:
    """The folder of a pipeline, named by the hash of all that decides what Rasa learns; its domain is written."""
    config, data, work = _HERE / PIPELINES[pipeline], data.resolve(), work.resolve()  # Rasa runs in a folder of its own
    labels = labels_of(data)
    digest = hashlib.sha256()
    for path in (*sorted(data.glob("*.yml")), config, lock):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    made = Workshop(work / f"{pipeline}-{digest.hexdigest()[:16]}", data, config)
    made.folder.mkdir(parents=True, exist_ok=True)
    made.domain.write_text(domain_text(labels), encoding="utf-8")
    check_domain(made.domain, data)
    made.channels.write_text("{}\n", encoding="utf-8")
    return made


def thinned(data: Path, every: int, work: Path = WORK_DIR) -> Path:
    """A folder with every so many-th sentence of each label: enough to try Rasa with, in a part of the time.

    Raises FilesError for a label that is not ours: it would be the name of a file.
    """
    labels_of(data)
    folder = work.resolve() / f"every-{every}"
    folder.mkdir(parents=True, exist_ok=True)
    texts: dict[str, list[str]] = {}
    for sentence in read_corpus(data).sentences:
        texts.setdefault(sentence.label, []).append(sentence.text)
    for gone in {path.stem for path in folder.glob("*.yml")} - texts.keys():
        (folder / f"{gone}.yml").unlink()
    for label, said in texts.items():
        lines = (f"  - text: {json.dumps(text, ensure_ascii=False)}\n" for text in said[::every])
        written = f'version: "3.1"\nnlu:\n- intent: {label}\n  examples:\n{"".join(lines)}'
        path = folder / f"{label}.yml"
        if not path.exists() or path.read_text(encoding="utf-8") != written:
            path.write_text(written, encoding="utf-8")
    return folder


def labels_of(data: Path = DATA_DIR) -> tuple[str, ...]:
    """The labels that have sentences, in the guide's order. Raises FilesError for one that is not ours."""
    said = set(read_corpus(data).labels)
    strange = sorted(said - set(LABELS))
    if strange or not said:
        raise FilesError(f"{data}: {'no labels of ours: ' + ', '.join(strange) if strange else 'no sentences'}")
    return tuple(label for label in LABELS if label in said)


def domain_text(labels: tuple[str, ...]) -> str:
    """Rasa's domain: the intents and nothing else, for Rasa only listens here and never answers."""
    head = "# Made from the labels of the training data by nlu/rasa/files.py; changes here are lost.\n"
    return "".join([head, 'version: "3.1"\nintents:\n', *(f"  - {label}\n" for label in labels)])


def check_domain(domain: Path, data: Path = DATA_DIR) -> None:
    """Raises FilesError where the domain and the data name different labels."""
    written = set((read_yaml(domain) or {}).get("intents") or ())
    wanted = set(labels_of(data))
    if written != wanted:
        told = [f"without data: {', '.join(sorted(written - wanted))}" if written - wanted else "",
                f"not in the domain: {', '.join(sorted(wanted - written))}" if wanted - written else ""]  # fmt: skip
        raise FilesError(f"{domain}: {'; '.join(filter(None, told))}")
