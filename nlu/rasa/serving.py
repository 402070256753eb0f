"""Knows how Rasa is trained and how its server is run: on loopback, behind a token, with one model."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from nlu.rasa.environment import FOLDER, python_of, quiet
from nlu.rasa.files import Workshop

HOST = "127.0.0.1"
_TOKEN = "RASA_TOKEN"
# The token goes by the environment: command lines are shown to everybody on the machine.
_RUN = f"""import os, sys, warnings
warnings.showwarning = lambda *_, **__: None  # Rasa switches its libraries' warnings on again
sys.argv += ["--auth-token", os.environ["{_TOKEN}"]]
from rasa.__main__ import main
main()"""


class TrainError(Exception):
    """Rasa could not be trained; the message says where its words lie."""


def train(shop: Workshop, folder: Path = FOLDER) -> float:
    """Trains the model of a workshop, unless it is there; the seconds it took."""
    if shop.model.exists():
        return 0.0
    sys.stderr.write(f"Training Rasa ({shop.pipeline.name}) on {shop.data}; some minutes, once.\n")
    began = time.monotonic()
    part = shop.folder / "part"
    words = shop.folder / "train.log"
    command = [str(python_of(folder)), "-m", "rasa", "train", "nlu", "--config", str(shop.pipeline), "--nlu",
               str(shop.data), "--domain", str(shop.domain), "--out", str(part),
               "--fixed-model-name", "model"]  # fmt: skip
    with words.open("wb") as log:
        done = subprocess.run(command, cwd=shop.folder, env=quiet(), stdout=log, stderr=log, check=False)
    found = part / "model.tar.gz"
    if done.returncode != 0 or not found.is_file():
        raise TrainError(f"Rasa could not be trained; its words are in {words}")
    found.replace(shop.model)
    return time.monotonic() - began


def command(shop: Workshop, port: int, folder: Path = FOLDER) -> list[str]:
    """What runs the server: texts are parsed, and there is no channel to talk to it, which no token would guard."""
    return [str(python_of(folder)), "-c", _RUN, "run", "--enable-api", "--model", str(shop.model), "--interface", HOST,
            "--port", str(port), "--credentials", str(shop.channels)]  # fmt: skip


def surroundings(token: str) -> dict[str, str]:
    """The environment of the server, with its token."""
    return {**quiet(), _TOKEN: token}


def serve(shop: Workshop, port: int, token: str, folder: Path = FOLDER) -> None:
    """Becomes the server: signals reach it, and it ends as it ends."""
    os.chdir(shop.folder)
    words = command(shop, port, folder)
    sys.stdout.flush()
    os.execve(words[0], words, surroundings(token))
