"""Many processes on one state: who is there, and one thing at a time where two would tell the same twice."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from monitor.stores import codec
from monitor.stores.sql import Part

PUT_WORKER = """INSERT INTO workers (id, seen_at) VALUES (?, ?)
    ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at"""


class Sharing(Part):
    """What holders of one state agree on."""

    @property
    def shared(self) -> bool:
        """Whether other processes may hold this state too."""
        return self._database.shared

    def attend(self, worker: str, now: datetime, within: timedelta) -> list[str]:
        """Note that a worker is there; the ids of all that were within that time. The others are forgotten."""
        with self._database.write() as session:
            session.change("DELETE FROM workers WHERE seen_at < ?", (codec.instant(now - within),))
            session.change(PUT_WORKER, (worker, codec.instant(now)))
            return [row[0] for row in session.rows("SELECT id FROM workers ORDER BY id")]

    def present(self, now: datetime, within: timedelta) -> list[str]:
        """The ids of the workers that were there within that time."""
        with self._database.read() as session:
            found = session.rows(
                "SELECT id FROM workers WHERE seen_at >= ? ORDER BY id", (codec.instant(now - within),)
            )
        return [row[0] for row in found]

    def leave(self, worker: str) -> None:
        """Forget a worker."""
        with self._database.write() as session:
            session.change("DELETE FROM workers WHERE id = ?", (worker,))

    def alone(self, name: str) -> AbstractContextManager[None]:
        """Nobody else is in a block of this name meanwhile. The holder of a state of its own need not wait."""
        return self._database.alone(name)
