"""Knows how to keep secrets, and the data in an exception's message, out of logs."""

from __future__ import annotations

import hmac
import traceback


class Secret:
    """A token, key or password. Printing shows `***`, only `reveal()` hands it out; comparing takes constant time."""

    __slots__ = ("_value",)

    def __init__(self, value: str = "") -> None:
        self._value = value

    def reveal(self) -> str:
        """The secret itself, for the one line that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and same(self._value, other._value)

    def __hash__(self) -> int:
        return hash(self._value)


def same(first: str, second: str) -> bool:
    """Whether two strings are equal, in a time that does not tell how far they agree."""
    return hmac.compare_digest(first.encode("utf-8", "surrogatepass"), second.encode("utf-8", "surrogatepass"))


def describe(error: BaseException) -> str:
    """What went wrong and where, without the error's message: that may quote a resident, a row or an address."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places or 'unknown'}"
