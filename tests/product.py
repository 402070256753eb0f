"""Knows the product as the tests use it: the shipped town and catalogue, the trained ear, built once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot import config as configuration
from bot.app import DATA, MODELS, Product, build
from nlu import model, training
from storage.store import Store

ROOT = Path(__file__).resolve().parent.parent


@cache
def product() -> Product:
    """The shipped configuration; the ear is trained when nobody has trained it yet."""
    if model.load_or_none(DATA, MODELS) is None:
        training.train(DATA, MODELS)
    return build(configuration.read(ROOT / "config.yaml", {}))


def make_tables(url: str) -> None:
    """All tables, in the database that a test's own is copied from; nothing stays connected."""
    store = Store(url)
    store.create()
    store.close()
