"""Knows what the command line says when it cannot do what was asked."""

from __future__ import annotations


class UsageError(Exception):
    """What was asked for cannot be done; the message says why."""
