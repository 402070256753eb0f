"""Knows the command line of the Rasa engine: `prepare` its environment and model, `serve` it."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

from nlu.corpus import DATA_DIR
from nlu.rasa import environment, serving
from nlu.rasa.files import PIPELINES, WORK_DIR, FilesError, Workshop, thinned, workshop
from nlu.rasa.interpreters import NoPythonError

_WRONG = (FilesError, NoPythonError, environment.InstallError, serving.TrainError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 2 when it could not be done, with a sentence."""
    options = _parser().parse_args(arguments)
    try:
        with environment.in_turn(WORK_DIR):
            data = thinned(options.data, options.every, options.work) if options.every > 1 else options.data
            shop = workshop(options.pipeline, data, options.work)
            environment.make()
            took = serving.train(shop)
        if took:
            sys.stdout.write(f"trained in {took:.0f} s: {shop.model}\n")
        if options.command == "serve":
            _serve(options, shop)
    except _WRONG as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m nlu.rasa", description="Rasa as the other engine.")
    commands = parser.add_subparsers(required=True, metavar="command", dest="command")
    prepare = commands.add_parser("prepare", help="make .venv-rasa and train; does nothing twice")
    serve = commands.add_parser("serve", help="prepare, then answer on 127.0.0.1")
    serve.add_argument("--port", type=int, default=5005)
    serve.add_argument("--token", default=os.environ.get("RASA_TOKEN", ""), help="default: RASA_TOKEN, else a new one")
    for one in (prepare, serve):
        one.add_argument("--pipeline", choices=tuple(PIPELINES), default="plain")
        one.add_argument("--data", type=Path, default=DATA_DIR, help="folder with the training data")
        one.add_argument("--every", type=int, default=1, metavar="N", help="learn every N-th sentence of a label only")
        one.add_argument("--work", type=Path, default=WORK_DIR, help="folder in which models are kept by fingerprint")
    return parser


def _serve(options: argparse.Namespace, shop: Workshop) -> None:
    token = options.token or secrets.token_urlsafe(24)
    sys.stdout.write(f"The Rasa server starts on http://{serving.HOST}:{options.port}/ in a quarter of a minute.\n")
    if not options.token:
        sys.stdout.write(f"Its token is new. For the bot: XIAOGE__NLU__ENGINE=rasa XIAOGE__NLU__RASA_TOKEN={token}\n"
                         f"For python -m nlu: RASA_TOKEN={token}. Give RASA_TOKEN to choose one.\n")  # fmt: skip
    serving.serve(shop, options.port, token)


if __name__ == "__main__":
    sys.exit(main())
