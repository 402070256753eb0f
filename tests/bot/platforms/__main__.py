"""Knows the command `python -m tests.bot.platforms`: it prints the matrix of the suite."""

from __future__ import annotations

import sys

from tests.bot.platforms.matrix import page

if __name__ == "__main__":
    sys.stdout.write(page())
