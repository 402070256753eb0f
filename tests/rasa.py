"""Knows the real Rasa server as tests use it: started once where its environment and model are there, else left out."""

from __future__ import annotations

import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nlu.corpus import DATA_DIR
from nlu.rasa import environment, serving
from nlu.rasa.client import RasaClient
from nlu.rasa.files import thinned, workshop
from tests.left_out import leave_out
from tests.live import free_port

START_SECONDS = 180.0
TRIAL = 4
"""Rasa is tried with every so many-th sentence, as `make rasa-ready` trains it."""
PATIENCE = 30.0
"""Seconds for one batch: a busy machine is no reason to fail, and no time is asserted."""


@contextmanager
def real_server() -> Iterator[RasaClient]:
    """A client of the real server with the model of a part of the shipped data."""
    if not environment.is_made():
        leave_out("rasa", "its environment is not made (make rasa-ready)")
    shop = workshop("plain", thinned(DATA_DIR, TRIAL))
    if not shop.model.is_file():
        leave_out("rasa", "its model of these data is not trained (make rasa-ready)")
    port, token, words = free_port(), secrets.token_urlsafe(), shop.folder / "test.log"
    with words.open("wb") as log:
        running = subprocess.Popen(
            serving.command(shop, port), cwd=shop.folder, env=serving.surroundings(token), stdout=log, stderr=log
        )
    try:
        with _asking(port, token) as impatient:
            _wait(impatient, running, words)
        with _asking(port, token) as client:
            yield client
    finally:
        running.terminate()
        running.wait(30)


@contextmanager
def _asking(port: int, token: str) -> Iterator[RasaClient]:
    client = RasaClient(f"http://127.0.0.1:{port}", token, PATIENCE)
    yield client
    client.close()


def _wait(client: RasaClient, running: subprocess.Popen[bytes], words: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while client.ask(["你好"])[0] is None:
        client.breaker.worked()  # it has not begun yet: that is no failure
        assert running.poll() is None, words.read_text("utf-8")[-2000:]
        assert time.monotonic() < end, words.read_text("utf-8")[-2000:]
        time.sleep(0.2)
