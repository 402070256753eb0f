"""Knows where something broke, without the words it broke on."""

from __future__ import annotations

import traceback


def frames(error: BaseException) -> str:
    """Where it broke, without the words it broke on: the message of an exception may quote a resident."""
    return "".join(traceback.format_tb(error.__traceback__))
