"""Knows how Rasa is cross-validated on a labelled history: in its environment, with our folds."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from nlu.history import one_line
from nlu.measuring.splitting import Step, fold_of
from nlu.rasa.client import sendable
from nlu.rasa.environment import FOLDER, is_made, python_of, quiet
from nlu.rasa.files import PIPELINES
from nlu.usage import UsageError

_PIPELINE = Path(__file__).parents[1] / "rasa" / PIPELINES["plain"]
_LONGEST = 600
_NOTHING = ("", 0.0)
# What runs in Rasa's environment: learns from train.yml, writes what it hears in ask.jsonl to heard.jsonl.
_RUN = """import asyncio, json, sys, warnings
warnings.showwarning = lambda *_, **__: None
from rasa.core.agent import Agent
from rasa.model_training import train_nlu

async def main(config):
    agent = Agent.load(train_nlu(config, "train.yml", "models", fixed_model_name="model"))
    with open("ask.jsonl", encoding="utf-8") as asked, open("heard.jsonl", "w", encoding="utf-8") as heard:
        for line in asked:
            answer = await agent.parse_message(json.loads(line))
            ranking = [(one["name"], one["confidence"]) for one in answer.get("intent_ranking") or ()]
            heard.write(json.dumps(ranking) + "\\n")

asyncio.run(main(sys.argv[1]))"""


def rasa_folds(
    texts: Sequence[str], labels: Sequence[str], folds: int, step: Step, environment: Path = FOLDER
) -> list[tuple[str, float]]:
    """The label Rasa's logistic regression hears of each text, and how surely, without having seen it."""
    if not is_made(environment):
        raise UsageError("Rasa has no environment here yet: run `make rasa` once")
    names = sorted(set(labels))
    fold = fold_of(texts, labels, folds)
    lines = [one_line(text[:_LONGEST]) for text in texts]
    heard = [_NOTHING] * len(texts)
    for left_out in range(folds):
        step("Rasa learns and hears, folds", left_out, folds)
        here = np.flatnonzero(fold == left_out).tolist()
        known = [(lines[at], labels[at]) for at in np.flatnonzero(fold != left_out).tolist()]
        for at, answer in zip(here, _one_fold(known, [lines[at] for at in here], names, environment), strict=True):
            heard[at] = answer
    return heard


def _one_fold(
    known: Sequence[tuple[str, str]], asked: Sequence[str], names: Sequence[str], environment: Path
) -> list[tuple[str, float]]:
    with TemporaryDirectory(prefix="rasa-fold-") as name:
        folder = Path(name)
        (folder / "train.yml").write_text(_training(known, names), encoding="utf-8")
        questions = "".join(json.dumps(sendable(text)) + "\n" for text in asked)
        (folder / "ask.jsonl").write_text(questions, encoding="utf-8")
        with (folder / "words.log").open("wb") as log:
            command = [str(python_of(environment)), "-c", _RUN, str(_PIPELINE)]
            done = subprocess.run(command, cwd=folder, env=quiet(), stdout=log, stderr=log, check=False)
        if done.returncode != 0:
            last = (folder / "words.log").read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
            raise UsageError(f"Rasa could not learn from these rows: {' '.join(last)}")
        return [_best(json.loads(line), names) for line in (folder / "heard.jsonl").read_text().splitlines()]


def _training(known: Sequence[tuple[str, str]], names: Sequence[str]) -> str:
    """Rasa's YAML; labels go by number, since a label may hold any sign."""
    by_label: dict[str, dict[str, None]] = {name: {} for name in names}
    for text, label in known:
        if text:
            by_label[label][text] = None
    lines = ['version: "3.1"', "nlu:"]
    for number, name in enumerate(names):
        if by_label[name]:
            lines += [f"- intent: label{number}", "  examples: |", *(f"    - {text}" for text in by_label[name])]
    return "\n".join([*lines, ""])


def _best(ranking: Sequence[tuple[str, float]], names: Sequence[str]) -> tuple[str, float]:
    """The first of the labels; that Rasa would rather ask back is its own matter."""
    for name, confidence in ranking:
        number = name.removeprefix("label")
        if number.isdigit():
            return names[int(number)], float(confidence)
    return _NOTHING
