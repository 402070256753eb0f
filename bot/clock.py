"""Knows the time: the real clock, and one that is moved by hand. The only place that asks the machine for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock, aware UTC."""

    def now(self) -> datetime:
        """This moment."""
        return datetime.now(UTC)


class FakeClock:
    """A clock that stands still until it is moved: for stages and tests. It never goes back."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Where the clock stands."""
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Set it forward to a moment; an earlier one leaves it as it is."""
        self._now = max(self._now, moment.astimezone(UTC))

    def advance(self, span: timedelta) -> None:
        """Set it forward by a span."""
        self.move_to(self._now + span)


class FlowingClock:
    """The machine's clock, shifted; moving it on makes the shift larger. It never goes back."""

    def __init__(self, shift: timedelta, on_move: Callable[[timedelta], None] = lambda shift: None) -> None:
        self.shift = shift
        self.on_move = on_move

    def now(self) -> datetime:
        """The town's time, aware UTC."""
        return datetime.now(UTC) + self.shift

    def move_to(self, moment: datetime) -> None:
        """Set it forward to a moment; an earlier one leaves it as it is."""
        self.shift += max(moment - self.now(), timedelta(0))
        self.on_move(self.shift)
