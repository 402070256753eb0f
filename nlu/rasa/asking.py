"""Knows how a command asks a Rasa server: where it is, that it is there at all, and what it left unanswered."""

from __future__ import annotations

import argparse
import os
import sys

from nlu.rasa.client import RasaClient
from nlu.rasa.scorer import RasaScorer
from nlu.scoring import Scorer

_GREETING = "你好"


class AskingError(Exception):
    """There is no Rasa server to ask; the message says why."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Where the server answers; only looked at with `--engine rasa`."""
    parser.add_argument("--rasa-url", default="http://127.0.0.1:5005", help="where `make rasa` answers")
    parser.add_argument("--rasa-token", default=os.environ.get("RASA_TOKEN", ""), help="its token; default: RASA_TOKEN")
    parser.add_argument(
        "--rasa-timeout", type=float, default=5.0, help="seconds; the bot itself waits nlu.rasa_timeout"
    )


def asking(options: argparse.Namespace, otherwise: Scorer) -> RasaScorer:
    """The engine of a server that has answered once. Raises AskingError. `finish` belongs to it."""
    try:
        client = RasaClient(options.rasa_url, options.rasa_token, options.rasa_timeout)
    except ValueError as error:
        raise AskingError(f"--rasa-url {options.rasa_url}: {error}") from error
    if client.ask([_GREETING])[0] is None:
        client.close()
        raise AskingError(f"no Rasa server answers as one at {options.rasa_url} ({client.reason}): see `make rasa`")
    scorer = options.asked = RasaScorer(client, otherwise)
    return scorer


def finish(options: argparse.Namespace) -> None:
    """Closes what was asked, if anything was, and says how much it left unanswered."""
    scorer: RasaScorer | None = getattr(options, "asked", None)
    if scorer is None:
        return
    scorer.close()
    if scorer.left:
        sys.stderr.write(f"{scorer.left} of the texts were understood by the embedded engine instead\n")
