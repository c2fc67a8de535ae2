"""Clocks: the machine's, and one that the holders of a shared state agree on."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class AgreedClock:
    """A clock that others set from time to time, and that goes on by itself in between, whatever the machine's says."""

    def __init__(self, at: datetime) -> None:
        """It is `at` now."""
        self.agree(at)

    def agree(self, at: datetime) -> None:
        """It is `at` now, as whoever keeps the time says."""
        self._base = at, time.monotonic()

    def now(self) -> datetime:
        at, began_s = self._base
        return at + timedelta(seconds=time.monotonic() - began_s)
